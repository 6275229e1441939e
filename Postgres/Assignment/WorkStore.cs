using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.Assignment;

/// <summary>Somebody who can be given tickets, as colleagues see them.</summary>
public sealed record WorkRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";

    /// <summary>Takes work now; false: away. Only ever switched by a person.</summary>
    public bool Available { get; init; }

    /// <summary>When that was switched last; null: never.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Tickets that wait on us at most, of their own; null: the account's.</summary>
    public int? OwnCapacity { get; init; }

    /// <summary>The one that counts.</summary>
    public int Capacity { get; init; }

    /// <summary>Tickets of theirs that wait on us now (new ones too) and are not put off.</summary>
    public int Load { get; init; }
    public Guid[] Teams { get; init; } = [];

    /// <summary>As <see cref="Tickets.SkillLevel.ToString"/> writes them.</summary>
    public string[] Skills { get; init; } = [];
}

/// <summary>Tickets that wait for somebody to be free.</summary>
/// <param name="OldestAt">Since when the one that has waited longest does; null: none waits.</param>
public sealed record WaitingLine(int Count, DateTimeOffset? OldestAt);

/// <summary>What became of a change.</summary>
public enum WorkChange
{
    Changed,
    Unchanged,

    /// <summary>The account has no such person, or they take no tickets: turned off, or a viewer.</summary>
    NotFound,
}

/// <summary>Who takes work, and how much of it.</summary>
public sealed class WorkStore(NpgsqlDataSource database)
{
    /// <summary>The largest capacity that can be set.</summary>
    public const int MostCapacity = 1_000;

    internal const string Workers = """
        threadkeep.agents a where a.account_id = @account and a.disabled_at is null and a.role <> 'viewer'
        """;

    // Open tickets of one person are few, and an index of their own finds them.
    internal const string Load = """
        (select count(*)::int
         from threadkeep.tickets k
         join threadkeep.threads t on t.account_id = k.account_id and t.id = k.thread_id
         where k.account_id = a.account_id and k.owner_id = a.id and k.is_open and k.snoozed_until is null
            and t.ticket_status in ('new', 'waiting_on_us'))
        """;

    /// <summary>Everybody who can be given tickets, by name.</summary>
    public async Task<IReadOnlyList<WorkRow>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<WorkRow>(
            $"""
            select a.id, a.name, coalesce(w.available, true) as available, w.since, w.capacity as own_capacity,
                coalesce(w.capacity, s.default_capacity, @usual) as capacity, {Load} as load,
                array(select m.team_id from threadkeep.team_members m where m.account_id = a.account_id and m.agent_id = a.id
                    order by m.team_id) as teams,
                array(select replace(x.skill_id::text, '-', '') || ':' || x.level
                    from threadkeep.agent_skills x where x.account_id = a.account_id and x.agent_id = a.id) as skills
            from (select a.* from {Workers}) a
            left join threadkeep.agent_work w on w.account_id = a.account_id and w.agent_id = a.id
            left join threadkeep.assignment_settings s on s.account_id = a.account_id
            order by lower(a.name), a.id
            """,
            new { account = account.Value, usual = AssignmentSettings.UsualCapacity }
        );
        return [.. rows];
    }

    /// <summary>How many tickets wait for somebody to be free, over all channels.</summary>
    public async Task<WaitingLine> WaitingAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<WaitingLine>(
            """
            select count(*)::int as count, min(queued_at) as oldest_at from threadkeep.tickets
            where account_id = @account and queued_at is not null
            """,
            new { account = account.Value }
        );
    }

    /// <summary>Switches a person to available or away. What is so already stays, with the time since when.</summary>
    /// <param name="recorded">In the audit log as well: somebody else does it.</param>
    public async Task<WorkChange> SetAvailableAsync(
        Actor actor,
        AgentId agent,
        bool available,
        bool recorded,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await NameAsync(connection, actor.Account, agent) is not { } name)
            return WorkChange.NotFound;
        var changed = await connection.ExecuteAsync(
            """
            insert into threadkeep.agent_work as w (account_id, agent_id, available, since) values (@account, @agent, @available, @now)
            on conflict (account_id, agent_id) do update set available = excluded.available, since = excluded.since, returned_at = null
                where w.available <> excluded.available or w.since is null
            """,
            new
            {
                account = actor.Account.Value,
                agent = agent.Value,
                available,
                now,
            }
        );
        if (changed == 1 && recorded)
            await RecordAsync(connection, actor, agent, name, new { available = !available }, new { available }, now);
        await transaction.CommitAsync();
        return changed == 1 ? WorkChange.Changed : WorkChange.Unchanged;
    }

    /// <summary>Sets how many tickets that wait on us a person takes; null: as many as the account says.</summary>
    public async Task<WorkChange> SetCapacityAsync(Actor actor, AgentId agent, int? capacity, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await NameAsync(connection, actor.Account, agent) is not { } name)
            return WorkChange.NotFound;
        var parameters = new
        {
            account = actor.Account.Value,
            agent = agent.Value,
            capacity,
        };
        var before = await connection.ExecuteScalarAsync<int?>(
            "select capacity from threadkeep.agent_work where account_id = @account and agent_id = @agent for update",
            parameters
        );
        if (before == capacity)
            return WorkChange.Unchanged;
        await connection.ExecuteAsync(
            """
            insert into threadkeep.agent_work (account_id, agent_id, capacity) values (@account, @agent, @capacity)
            on conflict (account_id, agent_id) do update set capacity = excluded.capacity
            """,
            parameters
        );
        await RecordAsync(connection, actor, agent, name, new { capacity = before }, new { capacity }, now);
        await transaction.CommitAsync();
        return WorkChange.Changed;
    }

    // Null: nobody who takes tickets.
    private static Task<string?> NameAsync(NpgsqlConnection connection, AccountId account, AgentId agent) =>
        connection.ExecuteScalarAsync<string?>(
            $"select a.name from {Workers} and a.id = @agent",
            new { account = account.Value, agent = agent.Value }
        );

    private static Task RecordAsync(
        NpgsqlConnection connection,
        Actor actor,
        AgentId agent,
        string name,
        object before,
        object after,
        DateTimeOffset now
    ) =>
        AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("person.work_changed", "person", agent.ToString(), name, before, after),
            now
        );
}
