using CsCheck;
using Threadkeep.Accounts;
using Threadkeep.Assignment;
using Threadkeep.Tickets;

namespace Threadkeep.Grains.Tests.Assignment;

public sealed class AssignmentDeciderTests
{
    private static readonly Guid Japanese = Guid.Parse("5c000000-0000-0000-0000-000000000001");
    private static readonly Guid Billing = Guid.Parse("5c000000-0000-0000-0000-000000000002");
    private static readonly Guid Team = Guid.Parse("7e000000-0000-0000-0000-000000000001");
    private static readonly ChannelId Channel = new(Guid.Parse("c0000000-0000-0000-0000-000000000001"));

    private static AgentId Agent(int n) => new(new Guid(n, 0, 0, new byte[8]));

    private static Worker Person(int n, int capacity = 5, int load = 0) =>
        new(Agent(n), true, capacity, load, new HashSet<Guid>(), null, new Dictionary<Guid, int>());

    private static AssignmentRule Rule(string method, Guid? team = null) =>
        new(Guid.Parse("4e000000-0000-0000-0000-000000000001"), "All", true, [], method, team, [], []);

    private static Unowned Ticket(int n, params SkillLevel[] needs) =>
        new(
            new Guid(n, 1, 0, new byte[8]),
            new ThreadId(new Guid(n, 2, 0, new byte[8])),
            Channel,
            0,
            null,
            needs,
            false
        );

    private static IReadOnlyList<Placement> Decide(
        AssignmentRule rule,
        IReadOnlyList<Worker> workers,
        IEnumerable<Unowned> tickets,
        IReadOnlyDictionary<(Guid, AgentId), long>? turns = null
    ) =>
        AssignmentDecider.Decide(
            new AssignmentState(
                [rule],
                workers,
                new HashSet<Guid> { Japanese, Billing },
                turns ?? new Dictionary<(Guid, AgentId), long>()
            ),
            [.. tickets]
        );

    // What a generated world is made of: people with everything that keeps a ticket from them, and tickets that need something.
    private static readonly Gen<Worker> Workers = Gen.Select(
        Gen.Int[1, 9],
        Gen.Bool,
        Gen.Int[0, 4],
        Gen.Int[0, 5],
        Gen.Bool,
        Gen.Bool,
        Gen.Int[0, 5],
        Gen.Int[0, 5],
        (n, available, capacity, load, inTeam, sees, japanese, billing) =>
            new Worker(
                Agent(n),
                available,
                capacity,
                load,
                inTeam ? new HashSet<Guid> { Team } : new HashSet<Guid>(),
                sees ? null : new HashSet<Guid>(),
                new Dictionary<Guid, int> { [Japanese] = japanese, [Billing] = billing }
            )
    );

