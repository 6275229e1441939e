using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Notices;

/// <summary>
/// What happened that people may have to be told of: the outbox, read in turns. Notices and the reader's place are one transaction, so one
/// event is one notice, whatever is killed meanwhile. It costs no commit anything.
/// </summary>
public sealed class NoticeLog(NpgsqlDataSource database)
{
    /// <summary>The outbox's reader.</summary>
    public const string Reader = "notices";

    private readonly OutboxLog log = new(database);

    /// <summary>Begins a turn; null where another silo is at it.</summary>
    /// <param name="limit">Commits at most.</param>
    public async Task<NoticeTurn?> TakeAsync(int limit, CancellationToken cancellation) =>
        await log.TakeAsync(Reader, limit, cancellation) is { } turn ? new NoticeTurn(turn, limit) : null;

    /// <summary>How old the oldest change is that nobody has been told of yet.</summary>
    public Task<TimeSpan> LagAsync(CancellationToken cancellation) => log.LagAsync(Reader, cancellation);
}

/// <summary>One turn. Without <see cref="CommitAsync"/> it leaves nothing behind.</summary>
public sealed class NoticeTurn(OutboxTurn turn, int limit) : IAsyncDisposable
{
    // Of one commit: the last so many items. More at once is a replay of what was left over, which is no news.
    private const int MostOfOne = 200;

    private const int MostAround = 1_000;

    /// <summary>True where as much was read as was allowed, so that more may wait.</summary>
    public bool More => turn.Rows.Count == limit;

    // A thread from before notices has no mark: what is older than this is no news.
    private static readonly TimeSpan News = TimeSpan.FromDays(1);

    /// <summary>What the turn's commits added to their threads, as far as somebody may have to be told of it. Messages come once.</summary>
    public async Task<IReadOnlyList<ThreadItem>> ItemsAsync(DateTimeOffset now)
    {
        // A row that does not say is by a version from before notices.
        var told = turn.Rows.Where(r => r.First > 0).ToArray();
        if (told.Length == 0)
            return [];
        var items = await turn.Connection.QueryAsync<ThreadItem>(
            $"""
            select t.account_id, t.id as thread_id, t.channel_id, m.seq, m.direction, m.type, m.received_at as at, m.agent_id,
                case when m.direction = 2 then m.data end as data,
                k.owner_id, g.id as team_id, k.snoozed_until is not null as is_snoozed,
                case when m.direction = 3 then array(
                    select n.agent_id
                    from threadkeep.agents a
                    join threadkeep.mentions n
                        on n.account_id = a.account_id and n.agent_id = a.id and n.thread_id = m.thread_id and n.seq = m.seq
                    where a.account_id = m.account_id) else array[]::uuid[] end as mentioned
            from unnest(@accounts, @threads, @firsts, @lasts) as u (account_id, thread_id, first_seq, last_seq)
            join threadkeep.threads t on t.account_id = u.account_id and t.id = u.thread_id
            join threadkeep.messages m
                on m.account_id = t.account_id and m.thread_id = t.id and m.seq between u.first_seq and u.last_seq
            left join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id and k.is_open
            left join threadkeep.teams g on g.account_id = k.account_id and g.id = k.team_id
            left join threadkeep.notice_marks r on r.account_id = t.account_id and r.thread_id = t.id
            left join threadkeep.thread_persons z on z.account_id = t.account_id and z.thread_id = t.id
            where m.direction = 0 and {MessageRow.IsNews} and z.blocked_at is null and (m.seq > r.seq or r.seq is null and m.received_at > @news)
                or m.direction = 3
                or m.direction = 2 and m.type in ('ticket_changed', 'sla_breached', 'session_warning')
                or m.direction = 1 and m.status = 7 and m.agent_id is not null and m.repeated_by is null
            order by t.account_id, t.id, m.seq
            """,
            new
            {
                accounts = told.Select(r => r.Account.Value).ToArray(),
                threads = told.Select(r => r.Thread.Value).ToArray(),
                firsts = told.Select(r => Math.Max(r.First!.Value, r.Last!.Value - MostOfOne)).ToArray(),
                lasts = told.Select(r => r.Last!.Value).ToArray(),
                news = now - News,
            }
        );
        // Two commits may name the same item.
        return [.. items.DistinctBy(i => (i.AccountId, i.ThreadId, i.Seq))];
    }

