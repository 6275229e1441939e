using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.People;

namespace Threadkeep.Notices;

/// <summary>Tickets went back because their owner stayed away.</summary>
/// <param name="Owner">Who had them.</param>
/// <param name="Minutes">How long they had been away.</param>
/// <param name="Count">How many tickets.</param>
/// <param name="Tickets">Which; only the owner is told.</param>
public sealed record TicketsReturned(
    Guid Owner,
    string OwnerName,
    int Minutes,
    int Count,
    IReadOnlyList<ReturnedTicket> Tickets
)
{
    public static TicketsReturned Read(string data) =>
        JsonSerializer.Deserialize<TicketsReturned>(data, JsonSerializerOptions.Web)!;

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}

/// <summary>A ticket that went back.</summary>
public sealed record ReturnedTicket(Guid Id, Guid Thread, int Number);

/// <summary>A notice with what is shown of it: the words of threads and people as they stand now.</summary>
public sealed record NoticeRow
{
    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="NoticeKinds"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Null: it has not been seen.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Messages that are one notice.</summary>
    public int Count { get; init; }

    /// <summary>Particulars as JSON.</summary>
    public string Data { get; init; } = "{}";
    public Guid? ThreadId { get; init; }

    /// <summary>The item of the thread to open it at.</summary>
    public int? Seq { get; init; }
    public string? CustomerName { get; init; }
    public string? WaId { get; init; }
    public string? UserId { get; init; }
    public int? TicketNumber { get; init; }

    /// <summary>The ticket is whose notice this is.</summary>
    public bool IsOwn { get; init; }
    public string? TeamName { get; init; }
    public Guid? ById { get; init; }
    public string? ByName { get; init; }
    public string? MessageType { get; init; }
    public string? Text { get; init; }
    public string? ErrorCode { get; init; }
    public string? ChannelName { get; init; }
}

/// <summary>Whoever is told something while they are not there.</summary>
/// <param name="Scope">What they may see now.</param>
public sealed record NoticeReader(
    string Name,
    string Email,
    string Language,
    Scope Scope,
    NoticeSettings Settings,
    string AccountName,
    string AccountZone
);

/// <summary>What people are told. Everything is bound to whose it is, and to what they may see by now.</summary>
public sealed class NoticeStore(NpgsqlDataSource database)
{
    /// <summary>More are not counted.</summary>
    public const int MostCounted = 100;

    // The one place that says what of a message is shown in notices, mails and pushes. What is hidden from people (a message in
    // quarantine) must be left out here. Of a message that waits for somebody's word it is that, and what its author is told.
    private const string ShownText = """
        case when n.kind = 'approval_wanted' then left(p.text, 240)
             when n.kind = 'approval_answered' then left(coalesce(p.note, p.text), 240)
             when m.direction in (0, 1, 3) then left(m.text, 240) end
        """;

    private const string Columns = $"""
        select n.id, n.at, n.kind, n.seen_at, n.count, n.data, n.thread_id, n.seq, n.by_id, b.name as by_name,
            coalesce(c.name, t.profile_name) as customer_name, t.wa_id, t.user_id, k.number as ticket_number,
            coalesce(k.owner_id = n.agent_id, false) as is_own, g.name as team_name,
            coalesce(p.type, m.type) as message_type, {ShownText} as text, m.error_code, h.name as channel_name
        from threadkeep.notices n
        left join threadkeep.threads t on t.account_id = n.account_id and t.id = n.thread_id
        {ContactSql.OfThread}
        left join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id
        left join threadkeep.teams g on g.account_id = k.account_id and g.id = k.team_id
        left join threadkeep.messages m on m.account_id = n.account_id and m.thread_id = n.thread_id and m.seq = n.seq
        left join threadkeep.agents b on b.account_id = n.account_id and b.id = n.by_id
        left join threadkeep.approvals p on n.kind in ('approval_wanted', 'approval_answered') and p.account_id = n.account_id
            and p.id = (n.data::jsonb ->> 'approval')::uuid
        left join threadkeep.channels h on h.account_id = n.account_id
            and h.id = case when n.kind = 'channel_attention' then (n.data::jsonb ->> 'channel')::uuid else t.channel_id end
        """;

