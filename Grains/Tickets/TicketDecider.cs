using Threadkeep.Threads;
using ThreadState = Threadkeep.Threads.ThreadState;

namespace Threadkeep.Tickets;

/// <summary>Decides what becomes of a thread's current ticket. Pure.</summary>
public static class TicketDecider
{
    /// <summary>Changes what the command names; what is so already is no change.</summary>
    public static (ChangeTicketResult Result, Decision Decision) Change(
        ThreadState state,
        ChangeTicket command,
        DateTimeOffset now
    )
    {
        var unchanged = new Decision(null, state);
        if (state.Ticket is not { } before)
            return (ChangeTicketResult.NoSuchTicket, unchanged);
        if (before.Id != command.Ticket)
            return (ChangeTicketResult.Superseded, unchanged);

        var status = command.Fields.HasFlag(TicketFields.Status) ? command.Status! : state.Row.TicketStatus!;
        var after = With(before, command, now, isOpen: status != TicketWords.Closed);
        if (after.Tags.Count > TicketWords.MostTags)
            return (ChangeTicketResult.TooManyTags, unchanged);
        if (after is { IsOpen: false } && command is { SnoozedUntil: not null })
            return (ChangeTicketResult.IsClosed, unchanged);

        var told = Differences(before, after, state.Row.TicketStatus!, status);
        // Said twice, or by two people alike, it is done.
        if (told.Count == 0)
            return (ChangeTicketResult.Changed, unchanged);
        if (command.ExpectedVersion is { } expected && expected != before.Version)
            return (ChangeTicketResult.VersionConflict, unchanged);
        var changes = new ThreadChanges(state, now);
        changes.Ticket = after with { Version = before.Version + 1 };
        changes.Row = changes.Row with { TicketStatus = status };
        changes.AddOwn(
            "ticket_changed",
            now,
            new { ticketNumber = state.Row.TicketNumber, changes = told },
            command.By
        );
        return (ChangeTicketResult.Changed, changes.ToDecision());
    }

    /// <summary>The customer wrote: it waits on us, and is not put off any longer. One that nobody has answered yet stays new.</summary>
    internal static void CustomerWrote(ThreadChanges changes, DateTimeOffset at)
    {
        if (changes.Row.TicketStatus == TicketWords.WaitingOnContact)
            changes.Row = changes.Row with { TicketStatus = TicketWords.WaitingOnUs };
        Wake(changes, at);
    }

    /// <summary>We answered: it waits on the customer.</summary>
    internal static void WeAnswered(ThreadChanges changes, DateTimeOffset now)
    {
        if (changes.Ticket is not { IsOpen: true } ticket)
            return;
        changes.Row = changes.Row with { TicketStatus = TicketWords.WaitingOnContact };
        if (ticket.FirstResponseAt is null)
            changes.Ticket = ticket with { FirstResponseAt = now };
    }

    /// <summary>Wakes a ticket whose time has come.</summary>
    public static Decision CheckSnooze(ThreadState state, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now);
        if (state.Ticket?.SnoozedUntil <= now)
            Wake(changes, now);
        return changes.ToDecision();
    }

    private static void Wake(ThreadChanges changes, DateTimeOffset at)
    {
        if (changes.Ticket is not { SnoozedUntil: not null } ticket)
            return;
        changes.Ticket = ticket with { SnoozedUntil = null };
        changes.AddOwn("ticket_woke", at);
    }

    private static TicketProperties With(TicketProperties ticket, ChangeTicket command, DateTimeOffset now, bool isOpen)
    {
        bool Sets(TicketFields field) => command.Fields.HasFlag(field);
        var tags = (Sets(TicketFields.Tags) ? command.Tags : ticket.Tags)
            .Concat(command.AddTags)
            .Where(t => !command.RemoveTags.Contains(t))
            .Distinct();
        return ticket with
        {
            IsOpen = isOpen,
            ClosedAt = isOpen ? null : ticket.ClosedAt ?? now,
            Priority = Sets(TicketFields.Priority) ? command.Priority! : ticket.Priority,
            Category = Sets(TicketFields.Category) ? command.Category : ticket.Category,
            Owner = Sets(TicketFields.Owner) ? command.Owner : ticket.Owner,
            Subject = Sets(TicketFields.Subject) ? command.Subject : ticket.Subject,
            Tags = [.. tags],
            // Closing is not putting off.
            SnoozedUntil =
                !isOpen ? null
                : Sets(TicketFields.SnoozedUntil) ? command.SnoozedUntil
                : ticket.SnoozedUntil,
        };
    }

    // As the thread's own item tells it; ids as REST shows them.
    private static Dictionary<string, object> Differences(
        TicketProperties before,
        TicketProperties after,
        string statusBefore,
        string statusAfter
    )
    {
        var told = new Dictionary<string, object>();
        Tell("status", statusBefore, statusAfter);
        Tell("priority", before.Priority, after.Priority);
        Tell("category", before.Category, after.Category);
        Tell("owner", before.Owner?.ToString(), after.Owner?.ToString());
        Tell("subject", before.Subject, after.Subject);
        Tell("snoozedUntil", before.SnoozedUntil?.UtcDateTime, after.SnoozedUntil?.UtcDateTime);
        if (!before.Tags.SequenceEqual(after.Tags))
            told["tags"] = new { from = before.Tags, to = after.Tags };
        return told;

        void Tell<T>(string property, T from, T to)
        {
            if (!EqualityComparer<T>.Default.Equals(from, to))
                told[property] = new { from, to };
        }
    }
}
