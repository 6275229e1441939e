using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using static Threadkeep.Grains.Tests.Threads.Sample;

namespace Threadkeep.Grains.Tests.Threads;

public sealed class SendDeciderTests
{
    private static readonly ThreadState Open = NewThread.After(Start, Message("a", Start));
    private static readonly DrawnSlot Slot = new(Start, 1);
    private static readonly DateTimeOffset Later = Start.AddHours(24);

    [Fact]
    public void Outside_the_window_only_a_template_is_accepted()
    {
        SendDecider.Refuse(NewThread, Send("text", "k"), Start)!.Refusal.ShouldBe(AcceptRefusal.NoSuchThread);
        SendDecider.Refuse(Open, Send("text", "k"), Later.AddTicks(-1)).ShouldBeNull();
        SendDecider
            .Refuse(Open, Send("text", "k"), Later)
            .ShouldBe(new AcceptResult(0, AcceptRefusal.SessionClosed, Later));
        SendDecider.Refuse(Open, Send("template", "k"), Later).ShouldBeNull();
        var unreachable = Open with { Row = Open.Row with { WaId = null, UserId = null } };
        SendDecider.Refuse(unreachable, Send("template", "k"), Later)!.Refusal.ShouldBe(AcceptRefusal.NoAddress);
    }

    [Fact]
    public void Only_a_template_outside_and_the_first_answer_of_an_old_session_count()
    {
        var (never, always) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        SendDecider.CountsAs(Open, isTemplate: true, Later, always).ShouldBe(LedgerRow.BusinessInitiated);
        SendDecider.CountsAs(Open, isTemplate: true, Start, never).ShouldBeNull();
        SendDecider.CountsAs(Open, isTemplate: false, Start, never).ShouldBeNull();
        SendDecider.CountsAs(Open, isTemplate: false, Start, Start).ShouldBeNull(); // before, not at
        SendDecider.CountsAs(Open, isTemplate: false, Start, Start.AddTicks(1)).ShouldBe(LedgerRow.UserInitiated);
        var counted = SendDecider.Accept(Open, Send("text", "k"), LedgerRow.UserInitiated, Slot, Start).After;
        SendDecider.CountsAs(counted, isTemplate: false, Start, always).ShouldBeNull();
    }

    [Fact]
    public void Text_picture_text_leave_in_that_order_and_one_at_a_time()
    {
        var state = Accepted(Open, Start, "text", "image", "text");
        var seqs = state.Queue.Select(q => q.Seq).ToArray();

        var first = Take(state, Start);
        first.Result.Attempt!.Seq.ShouldBe(seqs[0]);
        Take(first.Decision.After, Start).Result.NotBefore.ShouldBe(Start.AddSeconds(30));

        state = Settle(first, AttemptResult.Accepted);
        Take(state, Start).Result.NeedsMedia!.Seq.ShouldBe(seqs[1]);
        var second = Take(state, Start, new PreparedMedia(seqs[1], "910"));
        second.Result.Attempt!.Seq.ShouldBe(seqs[1]);
        Body(second)["image"]!["id"]!.GetValue<string>().ShouldBe("910");

        var third = Take(Settle(second, AttemptResult.Accepted), Start);
        third.Result.Attempt!.Seq.ShouldBe(seqs[2]);
        Take(Settle(third, AttemptResult.Accepted), Start).Result.ShouldBe(new TakeResult());
    }

    [Fact]
    public void An_attempt_that_expired_is_unconfirmed_and_the_next_message_goes_on()
    {
        var state = Accepted(Open, Start, "text", "text");
        var first = Take(state, Start);
        var next = Take(first.Decision.After, Start.AddSeconds(30));
        next.Decision.Commit!.Changes.Select(c => (c.Seq, c.Status))
            .ShouldBe([(state.Queue[0].Seq, MessageStatus.Unconfirmed), (state.Queue[1].Seq, MessageStatus.Sending)]);
        next.Result.Attempt!.Seq.ShouldBe(state.Queue[1].Seq);

        // What became of it is told late: it is recorded all the same, and the one on its way is left alone.
        var settled = SendDecider.Settle(
            next.Decision.After,
            first.Result.Attempt!,
            new AttemptOutcome(AttemptResult.Accepted, "wamid.late"),
            null,
            Start.AddSeconds(31)
        );
        settled.Commit!.Changes.Single().Status.ShouldBe(MessageStatus.Sent);
        settled.After.Queue.ShouldBe(next.Decision.After.Queue);
        SendDecider
            .Settle(
                next.Decision.After,
                first.Result.Attempt!,
                new AttemptOutcome(AttemptResult.Unknown),
                null,
                Start.AddSeconds(31)
            )
            .Commit.ShouldBeNull();
    }

