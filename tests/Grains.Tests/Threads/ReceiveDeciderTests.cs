using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using static Threadkeep.Grains.Tests.Threads.Sample;

namespace Threadkeep.Grains.Tests.Threads;

public sealed class ReceiveDeciderTests
{
    private static readonly ThreadId Other = new(Guid.Parse("0f000000-0000-0000-0000-000000000001"));

    [Fact]
    public void A_first_message_makes_ticket_session_and_identities_in_one_commit()
    {
        var decision = ReceiveDecider.Decide(NewThread, Receive(Message("a", Start)), At(Start));
        decision.Types().ShouldBe(["ticket_opened", "session_opened", "text"]);
        var commit = decision.Commit!;
        commit.ExpectedVersion.ShouldBe(0);
        commit.NeedsConnectedChannel.ShouldBeTrue();
        commit.Claims.ShouldBe(["wa:351910000002", "user:PT.7Hq2"], ignoreOrder: true);
        commit.Tickets.Single().Number.ShouldBe(7);
        commit.Row.SessionSeq.ShouldBe(commit.Messages[^1].Seq);
        commit.Row.PreviewSeq.ShouldBe(commit.Messages[^1].Seq);
        commit.ActivityAt.ShouldBe(Start);
        commit.Row.AlarmAt.ShouldBe(Start.AddHours(22));
        decision.After.Version.ShouldBe(1);
    }

    [Fact]
    public void Ten_pictures_are_one_commit_one_ticket_and_one_session_in_order()
    {
        var album = Enumerable.Range(0, 10).Select(n => Message($"p{n}", Start, type: "image")).ToArray();
        var decision = ReceiveDecider.Decide(NewThread, Receive(album), At(Start));
        decision.Commit!.Tickets.Count.ShouldBe(1);
        var pictures = decision.Commit.Messages.Where(m => m.Type == "image").ToArray();
        pictures.Select(m => m.Wamid).ShouldBe(album.Select(i => i.Wamid));
        pictures.Select(m => m.Seq).ShouldBeInOrder();
        decision.After.Row.Unread.ShouldBe(10);
    }

    [Fact]
    public void What_is_stored_already_changes_nothing()
    {
        var state = NewThread.After(Start, Message("a", Start));
        var again = ReceiveDecider.Decide(state, Receive(Message("a", Start)), At(Start, stored: ["a"]));
        again.Commit.ShouldBeNull();
        again.After.ShouldBeSameAs(state);
        var mixed = ReceiveDecider.Decide(
            state,
            Receive(Message("a", Start), Message("b", Start), Message("b", Start)),
            At(Start, stored: ["a"])
        );
        mixed.Commit!.Messages.Select(m => m.Wamid).ShouldBe(["b"]);
        mixed.After.Row.Unread.ShouldBe(2);
    }

    [Fact]
    public void A_closed_ticket_is_followed_by_a_new_one_and_an_open_one_is_continued()
    {
        var state = NewThread.After(Start, Message("a", Start));
        ReceiveDecider.NeedsTicket(state, Receive(Message("b", Start))).ShouldBeFalse();
        var closed = state with { Row = state.Row with { TicketStatus = "closed" } };
        ReceiveDecider.NeedsTicket(closed, Receive(Message("b", Start))).ShouldBeTrue();
        var decision = ReceiveDecider.Decide(closed, Receive(Message("b", Start)), At(Start, ticket: 8));
        decision.Types().ShouldBe(["ticket_opened", "text"]);
        decision.After.Row.TicketNumber.ShouldBe(8);
        // The window belongs to the customer, not to the ticket.
        decision.After.Row.SessionSeq.ShouldBe(state.Row.SessionSeq);
    }

    [Theory]
    [InlineData("reaction")]
    [InlineData("edit")]
    [InlineData("revoke")]
    [InlineData("system")]
    public void What_the_customer_did_not_write_makes_neither_ticket_nor_session_nor_unread(string type)
    {
        var command = Receive(Message("r", Start, type: type));
        ReceiveDecider.NeedsTicket(NewThread, command).ShouldBeFalse();
        var decision = ReceiveDecider.Decide(NewThread, command, At(Start));
        decision.Types().ShouldBe([type]);
        decision.After.Row.ShouldSatisfyAllConditions(
            r => r.Unread.ShouldBe(0),
            r => r.LastInboundAt.ShouldBeNull(),
            r => r.TicketId.ShouldBeNull(),
            r => r.AlarmAt.ShouldBeNull()
        );
        decision.Commit!.ActivityAt.ShouldBe(Start); // it still raises the thread in lists
    }

