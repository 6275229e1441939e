using Threadkeep.Accounts;

namespace Threadkeep.Approvals;

/// <summary>Where a message stands that needs somebody's word (<c>approvals.state</c>).</summary>
public static class ApprovalStates
{
    public const string Waiting = "waiting";

    /// <summary>Somebody said yes; its thread has not accepted it yet.</summary>
    public const string Approved = "approved";

    /// <summary>Its thread has accepted it: from then on it is a message like any other.</summary>
    public const string Sent = "sent";
    public const string Returned = "returned";

    /// <summary>Its author took it back.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>It cannot be sent any more: <c>reason</c> says why.</summary>
    public const string Failed = "failed";
}

/// <summary>A message that waits, or waited, for somebody's word.</summary>
public sealed record ApprovalRow
{
    public Guid AccountId { get; init; }
    public Guid Id { get; init; }
    public Guid ThreadId { get; init; }
    public Guid ChannelId { get; init; }

    /// <summary>The idempotency key that it came with, and is accepted under.</summary>
    public string Key { get; init; } = "";
    public byte[] RequestHash { get; init; } = [];
    public Guid AgentId { get; init; }
    public string Type { get; init; } = "";
    public string? Text { get; init; }
    public string Body { get; init; } = "";

    /// <summary>As its author wrote it; null: nobody has changed it.</summary>
    public string? OriginalText { get; init; }
    public string? ContextWamid { get; init; }
    public string? TemplateName { get; init; }
    public string? TemplateLanguage { get; init; }
    public string? MediaSha256 { get; init; }
    public string? MediaMime { get; init; }
    public long? MediaSize { get; init; }
    public string? MediaName { get; init; }

    /// <summary>The message that it sends again.</summary>
    public int? RepeatsSeq { get; init; }

    /// <summary>It leaves then, not before.</summary>
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>It leaves in the lane of what is much and can wait.</summary>
    public bool Bulk { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>One of <see cref="ApprovalStates"/>.</summary>
    public string State { get; init; } = "";
    public Guid? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>What its author was told when it was returned.</summary>
    public string? Note { get; init; }
    public string? Reason { get; init; }

    /// <summary>The message that it became.</summary>
    public int? Seq { get; init; }

    public string AgentName { get; init; } = "";
    public string? DecidedName { get; init; }
    public string? CustomerName { get; init; }
    public string? WaId { get; init; }
    public string? UserId { get; init; }
    public int? TicketNumber { get; init; }

    /// <summary>Of the customer, by Meta's time.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }
}

/// <summary>Which of them a caller asks for.</summary>
/// <param name="Agent">Only this person's; null: everybody's.</param>
/// <param name="Thread">Only this thread's; null: all.</param>
/// <param name="OnlyOpen">Only those that wait; one whose session is over waits no more, said or not.</param>
/// <param name="After">The last one of the page before.</param>
public sealed record ApprovalFilter(
    AgentId? Agent,
    ThreadId? Thread,
    bool OnlyOpen,
    DateTimeOffset Now,
    (DateTimeOffset At, Guid Id)? After,
    int Limit
);

/// <summary>What becomes of a message that waits.</summary>
/// <param name="State">approved, returned or withdrawn.</param>
/// <param name="Text">The text as it was changed; null: as it is.</param>
/// <param name="Body">The body with that text.</param>
public sealed record ApprovalDecision(string State, string? Text = null, string? Body = null, string? Note = null);