    [Fact]
    public void A_text_whose_window_closed_meanwhile_fails_without_a_call_and_a_template_behind_it_goes_on()
    {
        var state = Accepted(Open, Start, "text", "template");
        var next = SendDecider.TakeNext(state, null, Guid.NewGuid(), null, null, Later);
        next.NeedsSlot.ShouldBe(state.Queue[1].Seq);
        var failed = next.Decision.Commit!.Changes.Single();
        (failed.Seq, failed.Status, failed.ErrorCode).ShouldBe(
            (state.Queue[0].Seq, MessageStatus.Failed, "session_closed")
        );
        var started = SendDecider.TakeNext(
            next.Decision.After,
            null,
            Guid.NewGuid(),
            (state.Queue[1].Seq, Slot),
            null,
            Later
        );
        started.Decision.Commit!.Ledger.Single().State.ShouldBe(LedgerRow.Reserved);
        started.Result.Attempt.ShouldNotBeNull();
    }

    [Fact]
    public void A_template_that_must_draw_and_cannot_fails_as_exhausted()
    {
        var state = Accepted(Open, Start, "template");
        var next = SendDecider.TakeNext(state, null, Guid.NewGuid(), null, state.Queue[0].Seq, Later);
        next.Decision.Commit!.Changes.Single().ErrorCode.ShouldBe("quota_exhausted");
        next.Result.ShouldBe(new TakeResult());
    }

    [Fact]
    public void A_reservation_is_released_where_the_message_leaves_inside_a_session_after_all()
    {
        var state = SendDecider.Accept(Open, Send("template", "k"), LedgerRow.BusinessInitiated, Slot, Later).After;
        var reopened = state.After(Later, Message("b", Later));
        var next = Take(reopened, Later);
        var released = next.Decision.Commit!.Ledger.Single();
        (released.State, released.ReleasedFor).ShouldBe((LedgerRow.Released, LedgerRow.LeftInside));

        // It never counted, so it does not count again: neither when it arrives, nor when it fails first.
        Again(MessageStatus.Sent, null, StatusStage.Delivered).ShouldBeEmpty();
        Again(MessageStatus.Failed, Later, StatusStage.Delivered).ShouldBeEmpty();
        Again(MessageStatus.Delivered, Later, StatusStage.Failed, StatusStage.Read).ShouldBeEmpty();

        IEnumerable<LedgerRow> Again(MessageStatus status, DateTimeOffset? failedAt, params StatusStage[] told)
        {
            var seq = released.Seq;
            StatusItem[] items = [.. told.Select(t => Status(seq, t))];
            var stored = StoredAs(status, failedAt, released);
            SendDecider
                .ApplyStatuses(next.Decision.After, items, stored, new Dictionary<int, int>(), Later)
                .Commit!.Ledger.ShouldBeEmpty();
            return SendDecider.CountsAgain(next.Decision.After, items, stored);
        }
    }

    [Theory]
    [InlineData(LedgerRow.Failed, null, StatusStage.Delivered, true)]
    [InlineData(LedgerRow.Failed, null, StatusStage.Failed, false)] // told twice, it needs no slot
    [InlineData(LedgerRow.Failed, null, StatusStage.Sent, false)]
    [InlineData(LedgerRow.Cancelled, 1, StatusStage.Delivered, false)]
    [InlineData(LedgerRow.LeftInside, 1, StatusStage.Delivered, false)]
    [InlineData(null, 1, StatusStage.Delivered, true)] // released before the reason was kept
    [InlineData(null, null, StatusStage.Delivered, false)]
    public void A_released_draw_counts_again_where_its_message_failed_and_was_delivered(
        string? reason,
        int? failed,
        StatusStage told,
        bool again
    )
    {
        var draw = new LedgerRow(7, Slot.PeriodStart, 1, LedgerRow.BusinessInitiated, LedgerRow.Released, null, reason);
        var stored = StoredAs(MessageStatus.Failed, failed is null ? null : Later, draw);
        SendDecider.CountsAgain(Open, [Status(7, told)], stored).Any().ShouldBe(again);
    }

