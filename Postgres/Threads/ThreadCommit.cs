using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>
/// Everything that one decision of one thread changes, written wholly or not at all. Built by a decider,
/// carried to PostgreSQL by <see cref="CommitWriter"/>; the columns are those of <c>Postgres/Schema</c>.
/// </summary>
public sealed record ThreadCommit
{
    public required AccountId Account { get; init; }
    public required ThreadId Thread { get; init; }
    public required ChannelId Channel { get; init; }

    /// <summary>The version that the decision was made on; 0: the thread does not exist yet.</summary>
    public required int ExpectedVersion { get; init; }

    /// <summary>True where a disconnected channel must refuse the whole: webhook messages, accepting and starting a send.</summary>
    public bool NeedsConnectedChannel { get; init; }

    /// <summary>True where someone looking at the thread would see a difference: moves the revision and tells the live feed.</summary>
    public bool Visible { get; init; } = true;

    public required DateTimeOffset Now { get; init; }
    public required ThreadRow Row { get; init; }

    /// <summary>Moves the thread up in lists; null: its place stays.</summary>
    public DateTimeOffset? ActivityAt { get; init; }

    public IReadOnlyList<MessageRow> Messages { get; init; } = [];
    public IReadOnlyList<MessageChange> Changes { get; init; } = [];
    public IReadOnlyList<MessageReplacement> Replacements { get; init; } = [];
    public IReadOnlyList<string> Claims { get; init; } = [];
    public IReadOnlyList<IdentityRelease> Releases { get; init; } = [];
    public IReadOnlyList<IdentityConflict> Conflicts { get; init; } = [];
    public IReadOnlyList<TicketRow> Tickets { get; init; } = [];

    /// <summary>A ticket that is opened without a conversation, whole; null: none.</summary>
    public OpenedTicket? Opened { get; init; }

    /// <summary>The thread's current ticket as it stands after the decision; null: nothing that its own row holds changed.</summary>
    public TicketProperties? TicketChange { get; init; }

    /// <summary>The current ticket, where what it is promised changed.</summary>
    public TicketProperties? TermsChange { get; init; }
    public IReadOnlyList<MentionRow> Mentions { get; init; } = [];
    public IReadOnlyList<MergeRow> Merges { get; init; } = [];
    public IReadOnlyList<KeyRow> Keys { get; init; } = [];
    public IReadOnlyList<QueueRow> Queued { get; init; } = [];
    public IReadOnlyList<int> Dequeued { get; init; } = [];
    public IReadOnlyList<LedgerRow> Ledger { get; init; } = [];
    public IReadOnlyList<MediaJobRow> MediaJobs { get; init; } = [];
    public IReadOnlyList<LeftoverRow> Leftovers { get; init; } = [];

    /// <summary>What new messages said and their rows do not hold.</summary>
    public IReadOnlyList<HiddenRow> Hidden { get; init; } = [];

    /// <summary>Stored messages of the customer's that are hidden from now on.</summary>
    public IReadOnlyList<HideRow> Hides { get; init; } = [];

    /// <summary>Stored messages that are shown again, whole.</summary>
    public IReadOnlyList<ShowRow> Shows { get; init; } = [];

    /// <summary>Stored messages whose content goes for good.</summary>
    public IReadOnlyList<int> Purges { get; init; } = [];

    /// <summary>What few customers have, where it changed; null: it did not.</summary>
    public PersonRow? Person { get; init; }

    /// <summary>
    /// The messages that readers of the outbox look at again: those added, those that failed, and a leftover's in whose place its content
    /// came; 0 and 0 where there are none. A replay's own items stay out: they would stretch the range over everything since the leftover.
    /// </summary>
    internal (int First, int Last) Told
    {
        get
        {
            var told = (First: 0, Last: 0);
            foreach (var message in Messages)
            {
                if (Replacements.Count == 0 || message.Direction != MessageDirection.System)
                    Include(message.Seq);
            }
            foreach (var replacement in Replacements)
                Include(replacement.Message.Seq);
            foreach (var hide in Hides)
                Include(hide.Seq);
            foreach (var show in Shows)
                Include(show.Seq);
            foreach (var purged in Purges)
                Include(purged);
            // Whoever wrote it is told, which nothing else in the outbox would bring about.
            foreach (var change in Changes)
            {
                if (change.Status == MessageStatus.Failed)
                    Include(change.Seq);
            }
            return told;

            void Include(int seq) =>
                told = (told.First == 0 ? seq : Math.Min(told.First, seq), Math.Max(told.Last, seq));
        }
    }

    /// <summary>Rows this commit brings, for the writer's cap on a batch.</summary>
    internal int RowCount =>
        1
        + Messages.Count
        + Changes.Count
        + Claims.Count
        + Tickets.Count
        + Queued.Count
        + MediaJobs.Count
        + Leftovers.Count;

