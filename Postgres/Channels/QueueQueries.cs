using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Messages;

/// <summary>A message that waits to leave, or is leaving.</summary>
public sealed record QueuedMessageRow
{
    public Guid ThreadId { get; init; }
    public int Seq { get; init; }
    public short Lane { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public Guid? Attempt { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset AcceptedAt { get; init; }
    public string Type { get; init; } = "";
    public string? TemplateName { get; init; }

    /// <summary>Why it was put off last; null: it was not.</summary>
    public string? ErrorCode { get; init; }
    public int? MetaErrorCode { get; init; }
    public string? ContactName { get; init; }
    public string? WaId { get; init; }
    public string? AgentName { get; init; }
}

/// <summary>How much waits on a channel.</summary>
public sealed record QueueCounts
{
    public int Total { get; init; }

    /// <summary>Due now.</summary>
    public int Due { get; init; }
    public int Sending { get; init; }

    /// <summary>Of a bulk send.</summary>
    public int Bulk { get; init; }

    /// <summary>Since when the one that has waited longest does; what is to leave later does not wait yet.</summary>
    public DateTimeOffset? OldestAt { get; init; }
}

/// <summary>Reads what waits to leave, for people.</summary>
public sealed class QueueQueries(NpgsqlDataSource database)
{
    public async Task<QueueCounts> CountAsync(AccountId account, Guid channel, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<QueueCounts>(
            """
            select count(*)::int as total, (count(*) filter (where attempt is null and due_at <= @now))::int as due,
                (count(*) filter (where attempt is not null))::int as sending, (count(*) filter (where lane = 1))::int as bulk,
                min(accepted_at) filter (where accepted_at <= @now) as oldest_at
            from threadkeep.outbound_queue
            where account_id = @account and channel_id = @channel
            """,
            new
            {
                account = account.Value,
                channel,
                now,
            }
        );
    }

    /// <summary>The first of them: replies before bulk, then in the order in which they are due.</summary>
    public async Task<IReadOnlyList<QueuedMessageRow>> ListAsync(AccountId account, Guid channel, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<QueuedMessageRow>(
            """
            select q.*, m.type, m.template_name, m.error_code, m.meta_error_code, coalesce(k.name, t.profile_name) as contact_name, t.wa_id,
                a.name as agent_name
            from (
                select thread_id, seq, lane, due_at, attempt, tries, accepted_at, account_id
                from threadkeep.outbound_queue
                where account_id = @account and channel_id = @channel
                order by lane, due_at, thread_id, seq
                limit @limit
            ) q
            join threadkeep.messages m on m.account_id = q.account_id and m.thread_id = q.thread_id and m.seq = q.seq
            join threadkeep.threads t on t.account_id = q.account_id and t.id = q.thread_id
            left join threadkeep.contacts k on k.account_id = t.account_id and k.id = t.contact_id
            left join threadkeep.agents a on a.account_id = m.account_id and a.id = m.agent_id
            order by q.lane, q.due_at, q.thread_id, q.seq
            """,
            new
            {
                account = account.Value,
                channel,
                limit,
            }
        );
        return [.. rows];
    }
}
