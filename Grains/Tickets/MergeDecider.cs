using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Tickets;

/// <summary>Decides what a merge leaves in a ticket's thread: an item that tells it, and the tie between the two. Pure.</summary>
internal static class MergeDecider
{
    /// <param name="before">The ticket as it was: what it had already did not come with the merge.</param>
    /// <param name="statusBefore">Undoing gives it back.</param>
    /// <param name="byKey">The API key's name where no person wants it.</param>
    public static void Tell(
        ThreadChanges changes,
        TicketMerge merge,
        TicketProperties before,
        string statusBefore,
        AgentId? by,
        DateTimeOffset now,
        string? byKey = null
    )
    {
        var after = changes.Ticket!;
        var ticketNumber = changes.Row.TicketNumber;
        var otherThreadId = merge.OtherThread == changes.Thread ? null : merge.OtherThread.ToString();
        var otherTicketId = merge.OtherTicket.ToString("N");
        if (merge.Side == MergeSide.GoesInto)
        {
            changes.AddOwn(
                "ticket_merged",
                now,
                new
                {
                    ticketNumber,
                    intoNumber = merge.OtherNumber,
                    otherTicketId,
                    otherThreadId,
                    status = statusBefore,
                    snoozedUntil = before.SnoozedUntil?.UtcDateTime,
                    apiKey = byKey,
                },
                by
            );
            changes.Add(new MergeRow(after.Id, merge.OtherTicket));
        }
        else if (merge.Side == MergeSide.TakesIn)
        {
            changes.AddOwn(
                "ticket_absorbed",
                now,
                new
                {
                    ticketNumber,
                    fromNumber = merge.OtherNumber,
                    otherTicketId,
                    otherThreadId,
                    tags = after.Tags.Except(before.Tags),
                    notes = merge.Notes.Select(n => new
                    {
                        n.Text,
                        by = n.By?.ToString(),
                        at = n.At.UtcDateTime,
                    }),
                    notesLeft = merge.NotesLeft,
                    apiKey = byKey,
                },
                by
            );
            // An earlier ticket of this thread is closed already, and has no other writer.
            if (otherThreadId is null)
                changes.Add(new MergeRow(merge.OtherTicket, after.Id));
        }
        else
        {
            changes.AddOwn(
                "ticket_unmerged",
                now,
                new
                {
                    ticketNumber,
                    fromNumber = merge.OtherNumber,
                    otherTicketId,
                    otherThreadId,
                    apiKey = byKey,
                },
                by
            );
            changes.Add(new MergeRow(merge.OtherTicket, null));
        }
        changes.Add(new KeyRow(merge.Key, changes.Row.LastSeq, []));
    }
}
