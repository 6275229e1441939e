using Threadkeep.Hours;
using Threadkeep.Threads;
using Threadkeep.Tickets;
using ThreadState = Threadkeep.Threads.ThreadState;

namespace Threadkeep.Sla;

/// <summary>
/// Decides when a ticket is due. Pure, and the last word of every decision about a thread: whatever moved the ticket, its clocks follow.
/// They run while the ticket waits on us; they stand while it waits on the contact, is put off or closed.
/// </summary>
public static class SlaDecider
{
    internal static void Follow(ThreadChanges changes, ThreadState before, DateTimeOffset now)
    {
        if (changes.Ticket is not { } ticket)
            return;
        var known = before.Ticket?.Id == ticket.Id ? before.Ticket : null;
        var after = After(ticket, known, before.Rules.Sla, changes, now);
        if (after != ticket.Sla)
            changes.Ticket = ticket with { Sla = after };
    }

    private static TicketSla? After(
        TicketProperties ticket,
        TicketProperties? known,
        SlaRules rules,
        ThreadChanges changes,
        DateTimeOffset now
    )
    {
        var aims = known is null || known.Priority != ticket.Priority;
        if (ticket.Sla is null && !aims)
            return null;
        // A policy that was removed promises nothing any more; a new priority is measured by what holds now.
        var rule = ticket.Sla is { } old ? rules.ById(old.Policy) : null;
        if (aims)
            rule ??= rules.For(changes.Channel.Value);
        if (rule is not var (policy, calendar))
            return null;

        var sla = ticket.Sla ?? new TicketSla(policy.Id, null, null, null);
        var answered = ticket.FirstResponseAt is not null;
        var stands =
            !ticket.IsOpen
            || ticket.SnoozedUntil is not null
            || changes.Row.TicketStatus == TicketWords.WaitingOnContact;
        var (response, resolution) = (sla.Response, sla.Resolution);
        // What was missed before this decision was missed, whatever it is.
        if (known?.FirstResponseAt is null)
            response = Note(response, "first_response", changes, now);
        if (known is null or { IsOpen: true })
            resolution = Note(resolution, "resolution", changes, now);
        if (aims)
        {
            var target = policy.TargetOf(ticket.Priority);
            if (!answered)
                response = Aim(response, target?.FirstResponseMinutes, ticket.OpenedAt, calendar, now);
            resolution = Aim(resolution, target?.ResolutionMinutes, ticket.OpenedAt, calendar, now);
        }
        if (response is null && resolution is null)
            return null;
        if (!answered)
            response = stands ? Stop(response, calendar, now) : Run(response, calendar, now);
        resolution = stands ? Stop(resolution, calendar, now) : Run(resolution, calendar, now);
        var alarm = Earlier(answered ? null : AlarmOf(response), AlarmOf(resolution));
        return new TicketSla(policy.Id, response, resolution, alarm);
    }

    private static SlaClock? Note(SlaClock? clock, string kind, ThreadChanges changes, DateTimeOffset now)
    {
        if (clock is not { BreachedAt: null, DueAt: { } due } || due > now)
            return clock;
        changes.AddOwn(
            "sla_breached",
            now,
            new
            {
                kind,
                dueAt = due.UtcDateTime,
                ticketNumber = changes.Row.TicketNumber,
            }
        );
        return clock with { BreachedAt = due };
    }

    // Another target is measured from the same beginning: what has run so far has run.
    private static SlaClock? Aim(
        SlaClock? clock,
        int? minutes,
        DateTimeOffset openedAt,
        BusinessCalendar calendar,
        DateTimeOffset now
    )
    {
        if (minutes is not { } target)
            return null;
        if (clock?.Minutes == target)
            return clock;
        var left = clock is null
            ? target * 60 - (int)calendar.Between(openedAt, now).TotalSeconds
            : target * 60 - (clock.Minutes * 60 - LeftOf(clock, calendar, now));
        // It is a new promise: it can be missed anew, unless it is missed already.
        var standing = new SlaClock(target, null, left, null);
        return left >= 0 ? standing : standing with { BreachedAt = clock?.BreachedAt };
    }

    private static int LeftOf(SlaClock clock, BusinessCalendar calendar, DateTimeOffset now) =>
        clock.Left
        ?? (
            clock.DueAt is not { } due ? clock.Minutes * 60
            : due >= now ? (int)Math.Ceiling(calendar.Between(now, due).TotalSeconds)
            : -(int)calendar.Between(due, now).TotalSeconds
        );

    private static SlaClock? Stop(SlaClock? clock, BusinessCalendar calendar, DateTimeOffset now) =>
        clock is null || clock.Stands ? clock : clock with { DueAt = null, Left = LeftOf(clock, calendar, now) };

    private static SlaClock? Run(SlaClock? clock, BusinessCalendar calendar, DateTimeOffset now) =>
        clock is { Left: { } left }
            ? clock with
            {
                DueAt = calendar.Move(now, TimeSpan.FromSeconds(left)),
                Left = null,
            }
            : clock;

    private static DateTimeOffset? AlarmOf(SlaClock? clock) => clock is { BreachedAt: null } ? clock.DueAt : null;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