    // What may not be seen any more is not told any more, and what somebody else has taken on, or decided, meanwhile needs nobody else.
    private const string Concerns = """
        n.account_id = @account and n.agent_id = @agent and n.ways & @way <> 0
        and (n.kind <> 'approval_wanted' or n.seen_at is not null or exists (
            select from threadkeep.approvals w where w.account_id = n.account_id and w.id = n.id and w.state = 'waiting'))
        and (n.thread_id is null or exists (
            select
            from threadkeep.threads s
            left join threadkeep.tickets o on o.account_id = s.account_id and o.id = s.ticket_id
            where s.account_id = n.account_id and s.id = n.thread_id and (@channels::uuid[] is null or s.channel_id = any(@channels))
                and (n.seen_at is not null or n.kind not in ('message', 'session_closing') or o.owner_id is null or o.owner_id = n.agent_id)))
        """;

    /// <summary>The newest first.</summary>
    /// <param name="all">False: only what has not been seen.</param>
    /// <param name="after">The last one of the page before.</param>
    public async Task<IReadOnlyList<NoticeRow>> ListAsync(
        Scope scope,
        AgentId agent,
        bool all,
        (DateTimeOffset At, Guid Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<NoticeRow>(
                $"""
                {Columns}
                where {Concerns} and (@all or n.seen_at is null) and (@at::timestamptz is null or (n.at, n.id) < (@at, @id))
                order by n.at desc, n.id desc
                limit @limit
                """,
                new
                {
                    account = scope.Account.Value,
                    agent = agent.Value,
                    channels = scope.Channels,
                    way = (short)NoticeWays.Console,
                    all,
                    at = after?.At,
                    id = after?.Id,
                    limit,
                }
            ),
        ];
    }

