using System.Text.Json;
using System.Text.Json.Serialization;

namespace Threadkeep.Sandbox.Faults;

/// <summary>Everything that is out of order just now. The empty set is fair weather.</summary>
public sealed record FaultSet
{
    public static FaultSet None { get; } = new();

    /// <summary>Between the Sandbox and the webhook's receiver.</summary>
    public WebhookFaults Webhooks { get; init; } = new();

    /// <summary>For <c>POST /messages</c>; the first rule that fits and has turns left is taken.</summary>
    public MessageFault[] Messages { get; init; } = [];

    /// <summary>Uploads, look-ups and downloads.</summary>
    public MediaFaults Media { get; init; } = new();

    /// <summary>sent, delivered, read.</summary>
    public StatusFaults Statuses { get; init; } = new();

    /// <summary>Meta's own limits, which are off.</summary>
    public LimitFaults Limits { get; init; } = new();

    /// <summary>Every Graph call answers 401 with code 190.</summary>
    public bool TokenInvalid { get; init; }
}

/// <summary>What Meta lets a business do (Cloud API, "Limits"); null or false: as much as it likes.</summary>
public sealed record LimitFaults
{
    /// <summary>Messages a second that a number may send; more are refused with 130429.</summary>
    public int? PerSecond { get; init; }

    /// <summary>45 messages at once to one customer, then one each 6 seconds; more are refused with 131056.</summary>
    public bool Pair { get; init; }

    /// <summary>What numbers say of their messaging limit, such as <c>TIER_250</c>; null: <c>TIER_UNLIMITED</c>. It is told, not enforced.</summary>
    public string? Tier { get; init; }

    /// <summary>What numbers say of their throughput: <c>STANDARD</c> or <c>HIGH</c>.</summary>
    public string Throughput { get; init; } = "STANDARD";

    /// <summary>The business is not verified.</summary>
    public bool Unverified { get; init; }

    /// <summary>Calls an hour that manage a WhatsApp Business account or a number; more are refused with 80007.</summary>
    public int? ManagementPerHour { get; init; }
}

/// <summary>Troubles on the way of webhooks.</summary>
public sealed record WebhookFaults
{
    /// <summary>Wait before the first post of each notification, milliseconds.</summary>
    public int DelayMs { get; init; }

    /// <summary>How many more times each notification is posted.</summary>
    public int Duplicate { get; init; }

    /// <summary>Updates are gathered for a moment and posted last first, one after the other.</summary>
    public bool Reorder { get; init; }

    /// <summary>Updates in one notification at most; 0 or 1 is one each.</summary>
    public int Batch { get; init; }

    /// <summary>Notifications that are never posted.</summary>
    public FaultCount Drop { get; init; }

    /// <summary>Nothing is posted until released.</summary>
    public bool Hold { get; init; }
}

/// <summary>One rule for messages that the product sends.</summary>
public sealed record MessageFault
{
    /// <summary>Which messages; null fits all.</summary>
    public MessageMatch? Match { get; init; }

    /// <summary>Turns left; null is for ever.</summary>
    public int? Times { get; init; }

    /// <summary>What happens.</summary>
    public required MessageFaultAction Action { get; init; }

    /// <summary>Meta's code for <see cref="MessageFaultAction.Error"/>; null is 131000.</summary>
    public int? Code { get; init; }

    /// <summary>HTTP status in place of the code's own.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Milliseconds of <see cref="MessageFaultAction.Delay"/>.</summary>
    public int? Ms { get; init; }

    /// <summary>Text of <c>error_data.details</c> in place of the code's own.</summary>
    public string? Details { get; init; }
}

/// <summary>Which messages a rule is for.</summary>
public sealed record MessageMatch
{
    /// <summary>Receiver's number, written anyhow, or user id; null fits all.</summary>
    public string? To { get; init; }

    /// <summary>Message type; null fits all.</summary>
    public string? Type { get; init; }
}

/// <summary>What happens to a message that a rule fits.</summary>
[JsonConverter(typeof(MessageFaultActionConverter))]
public enum MessageFaultAction
{
    /// <summary>A Graph error; not accepted.</summary>
    Error,

    /// <summary>Accepted and recorded, statuses follow, but no answer until the caller gives up.</summary>
    TimeoutAfterAccept,

    /// <summary>Waits, then goes on as usual.</summary>
    Delay,

    /// <summary>The connection is cut before anything is accepted.</summary>
    CloseBeforeAccept,

    /// <summary>Accepted and recorded, then the connection is cut.</summary>
    CloseAfterAccept,

    /// <summary>HTTP 500 without a Graph error; not accepted.</summary>
    Status500,

    /// <summary>Waits for the release, then goes on as usual.</summary>
    Hold,
}

/// <summary>Writes and reads the actions in camelCase, refusing numbers.</summary>
public sealed class MessageFaultActionConverter()
    : JsonStringEnumConverter<MessageFaultAction>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Troubles with media.</summary>
public sealed record MediaFaults
{
    /// <summary>Every media call answers 503.</summary>
    public bool Status503 { get; init; }

    /// <summary>Downloads of media URLs that answer 404.</summary>
    public FaultCount FailDownload { get; init; }

    /// <summary>Downloads bring other bytes than were sent.</summary>
    public bool Damage { get; init; }

    /// <summary>Bytes that look-ups say a file has; null: what it has.</summary>
    public long? Size { get; init; }

    /// <summary>Wait before each media answer, milliseconds.</summary>
    public int DelayMs { get; init; }

    /// <summary>Media calls wait until released.</summary>
    public bool Hold { get; init; }
}

/// <summary>How statuses come.</summary>
public sealed record StatusFaults
{
    /// <summary>No status is sent until released.</summary>
    public bool Hold { get; init; }

    /// <summary>Wait before each status in place of the usual one, milliseconds; null is the usual.</summary>
    public int? DelayMs { get; init; }

    /// <summary>Messages end as failed with this code in place of sent.</summary>
    public int? FailWith { get; init; }

    /// <summary>No delivered between sent and read.</summary>
    public bool SkipDelivered { get; init; }

    /// <summary>Messages are read without anybody opening the chat.</summary>
    public bool AutoRead { get; init; }
}
