using System.Security.Cryptography;
using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.FirstContact;
using Threadkeep.Quarantine;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>What a receive needs to know besides the thread itself.</summary>
/// <param name="Stored">Wamids known to be stored already.</param>
/// <param name="NewTicket">A ticket number, in case one is needed; 0 where none can be.</param>
/// <param name="Denied">Identities that another thread turned out to own, with that thread.</param>
/// <param name="LeaveOver">Wamids whose content PostgreSQL refused, with its reason: they become placeholders.</param>
public sealed record ReceiveContext(
    DateTimeOffset Now,
    IReadOnlySet<string> Stored,
    int NewTicket,
    IReadOnlyDictionary<string, ThreadId> Denied,
    IReadOnlyDictionary<string, string> LeaveOver
)
{
    /// <summary>Where nothing is known of messages: none came, or the one that did has its place already.</summary>
    public static ReceiveContext WithoutMessages(DateTimeOffset now, int newTicket) =>
        new(
            now,
            new HashSet<string>(),
            newTicket,
            new Dictionary<string, ThreadId>(),
            new Dictionary<string, string>()
        );

    /// <summary>The messages were written under an identity that the thread has let go since.</summary>
    public bool IsFormer { get; init; }

    /// <summary>Messages of which only that they were taken back is left.</summary>
    public IReadOnlyList<TakenBack> Purged { get; init; } = [];

    /// <summary>Another conversation passes them on; null: they are this thread's own customer's.</summary>
    public PassedOn? Via { get; init; }

    /// <summary>A slot of the quota for what is said by itself, where a session that the customer began counts.</summary>
    public DrawnSlot? Slot { get; init; }

    /// <summary>That nobody is there has been said in this session.</summary>
    public bool AwaySaid { get; init; }

    /// <summary>What was asked of stored messages, by wamid: those that edits are of, and those that were stored as history.</summary>
    public IReadOnlyDictionary<string, StoredMessageRow> Known { get; init; } = Nothing;

    private static readonly Dictionary<string, StoredMessageRow> Nothing = [];

    /// <summary>Where it stands as history, though it has arrived by itself now; null: it is not that.</summary>
    public int? PlaceInHistory(InboundItem item) =>
        !item.IsHistory && Known.GetValueOrDefault(item.Wamid) is { IsHistory: true, Seq: var seq } ? seq : null;
}

/// <summary>Adds one customer message to a thread; the seam where a test puts a decider that throws.</summary>
internal delegate void FoldMessage(ThreadChanges changes, InboundItem item, ReceiveContext context);

/// <summary>Decides what customer messages change in a thread. Pure: no clock, no I/O, no Orleans.</summary>
public static partial class ReceiveDecider
{
    /// <summary>Meta keeps inbound files for 7 days (Cloud API, "Media").</summary>
    private static readonly TimeSpan MediaKept = TimeSpan.FromDays(7);

    /// <summary>False where the thread does not own the customer any more, or the number has another owner by now.</summary>
    public static bool IsMine(ThreadState state, ReceiveMessages command)
    {
        if (!state.Exists)
            return !command.IsFormer;
        if (command.Via is { } via)
            return state.Person?.TakesIn.Contains(via.By) == true;
        if (command.IsFormer)
            return true;
        foreach (var item in command.Items)
        {
            if (!Identities.Of(item.Customer).Any(state.Identities.Contains))
                return false;
            var namesNumber =
                item.Customer.WaId is { } waId && Identities.OfNumber(waId).Any(state.Identities.Contains);
            var otherPerson =
                item.Customer.UserId is { } told
                && state.Row.UserId is { } known
                && told != known
                && !state.Identities.Contains(Identities.OfUserId(told));
            if (namesNumber && otherPerson)
                return false;
        }
        return true;
    }

    /// <summary>True where one of the messages would open a ticket.</summary>
    public static bool NeedsTicket(ThreadState state, ReceiveMessages command) =>
        !state.IsBlocked && !state.IsMoved && !HasOpenTicket(state.Row) && command.Items.Any(MovesSession);

    /// <summary>
    /// Folds the messages into the thread, in the order given. One that cannot be decided becomes a placeholder and a leftover;
    /// its neighbours do not notice.
    /// </summary>
    public static Decision Decide(ThreadState state, ReceiveMessages command, ReceiveContext context) =>
        Decide(state, command, context, Fold);

