using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Channels;

/// <summary>An item that could not be stored as it is.</summary>
public sealed record Leftover
{
    public Guid Id { get; init; }
    public string AppKey { get; init; } = "";
    public string PhoneNumberId { get; init; } = "";
    public Guid? AccountId { get; init; }
    public Guid? ChannelId { get; init; }
    public Guid? ThreadId { get; init; }
    public int? Seq { get; init; }

    /// <summary><c>message</c>, <c>status</c> or <c>unreadable</c>.</summary>
    public string Kind { get; init; } = "";
    public string Reason { get; init; } = "";
    public string Detail { get; init; } = "";

    /// <summary>For messages and statuses the flattened item as JSON, else the raw object.</summary>
    public byte[] Item { get; init; } = [];

    /// <summary>What Meta sent, by which a repeat is recognised: the item holds the arrival time as well. Empty: the item itself.</summary>
    public byte[] Raw { get; init; } = [];
    public DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? ReplayedAt { get; init; }

    /// <summary>The item of a message or status, as it was flattened.</summary>
    public T ReadItem<T>() => JsonSerializer.Deserialize<T>(Item, JsonSerializerOptions.Web)!;

    /// <summary>The item as it came to the front door, to be delivered again.</summary>
    public Delivery ToDelivery() =>
        new(
            AppKey,
            Kind == "message" ? [ReadItem<InboundItem>()] : [],
            Kind == "status" ? [ReadItem<StatusItem>()] : [],
            []
        );
}

/// <summary>Counts what is left over, whoever writes it: the one figure that should stay at zero.</summary>
public static class LeftoverCount
{
    private static readonly Meter Meter = new("Threadkeep.Leftovers");
    private static readonly Counter<long> Left = Meter.CreateCounter<long>("threadkeep.leftovers", "{item}");

    /// <param name="reason">A word of ours (<c>refused</c>, <c>unknown_number</c>…), never Meta's text.</param>
    public static void Add(string kind, string reason) =>
        Left.Add(
            1,
            new KeyValuePair<string, object?>("kind", kind),
            new KeyValuePair<string, object?>("reason", reason)
        );
}

/// <summary>Leftovers without a thread, and reading all of them.</summary>
public sealed class LeftoverStore(NpgsqlDataSource database)
{
    /// <summary>What nobody can read is cut here: it is kept to be looked at, not to fill the disk. What may be replayed is kept whole.</summary>
    private const int MaxItemBytes = 256 * 1024;

    /// <summary>
    /// Keeps an item that belongs to no thread. Unique by number and what Meta sent, so that a repeat adds nothing. The kind is
    /// in the hash too: the same item may stay behind once more, with its placeholder, when it is replayed.
    /// </summary>
    public async Task AddAsync(Leftover leftover)
    {
        LeftoverCount.Add(leftover.Kind, leftover.Reason);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.webhook_leftovers
                (id, app_key, phone_number_id, account_id, channel_id, kind, item_hash, reason, detail, item, received_at, expires_at)
            values (@Id, @AppKey, @PhoneNumberId,
                -- A body that names no number still belongs to somebody where only one account uses the app that signed it.
                coalesce(@AccountId, case when @PhoneNumberId = '' then (
                    select min(account_id::text)::uuid from threadkeep.channels where app_key = @AppKey having count(distinct account_id) = 1) end),
                 @ChannelId, @Kind, @Hash, @Reason, @Detail, @Item, @ReceivedAt, @ExpiresAt)
            on conflict do nothing
            """,
            new
            {
                leftover.Id,
                leftover.AppKey,
                leftover.PhoneNumberId,
                leftover.AccountId,
                leftover.ChannelId,
                leftover.Kind,
                Hash = SHA256.HashData([
                    .. Encoding.UTF8.GetBytes(leftover.Kind),
                    .. leftover.Raw.Length > 0 ? leftover.Raw : leftover.Item,
                ]),
                leftover.Reason,
                leftover.Detail,
                Item = leftover.Kind is "message" or "status" || leftover.Item.Length <= MaxItemBytes
                    ? leftover.Item
                    : leftover.Item[..MaxItemBytes],
                leftover.ReceivedAt,
                leftover.ExpiresAt,
            }
        );
    }

    /// <summary>An account's leftovers, newest first.</summary>
    public async Task<IReadOnlyList<Leftover>> ListAsync(
        AccountId account,
        (DateTimeOffset At, Guid Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Leftover>(
            """
            select * from threadkeep.webhook_leftovers
            where account_id = @account and (@at::timestamptz is null or (received_at, id) < (@at, @id))
            order by received_at desc, id desc
            limit @limit
            """,
            new
            {
                account = account.Value,
                at = after?.At,
                id = after?.Id,
                limit,
            }
        );
        return [.. rows];
    }

    public async Task<Leftover?> FindAsync(AccountId account, Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Leftover>(
            "select * from threadkeep.webhook_leftovers where account_id = @account and id = @id",
            new { account = account.Value, id }
        );
    }

    /// <summary>The place of a leftover's placeholder in its thread; null where it has none or has been replayed.</summary>
    public async Task<int?> PlaceOfAsync(Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int?>(
            "select seq from threadkeep.webhook_leftovers where id = @id and replayed_at is null",
            new { id }
        );
    }

    /// <summary>What came for a number before any channel of its app had it, in the order of arrival, after one of them.</summary>
    public async Task<IReadOnlyList<Leftover>> UnclaimedAsync(
        string phoneNumberId,
        string appKey,
        Guid after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Leftover>(
            """
            select * from threadkeep.webhook_leftovers
            where phone_number_id = @phoneNumberId and app_key = @appKey and kind in ('message', 'status')
                and account_id is null and replayed_at is null and id > @after
            order by id
            limit @limit
            """,
            new
            {
                phoneNumberId,
                appKey,
                after,
                limit,
            }
        );
        return [.. rows];
    }

    public async Task MarkReplayedAsync(Guid id, DateTimeOffset at)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.webhook_leftovers set replayed_at = @at where id = @id",
            new { id, at }
        );
    }

    /// <summary>Removes what has outlived its time. Returns how many.</summary>
    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, TimeSpan keepReplayed)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            "delete from threadkeep.webhook_leftovers where expires_at < @now or replayed_at < @replayedBefore",
            new { now, replayedBefore = now - keepReplayed }
        );
    }
}