    [Fact]
    public void What_was_told_to_be_delivered_stays_counted_though_Metas_answer_says_refused()
    {
        var accepted = SendDecider.Accept(Open, Send("template", "k"), LedgerRow.BusinessInitiated, Slot, Later);
        var taken = Take(accepted.After, Later);
        var attempt = taken.Result.Attempt!;
        var stored = StoredAs(MessageStatus.Sending, null, accepted.Commit!.Ledger.Single());
        var delivered = SendDecider.ApplyStatuses(
            taken.Decision.After,
            [Status(attempt.Seq, StatusStage.Delivered)],
            stored,
            new Dictionary<int, int>(),
            Later
        );
        var counted = delivered.Commit!.Ledger.Single();
        counted.State.ShouldBe(LedgerRow.Counted);

        var refused = new AttemptOutcome(AttemptResult.Refused, Code: "not_on_whatsapp");
        var now = StoredAs(MessageStatus.Delivered, null, counted)[attempt.Seq];
        SendDecider.Settle(delivered.After, attempt, refused, now, Later).Commit!.Ledger.ShouldBeEmpty();
        var unconfirmed = StoredAs(MessageStatus.Unconfirmed, null, counted)[attempt.Seq];
        var given = SendDecider.Settle(delivered.After, attempt, refused, unconfirmed, Later).Commit!.Ledger.Single();
        (given.State, given.ReleasedFor).ShouldBe((LedgerRow.Released, LedgerRow.Failed));
    }

    private static Dictionary<int, StoredMessage> StoredAs(
        MessageStatus status,
        DateTimeOffset? failedAt,
        LedgerRow draw
    ) => new() { [draw.Seq] = new(draw.Seq, MessageDirection.Outbound, status, null, failedAt, draw) };

    [Fact]
    public void The_ledger_goes_from_reserved_to_counted_to_released_and_counts_again()
    {
        var accepted = SendDecider.Accept(Open, Send("template", "k"), LedgerRow.BusinessInitiated, Slot, Later);
        var draw = accepted.Commit!.Ledger.Single();
        draw.State.ShouldBe(LedgerRow.Reserved);
        var state = accepted.After;
        var taken = Take(state, Later);
        var sent = SendDecider.Settle(
            taken.Decision.After,
            taken.Result.Attempt!,
            new AttemptOutcome(AttemptResult.Accepted, "w"),
            null,
            Later
        );
        draw = sent.Commit!.Ledger.Single();
        draw.State.ShouldBe(LedgerRow.Counted);

        draw = Apply(StatusStage.Failed, MessageStatus.Failed, draw, null);
        draw.State.ShouldBe(LedgerRow.Released);

        draw = Apply(StatusStage.Delivered, MessageStatus.Delivered, draw, 5);
        (draw.State, draw.Slot, draw.PeriodStart).ShouldBe((LedgerRow.Counted, 5, Slot.PeriodStart));

        LedgerRow Apply(StatusStage stage, MessageStatus merged, LedgerRow before, int? newSlot) =>
            SendDecider
                .ApplyStatuses(
                    sent.After,
                    [Status(draw.Seq, stage)],
                    StoredAs(merged, Later, before),
                    newSlot is { } n ? new Dictionary<int, int> { [draw.Seq] = n } : [],
                    Later
                )
                .Commit!.Ledger.Single();
    }

    [Fact]
    public void A_refusal_for_now_holds_what_is_behind_it_and_gives_up_after_an_hour()
    {
        var state = Accepted(Open, Start, "text", "text");
        var taken = Take(state, Start);
        var held = SendDecider.Settle(
            taken.Decision.After,
            taken.Result.Attempt!,
            new AttemptOutcome(AttemptResult.RetryLater, RetryAfter: TimeSpan.FromSeconds(4)),
            null,
            Start
        );
        held.Commit!.Changes.Single().Backwards.ShouldBeTrue();
        Take(held.After, Start).Result.NotBefore.ShouldBe(Start.AddSeconds(4));
        Take(held.After, Start.AddSeconds(4)).Result.Attempt!.Seq.ShouldBe(state.Queue[0].Seq);
        var old = Take(held.After, Start.AddHours(1).AddTicks(1));
        old.Decision.Commit!.Changes[0].ErrorCode.ShouldBe("expired_in_queue");
        old.Result.Attempt!.Seq.ShouldBe(state.Queue[1].Seq);
    }

    [Fact]
    public void What_only_waited_does_not_grow_too_old()
    {
        var state = Accepted(NewThread.After(Start.AddHours(3), Message("a", Start.AddHours(3))), Start, "text");
        Take(state, Start.AddHours(3)).Result.Attempt.ShouldNotBeNull();
    }

