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

    /// <summary>Sees only the channels that were named for them or for their teams. Never an admin.</summary>
    public bool ChannelsLimited { get; init; }

    /// <summary>When they were turned off; null: they may sign in.</summary>
    public DateTimeOffset? DisabledAt { get; init; }
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
public sealed record CallerRecord
{
    public Guid AccountId { get; init; }
    public Guid? AgentId { get; init; }

    /// <summary>The agent's name, or the key's.</summary>
    public string Name { get; init; } = "";
    public string Role { get; init; } = "";

    /// <summary>The only channels that they may see; null: all.</summary>
    public Guid[]? Channels { get; init; }
}

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
            select s.account_id, s.agent_id, a.name, a.role,
                case when a.channels_limited and a.role <> 'admin' then array(
                    select channel_id from threadkeep.agent_channels c where c.account_id = a.account_id and c.agent_id = a.id
                    union
                    select c.channel_id
                    from threadkeep.team_members m
                    join threadkeep.team_channels c on c.account_id = m.account_id and c.team_id = m.team_id
                    where m.account_id = a.account_id and m.agent_id = a.id) end as channels
            from threadkeep.sign_in_sessions s
            join threadkeep.agents a on a.account_id = s.account_id and a.id = s.agent_id
            where s.token_hash = @hash and s.expires_at > @now and a.disabled_at is null
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
            select account_id, null::uuid as agent_id, name, 'admin' as role, null::uuid[] as channels
            from threadkeep.api_keys where key_hash = @hash
            """,
            new { hash = HashOf(key) }
        );
    }
}
