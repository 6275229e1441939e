namespace Threadkeep.Sla;

/// <summary>What lists read of a ticket's promises, from <c>threadkeep.ticket_terms</c> as <c>e</c>.</summary>
public record SlaColumns
{
    internal const string Sql = """
        e.policy_id as sla_policy, e.response_due_at, e.response_left, e.response_breached_at,
            e.resolution_due_at, e.resolution_left, e.resolution_breached_at
        """;

    public Guid? SlaPolicy { get; init; }
    public DateTimeOffset? ResponseDueAt { get; init; }
    public int? ResponseLeft { get; init; }
    public DateTimeOffset? ResponseBreachedAt { get; init; }
    public DateTimeOffset? ResolutionDueAt { get; init; }
    public int? ResolutionLeft { get; init; }
    public DateTimeOffset? ResolutionBreachedAt { get; init; }
}