    [Fact]
    public void A_message_whose_window_is_over_makes_a_ticket_and_neither_opens_nor_closes_a_session()
    {
        var late = Message("late", Start, Start.AddHours(-24));
        var first = ReceiveDecider.Decide(NewThread, Receive(late), At(Start));
        first.Types().ShouldBe(["ticket_opened", "text"]);
        first.Commit!.Messages[^1].Late.ShouldBeTrue();
        first.After.Row.AlarmAt.ShouldBeNull();

        var closed = AlarmDecider.Decide(NewThread.After(Start, Message("a", Start)), Start.AddHours(24)).After;
        var now = Start.AddHours(90);
        ReceiveDecider
            .Decide(closed, Receive(Message("late", now, Start.AddHours(30))), At(now))
            .Types()
            .ShouldBe(["text"]);
    }

    [Fact]
    public void A_message_that_opens_nothing_does_not_stretch_the_session_before_it()
    {
        var closed = AlarmDecider.Decide(NewThread.After(Start, Message("a", Start)), Start.AddHours(24)).After;
        // Written six hours after the end, told a day and a half later: no window of its own is left.
        var late = closed.After(Start.AddHours(60), Message("b", Start.AddHours(60), Start.AddHours(30)));
        // Inside 24 hours of that one, but in no session.
        var now = Start.AddHours(61);
        var decision = ReceiveDecider.Decide(late, Receive(Message("c", now, Start.AddHours(50))), At(now));
        decision.Types().ShouldBe(["session_opened", "text"]);
        decision.After.Row.SessionSeq.ShouldNotBe(closed.Row.SessionSeq);
    }

    [Fact]
    public void A_late_message_inside_a_closed_session_reopens_it_under_the_same_id()
    {
        var closed = AlarmDecider.Decide(NewThread.After(Start, Message("a", Start)), Start.AddHours(24)).After;
        var now = Start.AddHours(25);
        var decision = ReceiveDecider.Decide(closed, Receive(Message("b", now, Start.AddHours(23))), At(now));
        decision.Types().ShouldBe(["session_reopened", "text"]);
        decision.After.Row.SessionSeq.ShouldBe(closed.Row.SessionSeq);
        decision.After.Row.SessionClosed.ShouldBeFalse();
        decision.After.Row.AlarmAt.ShouldBe(Start.AddHours(45));
    }

    [Fact]
    public void One_message_that_cannot_be_folded_becomes_a_placeholder_and_its_neighbours_do_not_notice()
    {
        var items = new[] { Message("a", Start), Message("bad", Start), Message("c", Start) };
        var decision = ReceiveDecider.Decide(
            NewThread,
            Receive(items),
            At(Start),
            (changes, item, context) =>
            {
                ReceiveDecider.Fold(changes, item, context);
                if (item.Wamid == "bad")
                    throw new InvalidOperationException("half made");
            }
        );
        decision.Types().ShouldBe(["ticket_opened", "session_opened", "text", "leftover", "text"]);
        decision.Commit!.Messages.Single(m => m.Type == "leftover").Wamid.ShouldBe("bad");
        decision.Commit.Leftovers.Single().Detail.ShouldContain("half made");
        decision.Commit.Leftovers.Single().Seq.ShouldBe(decision.Commit.Messages.Single(m => m.Wamid == "bad").Seq);
        decision.After.Row.Unread.ShouldBe(3);
        decision.Commit.Messages.Select(m => m.Seq).ShouldBeUnique();
    }

    [Fact]
    public void Every_message_may_throw_and_the_thread_still_gets_its_placeholders()
    {
        var items = Enumerable.Range(0, 20).Select(n => Message($"m{n}", Start)).ToArray();
        var decision = ReceiveDecider.Decide(
            NewThread,
            Receive(items),
            At(Start),
            (_, _, _) => throw new InvalidOperationException("always")
        );
        decision.Commit!.Messages.Count(m => m.Type == "leftover").ShouldBe(20);
        decision.Commit.Leftovers.Count.ShouldBe(20);
        decision.Commit.Tickets.Count.ShouldBe(1);
        decision.Types().Count(t => t == "session_opened").ShouldBe(1);
    }

