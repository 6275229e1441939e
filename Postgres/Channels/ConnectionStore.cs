using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Storage;

namespace Threadkeep.Channels;

/// <summary>A number that Meta has let an account have.</summary>
public sealed record NewChannel(
    string AppKey,
    string WabaId,
    string PhoneNumberId,
    string DisplayPhoneNumber,
    string Name,
    string AccessToken
);

/// <summary>What became of a number that was to be added.</summary>
/// <param name="Channel">Its channel, or the one that stands in the way.</param>
/// <param name="Refusal">One of <see cref="ChannelRefusals"/>; null: it is there.</param>
public sealed record AddedChannel(Guid Channel, string? Name, string? Refusal);

/// <summary>How numbers come to an account and leave it.</summary>
public sealed class ConnectionStore(NpgsqlDataSource database, SecretBox secrets)
{
    /// <summary>Numbers that one WhatsApp Business account has at most (Cloud API, "Limits").</summary>
    public const int MostOfWaba = 25;

    /// <summary>How long a pop-up may stay open.</summary>
    public static readonly TimeSpan SignupLife = TimeSpan.FromMinutes(30);

    // Signing up ----------------------------------------------------------------------------------------------

    /// <summary>The app that people sign up with; null: the operator has named none.</summary>
    public async Task<MetaApp?> SignupAppAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<MetaApp>(
            "select * from threadkeep.meta_apps where account_id is null and config_id is not null order by app_key limit 1"
        );
    }

    /// <summary>Notes who accepted which terms, and gives out the state that the pop-up brings back.</summary>
    public async Task<string> BeginAsync(Actor actor, string termsVersion, DateTimeOffset now)
    {
        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            delete from threadkeep.signups where expires_at < @now;
            insert into threadkeep.signups (state_hash, account_id, agent_id, terms_version, created_at, expires_at)
            values (@hash, @account, @agent, @termsVersion, @now, @until);
            """,
            new
            {
                hash = HashOf(state),
                account = actor.Account.Value,
                agent = actor.Id,
                termsVersion,
                now,
                until = now + SignupLife,
            }
        );
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("whatsapp_terms.accepted", After: new { termsVersion }),
            now
        );
        await transaction.CommitAsync();
        return state;
    }

    /// <summary>True once, for whom the state was given to.</summary>
    public async Task<bool> TakeAsync(AccountId account, Guid agent, string state, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.signups set used_at = @now
                where state_hash = @hash and account_id = @account and agent_id = @agent and used_at is null and expires_at > @now
                """,
                new
                {
                    hash = HashOf(state),
                    account = account.Value,
                    agent,
                    now,
                }
            ) == 1;
    }

    private static byte[] HashOf(string state) => SHA256.HashData(Encoding.UTF8.GetBytes(state));

    // Apps of an account's own ----------------------------------------------------------------------------------

    /// <summary>The key of the app that webhooks of this secret are known under; an app that nobody knows yet becomes the account's.</summary>
    public async Task<string> AppKeyAsync(AccountId account, string appId, string appSecret)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "select pg_advisory_xact_lock(hashtextextended('threadkeep-app' || @appId, 0))",
            new { appId }
        );
        var known = await connection.QueryAsync<MetaApp>(
            "select * from threadkeep.meta_apps where app_id = @appId and (account_id is null or account_id = @account)",
            new { appId, account = account.Value }
        );
        // Meta has just said that the secret is right. Where the deployment's is another, the account's own is kept beside it.
        foreach (var app in known)
            if (secrets.Reveal(app.AppSecret, SecretPurpose.AppSecret(app.AppKey)) == appSecret)
                return app.AppKey;
        var key = known.FirstOrDefault(a => a.AccountId is not null)?.AppKey ?? "app-" + Guid.NewGuid().ToString("N");
        await connection.ExecuteAsync(
            """
            insert into threadkeep.meta_apps (app_key, app_id, app_secret, verify_token, account_id)
            values (@key, @appId, @secret, @verifyToken, @account)
            on conflict (app_key) do update set app_secret = excluded.app_secret
            """,
            new
            {
                key,
                appId,
                secret = secrets.Protect(appSecret, SecretPurpose.AppSecret(key)),
                verifyToken = secrets.Protect(
                    Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                    SecretPurpose.VerifyToken(key)
                ),
                account = account.Value,
            }
        );
        await transaction.CommitAsync();
        return key;
    }

    public async Task<MetaApp> AppAsync(string appKey)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<MetaApp>(
            "select * from threadkeep.meta_apps where app_key = @appKey",
            new { appKey }
        );
    }

    // Numbers ---------------------------------------------------------------------------------------------------

    /// <summary>
    /// Keeps a number as ready. One that this account had before keeps its channel, and so its threads. One that Meta refuses gets the new
    /// token and goes on; one that works is in the way, here or in another account.
    /// </summary>
    public async Task<AddedChannel> AddAsync(AccountId account, NewChannel number)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "select pg_advisory_xact_lock(hashtextextended('threadkeep-number' || @PhoneNumberId, 0))",
            number
        );
        var known = (
            await connection.QueryAsync<ChannelRecord>(
                "select * from threadkeep.channels where phone_number_id = @PhoneNumberId and (account_id = @account or state = 'connected')",
                new { account = account.Value, number.PhoneNumberId }
            )
        ).ToList();
        var own = known.Find(c => c.Account == account);
        if (own is { State: "connected", Attention: null })
            return new AddedChannel(own.Id, own.Name, ChannelRefusals.ConnectedHere);
        if (known.Exists(c => c.Account != account))
            return new AddedChannel(Guid.Empty, null, ChannelRefusals.ConnectedElsewhere);
        var id = own?.Id ?? Guid.NewGuid();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.channels (account_id, id, app_key, waba_id, phone_number_id, display_phone_number, name, access_token, state)
            values (@account, @id, @AppKey, @WabaId, @PhoneNumberId, @DisplayPhoneNumber, @Name, @token, 'ready')
            on conflict (account_id, id) do update
                set app_key = excluded.app_key, waba_id = excluded.waba_id, display_phone_number = excluded.display_phone_number,
                    access_token = excluded.access_token, attention = null
            """,
            new
            {
                account = account.Value,
                id,
                number.AppKey,
                number.WabaId,
                number.PhoneNumberId,
                number.DisplayPhoneNumber,
                number.Name,
                token = secrets.Protect(number.AccessToken, SecretPurpose.AccessToken(id)),
            }
        );
        await transaction.CommitAsync();
        return new AddedChannel(id, own?.Name ?? number.Name, null);
    }

    /// <summary>How many numbers of a WhatsApp Business account are connected in this deployment.</summary>
    public async Task<int> ConnectedOfWabaAsync(string wabaId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            "select count(*) from threadkeep.channels where waba_id = @wabaId and state = 'connected'",
            new { wabaId }
        );
    }

    /// <summary>Whether another channel has the number.</summary>
    public async Task<bool> IsTakenAsync(ChannelRecord channel)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (select from threadkeep.channels
                where phone_number_id = @PhoneNumberId and state = 'connected' and (account_id, id) <> (@AccountId, @Id))
            """,
            channel
        );
    }

    /// <summary>False where another channel has the number by now. The first connection is of a whole second, as Meta's stamps are.</summary>
    /// <param name="pin">Null: it was not registered here.</param>
    public async Task<bool> SetConnectedAsync(ChannelRecord channel, string? pin, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        try
        {
            await connection.ExecuteAsync(
                """
                update threadkeep.channels
                set state = 'connected', first_connected_at = coalesce(first_connected_at, date_trunc('second', @now)), disconnected_at = null, attention = null,
                    pin = coalesce(@pin, pin)
                where account_id = @AccountId and id = @Id
                """,
                new
                {
                    channel.AccountId,
                    channel.Id,
                    now,
                    pin = pin is null ? null : secrets.Protect(pin, SecretPurpose.Pin(channel.Id)),
                }
            );
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    public string? PinOf(ChannelRecord channel) =>
        channel.Pin is { } pin ? secrets.Reveal(pin, SecretPurpose.Pin(channel.Id)) : null;

    /// <summary>Disconnects it. True where no connected channel of its app is left in the WhatsApp Business account.</summary>
    public async Task<bool> SetDisconnectedAsync(ChannelRecord channel, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.channels set state = 'disconnected', disconnected_at = @now
            where account_id = @AccountId and id = @Id and state = 'connected'
            """,
            new
            {
                channel.AccountId,
                channel.Id,
                now,
            }
        );
        var left = await connection.ExecuteScalarAsync<int>(
            "select count(*) from threadkeep.channels where waba_id = @WabaId and app_key = @AppKey and state = 'connected'",
            channel
        );
        await transaction.CommitAsync();
        return left == 0;
    }

    /// <summary>From when on history is taken for what was asked for; null: nobody has asked.</summary>
    public async Task SetHistoryAskedAsync(ChannelRecord channel, DateTimeOffset? at)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.channels set history_asked_at = @at where account_id = @AccountId and id = @Id",
            new
            {
                channel.AccountId,
                channel.Id,
                at,
            }
        );
    }

    /// <summary>Gives a channel another name. False: there is no such channel.</summary>
    public async Task<bool> RenameAsync(Actor actor, Guid channel, string name, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = await connection.ExecuteScalarAsync<string?>(
            "select name from threadkeep.channels where account_id = @account and id = @channel for update",
            new { account = actor.Account.Value, channel }
        );
        if (before is null)
            return false;
        await connection.ExecuteAsync(
            "update threadkeep.channels set name = @name where account_id = @account and id = @channel",
            new
            {
                account = actor.Account.Value,
                channel,
                name,
            }
        );
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                "channel.renamed",
                "channel",
                channel.ToString("N"),
                name,
                new { name = before },
                new { name }
            ),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Takes a number away that was never connected. False: there is no such one.</summary>
    public async Task<bool> RemoveReadyAsync(Actor actor, Guid channel, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var name = await connection.ExecuteScalarAsync<string?>(
            "delete from threadkeep.channels where account_id = @account and id = @channel and state = 'ready' returning name",
            new { account = actor.Account.Value, channel }
        );
        if (name is null)
            return false;
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("channel.removed", "channel", channel.ToString("N"), name),
            now
        );
        await transaction.CommitAsync();
        return true;
    }
}
