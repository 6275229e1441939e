using Threadkeep.Accounts;
using Threadkeep.Grains.Tests.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Grains.Tests.Tickets;

public sealed class DeskDeciderTests
{
    private static readonly Guid Id = Guid.Parse("0f000000-0000-0000-0000-000000000001");
    private static readonly ThreadState Conversation = Sample.NewThread.After(
        Sample.Start,
        Sample.Message("a", Sample.Start)
    );

    private static OpenTicket Open(TicketFields fields = TicketFields.Subject, string? status = null) =>
        new()
        {
            IdempotencyKey = "k",
            RequestHash = [1],
            Source = "manual",
            Description = "What it is about",
            Properties = new ChangeTicket
            {
                Ticket = Id,
                Fields = fields,
                Subject = "Stock",
                Status = status,
            },
        };

    private static ThreadState Opened()
    {
        var nothing = ThreadState.Empty(Sample.Account, Desk.Of(Id));
        var (result, decision) = DeskDecider.Open(nothing, Open(), 7, Sample.Start);
        result.ShouldBe(OpenTicketResult.Opened);
        return decision.After;
    }

    private static ThreadState Promised(ThreadState desk) =>
        DeskDecider
            .Promise(desk, new AttachTicket { Ticket = Id, To = Conversation.Thread }, Sample.Start)
            .Decision.After;

    private static TakeTicket Take() =>
        new()
        {
            Ticket = Id,
            Number = 7,
            Status = "new",
            Notes = [new MergedNote { Text = "n", At = Sample.Start }],
        };

    [Fact]
    public void A_ticket_is_opened_whole_in_one_commit_and_once()
    {
        var nothing = ThreadState.Empty(Sample.Account, Desk.Of(Id));
        var (_, decision) = DeskDecider.Open(nothing, Open(), 7, Sample.Start);
        var commit = decision.Commit!;
        commit.Opened!.Ticket.Subject.ShouldBe("Stock");
        commit.Opened.Number.ShouldBe(7);
        commit.TicketChange.ShouldBeNull();
        commit.Tickets.ShouldBeEmpty();
        commit.Keys.ShouldHaveSingleItem();
        decision.Types().ShouldBe(["ticket_opened", "note"]);
        decision.After.IsDesk.ShouldBeTrue();
        DeskDecider.Open(decision.After, Open(), 8, Sample.Start).Result.ShouldBe(OpenTicketResult.KeyInUse);
    }

    [Fact]
    public void What_is_promised_is_written_by_nobody_but_who_takes_it()
    {
        var desk = Promised(Opened());
        desk.Ticket!.MovingTo.ShouldBe(Conversation.Thread);
        TicketDecider
            .Change(desk, Open().Properties with { Subject = "Other" }, Sample.Start)
            .Decision.Commit.ShouldBeNull();
        TicketDecider
            .Route(
                desk,
                new RouteTicket
                {
                    Ticket = Id,
                    Act = RouteAct.Assign,
                    Agent = new AgentId(Id),
                },
                Sample.Start
            )
            .Result.ShouldBe(RouteResult.NotAsExpected);

        var closed = Closed(Conversation);
        var (result, taken) = DeskDecider.Take(closed, Take(), desk.Ticket, Sample.Start);
        result.ShouldBe(AttachResult.Attached);
        taken.Types().ShouldBe(["note", "ticket_attached"]);
        taken.Commit!.TicketChange!.MovingTo.ShouldBeNull();
        taken.After.Row.TicketNumber.ShouldBe(7);
        // Said again it is done; and the desk has nothing left.
        DeskDecider.Take(taken.After, Take(), null, Sample.Start).Decision.Commit.ShouldBeNull();
        var left = DeskDecider.Leave(desk, closed.Thread, null, Sample.Start);
        left.Commit!.TicketChange.ShouldBeNull();
        left.After.Ticket.ShouldBeNull();
        left.After.Row.TicketId.ShouldBeNull();
    }

    [Fact]
    public void A_conversation_with_an_open_ticket_declines_and_one_without_the_promise_takes_nothing()
    {
        var desk = Promised(Opened());
        DeskDecider.Take(Conversation, Take(), desk.Ticket, Sample.Start).Result.ShouldBe(AttachResult.HasOpenTicket);
        var kept = DeskDecider.TakeBack(desk, Sample.Start);
        kept.Commit!.TicketChange!.MovingTo.ShouldBeNull();
        TicketDecider
            .Change(kept.After, Open().Properties with { Subject = "Other" }, Sample.Start)
            .Result.ShouldBe(ChangeTicketResult.Changed);
        var closed = Closed(Conversation);
        DeskDecider.Take(closed, Take(), null, Sample.Start).Result.ShouldBe(AttachResult.NotThere);
    }

    [Fact]
    public void Without_a_conversation_the_first_response_is_said()
    {
        var waits = new ChangeTicket
        {
            Ticket = Id,
            Fields = TicketFields.Status,
            Status = "waiting_on_contact",
        };
        var later = Sample.Start.AddHours(1);
        TicketDecider.Change(Opened(), waits, later).Decision.After.Ticket!.FirstResponseAt.ShouldBe(later);
        var ticket = waits with { Ticket = Conversation.Ticket!.Id };
        TicketDecider.Change(Conversation, ticket, later).Decision.After.Ticket!.FirstResponseAt.ShouldBeNull();
    }

    private static ThreadState Closed(ThreadState state) =>
        TicketDecider
            .Change(
                state,
                new ChangeTicket
                {
                    Ticket = state.Ticket!.Id,
                    Fields = TicketFields.Status,
                    Status = "closed",
                },
                Sample.Start
            )
            .Decision.After;
}