    [Fact]
    public void A_placeholder_moves_session_and_ticket_as_its_message_would_have()
    {
        var reaction = Message("r", Start, type: "reaction");
        var left = ReceiveDecider.Decide(
            NewThread,
            Receive(reaction),
            At(Start, leaveOver: new() { ["r"] = "refused" })
        );
        left.Types().ShouldBe(["leftover"]);
        left.Commit!.Tickets.ShouldBeEmpty();
        left.After.Row.LastInboundAt.ShouldBeNull();
        var text = ReceiveDecider.Decide(
            NewThread,
            Receive(Message("t", Start)),
            At(Start, leaveOver: new() { ["t"] = "refused" })
        );
        text.Types().ShouldBe(["ticket_opened", "session_opened", "leftover"]);
    }

    [Fact]
    public void A_picture_asks_for_its_file_for_seven_days()
    {
        var item = Message("i", Start, type: "image") with
        {
            Media = new InboundMedia("900", "image/jpeg", "abc=", "x.jpg"),
        };
        var job = ReceiveDecider.Decide(NewThread, Receive(item), At(Start)).Commit!.MediaJobs.Single();
        job.ShouldBe(new MediaJobRow(3, "900", "image/jpeg", "abc=", "x.jpg", Start, Start.AddDays(7)));
    }

    [Fact]
    public void A_thread_refuses_messages_of_a_customer_it_does_not_own()
    {
        var state = NewThread.After(Start, Message("a", Start));
        ReceiveDecider.IsMine(NewThread, Receive(Message("x", Start, from: new("1", null)))).ShouldBeTrue();
        ReceiveDecider.IsMine(state, Receive(Message("x", Start, from: new("1", null)))).ShouldBeFalse();
        ReceiveDecider.IsMine(state, Receive(Message("x", Start, from: new(null, "PT.7Hq2")))).ShouldBeTrue();
        ReceiveDecider.IsMine(state, Receive(Message("x", Start, from: new("351910000002", null)))).ShouldBeTrue();
        // The same number with another person's id: it has a new owner.
        ReceiveDecider
            .IsMine(state, Receive(Message("x", Start, from: new("351910000002", "PT.New"))))
            .ShouldBeFalse();
        // One stranger among friends is enough.
        var mixed = Receive(Message("x", Start), Message("y", Start, from: new("1", null)));
        ReceiveDecider.IsMine(state, mixed).ShouldBeFalse();
    }

    [Fact]
    public void An_identity_that_another_thread_owns_is_noted_as_a_conflict_and_not_claimed()
    {
        var state = NewThread.After(Start, Message("a", Start, from: new("351910000002", null)));
        var decision = ReceiveDecider.Decide(
            state,
            Receive(Message("b", Start)),
            At(Start, denied: new() { ["user:PT.7Hq2"] = Other })
        );
        decision.Commit!.Claims.ShouldBeEmpty();
        decision.Commit.Conflicts.ShouldBe([new IdentityConflict(Other, "b")]);
    }

    [Fact]
    public void A_number_change_moves_the_identity_and_lets_the_old_number_go()
    {
        var state = NewThread.After(Start, Message("a", Start));
        var change = Message("s", Start.AddHours(1), type: "system") with
        {
            BecomesCustomer = new CustomerIdentity("351910000009", "PT.8Kp3"),
        };
        var decision = ReceiveDecider.Decide(state, Receive(change), At(Start.AddHours(1)));
        // In the second of the change the old number was still in use.
        var left = Start.AddHours(1).AddSeconds(1);
        decision.Commit!.Releases.ShouldBe(
            [new("wa:351910000002", left), new("user:PT.7Hq2", left)],
            ignoreOrder: true
        );
        decision.Commit.Claims.ShouldBe(["wa:351910000009", "user:PT.8Kp3"], ignoreOrder: true);
        decision.After.Row.WaId.ShouldBe("351910000009");
        decision.Types().ShouldContain("identity_changed");
        // A message from before the change, told late, does not turn it back.
        var late = ReceiveDecider.Decide(
            decision.After,
            Receive(Message("b", Start.AddHours(2), Start.AddMinutes(30), from: new("351910000002", "PT.8Kp3"))),
            At(Start.AddHours(2))
        );
        late.After.Row.WaId.ShouldBe("351910000009");
        late.Commit!.Claims.ShouldBeEmpty();
    }

