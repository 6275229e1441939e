using System.Text.Json.Nodes;
using CsCheck;
using Threadkeep.Accounts;
using Threadkeep.FirstContact;
using Threadkeep.Grains.Tests.Threads;
using Threadkeep.Hours;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Grains.Tests.FirstContact;

public sealed class FirstContactDeciderTests
{
    private static readonly BusinessCalendar Days = new(
        TimeZoneInfo.Utc,
        [.. Enum.GetValues<DayOfWeek>().Select(d => new BusinessSpan(d, 9 * 60, 17 * 60))],
        _ => false
    );

    private static readonly FirstContactSettings All = new(
        new AutomaticText(true, "Hello, your number is {ticket.number}."),
        new OutOfHoursText(true, "We are back at nine.", Guid.NewGuid()),
        new ContactMenu(
            true,
            "What is it about?",
            [new MenuButton("a1", "Returns", "返品"), new MenuButton("b2", "Other", "other")]
        )
    );

    private static ThreadState Customer(FirstContactSettings settings) =>
        Sample.NewThread with
        {
            Rules = new TicketRules
            {
                FirstContacts = new Dictionary<Guid, FirstContactRules>
                {
                    [Sample.Channel.Value] = new(settings, Days),
                },
            },
        };

    private static string[] Said(Decision decision) =>
        [
            .. decision
                .Commit!.Messages.Where(m => m.Direction == MessageDirection.Outbound)
                .Select(m => JsonNode.Parse(m.Data!)!["automatic"]!.ToString()),
        ];

    private static Decision Hear(ThreadState state, DateTimeOffset at, string wamid, bool awaySaid = false) =>
        ReceiveDecider.Decide(
            state,
            Sample.Receive(Sample.Message(wamid, at)),
            Sample.At(at) with
            {
                AwaySaid = awaySaid,
            }
        );

    [Fact]
    public void The_message_that_opens_a_session_is_greeted_in_its_own_commit_and_nothing_of_the_ticket_moves()
    {
        var at = Sample.Start; // noon
        var decision = Hear(Customer(All), at, "a");
        Said(decision).ShouldBe(["greeting", "menu"]);
        var greeting = decision.Commit!.Messages.First(m => m.Direction == MessageDirection.Outbound);
        greeting.Text.ShouldBe("Hello, your number is 7.");
        decision.Commit.Queued.Count.ShouldBe(2);
        var after = decision.After;
        after.Row.TicketStatus.ShouldBe("new");
        after.Row.AnswerOwed.ShouldBeTrue();
        after.Ticket!.FirstResponseAt.ShouldBeNull();
        after.Row.PreviewSeq.ShouldBe(after.Row.SessionSeq);
        // The same message again, as after a crash: nothing more is said.
        ReceiveDecider
            .Decide(after, Sample.Receive(Sample.Message("a", at)), Sample.At(at, stored: ["a"]))
            .Commit.ShouldBeNull();
        Said(Hear(after, at.AddMinutes(1), "b")).ShouldBeEmpty();
    }

