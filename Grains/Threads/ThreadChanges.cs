using System.Collections.Immutable;
using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.Sla;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>
/// Gathers one decision: deciders change <see cref="Row"/> and add rows; <see cref="ToDecision"/> makes the commit and the state after it.
/// </summary>
internal sealed class ThreadChanges(ThreadState state, DateTimeOffset now)
{
    private readonly List<MessageRow> messages = [];
    private readonly List<MessageChange> changes = [];
    private readonly List<MessageReplacement> replacements = [];
    private readonly Dictionary<string, DateTimeOffset> released = [];
    private readonly List<IdentityConflict> conflicts = [];
    private readonly List<TicketRow> tickets = [];
    private readonly List<KeyRow> keys = [];
    private readonly List<QueueRow> queued = [];
    private readonly List<int> dequeued = [];
    private readonly List<LedgerRow> ledger = [];
    private readonly List<MediaJobRow> mediaJobs = [];
    private readonly List<LeftoverRow> leftovers = [];
    private readonly List<MentionRow> mentions = [];
    private readonly List<MergeRow> merges = [];
    private readonly List<HiddenRow> hidden = [];
    private readonly List<HideRow> hides = [];
    private readonly List<ShowRow> shows = [];
    private readonly List<int> purges = [];
    private OpenedTicket? opened;
    private ImmutableList<QueuedSend> queue = state.Queue;
    private ImmutableHashSet<string> identities = state.Identities;
    private DateTimeOffset? activityAt;

    public ThreadId Thread => state.Thread;

    public ThreadRow Row { get; set; } = state.Row;

    /// <summary>The current ticket. What is set here is written, unless the ticket is opened by this very decision.</summary>
    public TicketProperties? Ticket { get; set; } = state.Ticket;

    /// <summary>What the account has said of its tickets.</summary>
    public TicketRules Rules => state.Rules;

    public ChannelId Channel { get; set; } = state.Channel;

    public int? AwaySession { get; set; } = state.AwaySession;

    /// <summary>What few customers have; null: nothing.</summary>
    public PersonRow? Person { get; set; } = state.Person;

    public bool IsBlocked => Person?.Block is not null;

    public bool NeedsConnectedChannel { get; set; }

    public bool Visible { get; set; } = true;

    public ImmutableHashSet<string> Identities => identities;

    public ImmutableList<QueuedSend> Queue => queue;

    // What one commit says is what is true after it: an identity claimed and let go in one decision was never this thread's in SQL,
    // where both would happen at once. It is let go all the same, so that its next owner begins another thread.
    private List<string> Claims => [.. identities.Except(state.Identities)];

    private List<IdentityRelease> Releases =>
        [.. released.Where(r => !identities.Contains(r.Key)).Select(r => new IdentityRelease(r.Key, r.Value))];

    public bool IsEmpty =>
        messages.Count
            + changes.Count
            + replacements.Count
            + released.Count
            + queued.Count
            + dequeued.Count
            + ledger.Count
            + hides.Count
            + shows.Count
            + purges.Count
            == 0
        && Row == state.Row
        && ReferenceEquals(identities, state.Identities)
        && ReferenceEquals(Ticket, state.Ticket)
        && Person == state.Person;

    public int NextSeq()
    {
        Row = Row with { LastSeq = Row.LastSeq + 1 };
        return Row.LastSeq;
    }

    /// <summary>Adds a message that people see; it becomes the list's preview unless a newer one is there.</summary>
    public void Add(MessageRow message)
    {
        messages.Add(message);
        Come(message);
    }

    /// <summary>Adds a message that stands in the thread already, as history: it takes its place there.</summary>
    public void Arrive(MessageRow message)
    {
        replacements.Add(new MessageReplacement(Guid.Empty, message));
        Come(message);
    }

    private void Come(MessageRow message)
    {
        if (Row.PreviewAt is null || message.At >= Row.PreviewAt)
            Row = Row with { PreviewSeq = message.Seq, PreviewAt = message.At };
        // What somebody who is blocked writes does not come up in lists.
        if (!IsBlocked && (activityAt is null || message.At > activityAt))
            activityAt = message.At;
    }

    /// <summary>Adds a note. The list goes on showing the last message.</summary>
    public void AddNote(MessageRow note) => messages.Add(note);

    /// <summary>Adds a message that went by itself. The list goes on showing what the customer wrote.</summary>
    public void AddAutomatic(MessageRow message) => messages.Add(message);

    /// <summary>Moves the thread up in lists, for something that is no message of its own.</summary>
    public void MoveUp(DateTimeOffset at)
    {
        if (activityAt is null || at > activityAt)
            activityAt = at;
    }

    /// <summary>Adds one of the thread's own items.</summary>
    /// <param name="by">Whose doing it is; null: nobody's, or a program's.</param>
    /// <param name="seq">Its number, where it has one already.</param>
    public void AddOwn(string type, DateTimeOffset at, object? data = null, AgentId? by = null, int? seq = null) =>
        messages.Add(
            new MessageRow
            {
                Seq = seq ?? NextSeq(),
                Direction = MessageDirection.System,
                Type = type,
                At = at,
                ReceivedAt = now,
                Agent = by,
                Data = data is null ? null : JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
            }
        );

    public void Change(MessageChange change) => changes.Add(change);

    public void Replace(MessageReplacement replacement) => replacements.Add(replacement);

    public void Claim(string identity) => identities = identities.Add(identity);

    /// <param name="at">Meta's time: what was written before it under the identity is this thread's.</param>
    public void Release(string identity, DateTimeOffset at)
    {
        released[identity] = at;
        identities = identities.Remove(identity);
    }

