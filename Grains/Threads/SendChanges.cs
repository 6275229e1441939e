namespace Threadkeep.Threads;

/// <summary>What accepting, taking and settling have in common: how a message ends, and what that does to its draw on the quota.</summary>
internal static class SendChanges
{
    /// <summary>Reserves a slot for a message.</summary>
    /// <param name="kind">A session's own draw (<see cref="LedgerRow.UserInitiated"/>) counts the session too.</param>
    public static void Draw(this ThreadChanges changes, int seq, string kind, DrawnSlot slot)
    {
        var session = kind == LedgerRow.UserInitiated ? changes.Row.SessionSeq : null;
        changes.Write(new LedgerRow(seq, slot.PeriodStart, slot.Slot, kind, LedgerRow.Reserved, session));
        if (session is not null)
            changes.Row = changes.Row with { SessionCounted = true };
    }

    public static void Count(this ThreadChanges changes, LedgerRow? draw)
    {
        if (draw is { State: LedgerRow.Reserved })
            changes.Write(draw with { State = LedgerRow.Counted });
    }

    /// <summary>Counts a released draw again, in its own period.</summary>
    public static void CountAgain(this ThreadChanges changes, LedgerRow draw, int slot)
    {
        changes.Write(draw with { State = LedgerRow.Counted, Slot = slot, ReleasedFor = null });
        if (draw.SessionSeq is not null)
            changes.Row = changes.Row with { SessionCounted = true };
    }

    /// <summary>Gives a draw back. One that is released already keeps its first reason.</summary>
    public static void Release(this ThreadChanges changes, LedgerRow? draw, string reason)
    {
        if (draw is null or { State: LedgerRow.Released })
            return;
        changes.Write(draw with { State = LedgerRow.Released, ReleasedFor = reason });
        // The session's next message counts for it instead.
        if (draw.SessionSeq is not null && draw.SessionSeq == changes.Row.SessionSeq)
            changes.Row = changes.Row with { SessionCounted = false };
    }

    public static void Unconfirm(this ThreadChanges changes, QueuedSend send, DateTimeOffset now)
    {
        changes.Change(
            new MessageChange
            {
                Seq = send.Seq,
                Status = MessageStatus.Unconfirmed,
                UnconfirmedAt = now,
            }
        );
        changes.Count(send.Ledger);
        changes.Dequeue(send.Seq);
    }

    /// <summary>
    /// Puts a message off that Meta's messaging limit does not let go. It is not growing old by it, and it is asked for again long before a
    /// place is free by itself: the limit may be raised, the customer may write.
    /// </summary>
    public static void Hold(
        this ThreadChanges changes,
        QueuedSend send,
        DateTimeOffset until,
        string reason,
        DateTimeOffset now
    )
    {
        var longest = now + (send.Row.Lane == QueueRow.Bulk ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(5));
        var soonest = now + TimeSpan.FromSeconds(10);
        changes.Change(new MessageChange { Seq = send.Seq, ErrorCode = reason });
        changes.Enqueue(
            send with
            {
                Row = send.Row with
                {
                    DueAt =
                        until > longest ? longest
                        : until < soonest ? soonest
                        : until,
                    Tries = 0,
                },
            }
        );
    }

    public static void Fail(
        this ThreadChanges changes,
        QueuedSend send,
        string? code,
        int? metaCode,
        string? detail,
        DateTimeOffset now
    )
    {
        changes.Fail(send.Seq, send.Ledger, code, metaCode, detail, now);
        changes.Dequeue(send.Seq);
    }

    public static void Fail(
        this ThreadChanges changes,
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
        changes.Release(draw, LedgerRow.Failed);
    }
}
