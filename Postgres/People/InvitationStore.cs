using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.People;

/// <summary>Somebody who was asked to join and has not yet. Accepting or taking it back removes it.</summary>
public sealed record InvitationRow
{
    public Guid AccountId { get; init; }
    public Guid Id { get; init; }
    public string Email { get; init; } = "";
    public string Role { get; init; } = "";
    public string Language { get; init; } = "";
    public bool ChannelsLimited { get; init; }
    public Guid[] Channels { get; init; } = [];
    public Guid[] Teams { get; init; } = [];

    /// <summary>The name of whoever invited them; null: the operator.</summary>
    public string? InvitedBy { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Why an invitation was not made or accepted.</summary>
public enum InvitationOutcome
{
    Done,

    /// <summary>Somebody of this account has the address.</summary>
    AlreadyMember,

    /// <summary>It was used, taken back or has expired.</summary>
    Ended,

    /// <summary>Somebody of another account of this deployment has the address: it signs in to one account only.</summary>
    AddressInUse,

    /// <summary>A channel or team that is named is not the account's.</summary>
    Unknown,
}

/// <summary>Invitations. A link works once, until it expires; a new link for the same address ends the one before.</summary>
public sealed class InvitationStore(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<InvitationRow>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<InvitationRow>(
                "select * from threadkeep.invitations where account_id = @account order by created_at desc, id",
                new { account = account.Value }
            ),
        ];
    }

    public async Task<InvitationRow?> FindAsync(AccountId account, Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<InvitationRow>(
            "select * from threadkeep.invitations where account_id = @account and id = @id",
            new { account = account.Value, id }
        );
    }

    /// <summary>The invitation behind a link; null where the link is not valid (any more).</summary>
    public async Task<InvitationRow?> ByTokenAsync(string token, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<InvitationRow>(
            "select * from threadkeep.invitations where token_hash = @hash and expires_at > @now",
            new { hash = PeopleStore.HashOf(token), now }
        );
    }

