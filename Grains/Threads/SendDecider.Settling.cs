using Threadkeep.Channels;
using Threadkeep.WhatsApp;

namespace Threadkeep.Threads;

/// <summary>What became of messages that left: Meta's answer, and what statuses tell.</summary>
public static partial class SendDecider
{
    /// <summary>Records what became of an attempt, also one that had been given up meanwhile.</summary>
    /// <param name="stored">The message as PostgreSQL has it, where the queue no longer holds the attempt.</param>
    public static Decision Settle(
        ThreadState state,
        SendAttempt attempt,
        AttemptOutcome outcome,
        StoredMessage? stored,
        DateTimeOffset now
    )
    {
        var changes = new ThreadChanges(state, now);
        var send = state.Queue.Find(q => q.Row.Attempt == attempt.Id);
        var draw = send is null ? stored?.Ledger : send.Ledger;
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
                changes.Count(draw);
                break;
            case AttemptResult.RetryLater when send is not null:
                changes.Change(
                    new MessageChange
                    {
                        Seq = attempt.Seq,
                        Status = MessageStatus.Queued,
                        Backwards = true,
                        ErrorCode = outcome.Code,
                        MetaErrorCode = outcome.MetaCode,
                        ErrorDetail = outcome.Detail,
                    }
                );
                changes.Enqueue(
                    send with
                    {
                        Row = send.Row with
                        {
                            Attempt = null,
                            ExpiresAt = null,
                            DueAt = now + outcome.RetryAfter,
                            // A token that nobody has renewed is no fault of the message: it does not grow too old by it.
                            Tries = outcome.Code == GraphErrors.TokenInvalid ? 0 : send.Row.Tries,
                        },
                    }
                );
                return changes.ToDecision();
            case AttemptResult.Unknown when send is not null:
                changes.Unconfirm(send, now);
                return changes.ToDecision();
            case AttemptResult.Unknown:
                return new Decision(null, state);
            default:
                // Told delivered meanwhile, whatever this answer says, it stays delivered and counted.
                var fails = send is not null || FailsNow(stored);
                changes.Fail(attempt.Seq, fails ? draw : null, outcome.Code, outcome.MetaCode, outcome.Detail, now);
                break;
        }
        if (send is not null)
            changes.Dequeue(attempt.Seq);
        return changes.ToDecision();
    }

    private static bool FailsNow(StoredMessage? message) =>
        message?.Status is { } status && StatusFold.Forward(status, MessageStatus.Failed) == MessageStatus.Failed;

    /// <summary>Applies statuses of messages that only the thread may settle.</summary>
    /// <param name="stored">Each message, as PostgreSQL has it now.</param>
    /// <param name="recount">A new slot for each draw of <see cref="CountsAgain"/>, by message.</param>
    public static Decision ApplyStatuses(
        ThreadState state,
        IReadOnlyList<StatusItem> statuses,
        IReadOnlyDictionary<int, StoredMessage> stored,
        IReadOnlyDictionary<int, int> recount,
        DateTimeOffset now
    )
    {
        var changes = new ThreadChanges(state, now) { Visible = false };
        foreach (var (before, wamid, told, after) in Told(statuses, stored))
        {
            // SQL has merged it where the message had left already; where it left meanwhile, nobody has. Merging again is harmless.
            changes.Change(
                new MessageChange
                {
                    Seq = before.Seq,
                    Status = told.Status,
                    Wamid = wamid,
                    SentAt = told.SentAt,
                    DeliveredAt = told.DeliveredAt,
                    ReadAt = told.ReadAt,
                    PlayedAt = told.PlayedAt,
                    FailedAt = told.FailedAt,
                    ErrorCode = told.ErrorCode,
                    MetaErrorCode = told.MetaErrorCode,
                    ErrorDetail = told.ErrorDetail,
                    PriceCategory = told.PriceCategory,
                    PriceType = told.PriceType,
                }
            );
            // A failure goes to the outbox from here even where SQL has merged it: whoever wrote the message is told (Notices).
            changes.Visible |=
                before.Status <= MessageStatus.Unconfirmed || after != before.Status || after == MessageStatus.Failed;
            if (after == MessageStatus.Failed)
                changes.Release(before.Ledger, LedgerRow.Failed);
            else if (recount.TryGetValue(before.Seq, out var slot))
                changes.CountAgain(before.Ledger!, slot);
            else
                changes.Count(before.Ledger);
            if (state.Queue.Exists(q => q.Seq == before.Seq))
                changes.Dequeue(before.Seq);
        }
        return changes.ToDecision();
    }

    /// <summary>
    /// Draws that were released because their message failed, and that these statuses show to be delivered after all: they count
    /// again, in their own period with a slot of their own. One that left inside a session stays released, whatever became of it,
    /// and so does a session's whose place another message took.
    /// </summary>
    public static IEnumerable<LedgerRow> CountsAgain(
        ThreadState state,
        IReadOnlyList<StatusItem> statuses,
        IReadOnlyDictionary<int, StoredMessage> stored
    )
    {
        var session = state.Row.SessionCounted ? null : state.Row.SessionSeq;
        foreach (var (before, _, _, after) in Told(statuses, stored))
        {
            if (before.Ledger is not { State: LedgerRow.Released } draw || !ReleasedByFailure(before))
                continue;
            if (after is not (MessageStatus.Delivered or MessageStatus.Read or MessageStatus.Played))
                continue;
            if (draw.SessionSeq is not null)
            {
                if (draw.SessionSeq != session)
                    continue;
                session = null;
            }
            yield return draw;
        }
    }

    // A silo of before the reason was kept released without one.
    private static bool ReleasedByFailure(StoredMessage message) =>
        message.Ledger!.ReleasedFor is { } reason ? reason == LedgerRow.Failed : message.FailedAt is not null;

    private static IEnumerable<(StoredMessage Before, string Wamid, FoldedStatus Told, MessageStatus After)> Told(
        IReadOnlyList<StatusItem> statuses,
        IReadOnlyDictionary<int, StoredMessage> stored
    )
    {
        foreach (var group in statuses.GroupBy(s => s.MessageId!.Value.Seq))
        {
            if (!stored.TryGetValue(group.Key, out var before))
                continue;
            var told = StatusFold.Fold(group);
            yield return (before, group.First().Wamid, told, StatusFold.Forward(before.Status!.Value, told.Status));
        }
    }
}
