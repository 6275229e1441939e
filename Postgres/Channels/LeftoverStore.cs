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

    private const int MaxDetail = 500;

    // One statement holds no more: a delivery of nothing but oddities must neither make one of 40 MB nor thousands of them.
    private const int AtOnce = 500;

    /// <summary>
    /// The most that is kept of numbers that nobody has connected, by the app that signed it: 100,000 items and 256 MiB. Whoever holds
    /// a secret can name any number; without a bound one of them could fill the disk of all.
    /// </summary>
    public static readonly (int Items, long Bytes) MostUnclaimed = (100_000, 256L * 1024 * 1024);

    /// <summary>How long the messages of a number wait for somebody to connect it.</summary>
    public static readonly TimeSpan UnclaimedKept = TimeSpan.FromDays(30);

    /// <summary>Keeps an item that belongs to no thread; see <see cref="AddAsync(IReadOnlyList{Leftover})"/>.</summary>
    public Task AddAsync(Leftover leftover) => AddAsync([leftover]);

    /// <summary>
    /// Keeps items that belong to no thread. Unique by number, the app that signed and what Meta sent, so that a repeat adds nothing
    /// and one app's items never stand in the place of another's. The kind is in the hash too: the same item may stay behind once
    /// more, with its placeholder, when it is replayed.
    /// </summary>
    public async Task AddAsync(IReadOnlyList<Leftover> items)
    {
        if (items.Count == 0)
            return;
        foreach (var leftover in items)
            LeftoverCount.Add(leftover.Kind, leftover.Reason);
        await using var connection = await database.OpenConnectionAsync();
        foreach (var some in items.Chunk(AtOnce))
            await AddAsync(connection, some);
    }

    private static Task AddAsync(NpgsqlConnection connection, Leftover[] items) =>
        connection.ExecuteAsync(
            """
            insert into threadkeep.webhook_leftovers
                (id, app_key, phone_number_id, account_id, channel_id, kind, item_hash, reason, detail, item, received_at, expires_at)
            select l.id, l.app_key, l.phone_number_id,
                -- A body that names no number still belongs to somebody where only one account uses the app that signed it.
                coalesce(l.account_id, case when l.phone_number_id = '' then (
                    select min(account_id::text)::uuid from threadkeep.channels c where c.app_key = l.app_key having count(distinct account_id) = 1) end),
                l.channel_id, l.kind, l.item_hash, l.reason, l.detail, l.item, l.received_at, l.expires_at
            from unnest(@ids::uuid[], @apps::text[], @numbers::text[], @accounts::uuid[], @channels::uuid[], @kinds::text[], @hashes::bytea[],
                    @reasons::text[], @details::text[], @items::bytea[], @received::timestamptz[], @expires::timestamptz[])
                as l (id, app_key, phone_number_id, account_id, channel_id, kind, item_hash, reason, detail, item, received_at, expires_at)
            -- In one order, so that two deliveries of the same items do not wait for each other crosswise.
            order by l.phone_number_id, l.item_hash
            on conflict do nothing
            """,
            new
            {
                ids = items.Select(l => l.Id).ToArray(),
                apps = items.Select(l => l.AppKey).ToArray(),
                numbers = items.Select(l => l.PhoneNumberId).ToArray(),
                accounts = items.Select(l => l.AccountId).ToArray(),
                channels = items.Select(l => l.ChannelId).ToArray(),
                kinds = items.Select(l => l.Kind).ToArray(),
                hashes = items.Select(HashOf).ToArray(),
                reasons = items.Select(l => l.Reason).ToArray(),
                details = items.Select(l => Cut(l.Detail)).ToArray(),
                items = items.Select(Kept).ToArray(),
                received = items.Select(l => l.ReceivedAt.UtcDateTime).ToArray(),
                expires = items.Select(l => l.ExpiresAt?.UtcDateTime).ToArray(),
            }
        );

    private static byte[] HashOf(Leftover leftover) =>
        SHA256.HashData([
            .. Encoding.UTF8.GetBytes($"{leftover.Kind} {leftover.AppKey}\n"),
            .. leftover.Raw.Length > 0 ? leftover.Raw : leftover.Item,
        ]);

    // It may quote what came (what JSON's reader says of a wrong literal does), U+0000 too. Never cut between the halves of a pair.
    private static string Cut(string detail)
    {
        var clean = detail.Replace('\0', '\ufffd');
        return clean.Length <= MaxDetail ? clean
            : char.IsHighSurrogate(clean[MaxDetail - 1]) ? clean[..(MaxDetail - 1)]
            : clean[..MaxDetail];
    }

    private static byte[] Kept(Leftover leftover) =>
        leftover.Kind is "message" or "status" || leftover.Item.Length <= MaxItemBytes
            ? leftover.Item
            : leftover.Item[..MaxItemBytes];

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

    /// <summary>
    /// Removes what goes beyond a bound for numbers that nobody has connected (<see cref="MostUnclaimed"/>), the oldest of each app first.
    /// Returns how many.
    /// </summary>
    public async Task<int> RemoveBeyondAsync((int Items, long Bytes) most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            """
            delete from threadkeep.webhook_leftovers x
            using (
                select id, row_number() over newest as items, sum(octet_length(item)) over newest as bytes
                from threadkeep.webhook_leftovers
                where account_id is null and replayed_at is null
                window newest as (partition by app_key order by received_at desc, id desc rows unbounded preceding)
            ) kept
            where x.id = kept.id and (kept.items > @items or kept.bytes > @bytes)
            """,
            new { items = most.Items, bytes = most.Bytes }
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
