using Threadkeep.Accounts;
using Threadkeep.Threads;
using ThreadState = Threadkeep.Threads.ThreadState;

namespace Threadkeep.Tickets;

/// <summary>
/// Decides about tickets without a conversation: how one is opened on its desk, and how it goes over to a conversation. Pure. The desk promises
/// it first, and from then on writes nothing of it; the conversation takes it in one commit, which makes it the owner.
/// </summary>
internal static class DeskDecider
{
    public static (OpenTicketResult Result, Decision Decision) Open(
        ThreadState state,
        OpenTicket command,
        int number,
        DateTimeOffset now
    )
    {
        var unchanged = new Decision(null, state);
        // The ticket's id is made of the key.
        if (state.Exists)
            return (OpenTicketResult.KeyInUse, unchanged);
        var properties = command.Properties;
        var status = properties.Fields.HasFlag(TicketFields.Status) ? properties.Status! : TicketWords.New;
        var blank = new TicketProperties { Id = properties.Ticket, OpenedAt = now };
        var ticket = TicketDecider.With(blank, properties, now, isOpen: status != TicketWords.Closed);
        if (ticket.Tags.Count > TicketWords.MostTags)
            return (OpenTicketResult.TooManyTags, unchanged);
        if (ticket.Skills.Count > SkillLevel.MostNeeds)
            return (OpenTicketResult.TooManySkills, unchanged);
        if (ticket is { IsOpen: false } && properties is { SnoozedUntil: not null })
            return (OpenTicketResult.IsClosed, unchanged);
        var changes = new ThreadChanges(state, now) { Channel = Desk.ChannelOf(ticket.Id) };
        changes.Row = changes.Row with
        {
            Contact = command.Contact,
            TicketId = ticket.Id,
            TicketNumber = number,
            TicketStatus = status,
        };
        changes.Open(ticket, number, command.Source, status);
        changes.AddOwn(
            "ticket_opened",
            now,
            new
            {
                ticketNumber = number,
                source = command.Source,
                apiKey = properties.ByKey,
            },
            properties.By
        );
        if (command.Description is { } description)
            changes.Add(
                new MessageRow
                {
                    Seq = changes.NextSeq(),
                    Direction = MessageDirection.Note,
                    Type = "note",
                    Text = description,
                    At = now,
                    ReceivedAt = now,
                    Agent = properties.By,
                }
            );
        changes.Add(new KeyRow(command.IdempotencyKey, changes.Row.LastSeq, command.RequestHash));
        return (OpenTicketResult.Opened, changes.ToDecision());
    }

    /// <summary>Begins an empty conversation; one that is there is begun.</summary>
    public static Decision Begin(ThreadState state, BeginThread command, DateTimeOffset now)
    {
        if (state.Exists)
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now) { Channel = command.Channel, NeedsConnectedChannel = true };
        foreach (var form in Identities.OfNumber(command.WaId))
            changes.Claim(form);
        changes.Row = changes.Row with
        {
            Contact = command.Contact,
            Generation = command.Generation,
            WaId = command.WaId,
            // Whatever Meta tells of the customer is newer.
            IdentityAt = DateTimeOffset.UnixEpoch,
        };
        return changes.ToDecision();
    }

    /// <summary>The desk's first step: the ticket is promised to a conversation.</summary>
    public static (AttachResult Result, Decision Decision) Promise(
        ThreadState state,
        AttachTicket command,
        DateTimeOffset now
    )
    {
        if (!state.IsDesk || state.Ticket is not { } ticket || ticket.Id != command.Ticket)
            return (AttachResult.NotThere, new Decision(null, state));
        // Promised already: that promise is kept or taken back before there is another.
        if (ticket.MovingTo is not null)
            return (AttachResult.Attached, new Decision(null, state));
        var changes = new ThreadChanges(state, now) { Visible = false, Ticket = ticket with { MovingTo = command.To } };
        return (AttachResult.Attached, changes.ToDecision());
    }

    /// <summary>The conversation did not want it: it stays where it is.</summary>
    public static Decision TakeBack(ThreadState state, DateTimeOffset now) =>
        new ThreadChanges(state, now) { Visible = false, Ticket = state.Ticket! with { MovingTo = null } }.ToDecision();

    /// <summary>It is gone over: whoever looks at the desk is told where to.</summary>
    public static Decision Leave(ThreadState state, ThreadId to, AgentId? by, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now) { Ticket = null };
        changes.AddOwn(
            "ticket_left",
            now,
            new { ticketNumber = state.Row.TicketNumber, otherThreadId = to.ToString() },
            by
        );
        changes.Row = changes.Row with { TicketId = null, TicketNumber = null, TicketStatus = null };
        return changes.ToDecision();
    }

    /// <summary>The conversation's step: the ticket is its own, with everything that was written of it.</summary>
    /// <param name="moving">The ticket as its desk wrote it last; null: it is not promised to this conversation (any more).</param>
    public static (AttachResult Result, Decision Decision) Take(
        ThreadState state,
        TakeTicket command,
        TicketProperties? moving,
        DateTimeOffset now
    )
    {
        var unchanged = new Decision(null, state);
        if (state.Ticket?.Id == command.Ticket)
            return (AttachResult.Attached, unchanged);
        if (!state.Exists || state.IsDesk || moving is null)
            return (AttachResult.NotThere, unchanged);
        if (state.Ticket is { IsOpen: true })
            return (AttachResult.HasOpenTicket, unchanged);
        var changes = new ThreadChanges(state, now)
        {
            Ticket = moving with { MovingTo = null, Version = moving.Version + 1 },
        };
        changes.Row = changes.Row with
        {
            TicketId = command.Ticket,
            TicketNumber = command.Number,
            TicketStatus = command.Status,
        };
        foreach (var note in command.Notes)
            changes.AddNote(
                new MessageRow
                {
                    Seq = changes.NextSeq(),
                    Direction = MessageDirection.Note,
                    Type = "note",
                    Text = note.Text,
                    At = note.At,
                    ReceivedAt = now,
                    Agent = note.By,
                }
            );
        changes.AddOwn("ticket_attached", now, new { ticketNumber = command.Number }, command.By);
        return (AttachResult.Attached, changes.ToDecision());
    }
}
