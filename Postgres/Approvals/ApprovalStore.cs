using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Contacts;
using Threadkeep.Threads;

namespace Threadkeep.Approvals;

/// <summary>
/// Messages that wait for somebody's word. Each is decided once: whoever comes second finds it decided. Notices and audit are written with
/// what they tell of.
/// </summary>
public sealed class ApprovalStore(NpgsqlDataSource database)
{
    private const string Columns = $"""
        select p.*, g.name as agent_name, d.name as decided_name, coalesce(c.name, t.profile_name) as customer_name, t.wa_id, t.user_id,
            t.last_inbound_at, k.number as ticket_number
        from threadkeep.approvals p
        join threadkeep.threads t on t.account_id = p.account_id and t.id = p.thread_id
        {ContactSql.OfThread}
        left join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id
        left join threadkeep.agents g on g.account_id = p.account_id and g.id = p.agent_id
        left join threadkeep.agents d on d.account_id = p.account_id and d.id = p.decided_by
        where p.account_id = @account and (@channels::uuid[] is null or t.channel_id = any(@channels))
        """;

    // The session is arithmetic: one whose session is over has failed, a moment before the keeper writes it down.
    private const string StillWaits = "(p.type = 'template' or t.last_inbound_at > @closedBefore)";

    /// <summary>Keeps a message until somebody decides, and tells them; false: its key is in use.</summary>
    public async Task<bool> AddAsync(AccountId account, ApprovalRow row)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var added = await connection.ExecuteAsync(
            """
            insert into threadkeep.approvals (account_id, id, thread_id, channel_id, key, request_hash, agent_id, type, text, body,
                context_wamid, template_name, template_language, media_sha256, media_mime, media_size, media_name, repeats_seq, send_at,
                bulk, created_at, state)
            values (@AccountId, @Id, @ThreadId, @ChannelId, @Key, @RequestHash, @AgentId, @Type, @Text, @Body,
                @ContextWamid, @TemplateName, @TemplateLanguage, @MediaSha256, @MediaMime, @MediaSize, @MediaName, @RepeatsSeq, @SendAt,
                @Bulk, @CreatedAt, 'waiting')
            on conflict (account_id, key) do nothing
            """,
            row with
            {
                AccountId = account.Value,
            }
        );
        if (added == 0)
            return false;
        await ApprovalNotices.WantedAsync(connection, account, row);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>In a thread the oldest first, else the newest.</summary>
    public async Task<IReadOnlyList<ApprovalRow>> ListAsync(Scope scope, ApprovalFilter filter)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<ApprovalRow>(
                $"""
                {Columns}
                    and (@agent::uuid is null or p.agent_id = @agent) and (@thread::uuid is null or p.thread_id = @thread)
                    and (not @onlyOpen or p.state = 'approved' or p.state = 'waiting' and {StillWaits})
                    and (@at::timestamptz is null or (p.created_at, p.id) < (@at, @id))
                order by p.created_at desc, p.id desc
                limit @limit
                """,
                new
                {
                    account = scope.Account.Value,
                    channels = scope.Channels,
                    agent = filter.Agent?.Value,
                    thread = filter.Thread?.Value,
                    onlyOpen = filter.OnlyOpen,
                    closedBefore = filter.Now - ThreadTimes.Session,
                    at = filter.After?.At,
                    id = filter.After?.Id,
                    limit = filter.Limit,
                }
            ),
        ];
    }

    /// <summary>How many wait, of those that a caller may see.</summary>
    public async Task<int> CountAsync(Scope scope, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            $"""
            select count(*)::int
            from threadkeep.approvals p
            join threadkeep.threads t on t.account_id = p.account_id and t.id = p.thread_id
            where p.account_id = @account and p.state = 'waiting' and {StillWaits} and (@channels::uuid[] is null or t.channel_id = any(@channels))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                closedBefore = now - ThreadTimes.Session,
            }
        );
    }

    public async Task<ApprovalRow?> FindAsync(Scope scope, Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ApprovalRow>(
            $"{Columns} and p.id = @id",
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                id,
            }
        );
    }

    /// <summary>The one that came with this key; null: none did.</summary>
    public async Task<ApprovalRow?> ByKeyAsync(AccountId account, string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ApprovalRow>(
            $"{Columns} and p.key = @key",
            new
            {
                account = account.Value,
                channels = (Guid[]?)null,
                key,
            }
        );
    }

    /// <summary>Decides about one that waits; false: it waits no more.</summary>
    /// <param name="subject">Whom it is to, for the audit log.</param>
    public async Task<bool> DecideAsync(
        Actor actor,
        ApprovalRow row,
        ApprovalDecision decision,
        string subject,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var decided = await connection.ExecuteAsync(
            """
            update threadkeep.approvals
            set state = @State, decided_by = @by, decided_at = @now, note = @Note,
                original_text = case when @Body::text is null then null else text end,
                text = case when @Body::text is null then text else @Text end, body = coalesce(@Body, body)
            where account_id = @account and id = @id and state = 'waiting'
            """,
            new
            {
                account = row.AccountId,
                id = row.Id,
                by = actor.Id,
                now,
                decision.State,
                decision.Text,
                decision.Body,
                decision.Note,
            }
        );
        if (decided == 0)
            return false;
        // What was written stands in the message and in its approval; the log says that it was decided, and by whom.
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                $"message.{decision.State}",
                "thread",
                row.ThreadId.ToString("N"),
                subject,
                After: new
                {
                    author = row.AgentName,
                    changed = decision.Body is not null,
                    approval = row.Id.ToString("N"),
                }
            ),
            now
        );
        if (decision.State == ApprovalStates.Returned)
            await ApprovalNotices.AnsweredAsync(connection, row, "returned", null, actor.Id, now);
        else if (decision.Body is not null)
            await ApprovalNotices.AnsweredAsync(connection, row, "changed", null, actor.Id, now);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Its thread has accepted it.</summary>
    public async Task SetSentAsync(ApprovalRow row, int seq)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.approvals set state = 'sent', seq = @seq
            where account_id = @AccountId and id = @Id and state = 'approved'
            """,
            new
            {
                row.AccountId,
                row.Id,
                seq,
            }
        );
    }

    /// <summary>It was approved and cannot be sent: its author is told.</summary>
    /// <param name="reason">The code of the refusal.</param>
    public async Task SetFailedAsync(ApprovalRow row, string reason, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var failed = await connection.ExecuteAsync(
            """
            update threadkeep.approvals set state = 'failed', reason = @reason
            where account_id = @AccountId and id = @Id and state = 'approved'
            """,
            new
            {
                row.AccountId,
                row.Id,
                reason,
            }
        );
        if (failed > 0)
            await ApprovalNotices.AnsweredAsync(connection, row, "failed", reason, null, now);
        await transaction.CommitAsync();
    }

    /// <summary>Ends those whose session has closed while they waited, and tells their authors. Whose they were.</summary>
    public async Task<IReadOnlyList<ApprovalRow>> CloseAsync(DateTimeOffset now, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var closed = (
            await connection.QueryAsync<ApprovalRow>(
                """
                with over as materialized (
                    select p.account_id, p.id
                    from threadkeep.approvals p
                    join threadkeep.threads t on t.account_id = p.account_id and t.id = p.thread_id
                    where p.state = 'waiting' and p.type <> 'template'
                        and (t.last_inbound_at is null or t.last_inbound_at <= @closedBefore)
                    limit @limit
                    for update of p skip locked
                )
                update threadkeep.approvals p
                set state = 'failed', reason = 'session_closed', decided_at = @now
                from over o
                where p.account_id = o.account_id and p.id = o.id
                returning p.*
                """,
                new
                {
                    now,
                    closedBefore = now - ThreadTimes.Session,
                    limit,
                }
            )
        ).ToArray();
        foreach (var row in closed)
            await ApprovalNotices.AnsweredAsync(connection, row, "failed", row.Reason, null, now);
        await transaction.CommitAsync();
        return closed;
    }

    /// <summary>Approved before this and not accepted yet: whoever approved them was interrupted.</summary>
    public async Task<IReadOnlyList<ApprovalRow>> UnsentAsync(DateTimeOffset before, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<ApprovalRow>(
                """
                select p.*, g.name as agent_name
                from threadkeep.approvals p
                left join threadkeep.agents g on g.account_id = p.account_id and g.id = p.agent_id
                where p.state = 'approved' and p.decided_at < @before
                order by p.decided_at
                limit @limit
                """,
                new { before, limit }
            ),
        ];
    }
}
