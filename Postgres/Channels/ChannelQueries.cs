using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Channels;

/// <summary>A channel as people see it: no secrets.</summary>
public sealed record ChannelListRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string DisplayPhoneNumber { get; init; } = "";
    public string PhoneNumberId { get; init; } = "";
    public string WabaId { get; init; } = "";
    public string State { get; init; } = "";
    public string? Attention { get; init; }
}

/// <summary>A Meta app whose secret may have signed a webhook.</summary>
public sealed record MetaApp
{
    public string AppKey { get; init; } = "";
    public string AppId { get; init; } = "";

    /// <summary>Encrypted.</summary>
    public byte[] AppSecret { get; init; } = [];

    /// <summary>Encrypted.</summary>
    public byte[] VerifyToken { get; init; } = [];
}

/// <summary>Reads of channels for people and programs, and of apps for the webhook.</summary>
public sealed class ChannelQueries(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<ChannelListRow>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<ChannelListRow>(
                """
                select id, name, display_phone_number, phone_number_id, waba_id, state, attention
                from threadkeep.channels where account_id = @account order by first_connected_at, id
                """,
                new { account = account.Value }
            ),
        ];
    }

    public async Task<IReadOnlyList<MetaApp>> AppsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<MetaApp>("select * from threadkeep.meta_apps")];
    }
}
