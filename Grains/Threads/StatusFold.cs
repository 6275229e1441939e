using Threadkeep.Channels;
using Threadkeep.WhatsApp;

namespace Threadkeep.Threads;

/// <summary>Several statuses of one message as one: the highest stage, each stage's first time.</summary>
public sealed record FoldedStatus(
    MessageStatus Status,
    DateTimeOffset? SentAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt,
    DateTimeOffset? PlayedAt,
    DateTimeOffset? FailedAt,
    string? ErrorCode,
    int? MetaErrorCode,
    string? ErrorDetail,
    string? PriceCategory = null,
    string? PriceType = null
);

/// <summary>The rule by which a message's status moves; the same as <c>threadkeep.forward_status</c> in SQL.</summary>
public static class StatusFold
{
    /// <summary>Only forward; failed counts over sent and less, a later delivery or read over failed; cancelled stays.</summary>
    public static MessageStatus Forward(MessageStatus current, MessageStatus told) =>
        (current, told) switch
        {
            (MessageStatus.Cancelled, _) => current,
            (_, MessageStatus.Failed) => current <= MessageStatus.Sent ? told : current,
            (MessageStatus.Failed, _) => told is MessageStatus.Delivered or MessageStatus.Read or MessageStatus.Played
                ? told
                : current,
            _ => current > told ? current : told,
        };

    /// <param name="statuses">At least one, all of the same message.</param>
    public static FoldedStatus Fold(IEnumerable<StatusItem> statuses)
    {
        var all = statuses.ToArray();
        var status = all.Select(s => (MessageStatus)(int)s.Stage).Aggregate(MessageStatus.Queued, Forward);
        var priced = Array.FindLast(all, s => s.PriceType is not null);
        var failure = status == MessageStatus.Failed ? Array.Find(all, s => s.Stage == StatusStage.Failed) : null;
        return new FoldedStatus(
            status,
            First(StatusStage.Sent),
            First(StatusStage.Delivered),
            First(StatusStage.Read),
            First(StatusStage.Played),
            First(StatusStage.Failed),
            failure is null ? null : GraphErrors.Of(failure.ErrorCode).Code,
            failure?.ErrorCode,
            failure?.ErrorDetail,
            priced?.PriceCategory,
            priced?.PriceType
        );

        DateTimeOffset? First(StatusStage stage) =>
            all.Where(s => s.Stage == stage).Select(s => (DateTimeOffset?)s.At).Min();
    }
}