    [Fact]
    public void Out_of_hours_takes_the_greetings_place_and_is_said_once_a_session_also_later_in_it()
    {
        var night = Sample.Start.AddHours(9);
        Said(Hear(Customer(All), night, "a")).ShouldBe(["out_of_hours", "menu"]);

        var day = Hear(Customer(All), Sample.Start, "a").After;
        var evening = Hear(day, night, "b");
        Said(evening).ShouldBe(["out_of_hours"]);
        evening.Commit!.Keys.ShouldHaveSingleItem();
        Said(Hear(evening.After, night.AddMinutes(5), "c")).ShouldBeEmpty();
        // Loaded anew it does not know; the key does, and then it is not said either.
        var forgotten = evening.After with
        {
            AwaySession = null,
        };
        Hear(forgotten, night.AddMinutes(5), "c").Commit!.Keys.Single().Key.ShouldBe(evening.Commit.Keys.Single().Key);
        Said(Hear(forgotten, night.AddMinutes(5), "c", awaySaid: true)).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_is_being_answered_is_not_told_that_nobody_is_there()
    {
        var day = Hear(Customer(All), Sample.Start, "a").After;
        var answered = SendDecider.Accept(day, Sample.Send("text", "k"), null, null, Sample.Start.AddHours(8)).After;
        Said(Hear(answered, Sample.Start.AddHours(9), "b")).ShouldBeEmpty();
    }

    [Fact]
    public void A_tap_on_the_menu_sorts_the_ticket_and_a_strange_one_does_nothing()
    {
        var state = Hear(Customer(All), Sample.Start, "a").After;
        Tap("menu:a1").After.Ticket!.Category.ShouldBe("返品");
        Tap("menu:a1").Types().ShouldContain("ticket_sorted");
        foreach (var strange in new[] { "menu:zz", "a1", "" })
            Tap(strange).After.Ticket!.Category.ShouldBeNull();
        Hear(state, Sample.Start.AddMinutes(1), "x").After.Ticket!.Category.ShouldBeNull();

        Decision Tap(string id)
        {
            var message = Sample.Message("tap" + id, Sample.Start.AddMinutes(1), type: "interactive") with
            {
                Raw = System.Text.Encoding.UTF8.GetBytes(
                    "{\"interactive\":{\"type\":\"button_reply\",\"button_reply\":{\"id\":\""
                        + id
                        + "\",\"title\":\"x\"}}}"
                ),
            };
            return ReceiveDecider.Decide(state, Sample.Receive(message), Sample.At(Sample.Start.AddMinutes(1)));
        }
    }

    [Fact]
    public void A_tap_gives_the_ticket_to_a_team_unless_somebody_has_it()
    {
        var team = Guid.NewGuid();
        var settings = All with { Menu = All.Menu with { Buttons = [new MenuButton("a1", "Returns", null, team)] } };
        var waiting = Hear(Customer(settings), Sample.Start, "a").After;
        waiting = waiting with { Ticket = waiting.Ticket! with { Category = "kept", Routed = true } };
        var handed = Tap(waiting).After.Ticket!;
        (handed.Team, handed.Category, handed.Routed).ShouldBe((new TeamId(team), "kept", false));

        var owner = new AgentId(Guid.NewGuid());
        var owned = Tap(waiting with { Ticket = waiting.Ticket! with { Owner = owner } });
        (owned.After.Ticket!.Team, owned.After.Ticket.Owner, owned.After.Ticket.Routed).ShouldBe((null, owner, true));
        owned.Types().ShouldNotContain("ticket_sorted");

        // A team that is gone is nobody's work.
        var gone = settings.WithTeams(new HashSet<Guid>());
        var rules = Customer(gone).Rules;
        Tap(waiting with { Rules = rules }).After.Ticket!.Team.ShouldBeNull();

        static Decision Tap(ThreadState state)
        {
            var raw = """{"interactive":{"type":"button_reply","button_reply":{"id":"menu:a1","title":"x"}}}"""u8;
            var at = Sample.Start.AddMinutes(1);
            var message = Sample.Message("tap", at, type: "interactive") with { Raw = raw.ToArray() };
            return ReceiveDecider.Decide(state, Sample.Receive(message), Sample.At(at));
        }
    }

    [Fact]
    public void Whatever_comes_when_each_is_said_at_most_once_a_session_and_only_inside_the_window() =>
        Gen.Select(Gen.Int[0, 30 * 60], Gen.Int[-30 * 60, 10], Gen.Bool)
            .Array[1, 20]
            .Sample(
                steps =>
                {
                    var (state, now) = (Customer(All), Sample.Start);
                    var said = new List<(int? Session, string Kind)>();
                    foreach (var (n, (wait, stamp, forget)) in steps.Index())
                    {
                        now = now.AddMinutes(wait);
                        // An activation that was lost knows of no session; the key of what was said then stands in its way.
                        if (forget)
                            state = state with { AwaySession = null };
                        var message = Sample.Message($"m{n}", now, now.AddMinutes(stamp));
                        var context = Sample.At(now, ticket: 7 + n);
                        var decision = ReceiveDecider.Decide(state, Sample.Receive(message), context);
                        var session = decision.After.Row.SessionSeq;
                        if (decision.Commit!.Keys.Count > 0 && said.Contains((session, "out_of_hours")))
                            decision = ReceiveDecider.Decide(
                                state,
                                Sample.Receive(message),
                                context with
                                {
                                    AwaySaid = true,
                                }
                            );
                        state = decision.After;
                        foreach (var kind in Said(decision))
                        {
                            said.ShouldNotContain((session, kind));
                            said.Add((session, kind));
                            state.SessionIsOpen(now).ShouldBeTrue();
                            if (kind == "out_of_hours")
                                Days.IsOpen(now).ShouldBeFalse();
                        }
                    }
                    foreach (var session in said.Where(s => s.Kind != "out_of_hours").Select(s => s.Session).Distinct())
                        said.ShouldContain((session, "menu"));
                },
                iter: 300
            );

    [Fact]
    public void Off_says_nothing()
    {
        Said(Hear(Customer(FirstContactSettings.Off), Sample.Start, "a")).ShouldBeEmpty();
        Said(Hear(Sample.NewThread, Sample.Start, "a")).ShouldBeEmpty();
    }
}