    public void Conflict(ThreadId other, string wamid) => conflicts.Add(new IdentityConflict(other, wamid));

    /// <summary>Opens a ticket: it is the current one from now on.</summary>
    public void Add(TicketRow ticket)
    {
        tickets.Add(ticket);
        Ticket = new TicketProperties { Id = ticket.Id, OpenedAt = ticket.OpenedAt };
    }

    /// <summary>Opens a ticket without a conversation: it is written whole.</summary>
    public void Open(TicketProperties ticket, int number, string source, string status)
    {
        opened = new OpenedTicket(ticket, number, source, status);
        Ticket = ticket;
    }

    public void Add(MentionRow mention) => mentions.Add(mention);

    public void Add(MergeRow merge) => merges.Add(merge);

    public void Add(HiddenRow content) => hidden.Add(content);

    /// <summary>What hides a message wholly that this very decision adds; null: nothing does.</summary>
    public string[]? HidesOf(string wamid) =>
        hidden.Count > 0 && messages.Find(m => m.Wamid == wamid) is { } message
            ? hidden.Find(h => h.Seq == message.Seq && h.Effect == HiddenRow.Quarantine)?.Rules
            : null;

    public void Hide(HideRow message) => hides.Add(message);

    public void Show(ShowRow message) => shows.Add(message);

    /// <summary>A stored message's content goes for good.</summary>
    public void Purge(int seq) => purges.Add(seq);

    /// <summary>Of what this very decision adds, the content of a message and of its later texts is left out.</summary>
    public void PurgeAdded(string wamid, MessageDirection direction)
    {
        for (var n = 0; n < messages.Count; n++)
        {
            if (IsMeant(messages[n]))
                messages[n] = Empty(messages[n]);
        }
        for (var n = 0; n < replacements.Count; n++)
        {
            if (IsMeant(replacements[n].Message))
                replacements[n] = replacements[n] with { Message = Empty(replacements[n].Message) };
        }

        bool IsMeant(MessageRow message) =>
            message.Direction == direction
            && (message.Wamid == wamid || message.Type == "edit" && message.ContextWamid == wamid);

        MessageRow Empty(MessageRow message)
        {
            var emptied = PurgeDecider.Emptied(message, hidden.Find(h => h.Seq == message.Seq)?.Type);
            hidden.RemoveAll(h => h.Seq == message.Seq);
            mediaJobs.RemoveAll(j => j.Seq == message.Seq);
            return emptied;
        }
    }

    public void Add(KeyRow key) => keys.Add(key);

    public void Add(MediaJobRow job) => mediaJobs.Add(job);

    public void Add(LeftoverRow leftover) => leftovers.Add(leftover);

    /// <summary>Writes a draw on the quota and, where its message is still in the queue, remembers it there.</summary>
    public void Write(LedgerRow row)
    {
        ledger.Add(row);
        var at = queue.FindIndex(q => q.Seq == row.Seq);
        if (at >= 0)
            queue = queue.SetItem(at, queue[at] with { Ledger = row.State == LedgerRow.Released ? null : row });
    }

    public void Enqueue(QueuedSend send)
    {
        queued.Add(send.Row);
        var at = queue.FindIndex(q => q.Seq == send.Seq);
        queue = at < 0 ? queue.Add(send) : queue.SetItem(at, send);
    }

    public void Dequeue(int seq)
    {
        dequeued.Add(seq);
        queue = queue.RemoveAll(q => q.Seq == seq);
    }

    // What it is promised stands in a row of its own.
    private static bool IsSame(TicketProperties? a, TicketProperties? b) =>
        ReferenceEquals(a, b) || a is not null && b is not null && a with { Sla = b.Sla } == b;

    public Decision ToDecision()
    {
        var isDue = Ticket?.Sla?.AlarmAt <= now;
        if (IsEmpty && !isDue)
            return new Decision(null, state);
        SlaDecider.Follow(this, state, now);
        Visible |= isDue;
        var begins = tickets.Count > 0 || opened is not null;
        var commit = new ThreadCommit
        {
            Account = state.Account,
            Thread = state.Thread,
            Channel = Channel,
            ExpectedVersion = state.Version,
            NeedsConnectedChannel = NeedsConnectedChannel,
            Visible = Visible,
            Now = now,
            Row = Row,
            ActivityAt = activityAt,
            Messages = messages,
            Changes = changes,
            Replacements = replacements,
            Claims = Claims,
            Releases = Releases,
            Conflicts = conflicts,
            Tickets = tickets,
            Opened = opened is null ? null : opened with { Ticket = Ticket! },
            TicketChange = begins || IsSame(Ticket, state.Ticket) ? null : Ticket,
            TermsChange = Ticket?.Sla == (begins ? null : state.Ticket?.Sla) ? null : Ticket,
            Mentions = mentions,
            Merges = merges,
            Keys = keys,
            Queued = queued,
            Dequeued = dequeued,
            Ledger = ledger,
            MediaJobs = mediaJobs,
            Leftovers = leftovers,
            Hidden = hidden,
            Hides = hides,
            Shows = shows,
            Purges = purges,
            Person = Person == state.Person ? null : Person,
        };
        var after = state with
        {
            Channel = Channel,
            Version = state.Version + 1,
            Row = Row,
            Ticket = Ticket,
            Identities = identities,
            Queue = queue,
            AwaySession = AwaySession,
            Person = Person,
        };
        return new Decision(commit, after);
    }
}
