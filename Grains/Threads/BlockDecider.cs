using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>
/// Decides about customers whom somebody blocks (CO11). Pure. Here it holds at once, whatever Meta says: what they write is kept, opens no
/// ticket, is not unread, is told to nobody and answered by nothing; nothing is sent to them.
/// </summary>
public static class BlockDecider
{
    /// <summary>Blocks the customer; one who is blocked stays so, with the reason that was given first.</summary>
    /// <returns>Null where there is no such conversation.</returns>
    public static Decision? Block(ThreadState state, BlockCustomer command, DateTimeOffset now)
    {
        if (!state.Exists || state.IsDesk)
            return null;
        if (state.IsBlocked)
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now);
        changes.AddOwn("customer_blocked", now, new { reason = command.Reason, apiKey = command.ByKey }, command.By);
        if (changes.Ticket is { IsOpen: true, MovingTo: null } ticket)
        {
            var before = changes.Row.TicketStatus;
            changes.Ticket = ticket with
            {
                IsOpen = false,
                ClosedAt = now,
                SnoozedUntil = null,
                QueuedAt = null,
                Version = ticket.Version + 1,
            };
            changes.AddOwn(
                "ticket_changed",
                now,
                new
                {
                    ticketNumber = changes.Row.TicketNumber,
                    changes = new { status = new { from = before, to = TicketWords.Closed } },
                    apiKey = command.ByKey,
                },
                command.By
            );
            changes.Row = changes.Row with { TicketStatus = TicketWords.Closed };
        }
        changes.Row = changes.Row with { Unread = 0, ReadSeq = changes.Row.LastSeq, AnswerOwed = false };
        foreach (var send in state.Queue.Where(q => !q.IsSending))
            changes.Fail(send, "customer_blocked", null, null, now);
        changes.Person = (changes.Person ?? PersonRow.None) with
        {
            Block = new BlockRow(now, command.By, command.Reason, BlockRow.Pending, null),
        };
        return changes.ToDecision();
    }

    /// <summary>Lets the customer write again. What they wrote meanwhile stays as it was; the next message makes a ticket.</summary>
    public static Decision Unblock(ThreadState state, AgentId? by, DateTimeOffset now)
    {
        if (!state.IsBlocked)
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now) { Person = state.Person! with { Block = null } };
        changes.AddOwn("customer_unblocked", now, by: by);
        return changes.ToDecision();
    }

    /// <summary>Notes what Meta said to the block. Nothing changes where it has been taken back meanwhile.</summary>
    /// <param name="code">Why it refused; null: it did not, or gave no reason.</param>
    public static Decision NoteMeta(ThreadState state, bool blocked, int? code, DateTimeOffset now)
    {
        if (state.Person?.Block is not { } block || block.AtMeta == BlockRow.Blocked)
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now)
        {
            Person = state.Person with
            {
                Block = block with { AtMeta = blocked ? BlockRow.Blocked : BlockRow.Refused, MetaCode = code },
            },
        };
        return changes.ToDecision();
    }
}
