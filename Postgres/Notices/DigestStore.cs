using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Notices;

/// <summary>
/// Whose mail of notices is due. Taking one is a transaction that is held until the mail is in the queue: what it gathered counts as mailed
/// with it, so that a crash mails nothing twice and forgets nothing.
/// </summary>
public sealed class DigestStore(NpgsqlDataSource database)
{
    /// <summary>Takes the next person whose mail is due; null: nobody's is, or others are at them.</summary>
    public async Task<DigestTurn?> TakeAsync(DateTimeOffset now)
    {
        var connection = await database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        var (account, agent) = await connection.QuerySingleOrDefaultAsync<(Guid, Guid)>(
            """
            select account_id, agent_id from threadkeep.notice_settings
            where digest_at <= @now order by digest_at limit 1 for update skip locked
            """,
            new { now }
        );
        var turn = new DigestTurn(connection, transaction, new AccountId(account), new AgentId(agent));
        if (agent != Guid.Empty)
            return turn;
        await turn.DisposeAsync();
        return null;
    }
}

/// <summary>One person's turn. Without <see cref="CommitAsync"/> it leaves nothing behind.</summary>
public sealed class DigestTurn(
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    AccountId account,
    AgentId agent
) : IAsyncDisposable
{
    /// <summary>In the turn's transaction.</summary>
    public NpgsqlConnection Connection => connection;

    public AccountId Account => account;

    public AgentId Agent => agent;

    /// <summary>These have been mailed.</summary>
    public Task SetMailedAsync(IReadOnlyList<NoticeRow> notices, DateTimeOffset now) =>
        connection.ExecuteAsync(
            """
            update threadkeep.notices set mailed_at = @now
            where account_id = @account and agent_id = @agent and id = any(@ids)
            """,
            new
            {
                account = account.Value,
                agent = agent.Value,
                ids = notices.Select(n => n.Id).ToArray(),
                now,
            }
        );

    /// <param name="next">When the next mail is due; null: none is wanted.</param>
    public async Task CommitAsync(DateTimeOffset? next)
    {
        await connection.ExecuteAsync(
            "update threadkeep.notice_settings set digest_at = @next where account_id = @account and agent_id = @agent",
            new
            {
                account = account.Value,
                agent = agent.Value,
                next,
            }
        );
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