    /// <summary>About how many bytes it sends, for the writer's cap on a batch.</summary>
    internal int ByteCount
    {
        get
        {
            var bytes = 400;
            foreach (var m in Messages)
                bytes += 300 + (m.Raw?.Length ?? 0) + 3 * ((m.Text?.Length ?? 0) + (m.Body?.Length ?? 0));
            foreach (var l in Leftovers)
                bytes += 200 + l.Item.Length;
            return bytes;
        }
    }
}

/// <summary>The thread's own row, whole, as it stands after the decision (<c>threadkeep.threads</c>).</summary>
public sealed record ThreadRow
{
    public required ContactId Contact { get; init; }
    public int Generation { get; init; }
    public string? WaId { get; init; }
    public string? UserId { get; init; }
    public DateTimeOffset IdentityAt { get; init; }
    public string? ProfileName { get; init; }
    public int LastSeq { get; init; }
    public int ReadSeq { get; init; }
    public int Unread { get; init; }
    public bool AnswerOwed { get; init; }
    public DateTimeOffset? LastInboundAt { get; init; }
    public int? SessionSeq { get; init; }
    public DateTimeOffset? SessionOpenedAt { get; init; }
    public bool SessionWarned { get; init; }
    public bool SessionClosed { get; init; }
    public bool SessionCounted { get; init; }
    public DateTimeOffset? AlarmAt { get; init; }
    public Guid? TicketId { get; init; }
    public int? TicketNumber { get; init; }
    public string? TicketStatus { get; init; }
    public int? PreviewSeq { get; init; }
    public DateTimeOffset? PreviewAt { get; init; }
}

/// <summary>What few customers have (<c>threadkeep.thread_persons</c>), whole.</summary>
/// <param name="Username">The name that the customer goes by in place of the number, as last heard.</param>
/// <param name="Block">Null: the customer is not blocked.</param>
public sealed record PersonRow(string? Username, BlockRow? Block)
{
    public static readonly PersonRow None = new(null, null);

    /// <summary>Whether the customer wants marketing; null: nobody has said anything.</summary>
    public MarketingRow? Marketing { get; init; }

    /// <summary>The conversation goes on in another one (ADR 092); null: it stands for itself.</summary>
    public MovedRow? Moved { get; init; }

    /// <summary>Conversations whose customers' messages come here.</summary>
    public IReadOnlyList<ThreadId> TakesIn { get; init; } = [];

    /// <summary>Where answers go while the customer last wrote as one of those; null: to the thread's own customer.</summary>
    public ReplyRow? Reply { get; init; }
}

/// <summary>What the customer said of marketing last.</summary>
/// <param name="At">Meta's time of it.</param>
/// <param name="Source"><see cref="WhatsApp"/>.</param>
public sealed record MarketingRow(bool Stopped, DateTimeOffset At, string Source)
{
    /// <summary>The customer said so there, and Meta told it (<c>user_preferences</c>).</summary>
    public const string WhatsApp = "whatsapp";
}

/// <summary>A conversation that goes on in another one of the same number.</summary>
/// <param name="Merge">The merge, so that each of its steps happens once.</param>
/// <param name="By">Null: a program.</param>
/// <param name="Pending">The other one has not taken it in yet.</param>
public sealed record MovedRow(ThreadId Into, Guid Merge, DateTimeOffset At, AgentId? By, bool Pending);

/// <summary>Whom answers go to.</summary>
/// <param name="Thread">The conversation that knows the customer by this.</param>
public sealed record ReplyRow(ThreadId Thread, string? WaId, string? UserId);

/// <summary>What a message said and its own row does not hold (<c>threadkeep.hidden_messages</c>).</summary>
/// <param name="Effect">mask or quarantine.</param>
/// <param name="Type">What the message is.</param>
public sealed record HiddenRow(
    int Seq,
    string Effect,
    string[] Rules,
    string Type,
    string? Text,
    string? MediaName,
    byte[]? Raw
)
{
    /// <summary>The type of a message's row whose content is hidden.</summary>
    public const string QuarantinedType = "quarantined";
    public const string Mask = "mask";
    public const string Quarantine = "quarantine";
}

/// <summary>A stored message that is hidden from now on. One that is so already stays as it is.</summary>
/// <param name="By">Null: a rule, or a program.</param>
public sealed record HideRow(int Seq, string[] Rules, string? Reason, AgentId? By, string Data);

/// <summary>A stored message that is shown again.</summary>
public sealed record ShowRow(int Seq, AgentId? By);