    internal static Decision Decide(
        ThreadState state,
        ReceiveMessages command,
        ReceiveContext context,
        FoldMessage fold
    )
    {
        var done = state;
        var pieces = new List<InboundItem>();
        var seen = new HashSet<string>(context.Stored);
        var arrived = new HashSet<string>();
        foreach (var item in command.Items)
        {
            if (seen.Add(item.Wamid) || context.PlaceInHistory(item) is not null && arrived.Add(item.Wamid))
                pieces.Add(item);
        }
        if (pieces.Count == 0)
            return new Decision(null, state);

        var leaveOver = new Dictionary<string, string>(context.LeaveOver);
        while (true)
        {
            var changes = new ThreadChanges(done, context.Now)
            {
                NeedsConnectedChannel = true,
                Channel = command.Channel,
            };
            if (!state.Exists)
                Begin(changes, state, command, pieces[0]);
            if (command.ConflictsWith is { } other)
                changes.Conflict(other, pieces[0].Wamid);
            if (!FoldAll(changes, pieces, leaveOver, context, fold))
                continue;
            foreach (var gone in context.Purged)
                changes.PurgeAdded(gone.Wamid, gone.Direction);
            FirstContactDecider.Speak(changes, done, context);
            AlarmDecider.AfterMessages(changes, context.Now);
            return changes.ToDecision();
        }
    }

    // False where one threw: it is in leaveOver now, and the fold must begin anew without its half-made changes.
    private static bool FoldAll(
        ThreadChanges changes,
        List<InboundItem> items,
        Dictionary<string, string> leaveOver,
        ReceiveContext context,
        FoldMessage fold
    )
    {
        foreach (var item in items)
        {
            var refused = leaveOver.GetValueOrDefault(item.Wamid);
            try
            {
                if (refused is null)
                    fold(changes, item, context);
                // What is in its thread as history stays there as that.
                else if (context.PlaceInHistory(item) is null)
                    LeaveOver(changes, item, refused, context);
            }
            catch (Exception thrown) when (refused is null)
            {
                leaveOver[item.Wamid] = $"{thrown.GetType().Name}: {thrown.Message}";
                return false;
            }
        }
        return true;
    }

    private static void Begin(ThreadChanges changes, ThreadState state, ReceiveMessages command, InboundItem first)
    {
        var (at, _, _) = SessionWindow.TimeOf(first.Timestamp, first.ReceivedAt);
        changes.Row = changes.Row with
        {
            Contact = Identities.ContactOf(state.Account, Identities.Primary(first.Customer), command.Generation),
            Generation = command.Generation,
            IdentityAt = at,
        };
    }

    // Nothing that the business wrote itself opens the customer's window, and nothing from before the number was connected.
    internal static bool MovesSession(InboundItem item) => item.IsNews && InboundKind.Of(item.Type).MovesSession;

    /// <summary>Adds one message and everything that follows from it: identity, ticket, session, unread, file to fetch.</summary>
    internal static void Fold(ThreadChanges changes, InboundItem item, ReceiveContext context)
    {
        if (!item.IsNews)
        {
            Enter(changes, item, context);
            return;
        }
        var (at, late, doubtful) = SessionWindow.TimeOf(item.Timestamp, item.ReceivedAt);
        var kind = InboundKind.Of(item.Type);
        Recognise(changes, item, at, context);
        if (kind.MovesSession && !changes.IsBlocked)
            OpenOrMoveTicket(changes, at, context);
        var number = kind.MovesSession ? MoveSession(changes, at, context.Now) : changes.NextSeq();
        ThreadMergeDecider.Address(changes, context.Via, at, kind.MovesSession);
        var row = MarketingDecider.Mark(item, ToRow(item, number, at, late, doubtful));
        if (context.Via is { } via)
            row = row with { Data = row.Data ?? ThreadMergeDecider.MarkOf(via) };
        number = Put(changes, item, context, row);
        if (!changes.IsBlocked)
            FirstContactDecider.Sort(changes, item, at);
        if (kind.IsUnread && !changes.IsBlocked)
            changes.Row = changes.Row with
            {
                Unread = changes.Row.Unread + 1,
                AnswerOwed = true,
                // Its place may lie before what was read: reading the thread must count it.
                ReadSeq = Math.Min(changes.Row.ReadSeq, number - 1),
            };
        FetchMedia(changes, item, number, context.Now);
        // Of the customer who had the number then, it says nothing about who has it now.
        if (!context.IsFormer || context.Via is not null)
            MarketingDecider.Hear(changes, item, at);
        if (item.BecomesCustomer is { } next)
            ChangeNumber(changes, item, next, at, context);
    }

