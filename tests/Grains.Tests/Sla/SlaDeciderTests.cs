using CsCheck;
using Threadkeep.Grains.Tests.Threads;
using Threadkeep.Hours;
using Threadkeep.Sla;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Grains.Tests.Sla;

/// <summary>Random lives of a ticket, against a count of the business time in which it waited on us.</summary>
public sealed class SlaDeciderTests
{
    private enum Act
    {
        Look,
        CustomerWrites,
        WeAnswer,
        Snooze,
        Close,
        Reopen,
        High,
        Normal,
    }

    private static readonly BusinessCalendar Office = new(
        TimeZoneInfo.Utc,
        [
            .. Enum.GetValues<DayOfWeek>()
                .Where(d => d != DayOfWeek.Sunday)
                .Select(d => new BusinessSpan(d, 9 * 60, 17 * 60)),
        ],
        _ => false
    );

    private static readonly SlaPolicy Policy = new(
        Guid.NewGuid(),
        "Standard",
        null,
        [],
        [new SlaTarget("normal", 60, 10 * 60), new SlaTarget("high", 30, 4 * 60)]
    );

    private static readonly TicketRules Rules = new() { Sla = new SlaRules([(Policy, Office)]) };

    private static ThreadState Opened(DateTimeOffset at) =>
        (Sample.NewThread with { Rules = Rules }).After(at, Sample.Message("first", at));

    private static Decision Do(ThreadState state, Act act, int n, DateTimeOffset now)
    {
        var change = new ChangeTicket { Ticket = state.Ticket!.Id };
        return act switch
        {
            Act.Look => TicketDecider.CheckSnooze(state, now),
            Act.CustomerWrites => ReceiveDecider.Decide(
                state,
                Sample.Receive(Sample.Message($"m{n}", now)),
                Sample.At(now, ticket: 0)
            ),
            Act.WeAnswer => SendDecider.Accept(state, Sample.Send("text", $"k{n}"), null, null, now),
            Act.Snooze => Changed(
                change with
                {
                    Fields = TicketFields.SnoozedUntil,
                    SnoozedUntil = now.AddMinutes(37),
                }
            ),
            Act.Close => Changed(change with { Fields = TicketFields.Status, Status = TicketWords.Closed }),
            Act.Reopen => Changed(change with { Fields = TicketFields.Status, Status = TicketWords.WaitingOnUs }),
            Act.High => Changed(change with { Fields = TicketFields.Priority, Priority = "high" }),
            _ => Changed(change with { Fields = TicketFields.Priority, Priority = "normal" }),
        };

        Decision Changed(ChangeTicket command) => TicketDecider.Change(state, command, now).Decision;
    }

    [Fact]
    public void A_clock_has_run_as_long_as_the_ticket_waited_on_us_in_business_hours() =>
        Gen.Select(Gen.Int[0, 9 * 24 * 60], Gen.Select(Gen.Int[0, 300], Gen.Enum<Act>()).Array[1, 25])
            .Sample(
                (start, steps) =>
                {
                    var now = Sample.Start.AddMinutes(start);
                    var state = Opened(now);
                    var (response, resolution) = (TimeSpan.Zero, TimeSpan.Zero);
                    for (var n = 0; n < steps.Length; n++)
                    {
                        var (wait, act) = steps[n];
                        var then = now.AddMinutes(wait);
                        if (Waits(state))
                        {
                            var open = Office.Between(now, then);
                            resolution += open;
                            if (state.Ticket!.FirstResponseAt is null)
                                response += open;
                        }
                        now = then;
                        var before = state;
                        var decision = Do(state, act, n, now);
                        state = decision.After;
                        var sla = state.Ticket!.Sla!;
                        var target = Policy.TargetOf(state.Ticket.Priority)!;
                        if (state.Ticket.FirstResponseAt is null)
                            Holds(sla.Response!, target.FirstResponseMinutes!.Value, response, now, Waits(state));
                        Holds(sla.Resolution!, target.ResolutionMinutes!.Value, resolution, now, Waits(state));
                        // What had run out is noted with whatever is written next, once.
                        if (decision.Commit is not null && before.Ticket!.Sla!.AlarmAt <= now)
                            decision.Types().ShouldContain("sla_breached");
                        else
                            decision.Types().ShouldNotContain("sla_breached");
                        // Both may be missed by then.
                        TicketDecider
                            .CheckSnooze(state, now)
                            .Types()
                            .Contains("sla_breached")
                            .ShouldBe(sla.AlarmAt <= now);
                    }
                },
                iter: 400
            );

