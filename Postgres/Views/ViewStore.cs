using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.Views;

/// <summary>A view that somebody made.</summary>
/// <param name="Owner">Null: a program.</param>
/// <param name="Sharing"><c>private</c>, <c>team</c> or <c>everyone</c>.</param>
/// <param name="Version">Moves with every change.</param>
public sealed record StoredView(
    Guid Id,
    string Name,
    AgentId? Owner,
    string? OwnerName,
    string Sharing,
    Guid? Team,
    ViewDefinition Definition,
    int Version,
    string? ChangedByName,
    bool Pinned
);

/// <summary>Views as people keep them. A change is written only from the version that it was made on.</summary>
public sealed class ViewStore(NpgsqlDataSource database)
{
    /// <summary>Views of one account, deleted ones aside.</summary>
    public const int MostViews = 500;

    private const string Columns = """
        select v.id, v.name, v.owner_id, o.name as owner_name, v.sharing, v.team_id, v.filters, v.columns, v.sort, v.descending, v.version,
            b.name as changed_by_name, p.view_id is not null as pinned
        from threadkeep.views v
        left join threadkeep.agents o on o.account_id = v.account_id and o.id = v.owner_id
        left join threadkeep.agents b on b.account_id = v.account_id and b.id = v.changed_by
        left join threadkeep.view_pins p on p.account_id = v.account_id and p.agent_id = @agent and p.view_id = v.id
        where v.account_id = @account and v.deleted_at is null
            and (v.sharing = 'everyone' or v.owner_id is not distinct from @agent or v.sharing = 'team' and exists (
                select from threadkeep.team_members m
                where m.account_id = v.account_id and m.team_id = v.team_id and m.agent_id = @agent))
        """;

    /// <summary>Those that an agent may see, pinned ones first, then in the order in which they were made.</summary>
    /// <param name="agent">Null: a program.</param>
    public async Task<IReadOnlyList<StoredView>> ListAsync(AccountId account, AgentId? agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ViewRecord>(
            Columns + "\norder by (p.view_id is null), v.created_at, v.id",
            new { account = account.Value, agent = agent?.Value }
        );
        return [.. rows.Select(r => r.ToView())];
    }

