using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Dashboard;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Threads;

namespace Threadkeep.Channels;

/// <summary>
/// Routes one number's webhooks: each message to its customer's thread, each status to its message. It promises that it
/// answers Committed only when every item is in its thread or in the leftovers. It holds no truth.
/// Reentrant as well as a stateless worker: otherwise it would serve two calls at a time.
/// </summary>
[GrainType("phone-number"), StatelessWorker(1), Reentrant, NoProfiling]
public sealed partial class PhoneNumberGrain(
    ChannelStore channels,
    LeftoverStore leftovers,
    StatusWriter statuses,
    RouteCache routes,
    GrainReferences grains,
    TimeProvider clock,
    ILogger<PhoneNumberGrain> logger
) : Grain, IPhoneNumberGrain
{
    private static readonly TimeSpan ChannelCachedFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UnknownStatusKept = TimeSpan.FromDays(7);

    /// <summary>
    /// How long history is taken for what was asked for. Meta hands it over in phases, begins within a day, and repeats for a week what we could
    /// not take; files follow (Cloud API, "history").
    /// </summary>
    private static readonly TimeSpan HistoryAwaited = TimeSpan.FromDays(14);
    private const int MaxRoutes = 5;

    private ChannelRecord? channel;
    private DateTimeOffset channelUntil;

    public async Task<DeliveryResult> Deliver(Delivery delivery)
    {
        try
        {
            return await DeliverAsync(delivery);
        }
        // A silo that went away under one of the threads is the edge's to know: it asks again at once.
        catch (Exception failed) when (SqlErrors.IsPassing(failed) || failed is DatabaseUnavailableException)
        {
            LogFailed(logger, failed);
            channelUntil = default;
            return DeliveryResult.TryAgain;
        }
    }

    private async Task<DeliveryResult> DeliverAsync(Delivery delivery)
    {
        var number = GrainKeys.ParsePhoneNumber(this.GetPrimaryKeyString());
        var owner = await ChannelAsync(number);
        // The secret that signed the body must be that of the channel's own app: another's says nothing about this number.
        if (owner is null || owner.AppKey != delivery.AppKey)
        {
            await LeaveAllAsync(number, delivery);
            return DeliveryResult.LeftOver;
        }
        var results = await Task.WhenAll(
            ReceiveAsync(owner, delivery),
            MergeAsync(owner, delivery),
            LeaveUnreadableAsync(owner, delivery)
        );
        return results.Contains(DeliveryResult.TryAgain) ? DeliveryResult.TryAgain : results.Max();
    }

    // Messages ------------------------------------------------------------------------------------------------

    private async Task<DeliveryResult> ReceiveAsync(ChannelRecord owner, Delivery delivery)
    {
        if (delivery.Messages.Length == 0)
            return DeliveryResult.Committed;
        var items = new List<InboundItem>(delivery.Messages.Length);
        var noted = new List<ChannelEvent>();
        // Somebody may have asked for it a moment ago.
        if (Array.Exists(delivery.Messages, m => m.IsHistory && !IsAskedFor(owner, m)))
        {
            channelUntil = default;
            owner = await ChannelAsync(owner.PhoneNumberId) ?? owner;
        }
        foreach (var item in delivery.Messages)
        {
            if (NoteOnly(owner, item) is { } note)
                noted.Add(note);
            else
                items.Add(item);
        }
        await channels.AddEventsAsync(owner.Account, owner.Channel, noted);

        // A thread that does not own the customer (any more) sends its messages back; they are resolved anew in SQL.
        var fresh = false;
        var result = DeliveryResult.Committed;
        for (var n = 0; n < MaxRoutes && items.Count > 0; n++)
        {
            var routed = await RouteAsync(owner, items, fresh);
            var results = await Task.WhenAll(routed.Select(r => HandAsync(owner, r.Route, r.Items)));
            if (results.Contains(ReceiveResult.TryAgain))
            {
                channelUntil = default; // perhaps it was disconnected meanwhile
                return DeliveryResult.TryAgain;
            }
            items.Clear();
            for (var r = 0; r < results.Length; r++)
            {
                if (results[r] == ReceiveResult.NotMine)
                    items.AddRange(routed[r].Items);
                else if (results[r] == ReceiveResult.Refused && await LeaveRefusedAsync(owner, routed[r]))
                    result = DeliveryResult.LeftOver;
            }
            fresh = true;
        }
        if (items.Count == 0)
            return result;
        await LeaveAsync(owner, items, "no_thread", "No thread takes this customer");
        return DeliveryResult.LeftOver;
    }

    // Some of a thread's items cannot even have a placeholder. Handed over one by one, the others turn out to be stored already.
    private async Task<bool> LeaveRefusedAsync(
        ChannelRecord owner,
        (IdentityRoute Route, List<InboundItem> Items) routed
    )
    {
        var left = false;
        foreach (var item in routed.Items)
        {
            if (routed.Items.Count > 1 && await HandAsync(owner, routed.Route, [item]) != ReceiveResult.Refused)
                continue;
            await LeaveAsync(owner, [item], "refused", "Not even a placeholder could be stored");
            left = true;
        }
        return left;
    }

    // Older than the channel's first Connect, history that nobody asked for, written in a group, or by the number to itself (the channel's
    // self-test: Meta lets no number do so): noted, in no thread.
    private static ChannelEvent? NoteOnly(ChannelRecord owner, InboundItem item)
    {
        var (at, _, _) = SessionWindow.TimeOf(item.Timestamp, item.ReceivedAt);
        var kind =
            item.GroupId is not null ? "group_message"
            : item.IsHistory
                ? IsAskedFor(owner, item) ? null
                    : "history_unasked"
            : at < owner.FirstConnectedAt ? "before_connect"
            : !item.FromUs && item.Customer.WaId == owner.Number ? "from_itself"
            : null;
        return kind is null ? null : new ChannelEvent(item.Wamid, kind, at, item.ReceivedAt);
    }

    private static bool IsAskedFor(ChannelRecord owner, InboundItem item) =>
        item.ReceivedAt < owner.HistoryAskedAt + HistoryAwaited;

    private async Task<ReceiveResult> HandAsync(ChannelRecord owner, IdentityRoute route, List<InboundItem> items)
    {
        var thread = grains.Thread(owner.Account, route.Thread);
        if (route.ReleaseFrom is not null)
        {
            var customer = items[0].Customer;
            var (at, _, _) = SessionWindow.TimeOf(items[0].Timestamp, items[0].ReceivedAt);
            await thread.ReleaseIdentity(Identities.OfWaId(customer.WaId!), customer.UserId!, at);
            return ReceiveResult.NotMine;
        }
        var received = route.ByUserIdOnly
            ? items.Select(i => i with { Customer = i.Customer with { WaId = null } })
            : items;
        var result = await thread.Receive(
            new ReceiveMessages
            {
                Channel = owner.Channel,
                Items = [.. received],
                ConflictsWith = route.ConflictsWith,
                Generation = route.Generation,
                IsNew = route.IsNew,
                IsFormer = route.IsFormer,
                MayBeHistory = owner.IsOnPhoneApp || owner.HistoryAskedAt is not null,
            }
        );
        if (result == ReceiveResult.Stored)
            routes.Remember(owner.Channel, items[0].Customer, route);
        return result;
    }

    private async Task<List<(IdentityRoute Route, List<InboundItem> Items)>> RouteAsync(
        ChannelRecord owner,
        List<InboundItem> items,
        bool fresh
    )
    {
        // Two people who both claim one new number must not be folded into one thread unseen: apart, the thread itself looks.
        var groups = new Dictionary<(IdentityRoute Route, string? UserId), List<InboundItem>>();
        var unknown = new List<InboundItem>();
        foreach (var item in items)
        {
            if (
                !fresh
                && routes.Find(owner.Channel, item.Customer) is { } route
                && (route.Since == default || AtOf(item) >= route.Since)
            )
                Join(route, item);
            else
                unknown.Add(item);
        }
        if (unknown.Count == 0)
            return Groups();

        string[] wanted = [.. unknown.SelectMany(i => Identities.Of(i.Customer)).Distinct()];
        var resolved = (await channels.ResolveAsync(owner.Account, owner.Channel, wanted)).ToDictionary(r =>
            r.Identity
        );
        foreach (var item in unknown)
        {
            Join(
                Identities.Route(
                    owner.Channel,
                    item.Customer,
                    AtOf(item),
                    OwnerOf(item.Customer.WaId is { } waId ? Identities.OfNumber(waId) : []),
                    OwnerOf(item.Customer.UserId is { } userId ? [Identities.OfUserId(userId)] : []),
                    identity => HistoryOf(resolved[identity])
                ),
                item
            );
        }
        return Groups();

        List<(IdentityRoute, List<InboundItem>)> Groups() => [.. groups.Select(g => (g.Key.Route, g.Value))];

        IdentityOwner? OwnerOf(IEnumerable<string> identities) =>
            identities.Select(i => resolved[i]).FirstOrDefault(r => r.ThreadId is not null)
                is { ThreadId: { } thread } found
                ? new IdentityOwner(new ThreadId(thread), found.UserId, found.IdentityAt!.Value)
                : null;

        static IdentityHistory HistoryOf(ResolvedIdentity found) =>
            new(
                found.Generation,
                found.ReleasedAt is null
                    ? []
                    : [.. found.ReleasedBy!.Zip(found.ReleasedAt, (by, at) => new FormerOwner(new ThreadId(by), at))]
            );

        static DateTimeOffset AtOf(InboundItem item) => SessionWindow.TimeOf(item.Timestamp, item.ReceivedAt).At;

        void Join(IdentityRoute route, InboundItem item)
        {
            var key = (route, item.Customer.UserId);
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = [];
            group.Add(item);
        }
    }

    // Statuses ------------------------------------------------------------------------------------------------

    private async Task<DeliveryResult> MergeAsync(ChannelRecord owner, Delivery delivery)
    {
        if (delivery.Statuses.Length == 0)
            return DeliveryResult.Committed;
        var byMessage = delivery.Statuses.GroupBy(s => s.Wamid).Select(g => g.ToArray()).ToArray();
        var outcomes = await Task.WhenAll(byMessage.Select(g => statuses.MergeAsync(ToTold(owner, g))));
        var left = new List<Leftover>();
        var settle = new Dictionary<ThreadId, List<StatusItem>>();
        for (var n = 0; n < outcomes.Length; n++)
        {
            switch (outcomes[n].Result)
            {
                case StatusResult.Unavailable:
                    return DeliveryResult.TryAgain;
                case StatusResult.UnknownMessage:
                    left.AddRange(ToLeftovers(owner, byMessage[n], "unknown_message", "No message here has this id"));
                    break;
                case StatusResult.Rejected:
                    left.AddRange(ToLeftovers(owner, byMessage[n], "refused", outcomes[n].Reason!));
                    break;
                case StatusResult.ForThread:
                    var message = outcomes[n].Message!.Value;
                    if (!settle.TryGetValue(message.Thread, out var list))
                        settle[message.Thread] = list = [];
                    list.AddRange(byMessage[n].Select(s => s with { MessageId = message }));
                    break;
                default:
                    break;
            }
        }
        var settled = await Task.WhenAll(
            settle.Select(s => grains.Thread(owner.Account, s.Key).ApplyStatuses([.. s.Value]))
        );
        if (settled.Contains(ReceiveResult.TryAgain))
            return DeliveryResult.TryAgain;
        foreach (var (items, outcome) in settle.Values.Zip(settled))
        {
            if (outcome == ReceiveResult.Refused)
                left.AddRange(ToLeftovers(owner, items, "refused", "PostgreSQL refuses what these statuses change"));
        }
        await KeepAsync(left);
        return left.Count == 0 ? DeliveryResult.Committed : DeliveryResult.LeftOver;
    }

    private static ToldStatus ToTold(ChannelRecord owner, StatusItem[] items)
    {
        var folded = StatusFold.Fold(items);
        return new ToldStatus
        {
            Account = owner.Account,
            Channel = owner.Channel,
            Wamid = items[0].Wamid,
            MessageId = Array.Find(items, i => i.MessageId is not null)?.MessageId,
            Status = folded.Status,
            SentAt = folded.SentAt,
            DeliveredAt = folded.DeliveredAt,
            ReadAt = folded.ReadAt,
            PlayedAt = folded.PlayedAt,
            FailedAt = folded.FailedAt,
            ErrorCode = folded.ErrorCode,
            MetaErrorCode = folded.MetaErrorCode,
            ErrorDetail = folded.ErrorDetail,
            PriceCategory = folded.PriceCategory,
            PriceType = folded.PriceType,
        };
    }

    // Leftovers -----------------------------------------------------------------------------------------------

    // Bounded in time here, and in number and size by the Api's housekeeping.
    private Task LeaveAllAsync(string number, Delivery delivery)
    {
        var now = clock.GetUtcNow();
        return KeepAsync([
            .. delivery.Messages.Select(m =>
                ToLeftover("message", Json(m), m.Raw, m.ReceivedAt, now + LeftoverStore.UnclaimedKept)
            ),
            .. delivery.Statuses.Select(s =>
                ToLeftover("status", Json(s), s.Raw, s.ReceivedAt, now + UnknownStatusKept)
            ),
            .. delivery.Unreadable.Select(u =>
                ToLeftover("unreadable", u.Raw, u.Raw, u.ReceivedAt, now + LeftoverStore.UnclaimedKept)
            ),
        ]);

        Leftover ToLeftover(
            string kind,
            byte[] item,
            byte[] raw,
            DateTimeOffset receivedAt,
            DateTimeOffset expiresAt
        ) =>
            new()
            {
                Id = Guid.CreateVersion7(now),
                AppKey = delivery.AppKey,
                PhoneNumberId = number,
                Kind = kind,
                Reason = "unknown_number",
                Detail = "No channel of this app has this number",
                Item = item,
                Raw = raw,
                ReceivedAt = receivedAt,
                ExpiresAt = expiresAt,
            };
    }

    private async Task<DeliveryResult> LeaveUnreadableAsync(ChannelRecord owner, Delivery delivery)
    {
        await KeepAsync([
            .. delivery.Unreadable.Select(u =>
                ToLeftover(owner, "unreadable", u.Raw, u.Raw, u.ReceivedAt, "unreadable", u.Reason, null)
            ),
        ]);
        return delivery.Unreadable.Length == 0 ? DeliveryResult.Committed : DeliveryResult.LeftOver;
    }

    private Task LeaveAsync(ChannelRecord owner, IEnumerable<InboundItem> items, string reason, string detail) =>
        KeepAsync([
            .. items.Select(i => ToLeftover(owner, "message", Json(i), i.Raw, i.ReceivedAt, reason, detail, null)),
        ]);

    private IEnumerable<Leftover> ToLeftovers(
        ChannelRecord owner,
        IEnumerable<StatusItem> items,
        string reason,
        string detail
    )
    {
        var expires = clock.GetUtcNow() + UnknownStatusKept;
        return items.Select(i => ToLeftover(owner, "status", Json(i), i.Raw, i.ReceivedAt, reason, detail, expires));
    }

    private Leftover ToLeftover(
        ChannelRecord owner,
        string kind,
        byte[] item,
        byte[] raw,
        DateTimeOffset receivedAt,
        string reason,
        string detail,
        DateTimeOffset? expiresAt
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            AppKey = owner.AppKey,
            PhoneNumberId = owner.PhoneNumberId,
            AccountId = owner.AccountId,
            ChannelId = owner.Id,
            Kind = kind,
            Reason = reason,
            Detail = detail,
            Item = item,
            Raw = raw,
            ReceivedAt = receivedAt,
            ExpiresAt = expiresAt,
        };

    // One statement for all that a delivery leaves behind: it may be thousands.
    private Task KeepAsync(IReadOnlyList<Leftover> left)
    {
        foreach (var kind in left.CountBy(l => (l.Kind, l.Reason)))
            LogLeftOver(logger, kind.Value, kind.Key.Kind, kind.Key.Reason);
        return leftovers.AddAsync(left);
    }

    private static byte[] Json<T>(T item) => JsonSerializer.SerializeToUtf8Bytes(item, JsonSerializerOptions.Web);

    // An unknown number is asked for every time: it may be connected at any moment.
    private async Task<ChannelRecord?> ChannelAsync(string number)
    {
        var now = clock.GetUtcNow();
        if (channel is not null && now < channelUntil)
            return channel;
        channel = await channels.ByPhoneNumberAsync(number);
        channelUntil = now + ChannelCachedFor;
        return channel;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A delivery must be repeated")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} x {Kind} left over: {Reason}")]
    private static partial void LogLeftOver(ILogger logger, int count, string kind, string reason);
}
