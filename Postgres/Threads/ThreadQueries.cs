using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Sla;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>A thread as lists show it.</summary>
public sealed record ThreadListRow : SlaColumns
{
    public Guid Id { get; init; }
    public Guid ChannelId { get; init; }
    public Guid ContactId { get; init; }
    public string? ContactName { get; init; }
    public string? WaId { get; init; }
    public string? UserId { get; init; }
    public string? ProfileName { get; init; }
    public string? Username { get; init; }
    public Guid? MergedInto { get; init; }
    public bool MergePending { get; init; }
    public DateTimeOffset? MergedAt { get; init; }
    public Guid? MergedBy { get; init; }
    public string? MergedByName { get; init; }
    public Guid[]? TakesIn { get; init; }
    public Guid? ReplyThread { get; init; }
    public string? ReplyWaId { get; init; }
    public string? ReplyUserId { get; init; }
    public bool? MarketingStopped { get; init; }
    public DateTimeOffset? MarketingAt { get; init; }
    public string? MarketingSource { get; init; }
    public DateTimeOffset? BlockedAt { get; init; }
    public Guid? BlockedBy { get; init; }
    public string? BlockedByName { get; init; }
    public string? BlockReason { get; init; }
    public string? BlockAtMeta { get; init; }
    public int? BlockMetaCode { get; init; }
    public DateTimeOffset? LastInboundAt { get; init; }
    public int? SessionSeq { get; init; }
    public DateTimeOffset? SessionOpenedAt { get; init; }
    public int Unread { get; init; }
    public Guid? TicketId { get; init; }
    public int? TicketNumber { get; init; }
    public string? TicketStatus { get; init; }
    public int TicketVersion { get; init; }
    public string? Subject { get; init; }
    public string? Priority { get; init; }
    public string? Category { get; init; }
    public Guid? OwnerId { get; init; }
    public string? OwnerName { get; init; }
    public Guid? TeamId { get; init; }
    public string? TeamName { get; init; }
    public string[]? Skills { get; init; }
    public DateTimeOffset? QueuedAt { get; init; }
    public string[]? Tags { get; init; }

    /// <summary>The account's own properties of the ticket, a JSON object; null: none.</summary>
    public string? Properties { get; init; }
    public DateTimeOffset? SnoozedUntil { get; init; }
    public DateTimeOffset? FirstResponseAt { get; init; }
    public long Revision { get; init; }
    public DateTimeOffset ActivityAt { get; init; }
    public int? PreviewSeq { get; init; }
    public short? PreviewDirection { get; init; }
    public string? PreviewType { get; init; }
    public string? PreviewText { get; init; }
    public short? PreviewStatus { get; init; }
    public DateTimeOffset? PreviewAt { get; init; }

    /// <summary>
    /// Of a thread that is asked for by itself: when each of its messages of the last month left that Meta called free for an advertisement,
    /// in unix seconds, the oldest first.
    /// </summary>
    public long[]? FreeEntries { get; init; }

    /// <summary>What a view shows beside the usual: a JSON object by the properties' keys. Null where it shows nothing more.</summary>
    public string? Columns { get; init; }
}

/// <summary>Which threads a list wants.</summary>
/// <param name="Filter">all, unread, open, closing or closed.</param>
public sealed record ThreadFilter(string Filter, Guid? Channel);

/// <summary>How many threads each of the fixed lists holds.</summary>
public sealed record ThreadCounts(int All, int Unread, int Open, int Closing, int Closed);

/// <summary>Reads of threads for people and programs; every one is bound to what its caller may see.</summary>
public sealed class ThreadQueries(NpgsqlDataSource database)
{
    /// <summary>What lists show, of threads that a source <c>a</c> with the columns of <c>thread_activity</c> names.</summary>
    internal const string Columns = $"""
        select t.id, t.channel_id, coalesce(c.id, t.contact_id) as contact_id,
            coalesce(c.name, case when t.channel_id = t.id then coalesce(c.profile_name, c.phone, c.mobile_phone) end) as contact_name, t.wa_id, t.user_id, t.profile_name, t.last_inbound_at,
            t.session_seq, t.session_opened_at, t.unread, t.ticket_id, t.ticket_number, t.ticket_status, k.version as ticket_version,
            k.subject, k.priority, k.category, k.owner_id, o.name as owner_name,
            g.id as team_id, g.name as team_name, k.skills, k.queued_at, k.tags, k.snoozed_until, k.first_response_at,
            {SlaColumns.Sql}, {CustomPropertyStore.ValuesSql} as properties, t.revision, a.at as activity_at,
            z.username, z.merged_into, coalesce(z.merge_pending, false) as merge_pending, z.merged_at, z.merged_by, n.name as merged_by_name, z.takes_in, z.reply_thread, z.reply_wa_id, z.reply_user_id,
            z.marketing_stopped, z.marketing_at, z.marketing_source, z.blocked_at, z.blocked_by, b.name as blocked_by_name, z.block_reason, z.block_at_meta, z.block_meta_code,
            t.preview_seq, m.direction as preview_direction, m.type as preview_type, left(m.text, 300) as preview_text,
            m.status as preview_status, m.at as preview_at
        """;

