using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Threads;
using Threadkeep.Tickets;
using Threadkeep.Views;

namespace Threadkeep.Assignment;

/// <summary>Somebody to whom a ticket may go.</summary>
/// <param name="Channels">The only ones that they see; null: all.</param>
public sealed record Worker(
    AgentId Id,
    bool Available,
    int Capacity,
    int Load,
    IReadOnlySet<Guid> Teams,
    IReadOnlySet<Guid>? Channels,
    IReadOnlyDictionary<Guid, int> Skills
);

/// <summary>An open ticket that nobody has and that the rules are to look at.</summary>
/// <param name="Rule">The first of the rules given whose conditions hold, by its place; -1: none.</param>
/// <param name="Team">The team that it belongs to, if that is there.</param>
/// <param name="Waits">It waits for somebody to be free.</param>
public sealed record Unowned(
    Guid Ticket,
    ThreadId Thread,
    ChannelId Channel,
    int Rule,
    Guid? Team,
    IReadOnlyList<SkillLevel> Skills,
    bool Waits
);

/// <summary>What an account has that rules and tickets may name.</summary>
public sealed record Known(IReadOnlySet<Guid> Teams, IReadOnlySet<Guid> Skills, ViewCatalogue Properties);

/// <summary>A ticket whose owner, or team, is not there any more.</summary>
public sealed record Orphan(Guid Ticket, ThreadId Thread, AgentId? Owner, TeamId? Team);

/// <summary>What an account's assignment reads, and whose turn it is. Silos ask it: every query goes by an index.</summary>
public sealed class RoutingStore(NpgsqlDataSource database)
{
    /// <summary>A frozen silo holds an account's turn no longer than this (PostgreSQL ends it).</summary>
    private const string LongestTurn = "10s";