    /// <summary>Invites an address, or invites it anew.</summary>
    /// <param name="within">Called in the same transaction, after the invitation is stored: for its mail.</param>
    public async Task<InvitationOutcome> InviteAsync(
        Actor actor,
        InvitationRow invitation,
        string token,
        bool again,
        Func<NpgsqlConnection, Task> within
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var found = await connection.QuerySingleAsync<(bool Member, bool Known)>(
            """
            select exists (select from threadkeep.agents where account_id = @AccountId and lower(email) = lower(@Email)),
                (select count(*) from threadkeep.channels where account_id = @AccountId and id = any(@Channels)) = cardinality(@Channels)
                and (select count(*) from threadkeep.teams where account_id = @AccountId and id = any(@Teams)) = cardinality(@Teams)
            """,
            invitation
        );
        if (found.Member)
            return InvitationOutcome.AlreadyMember;
        if (!found.Known)
            return InvitationOutcome.Unknown;
        var id = await connection.ExecuteScalarAsync<Guid>(
            """
            insert into threadkeep.invitations (account_id, id, email, role, language, channels_limited, channels, teams, token_hash,
                invited_by, created_at, expires_at)
            values (@AccountId, @Id, @Email, @Role, @Language, @ChannelsLimited, @Channels, @Teams, @hash, @InvitedBy, @CreatedAt, @ExpiresAt)
            on conflict (account_id, lower(email)) do update
                set role = excluded.role, language = excluded.language, channels_limited = excluded.channels_limited,
                    channels = excluded.channels, teams = excluded.teams, token_hash = excluded.token_hash,
                    invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at
            returning id
            """,
            new
            {
                invitation.AccountId,
                invitation.Id,
                invitation.Email,
                invitation.Role,
                invitation.Language,
                invitation.ChannelsLimited,
                invitation.Channels,
                invitation.Teams,
                invitation.InvitedBy,
                invitation.CreatedAt,
                invitation.ExpiresAt,
                hash = PeopleStore.HashOf(token),
            }
        );
        await within(connection);
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                again ? "invitation.renewed" : "invitation.created",
                "invitation",
                id.ToString("N"),
                invitation.Email,
                After: new { role = invitation.Role, expiresAt = invitation.ExpiresAt }
            ),
            invitation.CreatedAt
        );
        await transaction.CommitAsync();
        return InvitationOutcome.Done;
    }

    /// <summary>False: there is none.</summary>
    public async Task<bool> RevokeAsync(Actor actor, Guid id, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var email = await connection.ExecuteScalarAsync<string?>(
            "delete from threadkeep.invitations where account_id = @account and id = @id returning email",
            new { account = actor.Account.Value, id }
        );
        if (email is null)
            return false;
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("invitation.revoked", "invitation", id.ToString("N"), email),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Makes an agent of whoever holds the link; two who use it at once make one.</summary>
    /// <param name="agent">Name, language and password hash of the new agent; the rest is the invitation's.</param>
    /// <param name="address">Where they came from.</param>
    public async Task<(InvitationOutcome Outcome, AgentRecord? Agent)> AcceptAsync(
        string token,
        Guid id,
        AgentRecord agent,
        string? address,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var invitation = await connection.QuerySingleOrDefaultAsync<InvitationRow>(
            "delete from threadkeep.invitations where token_hash = @hash and expires_at > @now returning *",
            new { hash = PeopleStore.HashOf(token), now }
        );
        if (invitation is null)
            return (InvitationOutcome.Ended, null);
        var outcome = await JoinAsync(connection, invitation, id, agent, address, now);
        if (outcome == InvitationOutcome.Done)
            await transaction.CommitAsync();
        return (
            outcome,
            outcome == InvitationOutcome.Done
                ? agent with
                {
                    AccountId = invitation.AccountId,
                    Id = id,
                    Email = invitation.Email,
                    Role = invitation.Role,
                }
                : null
        );
    }

    /// <summary>Writes the agent that an invitation, just removed, was for.</summary>
    internal static async Task<InvitationOutcome> JoinAsync(
        NpgsqlConnection connection,
        InvitationRow invitation,
        Guid id,
        AgentRecord agent,
        string? address,
        DateTimeOffset now
    )
    {
        try
        {
            await connection.ExecuteAsync(
                """
                insert into threadkeep.agents (account_id, id, name, email, password_hash, role, language, channels_limited, created_at)
                values (@AccountId, @id, @Name, @Email, @PasswordHash, @Role, @Language, @ChannelsLimited, @now);
                -- Channels and teams that were removed meanwhile are left out.
                insert into threadkeep.agent_channels (account_id, agent_id, channel_id)
                select account_id, @id, id from threadkeep.channels where account_id = @AccountId and id = any(@Channels);
                insert into threadkeep.team_members (account_id, agent_id, team_id)
                select account_id, @id, id from threadkeep.teams where account_id = @AccountId and id = any(@Teams);
                """,
                new
                {
                    invitation.AccountId,
                    id,
                    agent.Name,
                    invitation.Email,
                    agent.PasswordHash,
                    invitation.Role,
                    agent.Language,
                    invitation.ChannelsLimited,
                    invitation.Channels,
                    invitation.Teams,
                    now,
                }
            );
        }
        catch (PostgresException taken) when (taken.ConstraintName == "agents_email")
        {
            return InvitationOutcome.AddressInUse;
        }
        await AuditLog.AppendAsync(
            connection,
            new Actor(new AccountId(invitation.AccountId), "agent", id, agent.Name, address),
            new AuditEntry(
                "invitation.accepted",
                "person",
                id.ToString("N"),
                agent.Name,
                After: new { role = invitation.Role, email = invitation.Email }
            ),
            now
        );
        return InvitationOutcome.Done;
    }
}