    internal const string Joins = $"""
        a
        join threadkeep.threads t on t.account_id = a.account_id and t.id = a.thread_id
        left join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id and k.thread_id = t.id
        left join threadkeep.ticket_terms e on e.account_id = k.account_id and e.ticket_id = k.id
        left join threadkeep.agents o on o.account_id = k.account_id and o.id = k.owner_id
        {ContactSql.OfThread}
        left join threadkeep.teams g on g.account_id = k.account_id and g.id = k.team_id
        left join threadkeep.messages m on m.account_id = t.account_id and m.thread_id = t.id and m.seq = t.preview_seq
        left join threadkeep.thread_persons z on z.account_id = t.account_id and z.thread_id = t.id
        left join threadkeep.agents b on b.account_id = z.account_id and b.id = z.blocked_by
        left join threadkeep.agents n on n.account_id = z.account_id and n.id = z.merged_by
        """;

    /// <summary>Of <c>t</c>: not a desk whose ticket went over to a conversation, and no conversation that goes on in another one. Looked up for desks alone; a join of the ticket would be one for every row.</summary>
    internal const string IsThere = $"""
        (t.channel_id <> t.id or exists (
            select from threadkeep.tickets y where y.account_id = t.account_id and y.id = t.id and y.thread_id = t.id)) and {IsNotMerged}
        """;

    /// <summary>Of <c>t</c>: it goes on in no other conversation (ADR 092). Their index holds few rows, in most accounts none.</summary>
    internal const string IsNotMerged = """
        not exists (
            select from threadkeep.thread_persons n
            where n.account_id = t.account_id and n.thread_id = t.id and n.merged_into is not null and not n.merge_pending)
        """;

    /// <summary>Of conversations alone: a ticket that has none is found by its number and by what was written of it.</summary>
    internal const string Conditions = """
        t.channel_id <> t.id and (@channels::uuid[] is null or t.channel_id = any(@channels))
        and (@channel::uuid is null or t.channel_id = @channel)
        and case @filter
            when 'unread' then t.unread > 0
            when 'open' then t.last_inbound_at > @closedBefore
            when 'closing' then t.last_inbound_at > @closedBefore and t.last_inbound_at <= @closingBefore
            when 'closed' then t.last_inbound_at is null or t.last_inbound_at <= @closedBefore
            else true
        end
        """;

    /// <summary>Conversations, newest activity first. By customer: <see cref="Search.ThreadFinder"/>.</summary>
    public async Task<IReadOnlyList<ThreadListRow>> ListAsync(
        Scope scope,
        ThreadFilter filter,
        (DateTimeOffset At, Guid Id)? after,
        int limit,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ThreadListRow>(
            $"""
            {Columns}
            from threadkeep.thread_activity {Joins}
            where a.account_id = @account
                and (@at::timestamptz is null or (a.at, a.thread_id) < (@at, @id)) and {Conditions} and {IsNotMerged}
            order by a.at desc, a.thread_id desc
            limit @limit
            """,
            Parameters(scope, filter, after, limit, now)
        );
        return [.. rows];
    }

    /// <summary>Conversations whose customer is blocked, the latest block first.</summary>
    public async Task<IReadOnlyList<ThreadListRow>> BlockedAsync(
        Scope scope,
        (DateTimeOffset At, Guid Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ThreadListRow>(
            $"""
            {Columns}
            from (
                select x.account_id, x.thread_id, x.channel_id, y.at
                from threadkeep.thread_persons x
                join threadkeep.thread_activity y on y.account_id = x.account_id and y.thread_id = x.thread_id
                where x.account_id = @account and x.blocked_at is not null
                    and (@at::timestamptz is null or (x.blocked_at, x.thread_id) < (@at, @id))
                    and (@channels::uuid[] is null or x.channel_id = any(@channels))
                order by x.blocked_at desc, x.thread_id desc
                limit @limit) {Joins}
            order by z.blocked_at desc, z.thread_id desc
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                at = after?.At,
                id = after?.Id,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>Null where the account has no such thread, or the caller may not see it.</summary>
    public Task<ThreadListRow?> FindAsync(Scope scope, ThreadId thread) => FindAsync(scope, thread, Columns);

    /// <summary>
    /// The same with <see cref="ThreadListRow.FreeEntries"/>, for the answer that shows the thread itself: they are looked for among its messages,
    /// which is too much for doors that only ask whether it is there.
    /// </summary>
    public Task<ThreadListRow?> FindToShowAsync(Scope scope, ThreadId thread) =>
        FindAsync(
            scope,
            thread,
            $"""
            {Columns}, array(
                select extract(epoch from f.sent_at)::bigint from threadkeep.messages f
                where f.account_id = t.account_id and f.thread_id = t.id and f.at > clock_timestamp() - interval '30 days'
                    and f.price_type = 'free_entry_point' and f.sent_at is not null
                order by f.sent_at) as free_entries
            """
        );

    private async Task<ThreadListRow?> FindAsync(Scope scope, ThreadId thread, string columns)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ThreadListRow>(
            $"""
            {columns}
            from threadkeep.thread_activity {Joins}
            where a.account_id = @account and a.thread_id = @thread and (@channels::uuid[] is null or a.channel_id = any(@channels))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                thread = thread.Value,
            }
        );
    }

