using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;

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
    public async Task<bool> AddAsync(AccountId account, Macro macro, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                insert into threadkeep.macros (account_id, id, name, actions, version, created_at)
                select @account, @id, @name, @actions, 1, @now
                where (select count(*) from threadkeep.macros where account_id = @account) < @most
                """,
                new
                {
                    account = account.Value,
                    id = macro.Id,
                    name = macro.Name,
                    actions = JsonSerializer.Serialize(macro.Actions, JsonSerializerOptions.Web),
                    now,
                    most = Most,
                }
            ) == 1;
    }

    /// <summary>False where it is not at that version any more, or gone.</summary>
    public async Task<bool> ChangeAsync(AccountId account, Macro macro)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.macros set name = @name, actions = @actions, version = version + 1
                where account_id = @account and id = @id and version = @version
                """,
                new
                {
                    account = account.Value,
                    id = macro.Id,
                    name = macro.Name,
                    actions = JsonSerializer.Serialize(macro.Actions, JsonSerializerOptions.Web),
                    version = macro.Version,
                }
            ) == 1;
    }

    public async Task<bool> RemoveAsync(AccountId account, Guid macro)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                "delete from threadkeep.macros where account_id = @account and id = @macro",
                new { account = account.Value, macro }
            ) == 1;
    }
}
