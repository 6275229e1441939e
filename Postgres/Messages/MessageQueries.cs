using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Messages;

/// <summary>A message as people see it.</summary>
public sealed record MessageListRow
{
    public int Seq { get; init; }
    public short Direction { get; init; }
    public string Type { get; init; } = "";
    public string? Text { get; init; }
    public string? Wamid { get; init; }
    public string? ContextWamid { get; init; }
    public DateTimeOffset At { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public bool Late { get; init; }
    public bool TimeDoubtful { get; init; }
    public short? Status { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? DeliveredAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
    public DateTimeOffset? PlayedAt { get; init; }
    public DateTimeOffset? FailedAt { get; init; }
    public DateTimeOffset? UnconfirmedAt { get; init; }
    public int? RepeatedBy { get; init; }
    public string? ErrorCode { get; init; }
    public int? MetaErrorCode { get; init; }
    public string? ErrorDetail { get; init; }
    public Guid? AgentId { get; init; }
    public string? AgentName { get; init; }

    /// <summary>Who let it out, where its author was in training.</summary>
    public Guid? ApprovedBy { get; init; }
    public string? ApprovedName { get; init; }

    /// <summary>As its author wrote it, where whoever let it out changed it.</summary>
    public string? OriginalText { get; init; }
    public string? Body { get; init; }
    public string? TemplateName { get; init; }
    public string? TemplateLanguage { get; init; }
    public short? MediaState { get; init; }
    public string? MediaSha256 { get; init; }
    public string? MediaMime { get; init; }
    public long? MediaSize { get; init; }
    public string? MediaName { get; init; }

    /// <summary>What the scanner said (<see cref="Media.FileScan"/>); null: there was none to ask.</summary>
    public short? MediaScan { get; init; }
    public string? Data { get; init; }
    public byte[]? Raw { get; init; }
}

/// <summary>The customer's message that a sign refers to.</summary>
public sealed record SignTarget
{
    public Guid ChannelId { get; init; }
    public string Wamid { get; init; } = "";
}

/// <summary>Who used an idempotency key, and for what.</summary>
public sealed record KeyUse
{
    public Guid ThreadId { get; init; }
    public int Seq { get; init; }
    public byte[] RequestHash { get; init; } = [];
}

/// <summary>Reads of messages for people and programs; every one is bound to what its caller may see.</summary>
public sealed class MessageQueries(NpgsqlDataSource database)
{
    private const string Columns = """
        select m.seq, m.direction, m.type, m.text, m.wamid, m.context_wamid, m.at, m.received_at, m.late, m.time_doubtful, m.status, m.sent_at, m.delivered_at,
            m.read_at, m.played_at, m.failed_at, m.unconfirmed_at, m.repeated_by, m.error_code, m.meta_error_code, m.error_detail, m.agent_id,
            g.name as agent_name, m.body, m.template_name, m.template_language, m.media_state, m.media_sha256, m.media_mime, m.media_size,
            m.media_name, f.scan as media_scan, m.data, m.raw, p.decided_by as approved_by, d.name as approved_name, p.original_text
        from threadkeep.messages m
        left join threadkeep.agents g on g.account_id = m.account_id and g.id = m.agent_id
        left join threadkeep.media f on m.media_state is not null and f.account_id = m.account_id and f.sha256 = m.media_sha256
        left join threadkeep.approvals p on m.agent_id is not null and p.account_id = m.account_id and p.thread_id = m.thread_id and p.seq = m.seq
        left join threadkeep.agents d on d.account_id = p.account_id and d.id = p.decided_by
        where m.account_id = @account and m.thread_id = @thread and (@channels::uuid[] is null or m.channel_id = any(@channels))
        """;

    /// <summary>Messages next to a place, in the order of (Meta's time, arrival).</summary>
    /// <param name="before">Only those before this place; null: no bound.</param>
    /// <param name="after">Only those after this place; null: no bound.</param>
    /// <param name="newestFirst">Read from the newest end, and in that order.</param>
    /// <param name="withOwn">Include the thread's own items and notes.</param>
    public async Task<IReadOnlyList<MessageListRow>> ListAsync(
        Scope scope,
        ThreadId thread,
        (DateTimeOffset At, int Seq)? before,
        (DateTimeOffset At, int Seq)? after,
        bool newestFirst,
        bool withOwn,
        int limit
    )
    {
        var direction = newestFirst ? "desc" : "asc";
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<MessageListRow>(
            Columns
                + $"""

                    and (@beforeAt::timestamptz is null or (m.at, m.seq) < (@beforeAt, @beforeSeq))
                    and (@afterAt::timestamptz is null or (m.at, m.seq) > (@afterAt, @afterSeq))
                    and (@withOwn or m.direction < 2)
                order by m.at {direction}, m.seq {direction}
                limit @limit
                """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                thread = thread.Value,
                beforeAt = before?.At,
                beforeSeq = before?.Seq,
                afterAt = after?.At,
                afterSeq = after?.Seq,
                withOwn,
                limit,
            }
        );
        return [.. rows];
    }

    public async Task<MessageListRow?> FindAsync(Scope scope, MessageId message)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<MessageListRow>(
            Columns + " and m.seq = @seq",
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                thread = message.Thread.Value,
                seq = message.Seq,
            }
        );
    }

    /// <summary>What was said afterwards about messages of a thread: reactions, new texts, deletions; by Meta's time.</summary>
    public async Task<IReadOnlyList<MessageListRow>> MarksAsync(Scope scope, ThreadId thread, string[] wamids)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<MessageListRow>(
            Columns
                + " and m.context_wamid = any(@wamids) and m.type in ('reaction', 'edit', 'revoke') order by m.at, m.seq",
            Of(scope, thread, wamids)
        );
        return [.. rows];
    }

    /// <summary>The messages of a thread that Meta knows by these ids.</summary>
    public async Task<IReadOnlyList<MessageListRow>> ByWamidAsync(Scope scope, ThreadId thread, string[] wamids)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<MessageListRow>(
            Columns
                + """
                     and m.wamid = any(@wamids)
                    and m.channel_id = (select t.channel_id from threadkeep.threads t where t.account_id = @account and t.id = @thread)
                """,
            Of(scope, thread, wamids)
        );
        return [.. rows];
    }

    private static object Of(Scope scope, ThreadId thread, string[] wamids) =>
        new
        {
            account = scope.Account.Value,
            channels = scope.Channels,
            thread = thread.Value,
            wamids,
        };

    /// <summary>A message of this thread has this wamid.</summary>
    public async Task<bool> HasAsync(Scope scope, ThreadId thread, string wamid)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (
                select from threadkeep.messages m
                join threadkeep.threads t on t.account_id = m.account_id and t.id = m.thread_id and t.channel_id = m.channel_id
                where m.account_id = @account and t.id = @thread and m.thread_id = @thread and m.wamid = @wamid
                    and (@channels::uuid[] is null or m.channel_id = any(@channels)))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                thread = thread.Value,
                wamid,
            }
        );
    }

    /// <summary>What to mark as read at the customer's; null where the account does not want that, or there is nothing.</summary>
    public Task<SignTarget?> SignOfReadingAsync(AccountId account, ThreadId thread, int upToSeq) =>
        SignAsync(account, thread, upToSeq, "a.read_marks");

    /// <summary>Where to show that somebody is writing; null where the account does not want that.</summary>
    public Task<SignTarget?> SignOfTypingAsync(AccountId account, ThreadId thread) =>
        SignAsync(account, thread, int.MaxValue, "a.typing_signs");

    private async Task<SignTarget?> SignAsync(AccountId account, ThreadId thread, int upToSeq, string wanted)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<SignTarget>(
            $"""
            select t.channel_id, m.wamid
            from threadkeep.business_accounts a
            join threadkeep.threads t on t.account_id = a.id and t.id = @thread
            cross join lateral (
                select x.wamid from threadkeep.messages x
                where x.account_id = t.account_id and x.thread_id = t.id and x.seq <= @upToSeq and x.direction = 0 and x.wamid is not null
                order by x.seq desc
                limit 1
            ) m
            where a.id = @account and {wanted}
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                upToSeq,
            }
        );
    }

    /// <summary>What an idempotency key was used for; null where it is free.</summary>
    public async Task<KeyUse?> KeyAsync(AccountId account, string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<KeyUse>(
            "select thread_id, seq, request_hash from threadkeep.idempotency_keys where account_id = @account and key = @key",
            new { account = account.Value, key }
        );
    }

    /// <summary>Forgets idempotency keys older than this.</summary>
    public async Task RemoveKeysAsync(DateTimeOffset before)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "delete from threadkeep.idempotency_keys where created_at < @before",
            new { before }
        );
    }
}
