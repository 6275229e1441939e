using Threadkeep.Messages;

namespace Threadkeep.Channels;

/// <summary>Where a queued message stands, and why it has not left.</summary>
/// <param name="State">sending, waiting (its turn comes), paced (by what Meta lets go), paused (nothing leaves), retrying (Meta put it off) or scheduled.</param>
/// <param name="Reason">pair_rate, messaging_limit, verify_business, bulk_pace, channel_disconnected, the channel's attention, or what Meta said; null: none.</param>
/// <param name="NextAt">When it is tried next; null: that is not known.</param>
public sealed record QueueState(string State, string? Reason, DateTimeOffset? NextAt)
{
    /// <summary>Pure.</summary>
    /// <param name="heldUntil">When Meta's limit for one customer lets the thread send again; null: it may.</param>
    public static QueueState Of(
        QueuedMessageRow row,
        string channelState,
        string? attention,
        DateTimeOffset? heldUntil,
        DateTimeOffset now
    ) =>
        row.Attempt is not null ? new QueueState("sending", null, null)
        : channelState != "connected" ? new QueueState("paused", "channel_disconnected", null)
        : attention is not null ? new QueueState("paused", attention, null)
        : row.DueAt > now && row.ErrorCode is "messaging_limit" or "verify_business"
            ? new QueueState("paced", row.ErrorCode, row.DueAt)
        : row.DueAt > now && row.Tries > 0 ? new QueueState("retrying", row.ErrorCode, row.DueAt)
        : row.DueAt > now ? new QueueState("scheduled", null, row.DueAt)
        : heldUntil > now ? new QueueState("paced", "pair_rate", heldUntil)
        : row.Lane == Bulk ? new QueueState("waiting", "bulk_pace", null)
        : new QueueState("waiting", null, null);

    private const short Bulk = 1;
}
