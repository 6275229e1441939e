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
        if (before.MovingTo is not null)
            return (ChangeTicketResult.Unavailable, unchanged);

        var status = command.Fields.HasFlag(TicketFields.Status) ? command.Status! : state.Row.TicketStatus!;
        var after = With(before, command, now, isOpen: status != TicketWords.Closed);
        // Without a conversation nothing tells of an answer but who says that the contact has one.
        if (state.IsDesk && status == TicketWords.WaitingOnContact)
            after = after with { FirstResponseAt = after.FirstResponseAt ?? now };
        if (after.Tags.Count > TicketWords.MostTags)
            return (ChangeTicketResult.TooManyTags, unchanged);
        if (after.Skills.Count > SkillLevel.MostNeeds)
            return (ChangeTicketResult.TooManySkills, unchanged);
        if (after is { IsOpen: false } && command is { SnoozedUntil: not null })
            return (ChangeTicketResult.IsClosed, unchanged);

        var told = Differences(before, after, state.Row.TicketStatus!, status);
        // Said twice, or by two people alike, it is done.
        if (told.Count == 0 && command.Merge is null)
            return (ChangeTicketResult.Changed, unchanged);
        if (command.ExpectedVersion is { } expected && expected != before.Version)
            return (ChangeTicketResult.VersionConflict, unchanged);
        var changes = new ThreadChanges(state, now);
        changes.Ticket = after with { Version = before.Version + 1 };
        changes.Row = changes.Row with { TicketStatus = status };
        if (command.Merge is { } merge)
        {
            MergeDecider.Tell(changes, merge, before, state.Row.TicketStatus!, command.By, now, command.ByKey);
            return (ChangeTicketResult.Changed, changes.ToDecision());
        }
        changes.AddOwn(
            "ticket_changed",
            now,
            new
            {
                ticketNumber = state.Row.TicketNumber,
                changes = told,
                apiKey = command.ByKey,
            },
            command.By
        );
        return (ChangeTicketResult.Changed, changes.ToDecision());
    }

    /// <summary>
    /// Does what the account's assignment says, if the ticket is as it believed: so of two that give it away at once, one does. Done
    /// twice it is done.
    /// </summary>
    public static (RouteResult Result, Decision Decision) Route(
        ThreadState state,
        RouteTicket command,
        DateTimeOffset now
    )
    {
        var unchanged = new Decision(null, state);
        if (state.Ticket is not { IsOpen: true, MovingTo: null } before || before.Id != command.Ticket)
            return (RouteResult.NotAsExpected, unchanged);
        if (
            command.Act is RouteAct.Assign or RouteAct.TakeBack
            && command.Agent is not null
            && before.Owner == command.Agent
        )
            return (RouteResult.Done, unchanged);
        var expected = command.Act switch
        {
            RouteAct.TakeAway => before.Owner is not null && before.Owner == command.Agent,
            RouteAct.TakeBack => before.Owner is null || state.Row.TicketStatus != TicketWords.WaitingOnContact,
            RouteAct.LoseTeam => before.Team is not null && before.Team == command.Team,
            _ => before.Owner is null,
        };
        if (!expected)
            return (RouteResult.NotAsExpected, unchanged);

        var with = before with
        {
            Team = command.Team ?? before.Team,
            Skills = SkillLevel.Merge(before.Skills, command.Skills),
        };
        var after = command.Act switch
        {
            RouteAct.Assign or RouteAct.TakeBack => with with { Owner = command.Agent, Routed = true, QueuedAt = null },
            RouteAct.Wait => with with { Routed = true, QueuedAt = before.QueuedAt ?? now },
            RouteAct.Leave => with with { Routed = true, QueuedAt = null },
            RouteAct.TakeAway => before with { Owner = null, Routed = false, QueuedAt = null },
            _ => before with { Team = null, Routed = before.Owner is not null && before.Routed, QueuedAt = null },
        };
        var status = state.Row.TicketStatus!;
        var told = Differences(before, after, status, status);
        var waits = after.QueuedAt is not null && before.QueuedAt is null;
        if (told.Count == 0 && after.Routed == before.Routed && after.QueuedAt == before.QueuedAt)
            return (RouteResult.Done, unchanged);
        var changes = new ThreadChanges(state, now)
        {
            // What nobody would see a difference of is not told to anybody.
            Visible = told.Count > 0 || after.QueuedAt != before.QueuedAt,
            Ticket = after with { Version = before.Version + (told.Count > 0 ? 1 : 0) },
        };
        if (told.Count > 0 || waits)
            changes.AddOwn(
                told.Count > 0 ? "ticket_changed" : "ticket_waits",
                now,
                new
                {
                    ticketNumber = state.Row.TicketNumber,
                    changes = told,
                    rule = command.Rule,
                    reason = command.Reason,
                    waits,
                },
                command.By
            );
        return (RouteResult.Done, changes.ToDecision());
    }

    /// <summary>The customer wrote: it waits on us, and is not put off any longer. One that nobody has answered yet stays new.</summary>
    internal static void CustomerWrote(ThreadChanges changes, DateTimeOffset at)
    {
        if (changes.Row.TicketStatus == TicketWords.WaitingOnContact)
            changes.Row = changes.Row with { TicketStatus = TicketWords.WaitingOnUs };
        Wake(changes, at);
    }

    /// <summary>The customer wrote on a closed ticket: where it was closed not long ago, it goes on. False: a new one is needed.</summary>
    internal static bool Reopen(ThreadChanges changes, DateTimeOffset at, DateTimeOffset now)
    {
        var days = changes.Rules.ReopenDays;
        if (changes.Ticket is not { IsOpen: false, ClosedAt: { } closedAt } ticket || now >= closedAt.AddDays(days))
            return false;
        changes.Ticket = ticket with
        {
            IsOpen = true,
            ClosedAt = null,
            // What is nobody's is to be given out anew.
            Routed = ticket.Routed && ticket.Owner is not null,
        };
        changes.Row = changes.Row with { TicketStatus = TicketWords.WaitingOnUs };
        changes.AddOwn("ticket_reopened", at, new { ticketNumber = changes.Row.TicketNumber });
        return true;
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

    /// <summary>Wakes a ticket whose time has come. What is overdue is noted with every decision.</summary>
    public static Decision CheckSnooze(ThreadState state, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now);
        if (state.Ticket is { MovingTo: null } && state.Ticket.SnoozedUntil <= now)
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

    internal static TicketProperties With(
        TicketProperties ticket,
        ChangeTicket command,
        DateTimeOffset now,
        bool isOpen
    )
    {
        bool Sets(TicketFields field) => command.Fields.HasFlag(field);
        var tags = (Sets(TicketFields.Tags) ? command.Tags : ticket.Tags)
            .Concat(command.AddTags)
            .Where(t => !command.RemoveTags.Contains(t))
            .Distinct();
        var after = ticket with
        {
            IsOpen = isOpen,
            ClosedAt = isOpen ? null : ticket.ClosedAt ?? now,
            Priority = Sets(TicketFields.Priority) ? command.Priority! : ticket.Priority,
            Category = Sets(TicketFields.Category) ? command.Category : ticket.Category,
            Owner = Sets(TicketFields.Owner) ? command.Owner : ticket.Owner,
            Team = Sets(TicketFields.Team) ? command.Team : ticket.Team,
            Skills = SkillLevel.Merge(Sets(TicketFields.Skills) ? command.Skills : ticket.Skills, command.AddSkills),
            Subject = Sets(TicketFields.Subject) ? command.Subject : ticket.Subject,
            Tags = [.. tags],
            Custom = OwnProperties.With(ticket.Custom, command.Properties),
            // Closing is not putting off.
            SnoozedUntil =
                !isOpen ? null
                : Sets(TicketFields.SnoozedUntil) ? command.SnoozedUntil
                : ticket.SnoozedUntil,
        };
        return after with
        {
            // Nobody's from now on, or nobody's somewhere else: the rules look at it anew.
            Routed = after.Routed && !(after.IsOpen && after.Owner is null && IsUnsettled(ticket, after)),
            QueuedAt = after is { IsOpen: true, Owner: null } ? after.QueuedAt : null,
        };
    }

    private static bool IsUnsettled(TicketProperties before, TicketProperties after) =>
        !before.IsOpen || before.Owner is not null || before.Team != after.Team;

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
        Tell("team", before.Team?.ToString(), after.Team?.ToString());
        Tell("subject", before.Subject, after.Subject);
        Tell("snoozedUntil", before.SnoozedUntil?.UtcDateTime, after.SnoozedUntil?.UtcDateTime);
        if (!before.Skills.SequenceEqual(after.Skills))
            told["skills"] = new { from = before.Skills, to = after.Skills };
        if (before.Custom != after.Custom)
            told["properties"] = OwnProperties.Differences(before.Custom, after.Custom);
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
