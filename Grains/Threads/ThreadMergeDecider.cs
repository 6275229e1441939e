using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>
/// Decides about conversations that go on in another one of their number (ADR 092). Pure. The one that went keeps its identities and its
/// messages, and hands on what its customer writes; the one that takes it in keeps what came meanwhile, whoever takes the merge back.
/// </summary>
internal static class ThreadMergeDecider
{
    /// <summary>What marks a message that another conversation handed on.</summary>
    public static string MarkOf(PassedOn via) => $$"""{"via":"{{via.From}}"}""";

    /// <summary>Answers go to whoever wrote last: Meta's window is open for that number, and not for the person's other one.</summary>
    /// <param name="at">Meta's time of the message, which has moved the session already where it moves it.</param>
    public static void Address(ThreadChanges changes, PassedOn? via, DateTimeOffset at, bool movesSession)
    {
        var standing = changes.Person?.Reply;
        if (via is null && standing is null)
            return;
        var isLast = movesSession && at >= changes.Row.LastInboundAt;
        if (!isLast && (via is null || standing?.Thread != via.From))
            return;
        var reply = via is null ? null : new ReplyRow(via.From, via.WaId, via.UserId);
        if (reply != standing)
            changes.Person = (changes.Person ?? PersonRow.None) with { Reply = reply };
    }

    // The one that goes ---------------------------------------------------------------------------------------

    /// <summary>The first step: from here on what the customer writes is handed on. It is told to nobody before the other has taken it in.</summary>
    public static (MergeOutcome Outcome, Decision Decision) Begin(
        ThreadState state,
        MergeThread command,
        DateTimeOffset now
    )
    {
        var unchanged = new Decision(null, state);
        if (!state.Exists || state.IsDesk || command.Into == state.Thread)
            return (MergeOutcome.NoSuchThread, unchanged);
        if (state.Person?.Moved is { } moved)
            return (moved.Into == command.Into ? MergeOutcome.Done : MergeOutcome.AlreadyMerged, unchanged);
        if (state.IsBlocked)
            return (MergeOutcome.Blocked, unchanged);
        var changes = new ThreadChanges(state, now)
        {
            Visible = false,
            Person = (state.Person ?? PersonRow.None) with
            {
                Moved = new MovedRow(command.Into, command.Merge, now, command.By, Pending: true),
            },
        };
        return (MergeOutcome.Done, changes.ToDecision());
    }

    /// <summary>The other one does not want it: nothing has happened.</summary>
    public static Decision TakeBack(ThreadState state, DateTimeOffset now) =>
        new ThreadChanges(state, now) { Visible = false, Person = state.Person! with { Moved = null } }.ToDecision();