    private static bool Waits(ThreadState state) =>
        state.Ticket is { IsOpen: true, SnoozedUntil: null } && state.Row.TicketStatus != TicketWords.WaitingOnContact;

    private static void Holds(SlaClock clock, int minutes, TimeSpan ran, DateTimeOffset now, bool runs)
    {
        clock.Minutes.ShouldBe(minutes);
        clock.Stands.ShouldBe(!runs);
        var left = TimeSpan.FromMinutes(minutes) - ran;
        if (clock.Left is { } seconds)
            seconds.ShouldBe((int)left.TotalSeconds);
        else if (left >= TimeSpan.Zero)
            Office.Between(now, clock.DueAt!.Value).ShouldBe(left);
        else
            Office.Between(clock.DueAt!.Value, now).ShouldBe(-left);
    }

    [Fact]
    public void A_new_ticket_is_due_from_its_first_message_and_without_a_policy_nothing_is_written()
    {
        var at = new DateTimeOffset(2026, 3, 2, 16, 30, 0, TimeSpan.Zero); // a Monday
        var received = ReceiveDecider.Decide(
            Sample.NewThread with
            {
                Rules = Rules,
            },
            Sample.Receive(Sample.Message("a", at)),
            Sample.At(at)
        );
        var sla = received.Commit!.TermsChange!.Sla!;
        sla.Response!.DueAt.ShouldBe(at.AddMinutes(30).AddHours(16).AddMinutes(30));
        sla.AlarmAt.ShouldBe(sla.Response.DueAt);
        received.Commit.TicketChange.ShouldBeNull();

        var without = ReceiveDecider.Decide(Sample.NewThread, Sample.Receive(Sample.Message("a", at)), Sample.At(at));
        without.Commit!.TermsChange.ShouldBeNull();
        // An ordinary message writes nothing of it either.
        var more = ReceiveDecider.Decide(
            received.After,
            Sample.Receive(Sample.Message("b", at.AddMinutes(1))),
            Sample.At(at.AddMinutes(1))
        );
        (more.Commit!.TermsChange, more.Commit.TicketChange).ShouldBe((null, null));
    }

    [Fact]
    public void An_answer_in_time_ends_the_first_clock_and_a_late_one_is_told_with_it()
    {
        var at = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
        var prompt = Do(Opened(at), Act.WeAnswer, 1, at.AddMinutes(59));
        prompt.Types().ShouldNotContain("sla_breached");
        prompt.After.Ticket!.Sla!.Response!.BreachedAt.ShouldBeNull();
        prompt.After.Ticket.Sla.AlarmAt.ShouldBeNull(); // it waits on the contact
        var late = Do(Opened(at), Act.WeAnswer, 1, at.AddMinutes(61));
        late.Types().ShouldContain("sla_breached");
        late.After.Ticket!.Sla!.Response!.BreachedAt.ShouldBe(at.AddHours(1));
    }

    [Fact]
    public void A_policy_that_was_removed_promises_nothing_any_more()
    {
        var at = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
        var state = Opened(at) with { Rules = TicketRules.None };
        var after = Do(state, Act.CustomerWrites, 1, at.AddMinutes(5));
        after.Commit!.TermsChange!.Sla.ShouldBeNull();
        after.After.Ticket!.Sla.ShouldBeNull();
    }
}