/// <summary>A customer who is blocked.</summary>
/// <param name="AtMeta"><see cref="Pending"/>, <see cref="Blocked"/> or <see cref="Refused"/>.</param>
/// <param name="MetaCode">Why Meta refused; null where it said nothing.</param>
public sealed record BlockRow(DateTimeOffset At, AgentId? By, string Reason, string AtMeta, int? MetaCode)
{
    /// <summary>Meta has not been asked, or has not answered.</summary>
    public const string Pending = "pending";

    /// <summary>Meta keeps what the customer writes from us, too.</summary>
    public const string Blocked = "blocked";

    /// <summary>Here alone: Meta blocks nobody who has not written within 24 hours, for one.</summary>
    public const string Refused = "refused";
}

public enum MessageDirection : short
{
    Inbound = 0,
    Outbound = 1,

    /// <summary>The thread's own items: ticket opened, session warning...</summary>
    System = 2,

    /// <summary>What agents write for each other; it never leaves.</summary>
    Note = 3,
}

/// <summary>Where an outbound message stands; see <c>threadkeep.forward_status</c> for how it moves.</summary>
public enum MessageStatus : short
{
    Queued = 0,
    Sending = 1,
    Unconfirmed = 2,
    Sent = 3,
    Delivered = 4,
    Read = 5,
    Played = 6,
    Failed = 7,
    Cancelled = 8,
}

public enum MediaState : short
{
    Pending = 0,
    Ready = 1,
    Failed = 2,
    TooLarge = 3,

    /// <summary>Its hash is not the one that Meta told.</summary>
    Damaged = 4,
}

/// <summary>A new message (<c>threadkeep.messages</c>).</summary>
public sealed record MessageRow
{
    /// <summary>Of <see cref="Data"/>: it was taken back, and what it said is gone.</summary>
    public const string PurgedMark = "\"purged\":true";

    /// <summary>How the <see cref="Data"/> of a message begins that is from before its number was connected.</summary>
    public const string History = "{\"source\":\"history\"";

    /// <summary>Of <c>m</c>: it came when it was written, and somebody should hear of it.</summary>
    internal const string IsNews = $"coalesce(m.data, '') not like '{History}%'";

    public required int Seq { get; init; }
    public required MessageDirection Direction { get; init; }
    public required string Type { get; init; }
    public string? Text { get; init; }
    public string? Wamid { get; init; }
    public string? ContextWamid { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public bool Late { get; init; }
    public bool TimeDoubtful { get; init; }
    public MessageStatus? Status { get; init; }
    public string? ErrorCode { get; init; }
    public AgentId? Agent { get; init; }
    public string? Body { get; init; }
    public string? TemplateName { get; init; }
    public string? TemplateLanguage { get; init; }
    public MediaState? MediaState { get; init; }
    public StoredMedia? Media { get; init; }
    public string? Data { get; init; }
    public byte[]? Raw { get; init; }
}

/// <summary>A change to a stored message. Times only become earlier, status only moves forward unless <see cref="Backwards"/>.</summary>
public sealed record MessageChange
{
    public required int Seq { get; init; }
    public MessageStatus? Status { get; init; }

    /// <summary>True only where a send goes back to the queue.</summary>
    public bool Backwards { get; init; }
    public string? Wamid { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? DeliveredAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
    public DateTimeOffset? PlayedAt { get; init; }
    public DateTimeOffset? FailedAt { get; init; }
    public DateTimeOffset? UnconfirmedAt { get; init; }

    /// <summary>The number of the message that sends this one again.</summary>
    public int? RepeatedBy { get; init; }
    public string? ErrorCode { get; init; }
    public int? MetaErrorCode { get; init; }
    public string? ErrorDetail { get; init; }
    public MediaState? MediaState { get; init; }
    public StoredMedia? Media { get; init; }

    /// <summary>What Meta charges it as, and how; null: nothing new.</summary>
    public string? PriceCategory { get; init; }
    public string? PriceType { get; init; }
}

/// <summary>A leftover's true content, put in the place of its placeholder; or a message that was there as history and arrives now.</summary>
/// <param name="LeftoverId">Empty: it was none.</param>
public sealed record MessageReplacement(Guid LeftoverId, MessageRow Message);

/// <summary>An identity that the thread lets go (<c>threadkeep.identity_generations</c>).</summary>
/// <param name="At">Meta's time: what was written before it under the identity is this thread's.</param>
public sealed record IdentityRelease(string Identity, DateTimeOffset At);

/// <summary>Another thread that a payload named as the same person.</summary>
public sealed record IdentityConflict(ThreadId Other, string Wamid);

public sealed record TicketRow(Guid Id, int Number, DateTimeOffset OpenedAt);

/// <summary>A ticket that is opened on its desk.</summary>
/// <param name="Status">What it begins with.</param>
public sealed record OpenedTicket(TicketProperties Ticket, int Number, string Source, string Status);

/// <summary>An agent named in the note <paramref name="Seq"/> (<c>threadkeep.mentions</c>).</summary>
public sealed record MentionRow(AgentId Agent, int Seq);

/// <summary>A ticket that goes on in another one (<c>threadkeep.ticket_merges</c>); null: no more.</summary>
public sealed record MergeRow(Guid Ticket, Guid? Into);

/// <summary>The caller's idempotency key of a send.</summary>
public sealed record KeyRow(string Key, int Seq, byte[] RequestHash);

/// <summary>A send that is queued (no attempt) or being sent (<c>threadkeep.outbound_queue</c>).</summary>
public sealed record QueueRow
{
    public const short Replies = 0;
    public const short Bulk = 1;

