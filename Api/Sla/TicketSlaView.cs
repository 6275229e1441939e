namespace Threadkeep.Sla;

/// <summary>When a ticket is due.</summary>
/// <param name="DueAt">The next time that is promised; null: none is, or the clock stands.</param>
/// <param name="Awaits">What is due then: first_response or resolution; null with <paramref name="DueAt"/>.</param>
/// <param name="Paused">The clock stands: it waits on the contact or is put off.</param>
/// <param name="FirstResponseDueAt">Kept once there was an answer.</param>
/// <param name="FirstResponseBreached">The first answer came too late, or is missing too long.</param>
public sealed record TicketSlaView(
    DateTimeOffset? DueAt,
    string? Awaits,
    bool Paused,
    DateTimeOffset? FirstResponseDueAt,
    DateTimeOffset? ResolutionDueAt,
    bool FirstResponseBreached,
    bool ResolutionBreached
)
{
    /// <summary>Null where nothing is promised.</summary>
    public static TicketSlaView? Of(SlaColumns row, bool isOpen, DateTimeOffset? answeredAt)
    {
        if (row.SlaPolicy is null)
            return null;
        var response = isOpen && answeredAt is null ? row.ResponseDueAt : null;
        var resolution = isOpen ? row.ResolutionDueAt : null;
        var dueAt = resolution is null || response < resolution ? response : resolution;
        return new TicketSlaView(
            dueAt,
            dueAt is null ? null
                : dueAt == response ? "first_response"
                : "resolution",
            isOpen && ((answeredAt is null && row.ResponseLeft is not null) || row.ResolutionLeft is not null),
            row.ResponseDueAt,
            row.ResolutionDueAt,
            row.ResponseBreachedAt is not null,
            row.ResolutionBreachedAt is not null
        );
    }
}
