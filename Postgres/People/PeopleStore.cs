using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

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

    /// <summary>What they send waits for somebody's word, as long as they are agents.</summary>
    public bool InTraining { get; init; }

    /// <summary>When they were turned off; null: they may sign in.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Of the second factor, encrypted; null: there is none.</summary>
    public byte[]? TotpSecret { get; init; }

    /// <summary>Since when the second factor is asked for; null: it is not.</summary>
    public DateTimeOffset? TotpConfirmedAt { get; init; }
}

/// <summary>A business account.</summary>
public sealed record AccountRecord
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string TimeZone { get; init; } = "";
    public string Country { get; init; } = "";

    /// <summary>Proposed to people who are invited.</summary>
    public string Language { get; init; } = "";

    /// <summary>People who sign in with a password need a second factor.</summary>
    public bool SecondFactorRequired { get; init; }

    /// <summary>A message on a ticket that was closed within so many days opens it again (0 to 90).</summary>
    public short ReopenDays { get; init; }

    /// <summary>Texts of agents begin with a line that names them.</summary>
    public bool AgentNameFirst { get; init; }

    /// <summary>Customers see that their messages have been read.</summary>
    public bool ReadMarks { get; init; }

    /// <summary>Customers see that somebody writes an answer.</summary>
    public bool TypingSigns { get; init; }

    /// <summary>Seconds that what people send waits: 0, 5 or 10.</summary>
    public short SendDelay { get; init; }
    public bool PurgeDeleted { get; init; }
}

/// <summary>A running sign-in session.</summary>
public sealed record SessionRow
{
    public Guid Id { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }
    public string? Address { get; init; }
    public string? UserAgent { get; init; }
    public string Via { get; init; } = "";
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

    /// <summary>The sign-in session; null for an API key.</summary>
    public Guid? SessionId { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>The account wants a second factor and they have none yet.</summary>
    public bool SecondFactorMissing { get; init; }

    /// <summary>What they send waits for somebody's word.</summary>
    public bool InTraining { get; init; }
}

/// <summary>Agents, sign-in sessions and API keys. Tokens are stored as hashes only.</summary>
public sealed class PeopleStore(NpgsqlDataSource database)
{
    /// <summary>The only channels that the agent <c>a</c> may see; null: all.</summary>
    internal const string ChannelsOfAgent = """
        (case when a.channels_limited and a.role <> 'admin' then array(
            select c.channel_id from threadkeep.agent_channels c where c.account_id = a.account_id and c.agent_id = a.id
            union
            select c.channel_id
            from threadkeep.team_members m
            join threadkeep.team_channels c on c.account_id = m.account_id and c.team_id = m.team_id
            where m.account_id = a.account_id and m.agent_id = a.id
            union
            -- Tickets without a conversation are on no channel but their own (ADR 066): one's own, and those of one's teams.
            select k.id from threadkeep.tickets k
            where k.account_id = a.account_id and k.thread_id = k.id and k.owner_id = a.id
            union
            select k.id
            from threadkeep.team_members m
            join threadkeep.tickets k on k.account_id = m.account_id and k.team_id = m.team_id
            where m.account_id = a.account_id and m.agent_id = a.id and k.thread_id = k.id) end)
        """;

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

    public async Task SavePreferencesAsync(
        Actor actor,
        Guid agent,
        string? name,
        string? language,
        string? sendKey,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = await connection.ExecuteScalarAsync<string>(
            """
            update threadkeep.agents a set name = coalesce(@name, a.name), language = coalesce(@language, a.language),
                send_key = coalesce(@sendKey, a.send_key)
            from threadkeep.agents was
            where a.account_id = @account and a.id = @agent and was.account_id = a.account_id and was.id = a.id
            returning was.name
            """,
            new
            {
                account = actor.Account.Value,
                agent,
                name,
                language,
                sendKey,
            }
        );
        // Others know a colleague by the name; language and keys are one's own business.
        if (name is not null && name != before)
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry(
                    "person.changed",
                    "person",
                    agent.ToString("N"),
                    name,
                    new { name = before },
                    new { name }
                ),
                now
            );
        await transaction.CommitAsync();
    }

    /// <summary>Stores a session under its token.</summary>
    /// <param name="via">password or provider.</param>
    public async Task AddSessionAsync(
        string token,
        AgentRecord agent,
        string via,
        DateTimeOffset now,
        DateTimeOffset expiresAt,
        string? address,
        string userAgent
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.sign_in_sessions (token_hash, account_id, agent_id, created_at, expires_at, last_seen_at, address,
                user_agent, via)
            values (@hash, @AccountId, @Id, @now, @expiresAt, @now, @address, @userAgent, @via)
            """,
            new
            {
                hash = HashOf(token),
                agent.AccountId,
                agent.Id,
                now,
                expiresAt,
                address,
                userAgent = userAgent.Length > 300 ? userAgent[..300] : userAgent,
                via,
            }
        );
        await AuditLog.AppendAsync(
            connection,
            new Actor(new AccountId(agent.AccountId), "agent", agent.Id, agent.Name, address),
            new AuditEntry("session.begun", "person", agent.Id.ToString("N"), agent.Name, After: new { via }),
            now
        );
        await transaction.CommitAsync();
    }

    /// <summary>The running sessions of an agent, the last seen first.</summary>
    public async Task<IReadOnlyList<SessionRow>> SessionsAsync(AccountId account, Guid agent, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<SessionRow>(
                """
                select id, created_at, last_seen_at, address, user_agent, via from threadkeep.sign_in_sessions
                where account_id = @account and agent_id = @agent and expires_at > @now
                order by coalesce(last_seen_at, created_at) desc, id
                """,
                new
                {
                    account = account.Value,
                    agent,
                    now,
                }
            ),
        ];
    }

    /// <summary>Ends sessions of the caller. How many there were.</summary>
    /// <param name="only">This one; null: all but <paramref name="kept"/>.</param>
    public async Task<int> EndSessionsAsync(Actor actor, Guid? only, Guid? kept, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var ended = await connection.ExecuteAsync(
            """
            delete from threadkeep.sign_in_sessions
            where account_id = @account and agent_id = @agent
                and case when @only::uuid is null then id is distinct from @kept::uuid else id = @only end
            """,
            new
            {
                account = actor.Account.Value,
                agent = actor.Id,
                only,
                kept,
            }
        );
        if (ended > 0)
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry(
                    "session.ended",
                    "person",
                    actor.Id?.ToString("N"),
                    actor.Name,
                    After: new { sessions = ended }
                ),
                now
            );
        await transaction.CommitAsync();
        return ended;
    }

    /// <summary>The session is in use, from there.</summary>
    public async Task TouchSessionAsync(Guid session, DateTimeOffset now, string? address)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.sign_in_sessions set last_seen_at = @now, address = @address where id = @session",
            new
            {
                session,
                now,
                address,
            }
        );
    }

    /// <summary>Adds to the audit log what needs no other row.</summary>
    public async Task RecordAsync(Actor actor, AuditEntry entry, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await AuditLog.AppendAsync(connection, actor, entry, now);
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
            $"""
            select s.account_id, s.agent_id, a.name, a.role, a.in_training and a.role = 'agent' as in_training,
                {ChannelsOfAgent} as channels,
                s.id as session_id, s.last_seen_at,
                b.second_factor_required and a.totp_confirmed_at is null and s.via = 'password' as second_factor_missing
            from threadkeep.sign_in_sessions s
            join threadkeep.agents a on a.account_id = s.account_id and a.id = s.agent_id
            join threadkeep.business_accounts b on b.id = s.account_id
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