    // What was written elsewhere: by the business in its phone app, or before the number was connected.
    private static void Enter(ThreadChanges changes, InboundItem item, ReceiveContext context)
    {
        var (at, late, doubtful) = SessionWindow.TimeOf(item.Timestamp, item.ReceivedAt);
        Recognise(changes, item, at, context);
        var seq = changes.NextSeq();
        seq = Put(changes, item, context, ToRow(item, seq, at, late && !item.IsHistory, doubtful));
        FetchMedia(changes, item, seq, context.Now);
        // An answer from the phone is an answer, unless the customer has written since.
        if (
            item is not { FromUs: true, IsHistory: false }
            || !InboundKind.Of(item.Type).MovesSession
            || at < changes.Row.LastInboundAt
        )
            return;
        changes.Row = changes.Row with { AnswerOwed = false, Unread = 0, ReadSeq = Math.Max(changes.Row.ReadSeq, seq) };
        TicketDecider.WeAnswered(changes, at);
    }

    // Where it stands now: at its own new number, or where it is already, as history.
    private static int Put(ThreadChanges changes, InboundItem item, ReceiveContext context, MessageRow row)
    {
        var place = context.PlaceInHistory(item);
        if (place is { } there)
            row = row with { Seq = there };
        if (!item.FromUs)
            row = QuarantineDecider.Judge(changes, item, row, context.Known);
        if (place is null)
            changes.Add(row);
        else
            changes.Arrive(row);
        return row.Seq;
    }

    /// <summary>The message row of an item at a place in the thread.</summary>
    internal static MessageRow ToRow(InboundItem item, int seq, DateTimeOffset at, bool late, bool doubtful) =>
        new()
        {
            Seq = seq,
            Direction = item.FromUs ? MessageDirection.Outbound : MessageDirection.Inbound,
            // Meta names the phone app's messages when they have left it.
            Status = item.FromUs ? StatusOf(item.HistoryStatus) : null,
            Data = DataOf(item),
            Type = item.Type,
            Text = item.Text,
            Wamid = item.Wamid,
            ContextWamid = item.ContextWamid,
            At = at,
            ReceivedAt = item.ReceivedAt,
            Late = late,
            TimeDoubtful = doubtful,
            MediaState = item.Media is null ? null : MediaState.Pending,
            Media = item.Media is { } m ? new StoredMedia("", m.MimeType, 0, m.FileName) : null,
            Raw = item.Raw,
        };

    private static MessageStatus StatusOf(string? told) =>
        told?.ToUpperInvariant() switch
        {
            "DELIVERED" => MessageStatus.Delivered,
            "READ" => MessageStatus.Read,
            "PLAYED" => MessageStatus.Played,
            "ERROR" => MessageStatus.Failed,
            _ => MessageStatus.Sent,
        };

    // Says so wherever it is shown; what is history is kept out of notices and counts by it (MessageRow.IsNews).
    private static string? DataOf(InboundItem item) =>
        item.IsHistory ? MessageRow.History + "}"
        : item.FromUs ? """{"source":"phone"}"""
        : null;