    [Fact]
    public void A_queued_message_can_be_taken_back_and_one_on_its_way_cannot()
    {
        var state = SendDecider.Accept(Open, Send("template", "k"), LedgerRow.BusinessInitiated, Slot, Later).After;
        var seq = state.Queue[0].Seq;
        var cancelled = SendDecider.Cancel(state, seq, Later)!;
        cancelled.Commit!.Changes.Single().Status.ShouldBe(MessageStatus.Cancelled);
        cancelled.Commit.Ledger.Single().State.ShouldBe(LedgerRow.Released);
        cancelled.After.Queue.ShouldBeEmpty();
        SendDecider.Cancel(Take(state, Later).Decision.After, seq, Later).ShouldBeNull();
        SendDecider.Cancel(cancelled.After, seq, Later).ShouldBeNull();
    }

    [Fact]
    public void The_address_is_the_one_that_holds_when_it_leaves()
    {
        var state = Accepted(Open, Start, "text");
        Body(Take(state, Start))["to"]!.GetValue<string>().ShouldBe("351910000002");
        var released = ReceiveDecider.Release(state, "wa:351910000002", "PT.New", Start, Start).After;
        var body = Body(Take(released, Start));
        body.ContainsKey("to").ShouldBeFalse();
        body["recipient"]!.GetValue<string>().ShouldBe("PT.7Hq2");
        MessageId.TryParse(body["biz_opaque_callback_data"]!.GetValue<string>(), out var id).ShouldBeTrue();
        id.ShouldBe(new MessageId(state.Thread, state.Queue[0].Seq));
    }

    [Fact]
    public void A_picture_that_can_never_leave_fails_and_one_that_may_later_waits()
    {
        var state = Accepted(Open, Start, "image");
        var seq = state.Queue[0].Seq;
        var failed = SendDecider.FailQueued(
            state,
            seq,
            new AttemptOutcome(AttemptResult.Refused, Code: "media_rejected"),
            Start
        );
        failed.Commit!.Changes.Single().ErrorCode.ShouldBe("media_rejected");
        failed.After.Queue.ShouldBeEmpty();
        var waits = SendDecider.FailQueued(
            state,
            seq,
            new AttemptOutcome(AttemptResult.RetryLater, RetryAfter: TimeSpan.FromMinutes(1)),
            Start
        );
        waits.After.Queue.Single().Row.DueAt.ShouldBe(Start.AddMinutes(1));
    }

    [Fact]
    public void A_reply_overtakes_bulk_that_waits_and_not_what_is_on_its_way()
    {
        var state = new[] { Send("template", "one") with { Bulk = true }, Send("template", "two") with { Bulk = true } }
            .Append(Send("text", "reply"))
            .Aggregate(Open, (s, command) => SendDecider.Accept(s, command, null, null, Start).After);
        var (first, second, reply) = (state.Queue[0].Seq, state.Queue[1].Seq, state.Queue[2].Seq);

        var taken = Take(state, Start);
        taken.Result.Attempt!.Seq.ShouldBe(reply);
        Take(taken.Decision.After, Start).Result.Attempt.ShouldBeNull("one message of a thread at a time");
        var then = Take(Settle(taken, AttemptResult.Accepted), Start);
        then.Result.Attempt!.Seq.ShouldBe(first);
        Take(Settle(then, AttemptResult.Accepted), Start).Result.Attempt!.Seq.ShouldBe(second);
    }

    private static ThreadState Accepted(ThreadState state, DateTimeOffset now, params string[] types) =>
        types
            .Select((type, n) => Send(type, $"{type}{n}"))
            .Aggregate(state, (s, command) => SendDecider.Accept(s, command, null, null, now).After);

    private static SendDecider.Next Take(ThreadState state, DateTimeOffset now, PreparedMedia? prepared = null) =>
        SendDecider.TakeNext(state, prepared, Guid.NewGuid(), null, null, now);

    private static ThreadState Settle(SendDecider.Next taken, AttemptResult result) =>
        SendDecider
            .Settle(taken.Decision.After, taken.Result.Attempt!, new AttemptOutcome(result, "wamid"), null, Start)
            .After;

    private static JsonObject Body(SendDecider.Next taken) => JsonNode.Parse(taken.Result.Attempt!.Body)!.AsObject();

    private static StatusItem Status(int seq, StatusStage stage) =>
        new()
        {
            Wamid = "w",
            Stage = stage,
            At = Later,
            MessageId = new MessageId(Open.Thread, seq),
            Raw = [],
            ReceivedAt = Later,
        };
}
