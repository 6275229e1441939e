using System.Text.Json.Serialization;

namespace Threadkeep.Channels;

/// <summary>How Meta names a customer in one payload. Either part may be missing; both may change in time.</summary>
/// <param name="WaId">Phone number, digits only.</param>
/// <param name="UserId">Business-scoped user id.</param>
[GenerateSerializer, Immutable, Alias("CustomerIdentity")]
public sealed record CustomerIdentity([property: Id(0)] string? WaId, [property: Id(1)] string? UserId)
{
    public bool IsEmpty => WaId is null && UserId is null;
}

/// <summary>A file named in an inbound message; its bytes are fetched later.</summary>
/// <param name="GraphId">Meta's media id, valid for 7 days (Cloud API, "Media").</param>
/// <param name="Sha256">As Meta gave it: base64 or hex, null where missing.</param>
[GenerateSerializer, Immutable, Alias("InboundMedia")]
public sealed record InboundMedia(
    [property: Id(0)] string GraphId,
    [property: Id(1)] string MimeType,
    [property: Id(2)] string? Sha256,
    [property: Id(3)] string? FileName
);

/// <summary>One customer message of a webhook, flattened and cleaned (no U+0000, no lone surrogates), with its raw event kept.</summary>
[GenerateSerializer, Immutable, Alias("InboundItem")]
public sealed record InboundItem
{
    /// <summary>Meta's message id; unique per channel, the key that makes a redelivery harmless.</summary>
    [Id(0)]
    public required string Wamid { get; init; }

    [Id(1)]
    public required CustomerIdentity Customer { get; init; }

    /// <summary>The WhatsApp profile name; it never overwrites the contact's own.</summary>
    [Id(2)]
    public string? ProfileName { get; init; }

    /// <summary>Meta's <c>type</c>, whatever it says.</summary>
    [Id(3)]
    public required string Type { get; init; }

    /// <summary>Unix seconds as Meta stamped them; null where missing or not a number.</summary>
    [Id(4)]
    public long? Timestamp { get; init; }

    /// <summary>Body or caption; null where the type has none.</summary>
    [Id(5)]
    public string? Text { get; init; }

    [Id(6)]
    public InboundMedia? Media { get; init; }

    /// <summary>The wamid that this message answers or reacts to.</summary>
    [Id(7)]
    public string? ContextWamid { get; init; }

    /// <summary>Where a <c>system</c> message says that the customer goes by another number or id from now on.</summary>
    [Id(8)]
    public CustomerIdentity? BecomesCustomer { get; init; }

    /// <summary>The group it was written in; a group message never enters a person's thread.</summary>
    [Id(9)]
    public string? GroupId { get; init; }

    /// <summary>The message object as it came, UTF-8.</summary>
    [Id(10)]
    public required byte[] Raw { get; init; }

    /// <summary>When the webhook arrived here.</summary>
    [Id(11)]
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The name that the customer chose to be found by in place of the number; null where none is told.</summary>
    [Id(12)]
    public string? Username { get; init; }

    /// <summary>The business wrote it, in the phone app that the number stays in (coexistence): it is shown and opens nothing.</summary>
    [Id(13)]
    public bool FromUs { get; init; }

    /// <summary>From before the number was connected, handed over because an admin asked for it: it is shown and moves nothing.</summary>
    [Id(14)]
    public bool IsHistory { get; init; }

    /// <summary>Of history: Meta's word for how far it got, such as READ.</summary>
    [Id(15)]
    public string? HistoryStatus { get; init; }

    /// <summary>The customer wants marketing from the business, or does not any more; null: it says nothing of that.</summary>
    [Id(16)]
    public bool? WantsMarketing { get; init; }

    /// <summary>The customer has written it just now, and everything follows that follows from that.</summary>
    [JsonIgnore]
    public bool IsNews => !FromUs && !IsHistory;
}

/// <summary>The stages that Meta reports for a message we sent, in rising order (Cloud API, "Statuses").</summary>
public enum StatusStage
{
    Sent = 3,
    Delivered = 4,
    Read = 5,
    Played = 6,
    Failed = 7,
}

/// <summary>One status event of a webhook.</summary>
[GenerateSerializer, Immutable, Alias("StatusItem")]
public sealed record StatusItem
{
    [Id(0)]
    public required string Wamid { get; init; }

    [Id(1)]
    public required StatusStage Stage { get; init; }

    [Id(2)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Our own id, echoed by Meta from <c>biz_opaque_callback_data</c>; null where it is missing or not ours.</summary>
    [Id(3)]
    public Accounts.MessageId? MessageId { get; init; }

    /// <summary>Meta's error code of a <c>failed</c>.</summary>
    [Id(4)]
    public int? ErrorCode { get; init; }

    [Id(5)]
    public string? ErrorDetail { get; init; }

    [Id(6)]
    public required byte[] Raw { get; init; }

    [Id(7)]
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What Meta charges the message as: marketing, utility, service...; null: it did not say.</summary>
    [Id(8)]
    public string? PriceCategory { get; init; }

    /// <summary>regular, free_customer_service, free_entry_point...; null where the category is.</summary>
    [Id(9)]
    public string? PriceType { get; init; }
}

/// <summary>An item that could not be read at all; it is kept as a leftover.</summary>
[GenerateSerializer, Immutable, Alias("UnreadableItem")]
public sealed record UnreadableItem(
    [property: Id(0)] string Kind,
    [property: Id(1)] string Reason,
    [property: Id(2)] byte[] Raw,
    [property: Id(3)] DateTimeOffset ReceivedAt
);