    /// <summary>Puts a leftover's true content in the place of its placeholder.</summary>
    public static Decision Replay(ThreadState state, Guid leftoverId, int seq, InboundItem item, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now);
        var (at, late, doubtful) = SessionWindow.TimeOf(item.Timestamp, item.ReceivedAt);
        var row = QuarantineDecider.Judge(changes, item, ToRow(item, seq, at, late, doubtful));
        changes.Replace(new MessageReplacement(leftoverId, row));
        var context = ReceiveContext.WithoutMessages(now, newTicket: 0);
        Recognise(changes, item, at, context);
        if (item.BecomesCustomer is { } next)
            ChangeNumber(changes, item, next, at, context);
        FetchMedia(changes, item, seq, now);
        return changes.ToDecision();
    }

    // The bytes come later; the message is on screen long before.
    private static void FetchMedia(ThreadChanges changes, InboundItem item, int seq, DateTimeOffset now)
    {
        if (item.Media is { } media)
            changes.Add(
                new MediaJobRow(
                    seq,
                    media.GraphId,
                    media.MimeType,
                    media.Sha256,
                    media.FileName,
                    now,
                    item.ReceivedAt + MediaKept
                )
            );
    }

    private static void LeaveOver(ThreadChanges changes, InboundItem item, string reason, ReceiveContext context)
    {
        // The placeholder moves session and ticket as the message would have: only its content is missing. It is always unread.
        var bare = item with
        {
            Text = null,
            Media = null,
            ContextWamid = null,
            ProfileName = null,
            BecomesCustomer = null,
            Raw = [],
        };
        var (at, late, doubtful) = SessionWindow.TimeOf(item.Timestamp, item.ReceivedAt);
        var moves = MovesSession(item);
        Recognise(changes, bare, at, context);
        if (moves && !changes.IsBlocked)
            OpenOrMoveTicket(changes, at, context);
        var seq = moves ? MoveSession(changes, at, context.Now) : changes.NextSeq();
        ThreadMergeDecider.Address(changes, context.Via, at, moves);
        changes.Add(
            ToRow(bare, seq, at, late, doubtful) with
            {
                Type = "leftover",
                Data = context.Via is { } via ? ThreadMergeDecider.MarkOf(via) : null,
            }
        );
        if (!changes.IsBlocked)
            changes.Row = changes.Row with { Unread = changes.Row.Unread + 1, AnswerOwed = true };
        changes.Add(
            new LeftoverRow(
                Guid.CreateVersion7(context.Now),
                seq,
                SHA256.HashData(item.Raw),
                "refused",
                reason.Length > 500 ? reason[..500] : reason,
                JsonSerializer.SerializeToUtf8Bytes(item, JsonSerializerOptions.Web),
                item.ReceivedAt
            )
        );
    }

    internal static bool HasOpenTicket(ThreadRow row) => row.TicketId is not null && row.TicketStatus != "closed";

    internal static void OpenOrMoveTicket(ThreadChanges changes, DateTimeOffset at, ReceiveContext context)
    {
        if (HasOpenTicket(changes.Row))
        {
            TicketDecider.CustomerWrote(changes, at);
            return;
        }
        if (TicketDecider.Reopen(changes, at, context.Now) || context.NewTicket == 0)
            return;
        var ticket = new TicketRow(Guid.CreateVersion7(context.Now), context.NewTicket, context.Now);
        changes.Add(ticket);
        changes.Row = changes.Row with { TicketId = ticket.Id, TicketNumber = ticket.Number, TicketStatus = "new" };
        changes.AddOwn("ticket_opened", at, new { ticketNumber = ticket.Number });
    }

    /// <summary>
    /// Moves the window for a message written at <paramref name="at"/> and returns the message's own number, so that what it
    /// caused (opened, reopened) stands before it in the thread.
    /// </summary>
    internal static int MoveSession(ThreadChanges changes, DateTimeOffset at, DateTimeOffset now)
    {
        var row = changes.Row;
        var last = row.LastInboundAt is { } before && before > at ? before : at;
        var isOpen = SessionWindow.IsOpen(last, now);
        var inside =
            row.SessionSeq is not null && at >= row.SessionOpenedAt && SessionWindow.IsOpen(row.LastInboundAt, at);
        if (inside)
        {
            var moved = last > row.LastInboundAt;
            var reopens = row.SessionClosed && isOpen;
            changes.Row = row with
            {
                LastInboundAt = last,
                SessionClosed = row.SessionClosed && !reopens,
                SessionWarned = row.SessionWarned && !moved,
            };
            if (reopens)
                changes.AddOwn("session_reopened", at);
        }
        else if (at == last && isOpen)
        {
            // The alarm of a session that is over may not have rung yet; it ends now, and only once.
            if (row.SessionSeq is not null && !row.SessionClosed)
                changes.AddOwn("session_closed", row.LastInboundAt!.Value + SessionWindow.Length);
            changes.AddOwn("session_opened", at);
            var seq = changes.NextSeq();
            changes.Row = changes.Row with
            {
                LastInboundAt = last,
                SessionSeq = seq,
                SessionOpenedAt = at,
                SessionWarned = false,
                SessionClosed = false,
                SessionCounted = false,
            };
            return seq;
        }
        else if (last > row.LastInboundAt)
        {
            // Its own window is over, and so is the session before it, which must not grow to hold what comes between.
            if (row.SessionSeq is not null && !row.SessionClosed)
                changes.AddOwn("session_closed", row.LastInboundAt!.Value + SessionWindow.Length);
            changes.Row = changes.Row with
            {
                LastInboundAt = last,
                SessionSeq = null,
                SessionOpenedAt = null,
                SessionClosed = true,
                AlarmAt = null,
            };
        }
        else
        {
            // Written before the session, or so long ago that its own window is over: it opens and closes nothing.
            changes.Row = row with
            {
                LastInboundAt = last,
            };
        }
        return changes.NextSeq();
    }
}
