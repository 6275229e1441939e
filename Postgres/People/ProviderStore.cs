using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.People;

/// <summary>A sign-in at the provider that somebody has begun here.</summary>
public sealed record ProviderSignIn
{
    public byte[] BrowserHash { get; init; } = [];
    public string Nonce { get; init; } = "";

    /// <summary>Encrypted.</summary>
    public byte[] Verifier { get; init; } = [];
    public string? ReturnTo { get; init; }
}

/// <summary>Somebody as the provider knows them; the address is one that it has verified.</summary>
public sealed record ProviderIdentity(string Issuer, string Subject, string Email, string Name);

/// <summary>Sign-ins with an OpenID Connect provider: under way, and who is who.</summary>
public sealed class ProviderStore(NpgsqlDataSource database)
{
    public async Task BeginAsync(string state, ProviderSignIn begun, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            delete from threadkeep.provider_sign_ins where expires_at < @now;
            insert into threadkeep.provider_sign_ins (state_hash, browser_hash, nonce, verifier, return_to, expires_at)
            values (@hash, @BrowserHash, @Nonce, @Verifier, @ReturnTo, @expiresAt)
            """,
            new
            {
                hash = PeopleStore.HashOf(state),
                begun.BrowserHash,
                begun.Nonce,
                begun.Verifier,
                begun.ReturnTo,
                now,
                expiresAt,
            }
        );
    }

    /// <summary>Takes a sign-in that was begun; it can be taken once. Null: there is none.</summary>
    public async Task<ProviderSignIn?> TakeAsync(string state, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ProviderSignIn>(
            """
            delete from threadkeep.provider_sign_ins where state_hash = @hash and expires_at > @now
            returning browser_hash, nonce, verifier, return_to
            """,
            new { hash = PeopleStore.HashOf(state), now }
        );
    }

    /// <summary>
    /// Who this is here: an agent known by issuer and subject, else the agent with the verified address, else whoever was invited under it
    /// and joins now. Null: nobody.
    /// </summary>
    /// <param name="newId">The id of an agent who joins now.</param>
    /// <param name="address">Where they came from, for the audit log.</param>
    public async Task<AgentRecord?> ResolveAsync(
        ProviderIdentity identity,
        Guid newId,
        string? address,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var agent =
            await connection.QuerySingleOrDefaultAsync<AgentRecord>(
                """
                select a.* from threadkeep.provider_identities p
                join threadkeep.agents a on a.account_id = p.account_id and a.id = p.agent_id
                where p.issuer = @Issuer and p.subject = @Subject
                """,
                identity
            ) ?? await LinkAsync(connection, identity, newId, address, now);
        await transaction.CommitAsync();
        return agent is { DisabledAt: null } ? agent : null;
    }

    private static async Task<AgentRecord?> LinkAsync(
        NpgsqlConnection connection,
        ProviderIdentity identity,
        Guid newId,
        string? address,
        DateTimeOffset now
    )
    {
        var agent =
            await ByEmailAsync(connection, identity.Email)
            ?? await JoinAsync(connection, identity, newId, address, now);
        if (agent is null or { DisabledAt: not null })
            return agent;
        await connection.ExecuteAsync(
            """
            insert into threadkeep.provider_identities (issuer, subject, account_id, agent_id, created_at)
            values (@Issuer, @Subject, @AccountId, @Id, @now) on conflict (issuer, subject) do nothing
            """,
            new
            {
                identity.Issuer,
                identity.Subject,
                agent.AccountId,
                agent.Id,
                now,
            }
        );
        await AuditLog.AppendAsync(
            connection,
            new Actor(new AccountId(agent.AccountId), "agent", agent.Id, agent.Name, address),
            new AuditEntry(
                "provider.linked",
                "person",
                agent.Id.ToString("N"),
                agent.Name,
                After: new { issuer = identity.Issuer }
            ),
            now
        );
        return agent;
    }

    private static async Task<AgentRecord?> JoinAsync(
        NpgsqlConnection connection,
        ProviderIdentity identity,
        Guid newId,
        string? address,
        DateTimeOffset now
    )
    {
        var invitation = await connection.QuerySingleOrDefaultAsync<InvitationRow>(
            """
            delete from threadkeep.invitations where (account_id, id) = (
                select account_id, id from threadkeep.invitations
                where lower(email) = lower(@Email) and expires_at > @now order by created_at desc limit 1 for update)
            returning *
            """,
            new { identity.Email, now }
        );
        if (invitation is null)
            return null;
        // Without a password: they sign in with the provider, or choose one by a link.
        var agent = new AgentRecord { Name = identity.Name, Language = invitation.Language };
        return
            await InvitationStore.JoinAsync(connection, invitation, newId, agent, address, now)
            == InvitationOutcome.Done
            ? await ByEmailAsync(connection, identity.Email)
            : null;
    }

    private static Task<AgentRecord?> ByEmailAsync(NpgsqlConnection connection, string email) =>
        connection.QuerySingleOrDefaultAsync<AgentRecord>(
            "select * from threadkeep.agents where lower(email) = lower(@email)",
            new { email }
        );
}
