using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.People;

/// <summary>An agent with the account they belong to.</summary>
public sealed record AgentRecord
{
    public Guid AccountId { get; init; }
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string Email { get; init; } = "";
    public string PasswordHash { get; init; } = "";
    public string Role { get; init; } = "";
    public string Language { get; init; } = "";
    public string? SendKey { get; init; }
}

/// <summary>A business account.</summary>
public sealed record AccountRecord
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string TimeZone { get; init; } = "";
    public string Country { get; init; } = "";
}

/// <summary>Who is asking: an agent by a sign-in session, or a program by an API key.</summary>
public sealed record CallerRecord(Guid AccountId, Guid? AgentId, string Role);

/// <summary>Agents, sign-in sessions and API keys. Tokens are stored as hashes only.</summary>
public sealed class PeopleStore(NpgsqlDataSource database)
{
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public async Task<AgentRecord?> ByEmailAsync(string email)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<AgentRecord>(
            "select * from threadkeep.agents where lower(email) = lower(@email)",
            new { email }
        );
    }

    public async Task<AgentRecord?> ByIdAsync(AccountId account, Guid agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<AgentRecord>(
            "select * from threadkeep.agents where account_id = @account and id = @agent",
            new { account = account.Value, agent }
        );
    }

    public async Task<AccountRecord> AccountAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<AccountRecord>(
            "select * from threadkeep.business_accounts where id = @account",
            new { account = account.Value }
        );
    }

    public async Task SavePreferencesAsync(AccountId account, Guid agent, string? language, string? sendKey)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.agents set language = coalesce(@language, language), send_key = coalesce(@sendKey, send_key)
            where account_id = @account and id = @agent
            """,
            new
            {
                account = account.Value,
                agent,
                language,
                sendKey,
            }
        );
    }

    public async Task AddSessionAsync(string token, AgentRecord agent, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            delete from threadkeep.sign_in_sessions where expires_at < @now;
            insert into threadkeep.sign_in_sessions (token_hash, account_id, agent_id, created_at, expires_at)
            values (@hash, @AccountId, @Id, @now, @expiresAt)
            """,
            new
            {
                hash = HashOf(token),
                agent.AccountId,
                agent.Id,
                now,
                expiresAt,
            }
        );
    }

    public async Task EndSessionAsync(string token)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "delete from threadkeep.sign_in_sessions where token_hash = @hash",
            new { hash = HashOf(token) }
        );
    }

    /// <summary>The agent of a running session; null where it has ended.</summary>
    public async Task<CallerRecord?> BySessionAsync(string token, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<CallerRecord>(
            """
            select s.account_id as AccountId, s.agent_id as AgentId, a.role as Role
            from threadkeep.sign_in_sessions s
            join threadkeep.agents a on a.account_id = s.account_id and a.id = s.agent_id
            where s.token_hash = @hash and s.expires_at > @now
            """,
            new { hash = HashOf(token), now }
        );
    }

    /// <summary>The account of an API key; null where there is no such key.</summary>
    public async Task<CallerRecord?> ByApiKeyAsync(string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<CallerRecord>(
            """
            select account_id as AccountId, null::uuid as AgentId, 'admin' as Role
            from threadkeep.api_keys where key_hash = @hash
            """,
            new { hash = HashOf(key) }
        );
    }
}