    private static readonly Gen<(
        string Method,
        bool ToTeam,
        Worker[] Workers,
        (int Japanese, bool Waits, bool OfTeam, bool Ruled)[] Tickets
    )> Worlds = Gen.Select(
        Gen.Int[0, AssignmentMethods.All.Count - 1].Select(n => AssignmentMethods.All[n]),
        Gen.Bool,
        Workers.Array[0, 9].Select(all => all.DistinctBy(w => w.Id).ToArray()),
        Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.Bool).Array[0, 30]
    );

    [Fact]
    public void Nobody_gets_a_ticket_beyond_capacity_skills_team_and_channels_and_nobody_free_is_left_out() =>
        Worlds.Sample(
            world =>
            {
                var rule = Rule(world.Method, world.ToTeam ? Team : null);
                var tickets = world
                    .Tickets.Select(
                        (t, n) =>
                            Ticket(n, t.Japanese == 0 ? [] : [new SkillLevel(Japanese, t.Japanese)]) with
                            {
                                Waits = t.Waits,
                                Team = t.OfTeam ? Team : null,
                                Rule = t.Ruled ? 0 : -1,
                            }
                    )
                    .ToArray();
                var placements = Decide(rule, world.Workers, tickets);
                var given = world.Workers.ToDictionary(w => w.Id, w => w.Load);
                var told = 0;
                foreach (var ticket in tickets)
                {
                    var able = world
                        .Workers.Where(w =>
                            w is { Available: true, Channels: null }
                            && given[w.Id] < w.Capacity
                            && ticket.Skills.All(s => w.Skills[s.Skill] >= s.Level)
                            && ((ticket.Team ?? rule.Team) is not { } team || w.Teams.Contains(team))
                        )
                        .Select(w => w.Id)
                        .ToHashSet();
                    var found = placements.SingleOrDefault(p => p.Ticket == ticket);
                    if (ticket.Rule < 0 || rule.Method == AssignmentMethods.Manual)
                        found!.Act.ShouldBe(RouteAct.Leave);
                    else if (able.Count == 0)
                        // It waits, and is told so once.
                        (found?.Act).ShouldBe(ticket.Waits ? null : RouteAct.Wait);
                    else
                    {
                        // Whoever is free gets the oldest that they may have: in this order, none is passed over.
                        found!.Act.ShouldBe(RouteAct.Assign);
                        able.ShouldContain(found.Agent!.Value);
                        given[found.Agent.Value]++;
                    }
                    told += found is null ? 0 : 1;
                }
                placements.Count.ShouldBe(told);
            },
            iter: 1_000
        );

    [Fact]
    public void Round_robin_gives_everybody_the_same_however_often_it_is_interrupted_and_whoever_joins() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 7].Array[1, 30], Gen.Int[0, 29])
            .Sample(
                (people, hands, joinsAt) =>
                {
                    var turns = new Dictionary<(Guid, AgentId), long>();
                    var got = new Dictionary<AgentId, int>();
                    var n = 0;
                    for (var hand = 0; hand < hands.Length; hand++)
                    {
                        // Somebody new has their turn first and then no more often than the others.
                        var workers = Enumerable
                            .Range(1, people + (hand >= joinsAt ? 1 : 0))
                            .Select(w => Person(w, capacity: 10_000))
                            .ToArray();
                        if (hand == joinsAt)
                            got.Clear();
                        var tickets = Enumerable.Range(0, hands[hand]).Select(_ => Ticket(n++));
                        foreach (var placed in Decide(Rule(AssignmentMethods.RoundRobin), workers, tickets, turns))
                        {
                            turns[(placed.Rule!.Id, placed.Agent!.Value)] = placed.Turn;
                            got[placed.Agent.Value] = got.GetValueOrDefault(placed.Agent.Value) + 1;
                        }
                        var counts = workers.Select(w => got.GetValueOrDefault(w.Id)).ToArray();
                        (counts.Max() - counts.Min()).ShouldBeLessThanOrEqualTo(1);
                    }
                },
                iter: 300
            );

    [Fact]
    public void Least_loaded_evens_out_and_by_skill_takes_the_best()
    {
        var workers = new[] { Person(1, load: 3), Person(2, load: 1), Person(3) };
        Decide(Rule(AssignmentMethods.LeastLoaded), workers, Enumerable.Range(0, 5).Select(n => Ticket(n)))
            .Select(p => p.Agent)
            .ShouldBe([Agent(3), Agent(2), Agent(3), Agent(2), Agent(3)], ignoreOrder: true);

        Worker Speaks(int n, int level) =>
            Person(n, capacity: 1) with
            {
                Skills = new Dictionary<Guid, int> { [Japanese] = level },
            };
        var speakers = new[] { Speaks(1, 2), Speaks(2, 5), Speaks(3, 4), Person(4) };
        var need = new SkillLevel(Japanese, 3);
        Decide(
                Rule(AssignmentMethods.BySkill),
                speakers,
                [Ticket(1, need), Ticket(2, need), Ticket(3, need), Ticket(4)]
            )
            .Select(p => (p.Act, p.Agent))
            .ShouldBe([
                (RouteAct.Assign, Agent(2)),
                (RouteAct.Assign, Agent(3)),
                // The third must wait; the one behind it needs nothing and does not wait for it.
                (RouteAct.Wait, null),
                (RouteAct.Assign, Agent(1)),
            ]);
    }

    [Fact]
    public void A_rule_that_names_what_is_gone_is_passed_over()
    {
        var here = new[] { Person(1) };
        var teams = new Known(new HashSet<Guid> { Team }, new HashSet<Guid>(), Views.ViewCatalogue.Standard);
        var rule = Rule(AssignmentMethods.RoundRobin, Team);
        AssignmentDecider.IsUsable(rule, teams, here).ShouldBeTrue();
        AssignmentDecider.IsUsable(rule with { Enabled = false }, teams, here).ShouldBeFalse();
        AssignmentDecider.IsUsable(rule, teams with { Teams = new HashSet<Guid>() }, here).ShouldBeFalse();
        var chosen = rule with { Team = null, Agents = [Agent(7).Value] };
        AssignmentDecider.IsUsable(chosen, teams, here).ShouldBeFalse();
        AssignmentDecider.IsUsable(chosen with { Agents = [Agent(1).Value] }, teams, here).ShouldBeTrue();
        AssignmentDecider
            .IsUsable(rule with { Filters = [new Views.ViewCondition("ticket.gone", "known")] }, teams, here)
            .ShouldBeFalse();
        // A skill that was removed is needed no more.
        var needsGone = Ticket(1, new SkillLevel(Guid.NewGuid(), 5));
        Decide(Rule(AssignmentMethods.BySkill), here, [needsGone]).ShouldHaveSingleItem().Act.ShouldBe(RouteAct.Assign);
    }
}
