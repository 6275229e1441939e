using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Sla;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>A thread as PostgreSQL has it.</summary>
public sealed record StoredThread(
    int Version,
    ChannelId Channel,
    ThreadRow Row,
    TicketProperties? Ticket,
    IReadOnlyList<string> Identities,
    IReadOnlyList<StoredSend> Queue,
    PersonRow? Person
);

/// <summary>A queued or sending message with what it says and what it drew.</summary>
public sealed record StoredSend(QueueRow Row, string Type, string Body, StoredMedia? Media, LedgerRow? Ledger);

/// <summary>A message's state as far as settling it needs to know.</summary>
public sealed record StoredMessage(
    int Seq,
    MessageDirection Direction,
    MessageStatus? Status,
    DateTimeOffset? UnconfirmedAt,
    DateTimeOffset? FailedAt,
    LedgerRow? Ledger,
    int? RepeatedBy = null
);

/// <summary>What a thread's grain reads; everything it writes goes through <see cref="CommitWriter"/>.</summary>
public sealed partial class ThreadStore(NpgsqlDataSource database)
{
    /// <summary>The thread with its identities and what is leaving; null where it does not exist yet. Writes nothing.</summary>
    public async Task<StoredThread?> LoadAsync(AccountId account, ThreadId thread)
    {
        await using var connection = await database.OpenConnectionAsync();
        using var results = await connection.QueryMultipleAsync(
            """
            select t.version, t.channel_id, t.contact_id, t.*, k.*, e.*, z.*
            from threadkeep.threads t
            left join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id and k.thread_id = t.id
            left join threadkeep.ticket_terms e on e.account_id = k.account_id and e.ticket_id = k.id
            left join threadkeep.thread_persons z on z.account_id = t.account_id and z.thread_id = t.id
            where t.account_id = @account and t.id = @thread;
            select i.identity
            from threadkeep.threads t
            cross join lateral (
                select 'wa:' || unnest(threadkeep.number_forms(t.wa_id)) union all select 'user:' || t.user_id) as w (identity)
            -- Each by its whole key: joined in any other way, every identity of the account is read.
            join lateral (
                select x.identity, x.thread_id
                from threadkeep.thread_identities x
                where x.account_id = t.account_id and x.channel_id = t.channel_id and x.identity = w.identity
                limit 1
            ) i on i.thread_id = t.id
            where t.account_id = @account and t.id = @thread;
            select q.*, m.type, m.body, m.media_sha256, m.media_mime, m.media_size, m.media_name,
                l.period_start, l.slot, l.kind, l.state, l.session_seq, l.released_for
            from threadkeep.outbound_queue q
            join threadkeep.messages m on m.account_id = q.account_id and m.thread_id = q.thread_id and m.seq = q.seq
            left join threadkeep.quota_ledger l on l.account_id = q.account_id and l.thread_id = q.thread_id and l.seq = q.seq
                and l.state <> 'released'
            where q.account_id = @account and q.thread_id = @thread
            order by q.seq;
            """,
            new { account = account.Value, thread = thread.Value }
        );
        // Five objects of one row: the thread again, its ticket, what that is promised, and what few have, begin with the account.
        var found = results
            .Read<
                ThreadHead,
                ThreadRow,
                TicketRecord?,
                TermsRecord?,
                PersonRecord?,
                (ThreadHead, ThreadRow, TicketProperties?, PersonRow?)
            >(
                (head, row, ticket, terms, person) => (head, row, ticket?.ToTicket(terms?.ToSla()), person?.ToPerson()),
                "account_id,account_id,account_id,account_id"
            )
            .ToArray();
        if (found is not [var (head, row, ticket, person)])
            return null;
        var identities = await results.ReadAsync<string>();
        var queue = await results.ReadAsync<QueueRecord>();
        return new StoredThread(
            head.Version,
            new ChannelId(head.ChannelId),
            row with
            {
                Contact = new ContactId(head.ContactId),
            },
            ticket,
            [.. identities],
            [.. queue.Select(q => q.ToSend())],
            person
        );
    }

