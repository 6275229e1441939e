using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Assignment;

/// <summary>Everything that giving out tickets goes by.</summary>
/// <param name="Rules">Those in use, in their order; <see cref="Unowned.Rule"/> is a place in it.</param>
/// <param name="Skills">The skills that there are: what else a ticket needs is not asked for.</param>
/// <param name="Turns">When somebody had a rule's ticket last, as a number that rises; absent: never.</param>
public sealed record AssignmentState(
    IReadOnlyList<AssignmentRule> Rules,
    IReadOnlyList<Worker> Workers,
    IReadOnlySet<Guid> Skills,
    IReadOnlyDictionary<(Guid Rule, AgentId Agent), long> Turns
);

/// <summary>What becomes of one ticket.</summary>
/// <param name="Agent">Whose it becomes, for <see cref="RouteAct.Assign"/>.</param>
/// <param name="Team">The rule's team, where it sets one.</param>
/// <param name="Rule">The rule that decided; null: none holds.</param>
/// <param name="Turn">The number of this turn, for <see cref="RouteAct.Assign"/>.</param>
public sealed record Placement(
    Unowned Ticket,
    RouteAct Act,
    AgentId? Agent,
    Guid? Team,
    AssignmentRule? Rule,
    long Turn
);

/// <summary>
/// Decides who gets which ticket. Pure. Tickets are given out in the order in which they come, which is the oldest first; one that nobody
/// free may have does not hold up those behind it. Only people who are available, below their capacity, see the ticket's channel and have
/// the skills that it needs get any.
/// </summary>
public static class AssignmentDecider
{
    /// <summary>What is to be done; tickets about which nothing is to be done are left out.</summary>
    public static IReadOnlyList<Placement> Decide(AssignmentState state, IReadOnlyList<Unowned> tickets)
    {
        var placements = new List<Placement>(tickets.Count);
        var loads = state.Workers.ToDictionary(w => w.Id, w => w.Load);
        var turns = new Dictionary<(Guid Rule, AgentId Agent), long>(state.Turns);
        var turn = turns.Count == 0 ? 0 : turns.Values.Max();
        foreach (var ticket in tickets)
        {
            var rule = ticket.Rule < 0 ? null : state.Rules[ticket.Rule];
            if (rule is null || rule.Method == AssignmentMethods.Manual)
            {
                placements.Add(new Placement(ticket, RouteAct.Leave, null, NewTeam(ticket, rule), rule, 0));
                continue;
            }
            var needs = Needs(state, ticket, rule);
            var chosen = state
                .Workers.Where(w => loads[w.Id] < w.Capacity && MayHave(w, ticket, rule, needs))
                .MinBy(w => Order(w, rule, needs, loads, turns));
            if (chosen is not null)
            {
                loads[chosen.Id]++;
                turns[(rule.Id, chosen.Id)] = ++turn;
                placements.Add(new Placement(ticket, RouteAct.Assign, chosen.Id, NewTeam(ticket, rule), rule, turn));
            }
            else if (!ticket.Waits)
            {
                placements.Add(new Placement(ticket, RouteAct.Wait, null, NewTeam(ticket, rule), rule, 0));
            }
        }
        return placements;
    }

    /// <summary>Whether a rule can be followed: what it names is there.</summary>
    public static bool IsUsable(AssignmentRule rule, Known known, IReadOnlyList<Worker> workers) =>
        rule.Enabled
        && (rule.Team is not { } team || known.Teams.Contains(team))
        && (rule.Agents.Count == 0 || rule.Team is not null || workers.Any(w => rule.Agents.Contains(w.Id.Value)))
        && rule.Filters.All(f => known.Properties.Find(f.Property) is not null);

    // A ticket that belongs to a team, by hand or by a rule, goes to nobody else.
    private static bool MayHave(
        Worker worker,
        Unowned ticket,
        AssignmentRule rule,
        IReadOnlyDictionary<Guid, int> needs
    ) =>
        worker.Available
        && (
            worker.Channels?.Contains(ticket.Channel.Value) != false
            // Without a conversation it is seen by whoever's team it is.
            || Desk.Is(ticket.Thread, ticket.Channel)
                && (ticket.Team ?? rule.Team) is { } own
                && worker.Teams.Contains(own)
        )
        && needs.All(n => worker.Skills.GetValueOrDefault(n.Key) >= n.Value)
        && (
            (ticket.Team ?? rule.Team) is { } team
                ? worker.Teams.Contains(team)
                : rule.Agents.Count == 0 || rule.Agents.Contains(worker.Id.Value)
        );

    private static Dictionary<Guid, int> Needs(AssignmentState state, Unowned ticket, AssignmentRule rule)
    {
        var needs = new Dictionary<Guid, int>();
        foreach (var need in ticket.Skills.Concat(SkillLevel.ReadAll(rule.Skills)))
        {
            if (state.Skills.Contains(need.Skill))
                needs[need.Skill] = Math.Max(need.Level, needs.GetValueOrDefault(need.Skill));
        }
        return needs;
    }

    private static Guid? NewTeam(Unowned ticket, AssignmentRule? rule) => ticket.Team is null ? rule?.Team : null;

    // The smallest is next. Ids come last, so that the same state always decides the same.
    private static (long First, long Second, long Third, Guid Id) Order(
        Worker worker,
        AssignmentRule rule,
        IReadOnlyDictionary<Guid, int> needs,
        Dictionary<AgentId, int> loads,
        Dictionary<(Guid, AgentId), long> turns
    )
    {
        var turn = turns.GetValueOrDefault((rule.Id, worker.Id));
        var load = loads[worker.Id];
        return rule.Method switch
        {
            AssignmentMethods.RoundRobin => (turn, load, 0, worker.Id.Value),
            AssignmentMethods.BySkill => (-needs.Keys.Sum(s => worker.Skills[s]), load, turn, worker.Id.Value),
            _ => (load, turn, 0, worker.Id.Value),
        };
    }
}
