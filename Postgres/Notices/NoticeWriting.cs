using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Notices;

/// <summary>Adding notices, within a connection's running transaction.</summary>
internal static class NoticeWriting
{
    // A push within this time after the last one of the same messages would say nothing new.
    private const string PushedAgainAfter = "interval '5 minutes'";

    /// <summary>Pushes, one for each browser of whoever is told, of the rows of <c>told</c>: an account's id, an agent's, a notice's, its time and ways.</summary>
    public const string PushJobs = """
        insert into threadkeep.push_jobs (id, account_id, agent_id, notice_id, subscription_id, due_at, give_up_at)
        select gen_random_uuid(), w.account_id, w.agent_id, w.id, s.id, w.at, w.at + interval '1 hour'
        from told w
        join threadkeep.push_subscriptions s on s.account_id = w.account_id and s.agent_id = w.agent_id
        where w.ways & 2 <> 0 and w.pushed_at = w.at
        """;

    private const string Columns = "account_id, agent_id, id, at, kind, thread_id, seq, count, by_id, ways, data";

    private const string Rows = $"""
        insert into threadkeep.notices as n ({Columns}, pushed_at)
        select {Columns}, at
        from unnest(@accounts, @agents, @ids, @times, @kinds, @threads::uuid[], @seqs::int[], @counts, @by::uuid[], @ways, @data)
            as x ({Columns})
        order by account_id, agent_id, thread_id
        """;

    /// <summary>Who was told something new. What somebody was told already, under the same id, is left as it is.</summary>
    public static async Task<IReadOnlyList<(AccountId Account, AgentId Agent)>> AddAsync(
        NpgsqlConnection connection,
        IReadOnlyList<NewNotice> notices
    )
    {
        var told = new HashSet<(AccountId, AgentId)>();
        // Messages of a thread fold into the one that has not been seen; everything else stands by itself.
        await AddAsync(
            notices.Where(n => n.Kind == NoticeKinds.Message),
            $"""
            on conflict (account_id, agent_id, thread_id) where kind = 'message' and seen_at is null do update
                set at = excluded.at, seq = excluded.seq, count = n.count + excluded.count, ways = excluded.ways,
                    pushed_at = case when excluded.at - n.pushed_at < {PushedAgainAfter} then n.pushed_at else excluded.at end
            """
        );
        await AddAsync(notices.Where(n => n.Kind != NoticeKinds.Message), "on conflict do nothing");
        return [.. told];

        async Task AddAsync(IEnumerable<NewNotice> some, string onConflict)
        {
            var rows = some.ToArray();
            if (rows.Length == 0)
                return;
            foreach (
                var (account, agent) in await connection.QueryAsync<(Guid, Guid)>(
                    $"""
                    with told as (
                    {Rows}
                    {onConflict}
                    returning n.account_id, n.agent_id, n.id, n.at, n.ways, n.pushed_at
                    ),
                    pushes as ({PushJobs})
                    select account_id, agent_id from told
                    """,
                    new
                    {
                        accounts = rows.Select(n => n.Account.Value).ToArray(),
                        agents = rows.Select(n => n.Agent.Value).ToArray(),
                        ids = rows.Select(n => n.Id).ToArray(),
                        times = rows.Select(n => n.At.UtcDateTime).ToArray(),
                        kinds = rows.Select(n => n.Kind).ToArray(),
                        threads = rows.Select(n => n.Thread).ToArray(),
                        seqs = rows.Select(n => n.Seq).ToArray(),
                        counts = rows.Select(n => n.Count).ToArray(),
                        by = rows.Select(n => n.By).ToArray(),
                        ways = rows.Select(n => (short)n.Ways).ToArray(),
                        data = rows.Select(n => n.Data).ToArray(),
                    }
                )
            )
                told.Add((new AccountId(account), new AgentId(agent)));
        }
    }
}
