using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.People;

/// <summary>New passwords: by whoever knows the old one, or by whoever holds a link. The other sessions of the person end.</summary>
public sealed class PasswordStore(NpgsqlDataSource database)
{
    /// <summary>Stores a link for somebody; the ones before it end.</summary>
    /// <param name="within">Called in the same transaction: for the link's mail.</param>
    public async Task AddLinkAsync(
        Actor actor,
        AgentRecord agent,
        string token,
        DateTimeOffset now,
        DateTimeOffset expiresAt,
        Func<NpgsqlConnection, Task> within
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            delete from threadkeep.password_links where account_id = @AccountId and agent_id = @Id or expires_at < @now;
            insert into threadkeep.password_links (token_hash, account_id, agent_id, created_at, expires_at)
            values (@hash, @AccountId, @Id, @now, @expiresAt);
            """,
            new
            {
                hash = PeopleStore.HashOf(token),
                agent.AccountId,
                agent.Id,
                now,
                expiresAt,
            }
        );
        await within(connection);
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("password.link_created", "person", agent.Id.ToString("N"), agent.Name),
            now
        );
        await transaction.CommitAsync();
    }

    /// <summary>Whose password a link changes; null where the link is not valid (any more).</summary>
    public async Task<AgentRecord?> ByTokenAsync(string token, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<AgentRecord>(
            """
            select a.* from threadkeep.password_links l
            join threadkeep.agents a on a.account_id = l.account_id and a.id = l.agent_id
            where l.token_hash = @hash and l.expires_at > @now and a.disabled_at is null
            """,
            new { hash = PeopleStore.HashOf(token), now }
        );
    }

    /// <summary>Sets the password by a link, once. False: the link has ended meanwhile.</summary>
    public async Task<bool> ResetAsync(
        string token,
        AgentRecord agent,
        string hash,
        string? address,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var used = await connection.ExecuteAsync(
            "delete from threadkeep.password_links where token_hash = @token and expires_at > @now",
            new { token = PeopleStore.HashOf(token), now }
        );
        if (used == 0)
            return false;
        await SetAsync(connection, agent, hash, keptSession: null);
        await AuditLog.AppendAsync(
            connection,
            new Actor(new AccountId(agent.AccountId), "agent", agent.Id, agent.Name, address),
            new AuditEntry("password.reset", "person", agent.Id.ToString("N"), agent.Name),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Sets the password of whoever is signed in; their other sessions end.</summary>
    public async Task ChangeAsync(Actor actor, AgentRecord agent, string hash, Guid keptSession, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await SetAsync(connection, agent, hash, keptSession);
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("password.changed", "person", agent.Id.ToString("N"), agent.Name),
            now
        );
        await transaction.CommitAsync();
    }

    private static Task SetAsync(NpgsqlConnection connection, AgentRecord agent, string hash, Guid? keptSession) =>
        connection.ExecuteAsync(
            """
            update threadkeep.agents set password_hash = @hash where account_id = @AccountId and id = @Id;
            delete from threadkeep.password_links where account_id = @AccountId and agent_id = @Id;
            delete from threadkeep.sign_in_sessions
            where account_id = @AccountId and agent_id = @Id and (@keptSession::uuid is null or id <> @keptSession);
            """,
            new
            {
                hash,
                agent.AccountId,
                agent.Id,
                keptSession,
            }
        );
}