    /// <summary>Tickets of which a clock runs out before <paramref name="before"/>, the first first.</summary>
    public async Task<IReadOnlyList<DueTicket>> DueAsync(DateTimeOffset now, DateTimeOffset before) =>
        [
            .. await turn.Connection.QueryAsync<DueTicket>(
                """
                select e.account_id, t.id as thread_id, t.channel_id, e.ticket_id, e.alarm_at as due_at,
                    k.first_response_at is null and e.response_due_at = e.alarm_at as is_response, k.owner_id, g.id as team_id
                from threadkeep.ticket_terms e
                join threadkeep.tickets k on k.account_id = e.account_id and k.id = e.ticket_id and k.is_open and k.snoozed_until is null
                join threadkeep.threads t on t.account_id = k.account_id and t.id = k.thread_id
                left join threadkeep.teams g on g.account_id = k.account_id and g.id = k.team_id
                where e.alarm_at > @now and e.alarm_at <= @before
                order by e.alarm_at
                limit @most
                """,
                new
                {
                    now,
                    before,
                    most = MostAround,
                }
            ),
        ];

    /// <summary>What admins look after: alerts about the quota of the last day, and channels that Meta refuses.</summary>
    public async Task<IReadOnlyList<AccountMatter>> MattersAsync() =>
        [
            .. await turn.Connection.QueryAsync<AccountMatter>(
                """
                (select account_id, 'quota' as kind, extract(epoch from period_start)::bigint || ' ' || threshold as key,
                    json_build_object('threshold', threshold)::text as data
                from threadkeep.quota_alerts
                where raised_at > clock_timestamp() - interval '1 day'
                order by raised_at desc
                limit @most)
                union all
                (select account_id, 'channel_attention', id || ' ' || attention || ' ' || coalesce(extract(epoch from attention_at)::text, ''),
                    json_build_object('channel', id, 'reason', attention)::text
                from threadkeep.channels
                where attention is not null and state = 'connected'
                limit @most)
                """,
                new { most = MostAround }
            ),
        ];

    /// <summary>Everybody of these accounts who is not turned off.</summary>
    public async Task<IReadOnlyList<NoticePerson>> PeopleAsync(IEnumerable<Guid> accounts)
    {
        var rows = await turn.Connection.QueryAsync<PersonRow>(
            $"""
            select a.account_id, a.id, a.role, {PeopleStore.ChannelsOfAgent} as channels,
                array(select m.team_id from threadkeep.team_members m where m.account_id = a.account_id and m.agent_id = a.id) as teams,
                s.settings
            from threadkeep.agents a
            left join threadkeep.notice_settings s on s.account_id = a.account_id and s.agent_id = a.id
            where a.account_id = any(@accounts) and a.disabled_at is null
            order by a.account_id, a.id
            """,
            new { accounts = accounts.Distinct().ToArray() }
        );
        return
        [
            .. rows.Select(r => new NoticePerson(
                new AccountId(r.AccountId),
                new AgentId(r.Id),
                r.Role,
                r.Channels,
                r.Teams,
                NoticeSettings.Read(r.Settings)
            )),
        ];
    }

    /// <summary>Adds notices. Who was told something new.</summary>
    public Task<IReadOnlyList<(AccountId Account, AgentId Agent)>> AddAsync(IReadOnlyList<NewNotice> notices) =>
        NoticeWriting.AddAsync(turn.Connection, notices);

    /// <summary>Notes that these messages were told of, to whomever.</summary>
    public async Task MarkAsync(IReadOnlyList<ThreadItem> items)
    {
        var last = items
            .Where(i => i.Direction == (short)MessageDirection.Inbound)
            .GroupBy(i => (i.AccountId, i.ThreadId))
            .Select(g => (g.Key.AccountId, g.Key.ThreadId, Seq: g.Max(i => i.Seq)))
            .ToArray();
        if (last.Length == 0)
            return;
        await turn.Connection.ExecuteAsync(
            """
            insert into threadkeep.notice_marks as r (account_id, thread_id, seq)
            select * from unnest(@accounts, @threads, @seqs)
            on conflict (account_id, thread_id) do update set seq = greatest(r.seq, excluded.seq)
            """,
            new
            {
                accounts = last.Select(l => l.AccountId).ToArray(),
                threads = last.Select(l => l.ThreadId).ToArray(),
                seqs = last.Select(l => l.Seq).ToArray(),
            }
        );
    }

    /// <summary>Moves the place behind what was read, and commits.</summary>
    public Task CommitAsync(CancellationToken cancellation) => turn.CommitAsync(cancellation);

    public ValueTask DisposeAsync() => turn.DisposeAsync();

    private sealed record PersonRow
    {
        public Guid AccountId { get; init; }
        public Guid Id { get; init; }
        public string Role { get; init; } = "";
        public Guid[]? Channels { get; init; }
        public Guid[] Teams { get; init; } = [];
        public string? Settings { get; init; }
    }
}
