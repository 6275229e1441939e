using Threadkeep.Channels;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Threads;

/// <summary>
/// One thread that sends, with a PostgreSQL and a Meta of lists and dictionaries. After every commit it checks what must hold
/// always; <see cref="Settled"/> checks the quota against what really happened.
/// </summary>
internal sealed class SendWorld
{
    private static readonly TimeSpan PeriodLength = TimeSpan.FromDays(3);

    public sealed class Message
    {
        public required bool IsTemplate { get; init; }
        public MessageStatus Status { get; set; } = MessageStatus.Queued;
        public DateTimeOffset? FailedAt { get; set; }
        public int Starts { get; set; }

        /// <summary>Whether the session was open when it last left.</summary>
        public bool LeftInside { get; set; }
    }

    /// <summary>A post on its way: what Meta made of it, and whether its sender has heard.</summary>
    public sealed record Post(SendAttempt Attempt, bool Accepted, AttemptOutcome Outcome)
    {
        public bool IsSettled { get; set; }
    }

    private readonly int limit;
    private readonly bool countsUserInitiated;
    private int keys;

    public SendWorld(int limit, bool countsUserInitiated)
    {
        this.limit = limit;
        this.countsUserInitiated = countsUserInitiated;
        State = Sample.NewThread;
        CustomerWrites();
    }

    public DateTimeOffset Now { get; set; } = Sample.Start;

    public ThreadState State { get; private set; }

    public Dictionary<int, Message> Messages { get; } = [];

    public Dictionary<int, LedgerRow> Ledger { get; } = [];

    public List<Post> Posts { get; } = [];

    public void CustomerWrites() => State = State.After(Now, Sample.Message($"in.{++keys}", Now));

    public AcceptRefusal Accept(string type)
    {
        var command = Sample.Send(type, $"k{++keys}");
        if (SendDecider.Refuse(State, command, Now) is { } refused)
            return refused.Refusal;
        var until = countsUserInitiated ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
        var countsAs = SendDecider.CountsAs(State, command.IsTemplate, Now, until);
        var slot = countsAs is null ? null : Draw(mayPassLimit: countsAs == LedgerRow.UserInitiated, Now);
        if (countsAs is not null && slot is null)
            return AcceptRefusal.QuotaExhausted;
        Commit(SendDecider.Accept(State, command, countsAs, slot, Now));
        return AcceptRefusal.None;
    }

    /// <summary>What the dispatcher does; returns the attempt that it may post.</summary>
    public SendAttempt? TakeNext()
    {
        var attempt = Guid.NewGuid();
        (int, DrawnSlot)? slot = null;
        int? exhausted = null;
        PreparedMedia? prepared = null;
        for (var n = 0; n < 50; n++)
        {
            var before = State;
            var next = SendDecider.TakeNext(State, prepared, attempt, slot, exhausted, Now);
            if (next.Result.Attempt is { } started)
                CheckStart(before, next.Decision.After, started);
            Commit(next.Decision);
            if (next.NeedsSlot is { } seq)
            {
                var drawn = Draw(mayPassLimit: false, Now);
                slot = drawn is null ? null : (seq, drawn);
                exhausted = drawn is null ? seq : null;
            }
            else if (next.Result.NeedsMedia is { } media)
                prepared = new PreparedMedia(media.Seq, "910");
            else
            {
                if (next.Result.Attempt is { } taken)
                {
                    // Asked again after a commit of unknown outcome, the same attempt is found and nothing is written.
                    var again = SendDecider.TakeNext(State, prepared, attempt, slot, exhausted, Now);
                    again.Decision.Commit.ShouldBeNull();
                    again.Result.Attempt.ShouldBe(taken);
                }
                return next.Result.Attempt;
            }
        }
        throw new InvalidOperationException("TakeNext comes to no end.");
    }

    public void Settle(Post post)
    {
        post.IsSettled = true;
        var stored = State.Queue.Exists(q => q.Row.Attempt == post.Attempt.Id) ? null : Stored(post.Attempt.Seq);
        Commit(SendDecider.Settle(State, post.Attempt, post.Outcome, stored, Now), mayGoBack: post.Attempt.Seq);
    }

    public void Cancel(int seq)
    {
        var decision = SendDecider.Cancel(State, seq, Now);
        (decision is not null).ShouldBe(Messages[seq].Status == MessageStatus.Queued);
        if (decision is not null)
            Commit(decision);
    }

    /// <summary>A status webhook: merged as Statuses.sql does, and handed to the thread where that says so.</summary>
    /// <param name="meanwhile">Told by another webhook, whose merge passes between this one's and the thread's look.</param>
    public void Told(int seq, StatusStage[] stages, StatusStage? meanwhile = null)
    {
        var forThread = Merge(seq, stages);
        var next = meanwhile is { } stage && Merge(seq, [stage]);
        if (forThread)
            Apply(seq, stages);
        if (next)
            Apply(seq, [meanwhile!.Value]);
    }

    private bool Merge(int seq, StatusStage[] stages)
    {
        var message = Messages[seq];
        var told = StatusFold.Fold(Items(seq, stages));
        var forThread =
            message.Status <= MessageStatus.Unconfirmed
            || Ledger.GetValueOrDefault(seq) is { } draw
                && (draw.State == LedgerRow.Reserved || told.Status >= MessageStatus.Delivered);
        if (message.Status > MessageStatus.Unconfirmed)
        {
            message.Status = StatusFold.Forward(message.Status, told.Status);
            message.FailedAt ??= told.FailedAt;
        }
        return forThread;
    }