    public required int Seq { get; init; }

    /// <summary><see cref="Replies"/> or <see cref="Bulk"/>.</summary>
    public short Lane { get; init; }

    /// <summary>Queued: not before; sending: when the attempt has expired and somebody must look.</summary>
    public required DateTimeOffset DueAt { get; init; }
    public Guid? Attempt { get; init; }

    /// <summary>The attempt may not be posted after this.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public int Tries { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }
}

/// <summary>A draw on the quota, or what became of it (<c>threadkeep.quota_ledger</c>).</summary>
/// <param name="SessionSeq">The session that a user-initiated draw counts.</param>
/// <param name="ReleasedFor">Why it was released: only a failed message counts again when it is delivered after all. Null: it is
/// not released, or was so before reasons were kept.</param>
public sealed record LedgerRow(
    int Seq,
    DateTimeOffset PeriodStart,
    int Slot,
    string Kind,
    string State,
    int? SessionSeq,
    string? ReleasedFor = null
)
{
    public const string BusinessInitiated = "business_initiated";
    public const string UserInitiated = "user_initiated";
    public const string Reserved = "reserved";
    public const string Counted = "counted";
    public const string Released = "released";

    /// <summary>Released: it left inside a session, where a template takes nothing.</summary>
    public const string LeftInside = "left_inside";

    /// <summary>Released: Meta refused it, at once or later, or it could not leave.</summary>
    public const string Failed = "failed";

    /// <summary>Released: taken back while it was queued.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>An inbound file to fetch (<c>threadkeep.media_jobs</c>).</summary>
public sealed record MediaJobRow(
    int Seq,
    string GraphId,
    string Mime,
    string? Sha256,
    string? Name,
    DateTimeOffset DueAt,
    DateTimeOffset GiveUpAt
);

/// <summary>An item that could not be stored as it is; its placeholder is the message <paramref name="Seq"/>.</summary>
public sealed record LeftoverRow(
    Guid Id,
    int Seq,
    byte[] ItemHash,
    string Reason,
    string Detail,
    byte[] Item,
    DateTimeOffset ReceivedAt
);

/// <summary>What became of a commit.</summary>
public enum CommitResult
{
    Stored = 0,

    /// <summary>The thread moved on since the decision: load and decide again.</summary>
    Conflict = 1,

    /// <summary>The channel is not connected to this account.</summary>
    ChannelGone = 2,

    /// <summary>Some wamids are stored already: decide again without them.</summary>
    DuplicateMessage = 3,

    /// <summary>Another thread owns an identity that this one claims.</summary>
    IdentityTaken = 4,
    KeyUsed = 5,
    SlotTaken = 6,
    OverLimit = 7,

    /// <summary>Certainly not written, and never will be as it is: PostgreSQL refuses the data.</summary>
    Rejected = 100,

    /// <summary>Certainly not written: the writer is full, or the database could not be reached.</summary>
    Unavailable = 101,

    /// <summary>May or may not be written: the connection was lost on the way. Load and look.</summary>
    Unknown = 102,
}

/// <summary>The outcome of one commit.</summary>
/// <param name="Revision">The thread's revision after it, when stored.</param>
/// <param name="Duplicates">The wamids already stored, for <see cref="CommitResult.DuplicateMessage"/>.</param>
/// <param name="Owner">The identity's owner, for <see cref="CommitResult.IdentityTaken"/>.</param>
/// <param name="Reason">PostgreSQL's own words, for <see cref="CommitResult.Rejected"/>.</param>
public sealed record CommitOutcome(
    CommitResult Result,
    long Revision = 0,
    IReadOnlyList<string>? Duplicates = null,
    ThreadId? Owner = null,
    string? Reason = null
)
{
    internal static readonly CommitOutcome Unavailable = new(CommitResult.Unavailable);
    internal static readonly CommitOutcome Unknown = new(CommitResult.Unknown);
}
