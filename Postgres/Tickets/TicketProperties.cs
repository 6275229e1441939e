using Threadkeep.Accounts;
using Threadkeep.Sla;

namespace Threadkeep.Tickets;

/// <summary>
/// What a ticket's own row holds (<c>threadkeep.tickets</c>), apart from what never changes. While it is open its status stands in its
/// thread's row, where messages move it.
/// </summary>
public sealed record TicketProperties
{
    public required Guid Id { get; init; }
    public bool IsOpen { get; init; } = true;

    /// <summary>Moved by every change that a person makes; messages that move the status leave it.</summary>
    public int Version { get; init; } = 1;
    public string? Subject { get; init; }

    /// <summary>One of <see cref="TicketWords.Priorities"/>.</summary>
    public string Priority { get; init; } = TicketWords.NormalPriority;
    public string? Category { get; init; }
    public AgentId? Owner { get; init; }

    /// <summary>The team whose work it is, beside the owner or until somebody of it takes it.</summary>
    public TeamId? Team { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What it needs of whoever takes it, as <see cref="SkillLevel.ToString"/> writes it.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>The account's rules have looked at it since it has been nobody's.</summary>
    public bool Routed { get; init; }

    /// <summary>Since when it waits for somebody to be free; null: it does not.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>Out of the way until then, or until the customer writes.</summary>
    public DateTimeOffset? SnoozedUntil { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? FirstResponseAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The account's own properties: a JSON object by their ids. What is not known is not there.</summary>
    public string Custom { get; init; } = "{}";

    /// <summary>It goes over from its desk to this conversation: nothing but that is written; null: it does not.</summary>
    public ThreadId? MovingTo { get; init; }

    /// <summary>What is promised of it; null: nothing. A row of its own (<c>threadkeep.ticket_terms</c>).</summary>
    public TicketSla? Sla { get; init; }
}