    /// <summary>As it is shown; of one that was merged, where it goes on.</summary>
    public async Task<ThreadListRow?> FindWhereItGoesOnAsync(Scope scope, ThreadId thread)
    {
        var row = await FindToShowAsync(scope, thread);
        while (row?.MergedInto is { } into)
            row = await FindToShowAsync(scope, new ThreadId(into));
        return row;
    }

    /// <summary>
    /// Conversations that may be the same person's as this one, on the same number: those that a message named together with it, and
    /// those of the same contact.
    /// </summary>
    public async Task<IReadOnlyList<ThreadListRow>> LikelyTheSameAsync(Scope scope, ThreadListRow row, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ThreadListRow>(
            $"""
            {Columns}
            from (
                select y.* from threadkeep.thread_activity y
                where y.account_id = @account and y.channel_id = @channel and y.thread_id <> @thread and (
                    y.thread_id in (
                        select x.other_id from threadkeep.identity_conflicts x where x.account_id = @account and x.thread_id = @thread
                        union
                        select x.thread_id from threadkeep.identity_conflicts x where x.account_id = @account and x.other_id = @thread
                        union
                        select o.id from threadkeep.contacts s
                        join threadkeep.threads o on o.account_id = s.account_id and o.contact_id = s.id
                        where s.account_id = @account and (s.id = @contact or s.same_as = @contact)))) {Joins}
            where {IsNotMerged}
            order by a.at desc, a.thread_id desc
            limit @limit
            """,
            new
            {
                account = scope.Account.Value,
                channel = row.ChannelId,
                thread = row.Id,
                contact = row.ContactId,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>The channel that a thread is on; null where the account has no such thread.</summary>
    public async Task<Guid?> ChannelOfAsync(AccountId account, ThreadId thread)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<Guid?>(
            "select channel_id from threadkeep.threads where account_id = @account and id = @thread",
            new { account = account.Value, thread = thread.Value }
        );
    }

    public async Task<ThreadCounts> CountsAsync(Scope scope, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (all, unread, open, closing) = await connection.QuerySingleAsync<(int, int, int, int)>(
            $"""
            select count(*)::int, (count(*) filter (where unread > 0))::int, (count(*) filter (where last_inbound_at > @closedBefore))::int,
                (count(*) filter (where last_inbound_at > @closedBefore and last_inbound_at <= @closingBefore))::int
            from threadkeep.threads t
            where account_id = @account and channel_id <> id and (@channels::uuid[] is null or channel_id = any(@channels)) and {IsNotMerged}
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                closedBefore = now - ThreadTimes.Session,
                closingBefore = now - ThreadTimes.Session + ThreadTimes.Closing,
            }
        );
        return new ThreadCounts(all, unread, open, closing, all - open);
    }

    /// <summary>The revisions of those of the threads that the caller may see.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> RevisionsAsync(Scope scope, Guid[] threads)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Id, long Revision)>(
            """
            select id, revision from threadkeep.threads
            where account_id = @account and id = any(@threads) and (@channels::uuid[] is null or channel_id = any(@channels))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                threads,
            }
        );
        return rows.ToDictionary(r => r.Id, r => r.Revision);
    }

    internal static DynamicParameters Parameters(
        Scope scope,
        ThreadFilter filter,
        (DateTimeOffset At, Guid Id)? after,
        int limit,
        DateTimeOffset now
    ) =>
        new(
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                at = after?.At,
                id = after?.Id,
                channel = filter.Channel,
                filter = filter.Filter,
                closedBefore = now - ThreadTimes.Session,
                closingBefore = now - ThreadTimes.Session + ThreadTimes.Closing,
                limit,
            }
        );
}
