using CsCheck;
using Threadkeep.Threads;
using static Threadkeep.Grains.Tests.Threads.Sample;

namespace Threadkeep.Grains.Tests.Threads;

public sealed class AlarmDeciderTests
{
    private static readonly ThreadState Open = NewThread.After(Start, Message("a", Start));

    [Fact]
    public void Before_the_warning_nothing_is_due() =>
        AlarmDecider.Decide(Open, Start.AddHours(22).AddTicks(-1)).Commit.ShouldBeNull();

    [Fact]
    public void Two_hours_before_the_end_it_warns_once_where_an_answer_is_owed()
    {
        var now = Start.AddHours(22);
        var warned = AlarmDecider.Decide(Open, now);
        warned.Types().ShouldBe(["session_warning"]);
        warned.Commit!.Visible.ShouldBeTrue();
        warned.After.Row.AlarmAt.ShouldBe(Start.AddHours(24));
        AlarmDecider.Decide(warned.After, now).Commit.ShouldBeNull();
        AlarmDecider.Decide(warned.After, now.AddHours(1)).Types().ShouldBeEmpty();
    }

    [Fact]
    public void Nobody_is_warned_where_no_answer_is_owed()
    {
        var answered = SendDecider.Accept(Open, Send("text", "k"), null, null, Start.AddHours(1)).After;
        var tick = AlarmDecider.Decide(answered, Start.AddHours(22));
        tick.Types().ShouldBeEmpty();
        tick.Commit!.Visible.ShouldBeFalse();
        tick.After.Row.AlarmAt.ShouldBe(Start.AddHours(24));
    }

    [Fact]
    public void A_message_that_moved_the_end_puts_the_alarm_off_at_its_next_tick()
    {
        var longer = Open.After(Start.AddHours(20), Message("b", Start.AddHours(20)));
        longer.Row.AlarmAt.ShouldBe(Open.Row.AlarmAt); // the message itself does not touch it
        var tick = AlarmDecider.Decide(longer, Start.AddHours(22));
        tick.Types().ShouldBeEmpty();
        tick.After.Row.AlarmAt.ShouldBe(Start.AddHours(42));
    }

    [Fact]
    public void A_session_that_was_warned_about_is_warned_about_again_after_a_new_message()
    {
        var warned = AlarmDecider.Decide(Open, Start.AddHours(22)).After;
        var longer = warned.After(Start.AddHours(23), Message("b", Start.AddHours(23)));
        var rearmed = AlarmDecider.Decide(longer, longer.Row.AlarmAt!.Value).After;
        rearmed.Row.AlarmAt.ShouldBe(Start.AddHours(45));
        AlarmDecider.Decide(rearmed, Start.AddHours(45)).Types().ShouldBe(["session_warning"]);
    }

    [Fact]
    public void A_late_message_that_owes_an_answer_in_the_last_two_hours_is_warned_of_at_once()
    {
        var answered = SendDecider.Accept(Open, Send("text", "k"), null, null, Start.AddHours(1)).After;
        var passed = AlarmDecider.Decide(answered, Start.AddHours(22)).After;
        var arrival = Start.AddHours(23);
        var late = ReceiveDecider.Decide(
            passed,
            Receive(Message("b", arrival, Start.AddMinutes(-5)), Message("c", arrival, Start)),
            At(arrival)
        );
        late.Types().ShouldBe(["text", "text", "session_warning"]);
        late.Commit!.Messages[^1].At.ShouldBe(arrival);
        late.After.Row.AlarmAt.ShouldBe(Start.AddHours(24));
        AlarmDecider.Decide(late.After, arrival.AddMinutes(1)).Types().ShouldBeEmpty();
    }

    [Fact]
    public void A_late_message_that_moves_the_end_a_little_puts_the_alarm_forward_to_its_own_warning()
    {
        var answered = SendDecider.Accept(Open, Send("text", "k"), null, null, Start.AddHours(1)).After;
        var passed = AlarmDecider.Decide(answered, Start.AddHours(22)).After;
        var moved = passed.After(Start.AddHours(22), Message("b", Start.AddHours(22), Start.AddHours(1)));
        moved.Row.AlarmAt.ShouldBe(Start.AddHours(23));
        var warned = AlarmDecider.Decide(moved, Start.AddHours(23));
        warned.Types().ShouldBe(["session_warning"]);
        warned.After.Row.AlarmAt.ShouldBe(Start.AddHours(25));
    }

    [Fact]
    public void A_session_that_opens_in_its_last_two_hours_is_warned_of_as_it_opens() =>
        ReceiveDecider
            .Decide(NewThread, Receive(Message("a", Start.AddHours(23), Start)), At(Start.AddHours(23)))
            .Types()
            .ShouldBe(["ticket_opened", "session_opened", "text", "session_warning"]);

    [Fact]
    public void It_closes_at_the_end_once_and_dates_it_there_however_late_it_rings()
    {
        AlarmDecider.Decide(Open, Start.AddHours(24).AddTicks(-1)).Types().ShouldBe(["session_warning"]);
        var closed = AlarmDecider.Decide(Open, Start.AddDays(9));
        closed.Types().ShouldBe(["session_closed"]);
        closed.Commit!.Messages.Single().At.ShouldBe(Start.AddHours(24));
        closed.After.Row.AlarmAt.ShouldBeNull();
        AlarmDecider.Decide(closed.After, Start.AddDays(10)).Commit.ShouldBeNull();
    }

    [Fact]
    public void An_alarm_of_a_thread_without_a_session_is_taken_away()
    {
        var none = ThreadStateWith(Open, Open.Row with { SessionSeq = null });
        var decision = AlarmDecider.Decide(none, Start);
        decision.Types().ShouldBeEmpty();
        decision.After.Row.AlarmAt.ShouldBeNull();
    }

    [Fact]
    public void Random_ticks_warn_at_most_once_and_close_exactly_once() =>
        Gen.Int[0, 30 * 60]
            .Array[1, 40]
            .Sample(minutes =>
            {
                var state = Open;
                var seen = new List<string>();
                foreach (var minute in minutes.Order().Append(31 * 60))
                {
                    var decision = AlarmDecider.Decide(state, Start.AddMinutes(minute));
                    seen.AddRange(decision.Types());
                    state = decision.After;
                }
                seen.Count(t => t == "session_warning").ShouldBe(minutes.Any(m => m is >= 1320 and < 1440) ? 1 : 0);
                seen[^1].ShouldBe("session_closed");
                seen.Count.ShouldBeLessThanOrEqualTo(2);
            });

    private static ThreadState ThreadStateWith(ThreadState state, ThreadRow row) => state with { Row = row };
}
