using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Channels;

namespace Threadkeep.Threads;

/// <summary>A slot drawn from the quota for one message, not yet written.</summary>
public sealed record DrawnSlot(DateTimeOffset PeriodStart, int Slot);

/// <summary>Decides about messages that leave: accepting them, when the next one goes, and what became of it. Pure.</summary>
public static class SendDecider
{
    /// <summary>A post may be made this long after its start was recorded, and not later.</summary>
    public static readonly TimeSpan AttemptLifetime = TimeSpan.FromSeconds(30);

    /// <summary>What Meta keeps refusing for now fails after this, so that what waits behind it can go.</summary>
    public static readonly TimeSpan MaxQueueAge = TimeSpan.FromHours(1);

    /// <summary>Why a message would have to be counted when it is accepted now; null: it takes nothing from the quota.</summary>
    /// <param name="userInitiatedUntil">User-initiated sessions are counted for sends before this.</param>
    public static string? CountsAs(
        ThreadState state,
        bool isTemplate,
        DateTimeOffset now,
        DateTimeOffset userInitiatedUntil
    )
    {
        if (!state.SessionIsOpen(now))
            return isTemplate ? LedgerRow.BusinessInitiated : null;
        return !state.Row.SessionCounted && state.Row.SessionSeq is not null && now < userInitiatedUntil
            ? LedgerRow.UserInitiated
            : null;
    }

    /// <summary>Why a message must not be accepted, quota aside; null where nothing stands against it.</summary>
    public static AcceptResult? Refuse(ThreadState state, AcceptMessage command, DateTimeOffset now)
    {
        if (!state.Exists)
            return new AcceptResult(0, AcceptRefusal.NoSuchThread);
        if (state.Row.WaId is null && state.Row.UserId is null)
            return new AcceptResult(0, AcceptRefusal.NoAddress);
        return !command.IsTemplate && !state.SessionIsOpen(now)
            ? new AcceptResult(0, AcceptRefusal.SessionClosed, SessionWindow.EndOf(state.Row.LastInboundAt))
            : null;
    }