    /// <summary>Status and draw of some messages.</summary>
    public async Task<IReadOnlyList<StoredMessage>> MessagesAsync(AccountId account, ThreadId thread, int[] seqs)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<MessageRecord>(
            """
            select m.seq, m.direction, m.status, m.unconfirmed_at, m.failed_at, m.repeated_by,
                l.period_start, l.slot, l.kind, l.state, l.session_seq, l.released_for
            from threadkeep.messages m
            left join threadkeep.quota_ledger l on l.account_id = m.account_id and l.thread_id = m.thread_id and l.seq = m.seq
            where m.account_id = @account and m.thread_id = @thread and m.seq = any(@seqs)
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                seqs,
            }
        );
        return [.. rows.Select(r => r.ToMessage())];
    }

    /// <summary>Customer messages that arrived after this one and count as unread.</summary>
    public async Task<int> UnreadAfterAsync(AccountId account, ThreadId thread, int seq, string[] quietTypes)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            $"""
            select count(*)
            from threadkeep.messages m
            where account_id = @account and thread_id = @thread and seq > @seq and direction = 0 and not type = any(@quietTypes)
                and {MessageRow.IsNews}
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                seq,
                quietTypes,
            }
        );
    }

    /// <summary>True where no answer to the customer's last message stands: none was made, or every one failed or was cancelled.</summary>
    public async Task<bool> AnswerIsOwedAsync(AccountId account, ThreadId thread, string[] quietTypes)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select coalesce((
                select m.direction = 0
                from threadkeep.messages m
                where m.account_id = @account and m.thread_id = @thread
                    and (m.direction = 0 and not m.type = any(@quietTypes)
                        or m.direction = 1 and m.type <> 'reaction' and coalesce(m.status not in (7, 8), true)) -- neither failed nor cancelled
                order by m.seq desc
                limit 1), false)
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                quietTypes,
            }
        );
    }

    /// <summary>Threads whose alarm is overdue since before <paramref name="before"/>, oldest first, for one shard.</summary>
    public async Task<IReadOnlyList<(AccountId Account, ThreadId Thread)>> OverdueAlarmsAsync(
        DateTimeOffset before,
        int shard,
        int shards,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Account, Guid Thread)>(
            """
            select account_id, id
            from threadkeep.threads
            where alarm_at < @before and abs(hashtext(id::text)) % @shards = @shard
            order by alarm_at
            limit @limit
            """,
            new
            {
                before,
                shard,
                shards,
                limit,
            }
        );
        return [.. rows.Select(r => (new AccountId(r.Account), new ThreadId(r.Thread)))];
    }

    /// <summary>True where this is a template that Meta calls marketing, as it is known now; false too where it is not known.</summary>
    /// <param name="body">As in the Cloud API.</param>
    public async Task<bool> IsMarketingAsync(AccountId account, ChannelId channel, string body)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (
                select from threadkeep.channels c
                join threadkeep.templates t on t.account_id = c.account_id and t.waba_id = c.waba_id
                where c.account_id = @account and c.id = @channel and t.name = @body::jsonb -> 'template' ->> 'name'
                    and t.language = @body::jsonb -> 'template' -> 'language' ->> 'code' and upper(t.category) = 'MARKETING')
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                body,
            }
        );
    }

    /// <summary>Every note of a thread, in their order.</summary>
    public async Task<IReadOnlyList<NoteRow>> NotesAsync(AccountId account, ThreadId thread, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<NoteRow>(
            """
            select text, agent_id, at from threadkeep.messages
            where account_id = @account and thread_id = @thread and direction = 3 and text is not null
            order by seq limit @limit
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>
    /// The ticket of a desk as its row has it, with what it is promised; null where it is there no more. For the conversation that takes it:
    /// what the desk wrote last is what it takes.
    /// </summary>
    public async Task<TicketProperties?> MovingAsync(AccountId account, Guid ticket, ThreadId to)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = await connection.QueryAsync<TicketRecord, TermsRecord?, TicketProperties>(
            """
            select k.*, e.* from threadkeep.tickets k
            left join threadkeep.ticket_terms e on e.account_id = k.account_id and e.ticket_id = k.id
            where k.account_id = @account and k.id = @ticket and k.moving_to = @to
            """,
            (row, terms) => row.ToTicket(terms?.ToSla()),
            new
            {
                account = account.Value,
                ticket,
                to = to.Value,
            },
            splitOn: "account_id"
        );
        return found.SingleOrDefault();
    }

    /// <summary>
    /// Threads whose ticket was put off until now or before, is overdue and not noted so, or is on its way to a conversation, oldest first,
    /// for one shard.
    /// </summary>
    public async Task<IReadOnlyList<(AccountId Account, ThreadId Thread)>> OverdueTicketsAsync(
        DateTimeOffset now,
        int shard,
        int shards,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Account, Guid Thread)>(
            """
            select account_id, thread_id
            from (
                select account_id, thread_id, snoozed_until as at from threadkeep.tickets
                where snoozed_until <= @now and thread_id is not null and abs(hashtext(thread_id::text)) % @shards = @shard
                union all
                select account_id, thread_id, opened_at from threadkeep.tickets
                where moving_to is not null and abs(hashtext(thread_id::text)) % @shards = @shard
                union all
                select account_id, thread_id, alarm_at from threadkeep.ticket_terms
                where alarm_at <= @now and thread_id is not null and abs(hashtext(thread_id::text)) % @shards = @shard
            ) due
            group by account_id, thread_id
            order by min(at)
            limit @limit
            """,
            new
            {
                now,
                shard,
                shards,
                limit,
            }
        );
        return [.. rows.Select(r => (new AccountId(r.Account), new ThreadId(r.Thread)))];
    }

    /// <summary>What of a thread's row is not its <see cref="ThreadRow"/>.</summary>
    private sealed record ThreadHead
    {
        public int Version { get; init; }
        public Guid ChannelId { get; init; }
        public Guid ContactId { get; init; }
    }

    private sealed record TicketRecord
    {
        // The first of its columns: only by one that is named here does Dapper see that a joined row is not there. Else it makes an empty one.
        public Guid AccountId { get; init; }
        public Guid Id { get; init; }
        public bool IsOpen { get; init; }
        public int Version { get; init; }
        public string? Subject { get; init; }
        public string Priority { get; init; } = "";
        public string? Category { get; init; }
        public Guid? OwnerId { get; init; }
        public Guid? TeamId { get; init; }
        public string[] Skills { get; init; } = [];
        public bool Routed { get; init; }
        public DateTimeOffset? QueuedAt { get; init; }
        public string[] Tags { get; init; } = [];
        public string Properties { get; init; } = "{}";
        public Guid? MovingTo { get; init; }
        public DateTimeOffset? SnoozedUntil { get; init; }
        public DateTimeOffset OpenedAt { get; init; }
        public DateTimeOffset? FirstResponseAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }

        public TicketProperties ToTicket(TicketSla? sla) =>
            new()
            {
                Id = Id,
                IsOpen = IsOpen,
                Version = Version,
                Subject = Subject,
                Priority = Priority,
                Category = Category,
                Owner = OwnerId is { } owner ? new AgentId(owner) : null,
                Team = TeamId is { } team ? new TeamId(team) : null,
                Skills = Skills,
                Routed = Routed,
                QueuedAt = QueuedAt,
                Tags = Tags,
                Custom = Properties,
                MovingTo = MovingTo is { } to ? new ThreadId(to) : null,
                SnoozedUntil = SnoozedUntil,
                OpenedAt = OpenedAt,
                FirstResponseAt = FirstResponseAt,
                ClosedAt = ClosedAt,
                Sla = sla,
            };
    }

    private sealed record TermsRecord
    {
        public Guid? PolicyId { get; init; }
        public int? ResponseMinutes { get; init; }
        public DateTimeOffset? ResponseDueAt { get; init; }
        public int? ResponseLeft { get; init; }
        public DateTimeOffset? ResponseBreachedAt { get; init; }
        public int? ResolutionMinutes { get; init; }
        public DateTimeOffset? ResolutionDueAt { get; init; }
        public int? ResolutionLeft { get; init; }
        public DateTimeOffset? ResolutionBreachedAt { get; init; }
        public DateTimeOffset? AlarmAt { get; init; }

        public TicketSla? ToSla() =>
            PolicyId is { } policy
                ? new TicketSla(
                    policy,
                    ResponseMinutes is { } response
                        ? new SlaClock(response, ResponseDueAt, ResponseLeft, ResponseBreachedAt)
                        : null,
                    ResolutionMinutes is { } resolution
                        ? new SlaClock(resolution, ResolutionDueAt, ResolutionLeft, ResolutionBreachedAt)
                        : null,
                    AlarmAt
                )
                : null;
    }

    private sealed record PersonRecord
    {
        public string? Username { get; init; }
        public DateTimeOffset? BlockedAt { get; init; }
        public Guid? BlockedBy { get; init; }
        public string? BlockReason { get; init; }
        public string? BlockAtMeta { get; init; }
        public int? BlockMetaCode { get; init; }
        public Guid? MergedInto { get; init; }
        public Guid? MergeId { get; init; }
        public DateTimeOffset? MergedAt { get; init; }
        public Guid? MergedBy { get; init; }
        public bool MergePending { get; init; }
        public Guid[] TakesIn { get; init; } = [];
        public Guid? ReplyThread { get; init; }
        public string? ReplyWaId { get; init; }
        public string? ReplyUserId { get; init; }
        public bool? MarketingStopped { get; init; }
        public DateTimeOffset? MarketingAt { get; init; }
        public string? MarketingSource { get; init; }

        public PersonRow ToPerson() =>
            new PersonRow(
                Username,
                BlockedAt is { } at
                    ? new BlockRow(
                        at,
                        BlockedBy is { } by ? new AgentId(by) : null,
                        BlockReason ?? "",
                        BlockAtMeta!,
                        BlockMetaCode
                    )
                    : null
            )
            {
                Marketing = MarketingStopped is { } stopped
                    ? new MarketingRow(stopped, MarketingAt!.Value, MarketingSource!)
                    : null,
                Moved = MergedInto is { } into
                    ? new MovedRow(
                        new ThreadId(into),
                        MergeId!.Value,
                        MergedAt!.Value,
                        MergedBy is { } merger ? new AgentId(merger) : null,
                        MergePending
                    )
                    : null,
                TakesIn = [.. TakesIn.Select(t => new ThreadId(t))],
                Reply = ReplyThread is { } reply ? new ReplyRow(new ThreadId(reply), ReplyWaId, ReplyUserId) : null,
            };
    }

    private record LedgerRecord
    {
        public int Seq { get; init; }
        public DateTimeOffset? PeriodStart { get; init; }
        public int? Slot { get; init; }
        public string? Kind { get; init; }
        public string? State { get; init; }
        public int? SessionSeq { get; init; }
        public string? ReleasedFor { get; init; }

        protected LedgerRow? ToLedger() =>
            Slot is { } slot
                ? new LedgerRow(Seq, PeriodStart!.Value, slot, Kind!, State!, SessionSeq, ReleasedFor)
                : null;
    }

    private sealed record MessageRecord : LedgerRecord
    {
        public short Direction { get; init; }
        public short? Status { get; init; }
        public DateTimeOffset? UnconfirmedAt { get; init; }
        public DateTimeOffset? FailedAt { get; init; }
        public int? RepeatedBy { get; init; }

        public StoredMessage ToMessage() =>
            new(
                Seq,
                (MessageDirection)Direction,
                (MessageStatus?)Status,
                UnconfirmedAt,
                FailedAt,
                ToLedger(),
                RepeatedBy
            );
    }

    private sealed record QueueRecord : LedgerRecord
    {
        public short Lane { get; init; }
        public DateTimeOffset DueAt { get; init; }
        public Guid? Attempt { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public int Tries { get; init; }
        public DateTimeOffset AcceptedAt { get; init; }
        public string Type { get; init; } = "";
        public string? Body { get; init; }
        public string? MediaSha256 { get; init; }
        public string? MediaMime { get; init; }
        public long? MediaSize { get; init; }
        public string? MediaName { get; init; }

        public StoredSend ToSend() =>
            new(
                new QueueRow
                {
                    Seq = Seq,
                    Lane = Lane,
                    DueAt = DueAt,
                    Attempt = Attempt,
                    ExpiresAt = ExpiresAt,
                    Tries = Tries,
                    AcceptedAt = AcceptedAt,
                },
                Type,
                Body ?? "{}",
                MediaSha256 is null ? null : new StoredMedia(MediaSha256, MediaMime!, MediaSize!.Value, MediaName),
                ToLedger()
            );
    }
}