    /// <summary>Accounts in which something may have to be done without anybody asking for it.</summary>
    public async Task<IReadOnlyList<AccountId>> WatchedAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var accounts = await connection.QueryAsync<Guid>(
            """
            select account_id from threadkeep.assignment_settings where rules_on
            union
            select account_id from threadkeep.agent_work where not available and returned_at is null
            union
            select a.account_id from threadkeep.agents a
            where a.disabled_at is not null and exists (
                select from threadkeep.tickets k where k.account_id = a.account_id and k.owner_id = a.id and k.is_open)
            """
        );
        return [.. accounts.Select(a => new AccountId(a))];
    }

    /// <summary>
    /// Takes the account's turn: null where somebody else has it. Two grains that believe to be the account's only one (Orleans does not
    /// promise one) do not both count the same free places.
    /// </summary>
    public async Task<RoutingTurn?> TryTakeTurnAsync(AccountId account)
    {
        var connection = await database.OpenConnectionAsync();
        try
        {
            var transaction = await connection.BeginTransactionAsync();
            var taken = await connection.ExecuteScalarAsync<bool>(
                $"""
                set local idle_in_transaction_session_timeout = '{LongestTurn}';
                select pg_try_advisory_xact_lock(hashtextextended('assignment ' || @account, 0));
                """,
                new { account = account.ToString() }
            );
            if (taken)
                return new RoutingTurn(connection, transaction);
            await transaction.DisposeAsync();
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    public async Task<AssignmentSettings> SettingsAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await AssignmentStore.GetAsync(connection, account);
    }

    /// <summary>Everybody who can be given tickets, with what they have now.</summary>
    public async Task<IReadOnlyList<Worker>> WorkersAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<WorkerRecord>(
            $"""
            select a.id, coalesce(w.available, true) as available, coalesce(w.capacity, s.default_capacity, @usual) as capacity,
                {WorkStore.Load} as load,
                array(select m.team_id from threadkeep.team_members m where m.account_id = a.account_id and m.agent_id = a.id) as teams,
                case when a.channels_limited and a.role <> 'admin' then array(
                    select channel_id from threadkeep.agent_channels c where c.account_id = a.account_id and c.agent_id = a.id
                    union
                    select c.channel_id
                    from threadkeep.team_members m
                    join threadkeep.team_channels c on c.account_id = m.account_id and c.team_id = m.team_id
                    where m.account_id = a.account_id and m.agent_id = a.id) end as channels,
                array(select replace(x.skill_id::text, '-', '') || ':' || x.level
                    from threadkeep.agent_skills x where x.account_id = a.account_id and x.agent_id = a.id) as skills
            from (select a.* from {WorkStore.Workers}) a
            left join threadkeep.agent_work w on w.account_id = a.account_id and w.agent_id = a.id
            left join threadkeep.assignment_settings s on s.account_id = a.account_id
            """,
            new { account = account.Value, usual = AssignmentSettings.UsualCapacity }
        );
        return [.. rows.Select(r => r.ToWorker())];
    }

    /// <summary>The teams, skills and properties that there are: rules and tickets may name others, which count for nothing.</summary>
    public async Task<Known> KnownAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        using var results = await connection.QueryMultipleAsync(
            """
            select id from threadkeep.teams where account_id = @account;
            select id from threadkeep.skills where account_id = @account;
            """,
            new { account = account.Value }
        );
        return new Known(
            (await results.ReadAsync<Guid>()).ToHashSet(),
            (await results.ReadAsync<Guid>()).ToHashSet(),
            await new CustomPropertyStore(database).CatalogueAsync(account)
        );
    }

    /// <summary>Threads whose ticket waits, the oldest ticket first.</summary>
    public async Task<IReadOnlyList<Guid>> WaitingAsync(AccountId account, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var threads = await connection.QueryAsync<Guid>(
            """
            select thread_id from threadkeep.tickets
            where account_id = @account and queued_at is not null
            order by opened_at, number
            limit @limit
            """,
            new { account = account.Value, limit }
        );
        return [.. threads];
    }

    /// <summary>Threads whose ticket is nobody's and no rule has looked at.</summary>
    /// <param name="above">Only tickets with a number above this, which are few and found by their number; null: all, of any age.</param>
    public async Task<IReadOnlyList<(Guid Thread, int Number)>> NotRoutedAsync(AccountId account, int? above, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = await connection.QueryAsync<(Guid, int)>(
            above is null
                ? """
                select thread_id, number from threadkeep.tickets
                where account_id = @account and is_open and owner_id is null and not routed and snoozed_until is null
                    and thread_id is not null
                order by number limit @limit
                """
                : """
                select thread_id, number from threadkeep.tickets
                where account_id = @account and number > @above and is_open and owner_id is null and not routed and snoozed_until is null
                    and thread_id is not null
                order by number limit @limit
                """,
            new
            {
                account = account.Value,
                above,
                limit,
            }
        );
        return [.. found];
    }

    /// <summary>The highest ticket number; 0: there are none.</summary>
    public async Task<int> HighestNumberAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int?>(
                "select number from threadkeep.tickets where account_id = @account order by number desc limit 1",
                new { account = account.Value }
            ) ?? 0;
    }

    /// <summary>Of these threads the tickets that are open, nobody's and not put off, with the first rule that holds; the oldest first.</summary>
    public async Task<IReadOnlyList<Unowned>> MatchAsync(
        AccountId account,
        IReadOnlyCollection<Guid> threads,
        IReadOnlyList<AssignmentRule> rules,
        ViewCatalogue catalogue,
        DateTimeOffset now
    )
    {
        if (threads.Count == 0)
            return [];
        var parameters = new DynamicParameters(
            new
            {
                account = account.Value,
                threads = threads.ToArray(),
                now,
            }
        );
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<UnownedRecord>(
            $"""
            select k.id as ticket, t.id as thread, t.channel_id as channel, {FirstMatch(
                rules,
                catalogue,
                parameters
            )} as rule, g.id as team, k.skills,
                k.queued_at is not null as waits
            from threadkeep.thread_activity {ThreadQueries.Joins}
            where a.account_id = @account and a.thread_id = any(@threads) and k.is_open and k.owner_id is null and k.snoozed_until is null
            order by k.opened_at, k.number
            """,
            parameters
        );
        return [.. rows.Select(r => r.ToUnowned())];
    }

    /// <summary>Open tickets of people who were turned off, and of teams that were removed.</summary>
    public async Task<IReadOnlyList<Orphan>> OrphansAsync(AccountId account, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Ticket, Guid Thread, Guid? Owner, Guid? Team)>(
            """
            (select k.id, k.thread_id, k.owner_id, null::uuid
             from threadkeep.agents a
             join threadkeep.tickets k on k.account_id = a.account_id and k.owner_id = a.id and k.is_open
             where a.account_id = @account and a.disabled_at is not null and k.thread_id is not null
             limit @limit)
            union all
            (select k.id, k.thread_id, null::uuid, k.team_id
             from threadkeep.tickets k
             where k.account_id = @account and k.team_id is not null and k.is_open and k.thread_id is not null
                and not exists (select from threadkeep.teams g where g.account_id = k.account_id and g.id = k.team_id)
             limit @limit)
            """,
            new { account = account.Value, limit }
        );
        return
        [
            .. rows.Select(r => new Orphan(
                r.Ticket,
                new ThreadId(r.Thread),
                r.Owner is { } owner ? new AgentId(owner) : null,
                r.Team is { } team ? new TeamId(team) : null
            )),
        ];
    }

    /// <summary>When each person had a ticket of each rule last, as a number that rises.</summary>
    public async Task<Dictionary<(Guid Rule, AgentId Agent), long>> TurnsAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Rule, Guid Agent, long Turn)>(
            "select rule_id, agent_id, turn from threadkeep.assignment_turns where account_id = @account",
            new { account = account.Value }
        );
        return rows.ToDictionary(r => (r.Rule, new AgentId(r.Agent)), r => r.Turn);
    }

    public async Task SaveTurnsAsync(
        AccountId account,
        IReadOnlyCollection<(Guid Rule, AgentId Agent, long Turn)> turns
    )
    {
        if (turns.Count == 0)
            return;
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.assignment_turns as t (account_id, rule_id, agent_id, turn)
            select @account, n.rule, n.agent, max(n.turn) from unnest(@rules, @agents, @turns) as n (rule, agent, turn)
            group by n.rule, n.agent
            on conflict (account_id, rule_id, agent_id) do update set turn = greatest(t.turn, excluded.turn)
            """,
            new
            {
                account = account.Value,
                rules = turns.Select(t => t.Rule).ToArray(),
                agents = turns.Select(t => t.Agent.Value).ToArray(),
                turns = turns.Select(t => t.Turn).ToArray(),
            }
        );
    }

    // The catalogue's own SQL, and what people wrote as parameters, as in views.
    private static string FirstMatch(
        IReadOnlyList<AssignmentRule> rules,
        ViewCatalogue catalogue,
        DynamicParameters parameters
    )
    {
        var sql = new StringBuilder("case");
        for (var n = 0; n < rules.Count; n++)
            sql.Append(
                CultureInfo.InvariantCulture,
                $" when {ViewSql.Of(rules[n].Filters, null, parameters, catalogue, $"r{n}_")} then {n}"
            );
        return rules.Count == 0 ? "-1" : sql.Append(" else -1 end").ToString();
    }

    private sealed record WorkerRecord
    {
        public Guid Id { get; init; }
        public bool Available { get; init; }
        public int Capacity { get; init; }
        public int Load { get; init; }
        public Guid[] Teams { get; init; } = [];
        public Guid[]? Channels { get; init; }
        public string[] Skills { get; init; } = [];

        public Worker ToWorker() =>
            new(
                new AgentId(Id),
                Available,
                Capacity,
                Load,
                Teams.ToHashSet(),
                Channels?.ToHashSet(),
                SkillLevel.ReadAll(Skills).ToDictionary(s => s.Skill, s => s.Level)
            );
    }

    private sealed record UnownedRecord
    {
        public Guid Ticket { get; init; }
        public Guid Thread { get; init; }
        public Guid Channel { get; init; }
        public int Rule { get; init; }
        public Guid? Team { get; init; }
        public string[] Skills { get; init; } = [];
        public bool Waits { get; init; }

        public Unowned ToUnowned() =>
            new(Ticket, new ThreadId(Thread), new ChannelId(Channel), Rule, Team, SkillLevel.ReadAll(Skills), Waits);
    }
}

/// <summary>An account's turn to give out tickets, held until it is disposed, or its silo has been silent for ten seconds.</summary>
public sealed class RoutingTurn(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>Fails where the turn was lost meanwhile: whoever was frozen must not go on counting.</summary>
    public Task EnsureHeldAsync() => connection.ExecuteAsync("select 1");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