    [Fact]
    public void A_message_from_the_time_of_a_number_that_was_let_go_is_taken_and_changes_nothing_of_who_the_customer_is()
    {
        var state = NewThread.After(Start, Message("a", Start, from: new("351910000002", null)));
        var change = Message("s", Start.AddHours(2), type: "system", from: new("351910000002", null)) with
        {
            BecomesCustomer = new CustomerIdentity("351910000009", null),
        };
        var moved = ReceiveDecider.Decide(state, Receive(change), At(Start.AddHours(2))).After;
        var late = Receive(Message("b", Start.AddHours(3), Start.AddHours(1), from: new("351910000002", null)));

        ReceiveDecider.IsMine(moved, late).ShouldBeFalse();
        ReceiveDecider.IsMine(moved, late with { IsFormer = true }).ShouldBeTrue();
        ReceiveDecider.IsMine(NewThread, late with { IsFormer = true }).ShouldBeFalse("it begins no thread");
        var decision = ReceiveDecider.Decide(
            moved,
            late with
            {
                IsFormer = true,
            },
            At(Start.AddHours(3)) with
            {
                IsFormer = true,
            }
        );
        decision.Commit!.Messages.ShouldContain(m => m.Wamid == "b");
        decision.Commit.Claims.ShouldBeEmpty();
        decision.Commit.Releases.ShouldBeEmpty();
        (decision.After.Row.WaId, decision.After.Row.IdentityAt).ShouldBe((moved.Row.WaId, moved.Row.IdentityAt));
    }

    [Fact]
    public void A_number_change_told_late_does_not_turn_the_thread_back()
    {
        var state = NewThread.After(Start, Message("a", Start, from: new("351910000002", "PT.7Hq2")));
        var newest = Message("s2", Start.AddHours(2), type: "system") with
        {
            BecomesCustomer = new CustomerIdentity("351910000009", "PT.7Hq2"),
        };
        var moved = ReceiveDecider.Decide(state, Receive(newest), At(Start.AddHours(2))).After;
        var late = Message("s1", Start.AddHours(3), Start.AddHours(1), type: "system") with
        {
            BecomesCustomer = new CustomerIdentity("351910000005", "PT.7Hq2"),
        };

        var decision = ReceiveDecider.Decide(moved, Receive(late), At(Start.AddHours(3)));

        decision.After.Row.WaId.ShouldBe("351910000009");
        decision.Commit!.Releases.ShouldBeEmpty();
        decision.Commit.Claims.ShouldBeEmpty();
        decision.Commit.Messages.ShouldHaveSingleItem().Wamid.ShouldBe("s1");
    }

    [Fact]
    public void An_identity_claimed_and_let_go_in_one_decision_is_let_go_and_not_claimed()
    {
        var change = Message("s", Start, type: "system") with
        {
            BecomesCustomer = new CustomerIdentity("351910000009", "PT.7Hq2"),
        };

        var decision = ReceiveDecider.Decide(NewThread, Receive(change), At(Start));

        decision.Commit!.Releases.Select(r => r.Identity).ShouldBe(["wa:351910000002"]);
        decision.Commit.Claims.ShouldBe(["wa:351910000009", "user:PT.7Hq2"], ignoreOrder: true);
        decision.After.Identities.ShouldBe(["wa:351910000009", "user:PT.7Hq2"], ignoreOrder: true);
    }

    [Fact]
    public void A_released_number_leaves_the_thread_to_its_id()
    {
        var state = NewThread.After(Start, Message("a", Start));
        var released = ReceiveDecider.Release(state, "wa:351910000002", "PT.New", Start, Start);
        released.Commit!.Releases.ShouldBe([new("wa:351910000002", Start)]);
        released.After.Row.WaId.ShouldBeNull();
        released.After.Row.UserId.ShouldBe("PT.7Hq2");
        ReceiveDecider.Release(released.After, "wa:351910000002", "PT.New", Start, Start).Commit.ShouldBeNull();
        ReceiveDecider.Release(state, "wa:351910000002", "PT.7Hq2", Start, Start).Commit.ShouldBeNull();
    }

    [Fact]
    public void A_replay_puts_the_true_content_in_the_place_of_the_placeholder()
    {
        var leftover = Guid.NewGuid();
        var state = NewThread.After(Start, Message("a", Start));
        var decision = ReceiveDecider.Replay(state, leftover, 3, Message("a", Start), Start.AddHours(1));
        var replaced = decision.Commit!.Replacements.Single();
        replaced.LeftoverId.ShouldBe(leftover);
        replaced.Message.Seq.ShouldBe(3);
        decision.After.Row.ShouldBe(state.Row);
    }
}