    private void Apply(int seq, StatusStage[] stages)
    {
        var items = Items(seq, stages);
        var stored = new Dictionary<int, StoredMessage> { [seq] = Stored(seq) };
        var recount = SendDecider
            .CountsAgain(State, items, stored)
            .ToDictionary(d => d.Seq, d => Draw(mayPassLimit: true, d.PeriodStart)!.Slot);
        Commit(SendDecider.ApplyStatuses(State, items, stored, recount, Now));
    }

    private StoredMessage Stored(int seq) =>
        new(
            seq,
            MessageDirection.Outbound,
            Messages[seq].Status,
            null,
            Messages[seq].FailedAt,
            Ledger.GetValueOrDefault(seq)
        );

    private StatusItem[] Items(int seq, StatusStage[] stages) =>
        [
            .. stages.Select(stage => new StatusItem
            {
                Wamid = $"wamid.{seq}",
                Stage = stage,
                At = Now,
                MessageId = new Accounts.MessageId(State.Thread, seq),
                Raw = [],
                ReceivedAt = Now,
            }),
        ];

    /// <summary>Once nothing is on its way any more: the quota says what happened, no more and no less.</summary>
    public void Settled()
    {
        foreach (var (seq, message) in Messages)
        {
            var draw = Ledger.GetValueOrDefault(seq);
            if (draw is { Kind: LedgerRow.UserInitiated })
                continue;
            var counts =
                message.Status
                is MessageStatus.Unconfirmed
                    or MessageStatus.Sent
                    or MessageStatus.Delivered
                    or MessageStatus.Read;
            var expected =
                counts && !message.LeftInside ? LedgerRow.Counted
                : message.Status == MessageStatus.Queued ? draw?.State
                : draw is null ? null
                : LedgerRow.Released;
            (draw?.State).ShouldBe(expected, $"message {seq} is {message.Status}, left inside: {message.LeftInside}");
        }
    }

    private void CheckStart(ThreadState before, ThreadState after, SendAttempt attempt)
    {
        var message = Messages[attempt.Seq];
        var open = State.SessionIsOpen(Now);
        (message.IsTemplate || open).ShouldBeTrue("free-form only leaves inside a session");
        before.Queue.All(q => !q.IsSending || q.Row.ExpiresAt <= Now).ShouldBeTrue("one in flight");
        after.Queue.All(q => q.Seq >= attempt.Seq).ShouldBeTrue("in order");
        attempt.ExpiresAt.ShouldBe(Now + SendDecider.AttemptLifetime);
        message.LeftInside = open;
        message.Starts++;
    }

    private DrawnSlot? Draw(bool mayPassLimit, DateTimeOffset at)
    {
        var period = new DateTimeOffset(at.Ticks - at.Ticks % PeriodLength.Ticks, TimeSpan.Zero);
        var used = Ledger
            .Values.Where(l => l.State != LedgerRow.Released && l.PeriodStart == period)
            .Select(l => l.Slot);
        var slot = Enumerable.Range(1, 1000).Except(used).First();
        return slot > limit && !mayPassLimit ? null : new DrawnSlot(period, slot);
    }

    private void Commit(Decision decision, int? mayGoBack = null)
    {
        if (decision.Commit is not { } commit)
        {
            decision.After.ShouldBe(State);
            return;
        }
        commit.ExpectedVersion.ShouldBe(State.Version);
        foreach (var row in commit.Messages.Where(m => m.Direction == MessageDirection.Outbound))
            Messages.Add(row.Seq, new Message { IsTemplate = row.Type == "template" });
        foreach (var change in commit.Changes)
        {
            var message = Messages[change.Seq];
            var told = change.Status!.Value;
            if (change.Backwards)
            {
                mayGoBack.ShouldBe(change.Seq);
                (message.Status, told).ShouldBe((MessageStatus.Sending, MessageStatus.Queued));
            }
            message.Status = change.Backwards ? told : StatusFold.Forward(message.Status, told);
            message.FailedAt ??= change.FailedAt;
        }
        foreach (var row in commit.Ledger)
        {
            if (Ledger.TryGetValue(row.Seq, out var was) && was.State == LedgerRow.Counted)
                row.State.ShouldNotBe(LedgerRow.Reserved);
            Ledger[row.Seq] = row;
        }
        State = decision.After;
        CheckAlways();
    }

    private void CheckAlways()
    {
        State.Queue.Count(q => q.IsSending).ShouldBeLessThanOrEqualTo(1);
        State.Queue.Select(q => q.Seq).ShouldBeInOrder();
        foreach (var send in State.Queue)
        {
            Messages[send.Seq].Status.ShouldBe(send.IsSending ? MessageStatus.Sending : MessageStatus.Queued);
            // The same as a reload would find.
            var draw = Ledger.GetValueOrDefault(send.Seq);
            send.Ledger.ShouldBe(draw?.State == LedgerRow.Released ? null : draw);
        }
        foreach (var (seq, message) in Messages)
        {
            if (message.Status is MessageStatus.Queued or MessageStatus.Sending)
                State.Queue.Exists(q => q.Seq == seq).ShouldBeTrue();
        }
        var held = Ledger.Values.Where(l => l.State != LedgerRow.Released).ToArray();
        held.Select(l => (l.PeriodStart, l.Slot)).ShouldBeUnique();
        held.Where(l => l.SessionSeq is not null).Select(l => l.SessionSeq).ShouldBeUnique();
        State.Row.SessionCounted.ShouldBe(
            held.Any(l => l.SessionSeq == State.Row.SessionSeq && l.SessionSeq is not null)
        );
    }
}