    /// <summary>Null where there is none, or the agent may not see it.</summary>
    public async Task<StoredView?> FindAsync(AccountId account, AgentId? agent, Guid view)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<ViewRecord>(
            Columns + "\nand v.id = @view",
            new
            {
                account = account.Value,
                agent = agent?.Value,
                view,
            }
        );
        return row?.ToView();
    }

    /// <summary>False where the account has as many as it may.</summary>
    public async Task<bool> AddAsync(
        Actor actor,
        AgentId? agent,
        Guid id,
        string name,
        string sharing,
        Guid? team,
        ViewDefinition definition,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var added = await connection.ExecuteAsync(
            """
            insert into threadkeep.views (account_id, id, name, owner_id, sharing, team_id, filters, columns, sort, descending, version,
                changed_by, created_at, changed_at)
            select @account, @id, @name, @agent, @sharing, @team, @filters, @columns, @sort, @descending, 1, @agent, @now, @now
            where (select count(*) from threadkeep.views where account_id = @account and deleted_at is null) < @most
            """,
            Parameters(actor.Account, agent, id, name, sharing, team, definition, now)
        );
        if (added == 0)
            return false;
        await NoteAsync(connection, actor, "view.created", id, null, new Shown(name, sharing, definition), now);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>False where the view is not at that version any more.</summary>
    /// <param name="before">As it was at its version.</param>
    public async Task<bool> ChangeAsync(
        Actor actor,
        AgentId? agent,
        StoredView before,
        string name,
        string sharing,
        Guid? team,
        ViewDefinition definition,
        DateTimeOffset now
    )
    {
        var parameters = Parameters(actor.Account, agent, before.Id, name, sharing, team, definition, now);
        parameters.Add("version", before.Version);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var changed = await connection.ExecuteAsync(
            """
            update threadkeep.views
            set name = @name, sharing = @sharing, team_id = @team, filters = @filters, columns = @columns, sort = @sort, descending = @descending,
                version = version + 1, changed_by = @agent, changed_at = @now
            where account_id = @account and id = @id and version = @version and deleted_at is null
            """,
            parameters
        );
        if (changed == 0)
            return false;
        var after = new Shown(name, sharing, definition);
        await NoteAsync(connection, actor, "view.changed", before.Id, Shown.Of(before), after, now);
        await transaction.CommitAsync();
        return true;
    }

    // What one has for oneself is nobody else's business; what others see is told, and that they saw it.
    private static Task NoteAsync(
        NpgsqlConnection connection,
        Actor actor,
        string action,
        Guid view,
        Shown? before,
        Shown? after,
        DateTimeOffset now
    )
    {
        if ((before?.IsShared ?? false) || (after?.IsShared ?? false))
            return AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry(action, "view", view.ToString("N"), (after ?? before)!.Name, before?.Told, after?.Told),
                now
            );
        return Task.CompletedTask;
    }

    private sealed record Shown(string Name, string Sharing, ViewDefinition Definition)
    {
        public bool IsShared => Sharing != "private";

        public object Told =>
            new
            {
                name = Name,
                sharing = Sharing,
                filters = JsonSerializer.Serialize(Definition.Filters, JsonSerializerOptions.Web),
                columns = string.Join(", ", Definition.Columns),
                sort = $"{Definition.Sort} {(Definition.Descending ? "desc" : "asc")}",
            };

        public static Shown Of(StoredView view) => new(view.Name, view.Sharing, view.Definition);
    }

    /// <summary>Deletes a view, or takes that back. False where there is nothing to do it to.</summary>
    /// <param name="owned">Only where the agent made it.</param>
    public async Task<bool> SetDeletedAsync(
        Actor actor,
        AgentId? agent,
        Guid id,
        bool deleted,
        bool owned,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var done = await connection.QuerySingleOrDefaultAsync<(string Name, string Sharing)?>(
            """
            update threadkeep.views
            set deleted_at = case when @deleted then @now end
            where account_id = @account and id = @id and (deleted_at is null) = @deleted
                and (not @owned or owner_id is not distinct from @agent)
            returning name, sharing
            """,
            new
            {
                account = actor.Account.Value,
                agent = agent?.Value,
                id,
                deleted,
                owned,
                now,
            }
        );
        if (done is not { } view)
            return false;
        if (view.Sharing != "private")
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry(deleted ? "view.deleted" : "view.restored", "view", id.ToString("N"), view.Name),
                now
            );
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>True where the account has this team, and the agent is in it or may share with every team.</summary>
    public async Task<bool> MayShareAsync(AccountId account, AgentId? agent, bool withAny, Guid team)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (select from threadkeep.teams where account_id = @account and id = @team)
                and (@withAny or exists (
                    select from threadkeep.team_members where account_id = @account and team_id = @team and agent_id = @agent))
            """,
            new
            {
                account = account.Value,
                agent = agent?.Value,
                withAny,
                team,
            }
        );
    }

    public async Task PinAsync(AccountId account, AgentId agent, Guid view, bool pinned)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            pinned
                ? """
                insert into threadkeep.view_pins (account_id, agent_id, view_id) values (@account, @agent, @view) on conflict do nothing
                """
                : "delete from threadkeep.view_pins where account_id = @account and agent_id = @agent and view_id = @view",
            new
            {
                account = account.Value,
                agent = agent.Value,
                view,
            }
        );
    }

    /// <summary>Forgets views that were deleted before this.</summary>
    public async Task RemoveDeletedAsync(DateTimeOffset before)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from threadkeep.views where deleted_at < @before", new { before });
    }

    private static DynamicParameters Parameters(
        AccountId account,
        AgentId? agent,
        Guid id,
        string name,
        string sharing,
        Guid? team,
        ViewDefinition definition,
        DateTimeOffset now
    ) =>
        new(
            new
            {
                account = account.Value,
                agent = agent?.Value,
                id,
                name,
                sharing,
                team,
                filters = JsonSerializer.Serialize(definition.Filters, JsonSerializerOptions.Web),
                columns = definition.Columns.ToArray(),
                sort = definition.Sort,
                descending = definition.Descending,
                now,
                most = MostViews,
            }
        );

    private sealed record ViewRecord
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public Guid? OwnerId { get; init; }
        public string? OwnerName { get; init; }
        public string Sharing { get; init; } = "";
        public Guid? TeamId { get; init; }
        public string Filters { get; init; } = "[]";
        public string[] Columns { get; init; } = [];
        public string Sort { get; init; } = "";
        public bool Descending { get; init; }
        public int Version { get; init; }
        public string? ChangedByName { get; init; }
        public bool Pinned { get; init; }

        public StoredView ToView() =>
            new(
                Id,
                Name,
                OwnerId is { } owner ? new AgentId(owner) : null,
                OwnerName,
                Sharing,
                TeamId,
                new ViewDefinition(
                    JsonSerializer.Deserialize<ViewCondition[]>(Filters, JsonSerializerOptions.Web)!,
                    Columns,
                    Sort,
                    Descending
                ),
                Version,
                ChangedByName,
                Pinned
            );
    }
}
