using Threadkeep.Channels;

namespace Threadkeep.Threads;

/// <summary>
/// Decides what is left of messages that were taken back, where the account keeps nothing of them (ME2): that there was one, when, and that it
/// was taken back. Pure. Only who wrote a message can take it back.
/// </summary>
internal static class PurgeDecider
{
    /// <summary>What of these messages takes another one back.</summary>
    public static IEnumerable<TakenBack> In(IEnumerable<InboundItem> items) =>
        items
            .Where(i => i is { Type: "revoke", ContextWamid: not null })
            .Select(i => new TakenBack(i.ContextWamid!, DirectionOf(i)));

    /// <summary>The stored content of one goes for good.</summary>
    public static Decision Purge(ThreadState state, int seq, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now);
        changes.Purge(seq);
        return changes.ToDecision();
    }

    /// <param name="type">What it was, where a rule has hidden that.</param>
    public static MessageRow Emptied(MessageRow message, string? type)
    {
        var origin =
            message.Data is { } data
            && (data.StartsWith("{\"source\":", Ordinal) || data.StartsWith("{\"via\":", Ordinal))
                ? data[..(data.IndexOf('"', data.IndexOf(':', Ordinal) + 2) + 1)] + ","
                : "{";
        return message with
        {
            Type = message.Type == HiddenRow.QuarantinedType && type is not null ? type : message.Type,
            Text = null,
            Raw = null,
            Media = null,
            MediaState = null,
            Data = $"{origin}{MessageRow.PurgedMark}}}",
        };
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static MessageDirection DirectionOf(InboundItem item) =>
        item.FromUs ? MessageDirection.Outbound : MessageDirection.Inbound;
}
