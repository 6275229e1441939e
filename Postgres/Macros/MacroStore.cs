using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.Macros;

/// <summary>What a macro does to the ticket and the thread it is run in; what is null it leaves alone.</summary>
/// <param name="Owner">A person's id, <c>me</c> for whoever runs it, or <c>none</c>.</param>
/// <param name="Note">A note to add.</param>
/// <param name="Team">A team's id, or <c>none</c>. Without an owner the ticket becomes the team's, and nobody's.</param>
/// <param name="Snippet">Text to put into the editor, to be looked at and sent by hand.</param>
/// <param name="Properties">Properties of the account's own to set, by their ids; null empties one.</param>
/// <param name="Template">The name of a template to open, to be filled in and sent by hand.</param>
public sealed record MacroActions(
    string? Status = null,
    string? Priority = null,
    string? Owner = null,
    IReadOnlyList<string>? AddTags = null,
    string? Note = null,
    string? Snippet = null,
    string? Template = null,
    string? Team = null,
    IReadOnlyList<MacroSkill>? AddSkills = null,
    IReadOnlyDictionary<string, JsonElement>? Properties = null
);

/// <summary>A skill that the ticket needs from then on, with its least level (1 to 5).</summary>
public sealed record MacroSkill(string Id, int Level);

public sealed record Macro(Guid Id, string Name, MacroActions Actions, int Version);

/// <summary>Macros of an account.</summary>
public sealed class MacroStore(NpgsqlDataSource database)
{
    public const int Most = 200;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Macro>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Id, string Name, string Actions, int Version)>(
            "select id, name, actions, version from threadkeep.macros where account_id = @account order by lower(name), id",
            new { account = account.Value }
        );
        return
        [
            .. rows.Select(r => new Macro(
                r.Id,
                r.Name,
                JsonSerializer.Deserialize<MacroActions>(r.Actions, JsonSerializerOptions.Web)!,
                r.Version
            )),
        ];
    }

    /// <summary>False where the account has as many as it may.</summary>
    public Task<bool> AddAsync(Actor actor, Macro macro, DateTimeOffset now) =>
        WriteAsync(
            actor,
            "macro.created",
            macro.Id,
            """
            insert into threadkeep.macros (account_id, id, name, actions, version, created_at)
            select @account, @id, @name, @actions, 1, @now
            where (select count(*) from threadkeep.macros where account_id = @account) < @most
            returning null as before_name, null as before_actions, name, actions
            """,
            new
            {
                account = actor.Account.Value,
                id = macro.Id,
                name = macro.Name,
                actions = JsonSerializer.Serialize(macro.Actions, JsonSerializerOptions.Web),
                now,
                most = Most,
            },
            now
        );

    /// <summary>False where it is not at that version any more, or gone.</summary>
    public Task<bool> ChangeAsync(Actor actor, Macro macro, DateTimeOffset now) =>
        WriteAsync(
            actor,
            "macro.changed",
            macro.Id,
            """
            update threadkeep.macros m set name = @name, actions = @actions, version = m.version + 1
            from threadkeep.macros was
            where m.account_id = @account and m.id = @id and m.version = @version and was.account_id = m.account_id and was.id = m.id
            returning was.name as before_name, was.actions as before_actions, m.name, m.actions
            """,
            new
            {
                account = actor.Account.Value,
                id = macro.Id,
                name = macro.Name,
                actions = JsonSerializer.Serialize(macro.Actions, JsonSerializerOptions.Web),
                version = macro.Version,
            },
            now
        );

    public Task<bool> RemoveAsync(Actor actor, Guid macro, DateTimeOffset now) =>
        WriteAsync(
            actor,
            "macro.deleted",
            macro,
            """
            delete from threadkeep.macros where account_id = @account and id = @id
            returning name as before_name, actions as before_actions, null as name, null as actions
            """,
            new { account = actor.Account.Value, id = macro },
            now
        );

    // The statement tells what there was and what there is; nothing where it found nothing to do.
    private async Task<bool> WriteAsync(
        Actor actor,
        string action,
        Guid macro,
        string sql,
        object parameters,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var written = await connection.QuerySingleOrDefaultAsync<Written>(sql, parameters);
        if (written is null)
            return false;
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                action,
                "macro",
                macro.ToString("N"),
                written.Name ?? written.BeforeName,
                written.BeforeName is null ? null : new { name = written.BeforeName, actions = written.BeforeActions },
                written.Name is null ? null : new { name = written.Name, actions = written.Actions }
            ),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    private sealed record Written(string? BeforeName, string? BeforeActions, string? Name, string? Actions);
}
