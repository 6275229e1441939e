namespace Threadkeep.WhatsApp.Webhooks;

/// <summary>A webhook body, flattened: every entry, change, message and status, by the number it belongs to.</summary>
public sealed record WebhookBody(IReadOnlyList<NumberEvents> Numbers, IReadOnlyList<OtherEvent> Others)
{
    /// <summary>How many items it holds, of every sort; a number counts as one too, since each is looked up and called.</summary>
    public int Count => Others.Count + Numbers.Sum(n => 1 + n.Messages.Count + n.Statuses.Count + n.Unreadable.Count);
}

/// <summary>Everything that one body says about one number.</summary>
public sealed record NumberEvents(
    string PhoneNumberId,
    IReadOnlyList<WebhookMessage> Messages,
    IReadOnlyList<WebhookStatus> Statuses,
    IReadOnlyList<UnreadableEvent> Unreadable
);

/// <summary>One customer message. Texts are clean; <paramref name="Raw"/> is the message object as it came.</summary>
/// <param name="Timestamp">Unix seconds; null where missing or not a number.</param>
/// <param name="BecomesWaId">For a system message: the number that the customer goes by from now on.</param>
public sealed record WebhookMessage(
    string Wamid,
    string? WaId,
    string? UserId,
    string? ProfileName,
    string Type,
    long? Timestamp,
    string? Text,
    WebhookMedia? Media,
    string? ContextWamid,
    string? BecomesWaId,
    string? BecomesUserId,
    string? GroupId,
    byte[] Raw,
    string? Username = null
)
{
    /// <summary>Written by the business itself, in the phone app that the number stays in (coexistence); the customer is who got it.</summary>
    public bool FromUs { get; init; }

    /// <summary>From before the number was connected, handed over because an admin asked for it (coexistence).</summary>
    public bool IsHistory { get; init; }

    /// <summary>Of history: Meta's word for how far it got, such as READ.</summary>
    public string? HistoryStatus { get; init; }

    /// <summary>The customer wants marketing from the business, or does not any more; null: it says nothing of that.</summary>
    public bool? WantsMarketing { get; init; }
}

/// <summary>A file named in a message.</summary>
public sealed record WebhookMedia(string GraphId, string MimeType, string? Sha256, string? FileName);

/// <summary>One status of a message we sent.</summary>
/// <param name="Status">Meta's word: sent, delivered, read, played, failed.</param>
/// <param name="CallbackData">What we gave along as <c>biz_opaque_callback_data</c>.</param>
public sealed record WebhookStatus(
    string Wamid,
    string Status,
    long? Timestamp,
    string? CallbackData,
    int? ErrorCode,
    string? ErrorDetail,
    byte[] Raw,
    WebhookPricing? Pricing = null
);

/// <summary>What Meta charges a message as (Cloud API, "Statuses").</summary>
/// <param name="Category">marketing, utility, authentication, service...; an open set.</param>
/// <param name="Type">regular, free_customer_service, free_entry_point...; of older statuses, which only say whether it is billable, regular or free.</param>
public sealed record WebhookPricing(string Category, string Type);

/// <summary>An item that lacks what it must have; kept, not guessed at.</summary>
public sealed record UnreadableEvent(string Kind, string Reason, byte[] Raw);

/// <summary>A change that is not about messages of a number (templates, account...).</summary>
/// <param name="Time">Unix seconds of its entry; null where it has none.</param>
public sealed record OtherEvent(string Field, string WabaId, byte[] Raw, long? Time = null);
