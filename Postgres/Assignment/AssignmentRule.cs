using Threadkeep.Tickets;
using Threadkeep.Views;

namespace Threadkeep.Assignment;

/// <summary>One of an account's rules. The first whose conditions all hold decides about a ticket.</summary>
/// <param name="Method">One of <see cref="AssignmentMethods.All"/>.</param>
/// <param name="Team">The ticket becomes this team's, and goes to one of its members; null: no team.</param>
/// <param name="Agents">Those among whom it is given out, where there is no team; none: everybody.</param>
/// <param name="Skills">What the ticket needs from now on, as <see cref="SkillLevel.ToString"/> writes it.</param>
public sealed record AssignmentRule(
    Guid Id,
    string Name,
    bool Enabled,
    IReadOnlyList<ViewCondition> Filters,
    string Method,
    Guid? Team,
    IReadOnlyList<Guid> Agents,
    IReadOnlyList<string> Skills
)
{
    /// <summary>Rules of one account.</summary>
    public const int Most = 50;

    /// <summary>Characters of a name.</summary>
    public const int LongestName = 80;

    /// <summary>People named in one rule.</summary>
    public const int MostAgents = 200;
}

/// <summary>How a rule chooses among those who may have a ticket.</summary>
public static class AssignmentMethods
{
    /// <summary>Left to be taken by hand.</summary>
    public const string Manual = "manual";

    /// <summary>Whoever had one of the rule's tickets longest ago.</summary>
    public const string RoundRobin = "round_robin";

    /// <summary>Whoever has the fewest tickets that wait on us.</summary>
    public const string LeastLoaded = "least_loaded";

    /// <summary>Whoever is best at what the ticket needs.</summary>
    public const string BySkill = "by_skill";

    public static readonly IReadOnlyList<string> All = [Manual, RoundRobin, LeastLoaded, BySkill];
}
