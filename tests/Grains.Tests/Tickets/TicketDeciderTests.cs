using Threadkeep.Accounts;
using Threadkeep.Grains.Tests.Threads;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Grains.Tests.Tickets;

public sealed class TicketDeciderTests
{
    private static readonly DateTimeOffset Now = Sample.Start.AddMinutes(5);
    private static readonly AgentId Emma = new(Guid.Parse("0b000000-0000-0000-0000-000000000001"));

    private static ThreadState Opened { get; } =
        Sample.NewThread.After(Sample.Start, Sample.Message("a", Sample.Start));

    private static ChangeTicket Change(ThreadState state, TicketFields fields) =>
        new()
        {
            Ticket = state.Ticket!.Id,
            By = Emma,
            Fields = fields,
        };

    [Fact]
    public void A_change_writes_the_tickets_own_row_and_tells_the_thread_who_made_it()
    {
        var command = Change(Opened, TicketFields.Owner | TicketFields.Priority) with
        {
            Owner = Emma,
            Priority = "high",
        };
        var (result, decision) = TicketDecider.Change(Opened, command, Now);
        result.ShouldBe(ChangeTicketResult.Changed);
        decision.Commit!.TicketChange!.Owner.ShouldBe(Emma);
        decision.Commit.TicketChange.Version.ShouldBe(2);
        var told = decision.Commit.Messages.ShouldHaveSingleItem();
        (told.Type, told.Agent).ShouldBe(("ticket_changed", Emma));
        told.Data!.ShouldContain("\"priority\":{\"from\":\"normal\",\"to\":\"high\"}");
        // It is not something new in the conversation.
        decision.Commit.ActivityAt.ShouldBeNull();
        decision.After.Row.PreviewSeq.ShouldBe(Opened.Row.PreviewSeq);
        decision.After.Row.Unread.ShouldBe(Opened.Row.Unread);
    }

    [Fact]
    public void What_is_so_already_is_done_whatever_the_version_and_what_is_not_needs_the_right_one()
    {
        var same = Change(Opened, TicketFields.Status) with { Status = "new", ExpectedVersion = 77 };
        TicketDecider.Change(Opened, same, Now).Result.ShouldBe(ChangeTicketResult.Changed);
        TicketDecider.Change(Opened, same, Now).Decision.Commit.ShouldBeNull();
        var other = same with { Status = "closed" };
        TicketDecider.Change(Opened, other, Now).Result.ShouldBe(ChangeTicketResult.VersionConflict);
        var before = other with { Ticket = Guid.NewGuid(), ExpectedVersion = null };
        TicketDecider.Change(Opened, before, Now).Result.ShouldBe(ChangeTicketResult.Superseded);
        TicketDecider.Change(Sample.NewThread, before, Now).Result.ShouldBe(ChangeTicketResult.NoSuchTicket);
    }

    [Fact]
    public void Closing_ends_a_snooze_and_a_message_wakes_one_in_its_own_commit()
    {
        var snooze = Change(Opened, TicketFields.SnoozedUntil) with { SnoozedUntil = Now.AddHours(3) };
        var snoozed = TicketDecider.Change(Opened, snooze, Now).Decision.After;
        TicketDecider.CheckSnooze(snoozed, Now.AddHours(2)).Commit.ShouldBeNull();
        TicketDecider.CheckSnooze(snoozed, Now.AddHours(3)).After.Ticket!.SnoozedUntil.ShouldBeNull();

        var close = Change(snoozed, TicketFields.Status) with { Status = "closed" };
        var closed = TicketDecider.Change(snoozed, close, Now).Decision.After;
        (closed.Ticket!.IsOpen, closed.Ticket.SnoozedUntil, closed.Ticket.ClosedAt).ShouldBe((false, null, Now));

        var woken = Sample.Message("b", Now);
        var received = ReceiveDecider.Decide(snoozed, Sample.Receive(woken), Sample.At(Now));
        received.Types().ShouldBe(["ticket_woke", "text"]);
        received.Commit!.TicketChange!.SnoozedUntil.ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(3, 71, true)]
    [InlineData(3, 72, false)]
    public void A_message_opens_a_ticket_again_within_the_days_that_the_account_set(int days, int hours, bool again)
    {
        var rules = new TicketRules { ReopenDays = days };
        var close = Change(Opened, TicketFields.Status) with { Status = "closed" };
        var closed = TicketDecider.Change(Opened, close, Now).Decision.After with { Rules = rules };
        var then = Now.AddHours(hours);
        var received = ReceiveDecider.Decide(
            closed,
            Sample.Receive(Sample.Message("again", then)),
            Sample.At(then, ticket: 9)
        );
        var after = received.After;
        after.Row.TicketNumber.ShouldBe(again ? 7 : 9);
        after.Row.TicketStatus.ShouldBe(again ? "waiting_on_us" : "new");
        (after.Ticket!.IsOpen, after.Ticket.ClosedAt).ShouldBe((true, null));
        received.Types().ShouldContain(again ? "ticket_reopened" : "ticket_opened");
        // Two messages at once open it once.
        ReceiveDecider
            .Decide(
                closed,
                Sample.Receive(Sample.Message("x", then), Sample.Message("y", then)),
                Sample.At(then, ticket: 9)
            )
            .Types()
            .Count(t => t is "ticket_reopened" or "ticket_opened")
            .ShouldBe(1);
    }

    [Fact]
    public void An_ordinary_message_writes_nothing_of_the_ticket()
    {
        var answered = SendDecider.Accept(Opened, Sample.Send("text", "k"), null, null, Now);
        answered.Commit!.TicketChange!.FirstResponseAt.ShouldBe(Now);
        answered.After.Row.TicketStatus.ShouldBe("waiting_on_contact");
        var again = ReceiveDecider.Decide(
            answered.After,
            Sample.Receive(Sample.Message("b", Now)),
            Sample.At(Now.AddSeconds(1))
        );
        again.After.Row.TicketStatus.ShouldBe("waiting_on_us");
        again.Commit!.TicketChange.ShouldBeNull();
        var second = SendDecider.Accept(again.After, Sample.Send("text", "l"), null, null, Now.AddSeconds(2));
        second.Commit!.TicketChange.ShouldBeNull();
        // One of many messages is no answer.
        var bulk = SendDecider.Accept(again.After, Sample.Send("text", "m") with { Bulk = true }, null, null, Now);
        bulk.After.Row.TicketStatus.ShouldBe("waiting_on_us");
    }
}