    /// <summary>A notice that somebody has not seen and is to be told in this way; null: there is none (any more).</summary>
    public async Task<NoticeRow?> FindUnseenAsync(Scope scope, AgentId agent, NoticeWays way, Guid notice)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<NoticeRow>(
            $"{Columns} where {Concerns} and n.seen_at is null and n.id = @notice",
            new
            {
                account = scope.Account.Value,
                agent = agent.Value,
                channels = scope.Channels,
                way = (short)way,
                notice,
            }
        );
    }

    /// <summary>What somebody has not seen and was not mailed yet, the newest first.</summary>
    public async Task<IReadOnlyList<NoticeRow>> UnmailedAsync(Scope scope, AgentId agent, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<NoticeRow>(
                $"""
                {Columns}
                where {Concerns} and n.seen_at is null and n.mailed_at is null
                order by n.at desc, n.id desc
                limit @limit
                """,
                new
                {
                    account = scope.Account.Value,
                    agent = agent.Value,
                    channels = scope.Channels,
                    way = (short)NoticeWays.Mail,
                    limit,
                }
            ),
        ];
    }

    /// <summary>Somebody as they stand now; null where they are gone or turned off.</summary>
    public async Task<NoticeReader?> ReaderAsync(AccountId account, AgentId agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<ReaderRow>(
            $"""
            select a.name, a.email, a.language, {PeopleStore.ChannelsOfAgent} as channels, s.settings,
                b.name as account_name, b.time_zone as account_zone
            from threadkeep.agents a
            join threadkeep.business_accounts b on b.id = a.account_id
            left join threadkeep.notice_settings s on s.account_id = a.account_id and s.agent_id = a.id
            where a.account_id = @account and a.id = @agent and a.disabled_at is null
            """,
            new { account = account.Value, agent = agent.Value }
        );
        return row is null
            ? null
            : new NoticeReader(
                row.Name,
                row.Email,
                row.Language,
                new Scope(account, row.Channels),
                NoticeSettings.Read(row.Settings),
                row.AccountName,
                row.AccountZone
            );
    }

    private sealed record ReaderRow
    {
        public string Name { get; init; } = "";
        public string Email { get; init; } = "";
        public string Language { get; init; } = "";
        public Guid[]? Channels { get; init; }
        public string? Settings { get; init; }
        public string AccountName { get; init; } = "";
        public string AccountZone { get; init; } = "";
    }

    /// <summary>How much somebody has not seen.</summary>
    public async Task<int> CountUnseenAsync(Scope scope, AgentId agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            $"""
            select count(*)::int from (
                select from threadkeep.notices n where {Concerns} and n.seen_at is null limit @most) unseen
            """,
            new
            {
                account = scope.Account.Value,
                agent = agent.Value,
                channels = scope.Channels,
                way = (short)NoticeWays.Console,
                most = MostCounted,
            }
        );
    }

    /// <summary>Tickets that went back from somebody; null where they were told no such thing. Seen ones are found too: a click may come twice.</summary>
    public async Task<TicketsReturned?> ReturnedAsync(AccountId account, AgentId agent, Guid notice)
    {
        await using var connection = await database.OpenConnectionAsync();
        var data = await connection.ExecuteScalarAsync<string?>(
            """
            select data from threadkeep.notices
            where account_id = @account and agent_id = @agent and id = @notice and kind = 'tickets_returned'
            """,
            new
            {
                account = account.Value,
                agent = agent.Value,
                notice,
            }
        );
        return data is null ? null : TicketsReturned.Read(data);
    }

    /// <summary>False where that person was told no such thing.</summary>
    public async Task<bool> SetSeenAsync(AccountId account, AgentId agent, Guid notice, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.notices set seen_at = coalesce(seen_at, @now)
                where account_id = @account and agent_id = @agent and id = @notice
                """,
                new
                {
                    account = account.Value,
                    agent = agent.Value,
                    notice,
                    now,
                }
            ) == 1;
    }

    /// <summary>Everything that somebody was told so far is seen. How many were not.</summary>
    /// <param name="thread">Only what is of this thread; null: all.</param>
    /// <param name="upTo">Nothing that was told later: what came while the person decided stays.</param>
    public async Task<int> SetAllSeenAsync(
        AccountId account,
        AgentId agent,
        Guid? thread,
        DateTimeOffset upTo,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        // In the order in which notices are written, so that neither waits for the other.
        return await connection.ExecuteAsync(
            """
            with unseen as materialized (
                select id from threadkeep.notices
                where account_id = @account and agent_id = @agent and seen_at is null and at <= @upTo
                    and (@thread::uuid is null or thread_id = @thread)
                order by thread_id
                for update
            )
            update threadkeep.notices n set seen_at = @now
            from unseen u
            where n.account_id = @account and n.agent_id = @agent and n.id = u.id
            """,
            new
            {
                account = account.Value,
                agent = agent.Value,
                thread,
                upTo,
                now,
            }
        );
    }

    /// <summary>What somebody wants to be told, and the account's time zone.</summary>
    public async Task<(NoticeSettings Settings, string AccountZone)> SettingsAsync(AccountId account, AgentId agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (settings, zone) = await connection.QuerySingleAsync<(string? Settings, string Zone)>(
            """
            select s.settings, b.time_zone
            from threadkeep.business_accounts b
            left join threadkeep.notice_settings s on s.account_id = b.id and s.agent_id = @agent
            where b.id = @account
            """,
            new { account = account.Value, agent = agent.Value }
        );
        return (NoticeSettings.Read(settings), zone);
    }

    /// <param name="digestAt">When their next mail is due; null: they want none.</param>
    public async Task SaveSettingsAsync(
        AccountId account,
        AgentId agent,
        NoticeSettings settings,
        DateTimeOffset? digestAt
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.notice_settings (account_id, agent_id, settings, digest_at)
            values (@account, @agent, @settings, @digestAt)
            on conflict (account_id, agent_id) do update set settings = excluded.settings, digest_at = excluded.digest_at
            """,
            new
            {
                account = account.Value,
                agent = agent.Value,
                settings = settings.Write(),
                digestAt,
            }
        );
    }

    /// <summary>Forgets what was told before this.</summary>
    public async Task RemoveOldAsync(DateTimeOffset before)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from threadkeep.notices where at < @before", new { before });
    }
}