    /// <summary>The last step: the other one has taken it in, and its ticket goes on there.</summary>
    public static Decision Settle(ThreadState state, TakenIn taken, DateTimeOffset now)
    {
        if (state.Person?.Moved is not { Pending: true } moved)
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now)
        {
            Person = state.Person with { Moved = moved with { Pending = false } },
        };
        // The session goes on in the other one, which warns and tells of its end.
        changes.Row = changes.Row with
        {
            SessionSeq = null,
            SessionOpenedAt = null,
            SessionClosed = true,
            AlarmAt = null,
        };
        if (state.Ticket is { IsOpen: true } ticket && taken.Ticket is { } into)
        {
            changes.Ticket = ticket with
            {
                IsOpen = false,
                ClosedAt = now,
                SnoozedUntil = null,
                QueuedAt = null,
                Version = ticket.Version + 1,
            };
            var statusBefore = changes.Row.TicketStatus!;
            changes.Row = changes.Row with { TicketStatus = TicketWords.Closed };
            var merge = new TicketMerge
            {
                Side = MergeSide.GoesInto,
                Key = $"moved-{moved.Merge:N}",
                OtherTicket = into,
                OtherNumber = taken.TicketNumber,
                OtherThread = moved.Into,
            };
            MergeDecider.Tell(changes, merge, ticket, statusBefore, moved.By, now);
        }
        changes.AddOwn("conversation_moved", now, new { otherThreadId = moved.Into.ToString() }, moved.By);
        return changes.ToDecision();
    }

    /// <summary>What messages that are handed on tell of who the customer is: that is still known here.</summary>
    public static Decision Learn(ThreadState state, ReceiveMessages command, ReceiveContext context)
    {
        var changes = new ThreadChanges(state, context.Now) { Channel = command.Channel, Visible = false };
        // Handed on by another one, which knows its customer itself.
        foreach (var item in command.Via is null ? command.Items : [])
        {
            var (at, _, _) = SessionWindow.TimeOf(item.Timestamp, item.ReceivedAt);
            ReceiveDecider.Recognise(changes, item, at, context);
            MarketingDecider.Hear(changes, item, at);
            if (item is { IsNews: true, BecomesCustomer: { } next })
                ReceiveDecider.ChangeNumber(changes, item, next, at, context);
        }
        changes.Visible = changes.Row.LastSeq > state.Row.LastSeq;
        return changes.ToDecision();
    }

    /// <summary>
    /// It stands for itself again. What its customer wrote meanwhile stays where it is, and yet it counts: for the window, as unread, and as
    /// owed an answer where nobody has given one.
    /// </summary>
    /// <param name="since">What the other one knows of that.</param>
    /// <param name="newTicket">A ticket's number, in case one is needed; 0: none.</param>
    public static Decision Split(
        ThreadState state,
        HeardMeanwhile since,
        AgentId? by,
        int newTicket,
        DateTimeOffset now
    )
    {
        if (state.Person?.Moved is not { } moved)
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now)
        {
            Person = state.Person with { Moved = null, Reply = since.Messages > 0 ? since.Reply : state.Person.Reply },
        };
        var owed = IsOwed(state, since);
        if (ReopensTicket(state, moved))
        {
            changes.Ticket = state.Ticket! with
            {
                IsOpen = true,
                ClosedAt = null,
                Routed = state.Ticket.Routed && state.Ticket.Owner is not null,
                Version = state.Ticket.Version + 1,
            };
            changes.Row = changes.Row with
            {
                TicketStatus = owed ? TicketWords.WaitingOnUs : TicketWords.WaitingOnContact,
            };
            changes.Add(new MergeRow(changes.Ticket.Id, null));
            changes.AddOwn("ticket_reopened", now, new { ticketNumber = changes.Row.TicketNumber }, by);
        }
        else if (owed)
            ReceiveDecider.OpenOrMoveTicket(
                changes,
                since.LastAt ?? now,
                ReceiveContext.WithoutMessages(now, newTicket)
            );
        int? seq = Later(since.LastAt, state.Row.LastInboundAt) is { } at
            ? ReceiveDecider.MoveSession(changes, at, now)
            : null;
        changes.AddOwn(
            "conversation_unmerged",
            now,
            new { otherThreadId = moved.Into.ToString(), messages = since.Messages },
            by,
            seq
        );
        changes.Row = changes.Row with
        {
            Unread = (since.WasRead ? 0 : state.Row.Unread) + since.Unread,
            AnswerOwed = owed,
        };
        if (since.LastAt is { } heard)
            changes.MoveUp(heard);
        AlarmDecider.AfterMessages(changes, now);
        return changes.ToDecision();
    }

    /// <summary>Its ticket was closed for the merge, or since.</summary>
    public static bool ReopensTicket(ThreadState state, MovedRow moved) =>
        state.Ticket is { IsOpen: false, ClosedAt: { } closed } && closed >= moved.At;

    /// <summary>True where its customer waits for an answer: nobody wrote one after what was heard last.</summary>
    public static bool IsOwed(ThreadState state, HeardMeanwhile since) =>
        since.Messages > 0 ? since.Owed : state.Row.AnswerOwed && !since.Answered;

    // Also a session that was open as the two were merged, and nobody wrote in since: it is opened anew.
    private static DateTimeOffset? Later(DateTimeOffset? heard, DateTimeOffset? own) =>
        heard is not null && (own is null || heard > own) ? heard : own;

    // The one that takes it in --------------------------------------------------------------------------------

    /// <summary>Before a conversation with an open ticket is taken in: there is one that goes on with it.</summary>
    public static Decision OpenTicket(ThreadState state, DateTimeOffset at, int newTicket, DateTimeOffset now)
    {
        if (ReceiveDecider.HasOpenTicket(state.Row))
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now);
        ReceiveDecider.OpenOrMoveTicket(changes, at, ReceiveContext.WithoutMessages(now, newTicket));
        return changes.ToDecision();
    }

    /// <summary>Why it cannot be taken in; null where nothing stands against it.</summary>
    public static MergeOutcome? Refuse(ThreadState state, TakeInThread command) =>
        !state.Exists || state.IsDesk ? MergeOutcome.NoSuchThread
        : state.Channel != command.Channel ? MergeOutcome.OtherChannel
        : state.IsMoved ? MergeOutcome.TargetMerged
        : state.IsBlocked ? MergeOutcome.Blocked
        : null;

    public static (TakenIn Taken, Decision Decision) TakeIn(ThreadState state, TakeInThread command, DateTimeOffset now)
    {
        var unchanged = new Decision(null, state);
        if (Refuse(state, command) is { } refused)
            return (new TakenIn(refused), unchanged);
        var into =
            command.Ticket is not null && state.Ticket is { IsOpen: true } open
                ? new TakenIn(MergeOutcome.Done, open.Id, state.Row.TicketNumber!.Value)
                : new TakenIn(MergeOutcome.Done);
        if (state.Person?.TakesIn.Contains(command.From) == true)
            return (into, unchanged);

        var changes = new ThreadChanges(state, now);
        int? seq = null;
        var person = state.Person ?? PersonRow.None;
        changes.Person = person with
        {
            TakesIn = [.. person.TakesIn, command.From],
            // One person's word, wherever it was said.
            Marketing = Latest(person.Marketing, command),
        };
        if (command.LastInboundAt is { } at && !(state.Row.LastInboundAt >= at))
        {
            seq = ReceiveDecider.MoveSession(changes, at, now);
            Address(changes, command.Address, at, movesSession: true);
        }
        changes.Row = changes.Row with
        {
            Unread = changes.Row.Unread + command.Unread,
            AnswerOwed = changes.Row.AnswerOwed || command.AnswerOwed,
        };
        changes.AddOwn(
            "conversation_merged",
            now,
            new { otherThreadId = command.From.ToString(), name = command.Name },
            command.By,
            seq
        );
        if (command.PreviewAt is { } preview)
            changes.MoveUp(preview);
        if (into.Ticket is not null)
            TakeInTicket(changes, state.Ticket!, command, now);
        AlarmDecider.AfterMessages(changes, now);
        return (into, changes.ToDecision());
    }

    private static MarketingRow? Latest(MarketingRow? own, TakeInThread command) =>
        command.MarketingAt is { } at && !(own?.At >= at)
            ? new MarketingRow(command.MarketingStopped, at, MarketingRow.WhatsApp)
            : own;

    private static void TakeInTicket(
        ThreadChanges changes,
        TicketProperties ticket,
        TakeInThread command,
        DateTimeOffset now
    )
    {
        changes.Ticket = ticket with
        {
            Tags = [.. ticket.Tags.Union(command.Tags).Take(TicketWords.MostTags)],
            Owner = ticket.Owner ?? command.Owner,
            Team = ticket.Team ?? command.Team,
            QueuedAt = ticket.Owner is null && command.Owner is not null ? null : ticket.QueuedAt,
            Version = ticket.Version + 1,
        };
        if (command.AnswerOwed)
            TicketDecider.CustomerWrote(changes, now);
        MergeDecider.Tell(changes, command.Ticket!, ticket, changes.Row.TicketStatus!, command.By, now);
    }

    /// <summary>
    /// Lets it go. The window goes back to what the thread's own customer wrote: the only place where it moves backwards, for it was never
    /// theirs.
    /// </summary>
    /// <param name="own">What this thread has heard from others than those who go.</param>
    /// <param name="tags">Tags that came with its ticket.</param>
    public static Decision LetGo(
        ThreadState state,
        LetGoThread command,
        HeardMeanwhile own,
        string[] tags,
        DateTimeOffset now
    )
    {
        if (state.Person is not { } person || !person.TakesIn.Contains(command.From))
            return new Decision(null, state);
        var changes = new ThreadChanges(state, now)
        {
            Person = person with { TakesIn = [.. person.TakesIn.Where(t => t != command.From)], Reply = own.Reply },
        };
        if (own.LastAt != state.Row.LastInboundAt)
            MoveBack(changes, own.LastAt, now);
        changes.Row = changes.Row with { Unread = own.Unread, AnswerOwed = changes.Row.AnswerOwed && own.Owed };
        if (command.Ticket is { } merge && state.Ticket is { IsOpen: true, MovingTo: null } ticket)
        {
            changes.Ticket = ticket with { Tags = [.. ticket.Tags.Except(tags)], Version = ticket.Version + 1 };
            MergeDecider.Tell(changes, merge, ticket, changes.Row.TicketStatus!, command.By, now);
        }
        changes.AddOwn(
            "conversation_let_go",
            now,
            new { otherThreadId = command.From.ToString(), name = command.Name },
            command.By
        );
        return changes.ToDecision();
    }

    private static void MoveBack(ThreadChanges changes, DateTimeOffset? last, DateTimeOffset now)
    {
        var row = changes.Row;
        var running = row.SessionSeq is not null && !row.SessionClosed;
        if (SessionWindow.IsOpen(last, now))
        {
            changes.Row = row with { LastInboundAt = last };
            if (running)
                changes.Row = changes.Row with { AlarmAt = AlarmDecider.NextAlarm(changes.Row, now) };
            return;
        }
        if (running)
            changes.AddOwn("session_closed", now);
        changes.Row = changes.Row with { LastInboundAt = last, SessionClosed = true, AlarmAt = null };
    }
}
