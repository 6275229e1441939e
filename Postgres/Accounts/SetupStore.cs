using Dapper;
using Npgsql;
using Threadkeep.People;

namespace Threadkeep.Accounts;

/// <summary>Writes an account with its people, key, app and channels, as the operator's setup command describes it. Repeating it changes only what differs.</summary>
public sealed class SetupStore(NpgsqlDataSource database)
{
    /// <summary>Returns the account's id; an account is known by its API key, which stays when it is renamed, else by its name.</summary>
    /// <param name="apiKey">Null: none was described.</param>
    public async Task<Guid> AccountAsync(
        string? apiKey,
        string name,
        string timeZone,
        string country,
        int? conversationLimit,
        DateTimeOffset subscribedAt,
        short anniversaryDay,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Two setups at once must not make two accounts.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtext('threadkeep-setup'))");
        var id = await connection.ExecuteScalarAsync<Guid?>(
            """
            select coalesce(
                (select account_id from threadkeep.api_keys where key_hash = @hash),
                (select id from threadkeep.business_accounts where name = @name limit 1))
            """,
            new { name, hash = apiKey is null ? null : PeopleStore.HashOf(apiKey) }
        );
        id ??= await InsertAsync(
            connection,
            name,
            timeZone,
            country,
            "en",
            conversationLimit,
            subscribedAt,
            anniversaryDay,
            now
        );
        await transaction.CommitAsync();
        return id.Value;
    }

    /// <summary>Another account, whatever the others are called. Returns its id.</summary>
    public async Task<Guid> NewAccountAsync(
        string name,
        string timeZone,
        string country,
        string language,
        int? conversationLimit,
        DateTimeOffset subscribedAt,
        short anniversaryDay,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var id = await InsertAsync(
            connection,
            name,
            timeZone,
            country,
            language,
            conversationLimit,
            subscribedAt,
            anniversaryDay,
            now
        );
        await transaction.CommitAsync();
        return id;
    }

    private static async Task<Guid> InsertAsync(
        NpgsqlConnection connection,
        string name,
        string timeZone,
        string country,
        string language,
        int? conversationLimit,
        DateTimeOffset subscribedAt,
        short anniversaryDay,
        DateTimeOffset now
    )
    {
        var id = Guid.NewGuid();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.business_accounts (id, name, time_zone, country, language, conversation_limit, created_at)
            values (@id, @name, @timeZone, @country, @language, @conversationLimit, @now);
            insert into threadkeep.quota_anchors (account_id, effective_from, day_of_month, time_zone)
            values (@id, @subscribedAt, @anniversaryDay, @timeZone);
            """,
            new
            {
                id,
                name,
                timeZone,
                country,
                language,
                conversationLimit,
                now,
                subscribedAt,
                anniversaryDay,
            }
        );
        return id;
    }

    /// <summary>Adds somebody who is not there yet. Name, role and password of who is there are theirs and their admins'.</summary>
    public async Task AgentAsync(AgentRecord agent, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.agents (account_id, id, name, email, password_hash, role, language, created_at)
            values (@AccountId, @Id, @Name, @Email, @PasswordHash, @Role, @Language, @now)
            on conflict (lower(email)) do nothing
            """,
            new
            {
                agent.AccountId,
                agent.Id,
                agent.Name,
                agent.Email,
                agent.PasswordHash,
                agent.Role,
                agent.Language,
                now,
            }
        );
    }

    public async Task ApiKeyAsync(Guid account, string name, string value, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.api_keys (account_id, name, key_hash, created_at) values (@account, @name, @hash, @now)
            on conflict (account_id, name) do update set key_hash = excluded.key_hash
            """,
            new
            {
                account,
                name,
                hash = PeopleStore.HashOf(value),
                now,
            }
        );
    }

    /// <param name="configId">The login configuration that people sign up with; null: none, or the one that is there.</param>
    public async Task AppAsync(string appKey, string appId, byte[] appSecret, byte[] verifyToken, string? configId)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.meta_apps (app_key, app_id, app_secret, verify_token, config_id)
            values (@appKey, @appId, @appSecret, @verifyToken, @configId)
            on conflict (app_key) do update
                set app_id = excluded.app_id, app_secret = excluded.app_secret, verify_token = excluded.verify_token,
                    config_id = coalesce(excluded.config_id, meta_apps.config_id)
            """,
            new
            {
                appKey,
                appId,
                appSecret,
                verifyToken,
                configId,
            }
        );
    }

    /// <summary>Returns the id that the number's channel in this account has or gets.</summary>
    public async Task<Guid> ChannelIdAsync(Guid account, string phoneNumberId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<Guid?>(
                "select id from threadkeep.channels where account_id = @account and phone_number_id = @phoneNumberId",
                new { account, phoneNumberId }
            ) ?? Guid.NewGuid();
    }

    public async Task ChannelAsync(
        Guid account,
        Guid id,
        string appKey,
        string wabaId,
        string phoneNumberId,
        string displayPhoneNumber,
        string name,
        byte[] accessToken,
        DateTimeOffset firstConnectedAt
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.channels (account_id, id, app_key, waba_id, phone_number_id, display_phone_number, name, access_token,
                state, first_connected_at)
            values (@account, @id, @appKey, @wabaId, @phoneNumberId, @displayPhoneNumber, @name, @accessToken, 'connected', @firstConnectedAt)
            on conflict (account_id, id) do update
                set app_key = excluded.app_key, waba_id = excluded.waba_id, display_phone_number = excluded.display_phone_number,
                    access_token = excluded.access_token
            """,
            new
            {
                account,
                id,
                appKey,
                wabaId,
                phoneNumberId,
                displayPhoneNumber,
                name,
                accessToken,
                firstConnectedAt,
            }
        );
    }
}