    /// <summary>Accepts a message that nothing stands against: queued, under its key, with its draw on the quota.</summary>
    public static Decision Accept(
        ThreadState state,
        AcceptMessage command,
        string? countsAs,
        DrawnSlot? slot,
        DateTimeOffset now
    )
    {
        var changes = new ThreadChanges(state, now) { NeedsConnectedChannel = true };
        // Meta stamps whole seconds: with finer ones of our own, an answer within the same second would stand before its question.
        var at = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, now.Offset);
        var seq = changes.NextSeq();
        changes.Add(
            new MessageRow
            {
                Seq = seq,
                Direction = MessageDirection.Outbound,
                Type = command.Type,
                Text = command.Text,
                At = at,
                ReceivedAt = now,
                Status = MessageStatus.Queued,
                Agent = command.Agent,
                Body = command.Body,
                TemplateName = command.TemplateName,
                TemplateLanguage = command.TemplateLanguage,
                MediaState = command.Media is null ? null : MediaState.Ready,
                Media = command.Media,
            }
        );
        if (command.RepeatsSeq is { } repeated)
            changes.Change(new MessageChange { Seq = repeated, RepeatedBy = seq });
        changes.Add(new KeyRow(command.IdempotencyKey, seq, command.RequestHash));
        changes.Enqueue(
            new QueuedSend(
                new QueueRow
                {
                    Seq = seq,
                    DueAt = now,
                    AcceptedAt = now,
                },
                new OutboundContent(command.Type, command.Body, command.Media),
                Ledger: null
            )
        );
        if (countsAs is not null)
            Draw(changes, seq, countsAs, slot!);
        changes.Row = changes.Row with { AnswerOwed = false };
        return changes.ToDecision();
    }

    /// <summary>Takes back what is still queued; null where it is not.</summary>
    public static Decision? Cancel(ThreadState state, int seq, DateTimeOffset now)
    {
        if (state.Queue.Find(q => q.Seq == seq) is not { IsSending: false } send)
            return null;
        var changes = new ThreadChanges(state, now);
        changes.Change(new MessageChange { Seq = seq, Status = MessageStatus.Cancelled });
        Release(changes, send);
        changes.Dequeue(seq);
        return changes.ToDecision();
    }

    /// <summary>What the dispatcher should do next, and what must be committed before it does.</summary>
    /// <param name="Decision">Its commit is null where nothing changes.</param>
    /// <param name="NeedsSlot">The first message that may leave must draw on the quota first: call again with a slot, or with none left.</param>
    public sealed record Next(Decision Decision, TakeResult Result, int? NeedsSlot = null);

    /// <summary>Ends what has expired, fails what may not leave any more, and marks the first that may as sending.</summary>
    /// <param name="attempt">The id for a new attempt; the same in a repeated decision, so that a commit of unknown outcome is recognised.</param>
    /// <param name="slot">A slot drawn for the message that needed one, by its number.</param>
    /// <param name="exhausted">The message that needs a slot and cannot have one.</param>
    public static Next TakeNext(
        ThreadState state,
        PreparedMedia? prepared,
        Guid attempt,
        (int Seq, DrawnSlot Slot)? slot,
        int? exhausted,
        DateTimeOffset now
    )
    {
        var changes = new ThreadChanges(state, now);
        foreach (var send in state.Queue)
        {
            if (send.Row.Attempt == attempt)
                return new Next(
                    new Decision(null, state),
                    new TakeResult(ToAttempt(state, send, prepared, attempt, send.Row.ExpiresAt!.Value))
                );
            if (send.IsSending)
            {
                if (send.Row.ExpiresAt > now)
                    return Wait(send.Row.ExpiresAt);
                Unconfirm(changes, send, now);
                continue;
            }
            if (now - send.Row.AcceptedAt > MaxQueueAge && send.Row.Tries > 0)
            {
                Fail(changes, send, "expired_in_queue", null, null, now);
                continue;
            }
            if (send.Row.DueAt > now)
                return Wait(send.Row.DueAt);
            if (state.Row.WaId is null && state.Row.UserId is null)
            {
                Fail(changes, send, "customer_unreachable", null, null, now);
                continue;
            }

            var open = state.SessionIsOpen(now);
            if (!open && !send.Content.IsTemplate)
            {
                Fail(changes, send, "session_closed", null, null, now);
                continue;
            }
            if (!open && send.Ledger is null && slot?.Seq != send.Seq)
            {
                if (exhausted != send.Seq)
                    return new Next(changes.ToDecision(), new TakeResult(), NeedsSlot: send.Seq);
                Fail(changes, send, "quota_exhausted", null, null, now);
                continue;
            }
            if (send.Content.Media is { } media && prepared?.Seq != send.Seq)
                return new Next(changes.ToDecision(), new TakeResult(NeedsMedia: new MediaToUpload(send.Seq, media)));

            if (!open && slot is { } drawn && drawn.Seq == send.Seq)
                Draw(changes, send.Seq, LedgerRow.BusinessInitiated, drawn.Slot);
            else if (open && send.Ledger is { Kind: LedgerRow.BusinessInitiated } reserved)
                changes.Write(reserved with { State = LedgerRow.Released }); // it leaves inside a session after all
            return Start(changes, state, send, prepared, attempt, now);
        }
        return Wait(null);

        Next Wait(DateTimeOffset? until) => new(changes.ToDecision(), new TakeResult(NotBefore: until));
    }

    private static Next Start(
        ThreadChanges changes,
        ThreadState state,
        QueuedSend send,
        PreparedMedia? prepared,
        Guid attempt,
        DateTimeOffset now
    )
    {
        changes.NeedsConnectedChannel = true;
        var expires = now + AttemptLifetime;
        var current = changes.Queue.Find(q => q.Seq == send.Seq)!;
        changes.Enqueue(
            current with
            {
                Row = current.Row with
                {
                    Attempt = attempt,
                    ExpiresAt = expires,
                    DueAt = expires,
                    Tries = current.Row.Tries + 1,
                },
            }
        );
        changes.Change(new MessageChange { Seq = send.Seq, Status = MessageStatus.Sending });
        return new Next(changes.ToDecision(), new TakeResult(ToAttempt(state, send, prepared, attempt, expires)));
    }

    /// <summary>Records what became of an attempt, also one that had been given up meanwhile.</summary>
    /// <param name="ledger">The message's draw on the quota, where the queue no longer holds it.</param>
    public static Decision Settle(
        ThreadState state,
        SendAttempt attempt,
        AttemptOutcome outcome,
        LedgerRow? ledger,
        DateTimeOffset now
    )
    {
        var changes = new ThreadChanges(state, now);
        var send = state.Queue.Find(q => q.Row.Attempt == attempt.Id);
        var draw = send is null ? ledger : send.Ledger;
        switch (outcome.Result)
        {
            case AttemptResult.Accepted:
                changes.Change(
                    new MessageChange
                    {
                        Seq = attempt.Seq,
                        Status = MessageStatus.Sent,
                        Wamid = outcome.Wamid,
                        SentAt = now,
                    }
                );
                Count(changes, draw);
                break;
            case AttemptResult.RetryLater when send is not null:
                changes.Change(
                    new MessageChange
                    {
                        Seq = attempt.Seq,
                        Status = MessageStatus.Queued,
                        Backwards = true,
                        MetaErrorCode = outcome.MetaCode,
                        ErrorDetail = outcome.Detail,
                    }
                );
                changes.Enqueue(
                    send with
                    {
                        Row = send.Row with { Attempt = null, ExpiresAt = null, DueAt = now + outcome.RetryAfter },
                    }
                );
                return changes.ToDecision();
            case AttemptResult.Unknown when send is not null:
                Unconfirm(changes, send, now);
                return changes.ToDecision();
            case AttemptResult.Unknown:
                return new Decision(null, state);
            default:
                Fail(changes, attempt.Seq, draw, outcome.Code, outcome.MetaCode, outcome.Detail, now);
                break;
        }
        if (send is not null)
            changes.Dequeue(attempt.Seq);
        return changes.ToDecision();
    }

    /// <summary>Fails a message that is queued and can never leave.</summary>
    public static Decision FailQueued(ThreadState state, int seq, AttemptOutcome outcome, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now);
        if (state.Queue.Find(q => q.Seq == seq) is not { IsSending: false } send)
            return new Decision(null, state);
        if (outcome.Result == AttemptResult.RetryLater)
            changes.Enqueue(
                send with
                {
                    Row = send.Row with { DueAt = now + outcome.RetryAfter, Tries = send.Row.Tries + 1 },
                }
            );
        else
            Fail(changes, send, outcome.Code, outcome.MetaCode, outcome.Detail, now);
        return changes.ToDecision();
    }

    /// <summary>Applies statuses of messages that only the thread may settle.</summary>
    /// <param name="stored">Each message, as PostgreSQL has it now.</param>
    /// <param name="recount">A new slot for each draw of <see cref="MayCountAgain"/>, by message.</param>
    public static Decision ApplyStatuses(
        ThreadState state,
        IReadOnlyList<StatusItem> statuses,
        IReadOnlyDictionary<int, StoredMessage> stored,
        IReadOnlyDictionary<int, int> recount,
        DateTimeOffset now
    )
    {
        var changes = new ThreadChanges(state, now);
        var visible = false;
        foreach (var group in statuses.GroupBy(s => s.MessageId!.Value.Seq))
        {
            if (!stored.TryGetValue(group.Key, out var before))
                continue;
            var told = StatusFold.Fold(group);
            var after = StatusFold.Forward(before.Status!.Value, told.Status);
            // SQL has merged it where the message had left already; where it left meanwhile, nobody has. Merging again is harmless.
            changes.Change(
                new MessageChange
                {
                    Seq = group.Key,
                    Status = told.Status,
                    Wamid = group.First().Wamid,
                    SentAt = told.SentAt,
                    DeliveredAt = told.DeliveredAt,
                    ReadAt = told.ReadAt,
                    PlayedAt = told.PlayedAt,
                    FailedAt = told.FailedAt,
                    ErrorCode = told.ErrorCode,
                    MetaErrorCode = told.MetaErrorCode,
                    ErrorDetail = told.ErrorDetail,
                }
            );
            visible |= before.Status <= MessageStatus.Unconfirmed || after != before.Status;
            SettleDraw(changes, before.Ledger, after, recount.TryGetValue(group.Key, out var slot) ? slot : null);
            if (state.Queue.Exists(q => q.Seq == group.Key))
                changes.Dequeue(group.Key);
        }
        changes.Visible = visible;
        return changes.ToDecision();
    }

    /// <summary>
    /// Draws that were released because their message failed: delivered after all, they count again, in their own period with a
    /// slot of their own. One that left inside a session stays released, and so does a session's whose place another message took.
    /// </summary>
    public static IEnumerable<(int Seq, LedgerRow Ledger)> MayCountAgain(
        ThreadState state,
        IEnumerable<StoredMessage> stored
    )
    {
        var session = state.Row.SessionCounted ? null : state.Row.SessionSeq;
        foreach (var message in stored)
        {
            if (message is not { Ledger: { State: LedgerRow.Released } draw, FailedAt: not null })
                continue;
            if (draw.SessionSeq is not null)
            {
                if (draw.SessionSeq != session)
                    continue;
                session = null;
            }
            yield return (message.Seq, draw);
        }
    }

    private static void SettleDraw(ThreadChanges changes, LedgerRow? draw, MessageStatus after, int? newSlot)
    {
        if (draw is null)
            return;
        if (after == MessageStatus.Failed)
            Release(changes, draw);
        else if (draw.State == LedgerRow.Released)
            CountAgain(changes, draw, newSlot);
        else
            Count(changes, draw);
    }

    private static void CountAgain(ThreadChanges changes, LedgerRow draw, int? slot)
    {
        if (slot is null)
            return;
        changes.Write(draw with { State = LedgerRow.Counted, Slot = slot.Value });
        if (draw.SessionSeq is not null)
            changes.Row = changes.Row with { SessionCounted = true };
    }

    private static void Draw(ThreadChanges changes, int seq, string kind, DrawnSlot slot)
    {
        var session = kind == LedgerRow.UserInitiated ? changes.Row.SessionSeq : null;
        changes.Write(new LedgerRow(seq, slot.PeriodStart, slot.Slot, kind, LedgerRow.Reserved, session));
        if (session is not null)
            changes.Row = changes.Row with { SessionCounted = true };
    }

    private static void Count(ThreadChanges changes, LedgerRow? draw)
    {
        if (draw is { State: LedgerRow.Reserved })
            changes.Write(draw with { State = LedgerRow.Counted });
    }

    private static void Release(ThreadChanges changes, QueuedSend send)
    {
        if (send.Ledger is { } draw)
            Release(changes, draw);
    }

    private static void Release(ThreadChanges changes, LedgerRow draw)
    {
        if (draw.State == LedgerRow.Released)
            return;
        changes.Write(draw with { State = LedgerRow.Released });
        // The session's next message counts for it instead.
        if (draw.SessionSeq is not null && draw.SessionSeq == changes.Row.SessionSeq)
            changes.Row = changes.Row with { SessionCounted = false };
    }

    private static void Unconfirm(ThreadChanges changes, QueuedSend send, DateTimeOffset now)
    {
        changes.Change(
            new MessageChange
            {
                Seq = send.Seq,
                Status = MessageStatus.Unconfirmed,
                UnconfirmedAt = now,
            }
        );
        Count(changes, send.Ledger);
        changes.Dequeue(send.Seq);
    }

    private static void Fail(
        ThreadChanges changes,
        QueuedSend send,
        string? code,
        int? metaCode,
        string? detail,
        DateTimeOffset now
    )
    {
        Fail(changes, send.Seq, send.Ledger, code, metaCode, detail, now);
        changes.Dequeue(send.Seq);
    }

    private static void Fail(
        ThreadChanges changes,
        int seq,
        LedgerRow? draw,
        string? code,
        int? metaCode,
        string? detail,
        DateTimeOffset now
    )
    {
        changes.Change(
            new MessageChange
            {
                Seq = seq,
                Status = MessageStatus.Failed,
                FailedAt = now,
                ErrorCode = code,
                MetaErrorCode = metaCode,
                ErrorDetail = detail,
            }
        );
        if (draw is not null)
            Release(changes, draw);
    }

    // The address is put in at the last moment: the customer's number may have changed since the message was accepted.
    private static SendAttempt ToAttempt(
        ThreadState state,
        QueuedSend send,
        PreparedMedia? prepared,
        Guid attempt,
        DateTimeOffset expires
    )
    {
        var body = JsonNode.Parse(send.Content.Body)!.AsObject();
        body["messaging_product"] = "whatsapp";
        body["recipient_type"] = "individual";
        if (state.Row.WaId is { } waId)
            body["to"] = waId;
        else
            body["recipient"] = state.Row.UserId;
        body["biz_opaque_callback_data"] = new MessageId(state.Thread, send.Seq).ToString();
        if (send.Content.Media is not null && body[send.Content.Type] is JsonObject file)
            file["id"] = prepared?.GraphId;
        return new SendAttempt(attempt, send.Seq, body.ToJsonString(), expires);
    }
}
