using Threadkeep.Hours;

namespace Threadkeep.Sla;

/// <summary>What is promised for tickets of one priority, in minutes of business (1 to <see cref="SlaPolicy.MostMinutes"/>); null: nothing.</summary>
public sealed record SlaTarget(string Priority, int? FirstResponseMinutes, int? ResolutionMinutes);

/// <summary>A promise to customers.</summary>
/// <param name="Schedule">The business hours that its minutes are counted in; null: every hour.</param>
/// <param name="Channels">Of tickets on these; empty: on all.</param>
public sealed record SlaPolicy(
    Guid Id,
    string Name,
    Guid? Schedule,
    IReadOnlyList<Guid> Channels,
    IReadOnlyList<SlaTarget> Targets
)
{
    public const int Most = 20;
    public const int MostMinutes = 60_000;
    public const int LongestName = 80;

    public SlaTarget? TargetOf(string priority) => Targets.FirstOrDefault(t => t.Priority == priority);
}

/// <summary>An account's policies with the hours that they go by. The first that fits a channel counts.</summary>
public sealed class SlaRules(IReadOnlyList<(SlaPolicy Policy, BusinessCalendar Calendar)> policies)
{
    public static readonly SlaRules None = new([]);

    public (SlaPolicy Policy, BusinessCalendar Calendar)? For(Guid channel)
    {
        foreach (var rule in policies)
        {
            if (rule.Policy.Channels.Count == 0 || rule.Policy.Channels.Contains(channel))
                return rule;
        }
        return null;
    }

    /// <summary>Null where it was removed.</summary>
    public (SlaPolicy Policy, BusinessCalendar Calendar)? ById(Guid id)
    {
        foreach (var rule in policies)
        {
            if (rule.Policy.Id == id)
                return rule;
        }
        return null;
    }
}

/// <summary>One promise about one ticket: while it runs it has a time, while it stands what is left of it.</summary>
/// <param name="DueAt">Null while it stands, and where there is no business within two years.</param>
/// <param name="Left">Seconds of business, below 0: overdue by so many. Null while it runs.</param>
/// <param name="BreachedAt">When it was missed; null: it was not, or nobody has noted it yet.</param>
public sealed record SlaClock(int Minutes, DateTimeOffset? DueAt, int? Left, DateTimeOffset? BreachedAt)
{
    public bool Stands => Left is not null;
}

/// <summary>What a ticket is promised (<c>threadkeep.ticket_terms</c>).</summary>
/// <param name="Response">To the first answer; null: nothing is promised.</param>
/// <param name="Resolution">To its closing.</param>
/// <param name="AlarmAt">When the next breach is to be noted.</param>
public sealed record TicketSla(Guid Policy, SlaClock? Response, SlaClock? Resolution, DateTimeOffset? AlarmAt);
