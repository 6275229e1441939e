using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Storage;

namespace Threadkeep.Notices;

/// <summary>A key pair of the deployment.</summary>
/// <param name="Sealed">The private half, encrypted.</param>
public sealed record DeploymentKey(byte[] Public, byte[] Sealed);

/// <summary>A browser that somebody is told in.</summary>
public sealed record PushSubscription
{
    public Guid Id { get; init; }
    public string? UserAgent { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its push service last took something; null: never.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>SHA-256 of its endpoint: how a browser knows its own.</summary>
    public byte[] EndpointHash { get; init; } = [];
}

/// <summary>A browser as it is added.</summary>
/// <param name="Session">The sign-in session that it ends with.</param>
/// <param name="Auth">The browser's secret, as it is.</param>
public sealed record NewSubscription(
    AccountId Account,
    AgentId Agent,
    Guid Session,
    string Endpoint,
    byte[] PublicKey,
    byte[] Auth,
    string? UserAgent
);

/// <summary>A push that may leave now.</summary>
public sealed record PushJob
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public Guid AgentId { get; init; }
    public Guid NoticeId { get; init; }
    public Guid SubscriptionId { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset GiveUpAt { get; init; }
    public string Endpoint { get; init; } = "";
    public byte[] PublicKey { get; init; } = [];
    public byte[] SealedAuth { get; init; } = [];

    /// <summary>The person is signed in there still.</summary>
    public bool IsSignedIn { get; init; }
}

/// <summary>Browsers, and what waits to be pushed to them. A job is made with its notice, so none is lost and none is made twice.</summary>
public sealed class PushStore(NpgsqlDataSource database, SecretBox secrets)
{
    /// <summary>Browsers of one person at most; one more takes the place of the oldest.</summary>
    public const int MostBrowsers = 20;

    private const string KeyName = "push";

    /// <summary>A sender that took a job and was killed gives it to the next after this.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <summary>The deployment's own; null: none was made yet.</summary>
    public async Task<DeploymentKey?> KeyAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<DeploymentKey>(
            "select public, sealed from threadkeep.deployment_keys where name = @name",
            new { name = KeyName }
        );
    }

    /// <summary>Keeps it unless there is one; the one that there is.</summary>
    public async Task<DeploymentKey> AddKeyAsync(byte[] publicKey, byte[] sealedKey, DateTimeOffset now)
    {
        await using (var connection = await database.OpenConnectionAsync())
            await connection.ExecuteAsync(
                """
                insert into threadkeep.deployment_keys (name, public, sealed, created_at)
                values (@name, @publicKey, @sealedKey, @now)
                on conflict do nothing
                """,
                new
                {
                    name = KeyName,
                    publicKey,
                    sealedKey,
                    now,
                }
            );
        return (await KeyAsync())!;
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<PushSubscription>> ListAsync(AccountId account, AgentId agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<PushSubscription>(
                """
                select id, user_agent, created_at, used_at, endpoint_hash
                from threadkeep.push_subscriptions
                where account_id = @account and agent_id = @agent
                order by created_at desc, id
                """,
                new { account = account.Value, agent = agent.Value }
            ),
        ];
    }

    /// <summary>Adds a browser. One that was named before, by whomever, is theirs now: whoever sits there is told.</summary>
    public async Task AddAsync(NewSubscription added, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(added.Endpoint));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            delete from threadkeep.push_subscriptions
            where endpoint_hash = @hash or account_id = @account and agent_id = @agent and id in (
                select id from threadkeep.push_subscriptions
                where account_id = @account and agent_id = @agent
                order by created_at desc, id offset @kept)
            """,
            new
            {
                hash,
                account = added.Account.Value,
                agent = added.Agent.Value,
                kept = MostBrowsers - 1,
            }
        );
        await connection.ExecuteAsync(
            """
            insert into threadkeep.push_subscriptions
                (account_id, agent_id, id, session_id, endpoint, endpoint_hash, public_key, sealed_auth, user_agent, created_at)
            values (@account, @agent, @id, @Session, @Endpoint, @hash, @PublicKey, @sealedAuth, @UserAgent, @now)
            on conflict (endpoint_hash) do nothing
            """,
            new
            {
                account = added.Account.Value,
                agent = added.Agent.Value,
                id,
                added.Session,
                added.Endpoint,
                hash,
                added.PublicKey,
                sealedAuth = secrets.Protect(Convert.ToBase64String(added.Auth), SecretPurpose.PushAuth(id)),
                added.UserAgent,
                now,
            }
        );
        await transaction.CommitAsync();
    }

    /// <summary>False where that person has no such browser.</summary>
    public async Task<bool> RemoveAsync(AccountId account, AgentId agent, Guid subscription)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                "delete from threadkeep.push_subscriptions where account_id = @account and agent_id = @agent and id = @subscription",
                new
                {
                    account = account.Value,
                    agent = agent.Value,
                    subscription,
                }
            ) == 1;
    }

    /// <summary>Takes what is due; no other sender gets it for two minutes.</summary>
    public async Task<IReadOnlyList<PushJob>> TakeAsync(int most, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<PushJob>(
                """
                with due as (
                    select id from threadkeep.push_jobs where due_at <= @now order by due_at limit @most for update skip locked
                ),
                taken as (
                    update threadkeep.push_jobs j set due_at = @until, tries = j.tries + 1
                    from due where j.id = due.id
                    returning j.*
                )
                select j.id, j.account_id, j.agent_id, j.notice_id, j.subscription_id, j.tries, j.give_up_at,
                    s.endpoint, s.public_key, s.sealed_auth,
                    exists (select from threadkeep.sign_in_sessions x where x.id = s.session_id and x.expires_at > @now) as is_signed_in
                from taken j
                join threadkeep.push_subscriptions s
                    on s.account_id = j.account_id and s.agent_id = j.agent_id and s.id = j.subscription_id
                """,
                new
                {
                    now,
                    until = now + Claim,
                    most,
                }
            ),
        ];
    }

    /// <exception cref="CryptographicException">It was stored under another master key.</exception>
    public byte[] AuthOf(PushJob job) =>
        Convert.FromBase64String(secrets.Reveal(job.SealedAuth, SecretPurpose.PushAuth(job.SubscriptionId)));

    /// <summary>It has left, or is of no use any more.</summary>
    /// <param name="takenAt">The push service took it then; null: it did not leave.</param>
    public async Task RemoveJobAsync(PushJob job, DateTimeOffset? takenAt)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from threadkeep.push_jobs where id = @Id", job);
        if (takenAt is { } at)
            await connection.ExecuteAsync(
                """
                update threadkeep.push_subscriptions set used_at = @at
                where account_id = @AccountId and agent_id = @AgentId and id = @SubscriptionId
                """,
                new
                {
                    job.AccountId,
                    job.AgentId,
                    job.SubscriptionId,
                    at,
                }
            );
    }

    public async Task TryAgainAsync(PushJob job, DateTimeOffset at)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.push_jobs set due_at = @at where id = @Id",
            new { job.Id, at }
        );
    }
}
