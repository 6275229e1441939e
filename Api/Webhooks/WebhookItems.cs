using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Webhooks;

/// <summary>From Meta's words to the grains'.</summary>
public static class WebhookItems
{
    /// <summary>A message that was not delivered is dropped after 30 days, and Meta repeats a webhook for 7 more.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromDays(40);

    public static Delivery ToDelivery(NumberEvents events, string appKey, DateTimeOffset receivedAt)
    {
        var statuses = new List<StatusItem>(events.Statuses.Count);
        var unreadable = events
            .Unreadable.Select(u => new UnreadableItem(u.Kind, u.Reason, u.Raw, receivedAt))
            .ToList();
        foreach (var status in events.Statuses)
        {
            if (StageOf(status.Status) is { } stage)
                statuses.Add(ToItem(status, stage, receivedAt));
            else
                unreadable.Add(
                    new UnreadableItem("status", "A stage that nobody knows: " + status.Status, status.Raw, receivedAt)
                );
        }
        return new Delivery(
            appKey,
            [.. events.Messages.Select(m => ToItem(m, receivedAt))],
            [.. statuses],
            [.. unreadable]
        );
    }

    private static InboundItem ToItem(WebhookMessage message, DateTimeOffset receivedAt) =>
        new()
        {
            Wamid = message.Wamid,
            Customer = new CustomerIdentity(message.WaId, message.UserId),
            ProfileName = message.ProfileName,
            Username = message.Username,
            Type = message.Type,
            Timestamp = message.Timestamp,
            Text = message.Text,
            Media = message.Media is { } m ? new InboundMedia(m.GraphId, m.MimeType, m.Sha256, m.FileName) : null,
            ContextWamid = message.ContextWamid,
            BecomesCustomer =
                message.BecomesWaId is null && message.BecomesUserId is null
                    ? null
                    : new CustomerIdentity(message.BecomesWaId, message.BecomesUserId),
            GroupId = message.GroupId,
            FromUs = message.FromUs,
            IsHistory = message.IsHistory,
            HistoryStatus = message.HistoryStatus,
            WantsMarketing = message.WantsMarketing,
            Raw = message.Raw,
            ReceivedAt = receivedAt,
        };

    private static StatusItem ToItem(WebhookStatus status, StatusStage stage, DateTimeOffset receivedAt)
    {
        var told = status.Timestamp is { } seconds and > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : receivedAt;
        // Times only become earlier, so one from long ago that cannot be true would stay for ever.
        var at = told < receivedAt - LongestOutage ? receivedAt : told;
        return new StatusItem
        {
            Wamid = status.Wamid,
            Stage = stage,
            At = at,
            MessageId = MessageId.TryParse(status.CallbackData, out var id) ? id : null,
            ErrorCode = status.ErrorCode,
            ErrorDetail = status.ErrorDetail,
            PriceCategory = status.Pricing?.Category,
            PriceType = status.Pricing?.Type,
            Raw = status.Raw,
            ReceivedAt = receivedAt,
        };
    }

    private static StatusStage? StageOf(string status) =>
        status switch
        {
            "sent" => StatusStage.Sent,
            "delivered" => StatusStage.Delivered,
            "read" => StatusStage.Read,
            "played" => StatusStage.Played,
            "failed" => StatusStage.Failed,
            _ => null,
        };
}
