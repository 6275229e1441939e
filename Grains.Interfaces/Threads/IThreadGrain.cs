using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>Everything in one thread: messages, session, its ticket, its sends. Key: <see cref="GrainKeys.Thread"/>. The only writer of its rows.</summary>
[Alias("IThreadGrain")]
public interface IThreadGrain : IGrainWithStringKey
{
    /// <summary>Stores customer messages, all in one commit where that is possible; returns after it.</summary>
    [Alias("Receive")]
    Task<ReceiveResult> Receive(ReceiveMessages command);

    /// <summary>This number or id belongs to somebody else from now on: let it go.</summary>
    /// <param name="identity">As in <c>thread_identities</c>.</param>
    /// <param name="newOwner">The business-scoped id that was seen with it.</param>
    /// <param name="at">Meta's time of the message that it was seen in.</param>
    [Alias("ReleaseIdentity")]
    Task<bool> ReleaseIdentity(string identity, string newOwner, DateTimeOffset at);

    /// <summary>Applies statuses of messages that only the thread may settle (still sending, unconfirmed, or with an open ledger row).</summary>
    [Alias("ApplyStatuses")]
    Task<ReceiveResult> ApplyStatuses(StatusItem[] statuses);

    /// <summary>Accepts a message to the customer: committed as queued, or refused with a reason and nothing written.</summary>
    [Alias("Accept")]
    Task<AcceptResult> Accept(AcceptMessage command);

    /// <summary>Marks the next message that may leave as sending, in a commit, and returns it.</summary>
    /// <param name="prepared">The upload that an earlier call asked for; null at first.</param>
    [Alias("TakeNext")]
    Task<TakeResult> TakeNext(PreparedMedia? prepared);

    /// <summary>Records what became of an attempt. False: it could not be recorded for now; say it again.</summary>
    [Alias("Settle")]
    Task<bool> Settle(SendAttempt attempt, AttemptOutcome outcome);

    /// <summary>Fails a queued message that can never leave (its picture was refused, say).</summary>
    [Alias("FailQueued")]
    Task FailQueued(int seq, AttemptOutcome outcome);

    /// <summary>Everything up to and including this message has been read by an agent. False: not recorded for now.</summary>
    [Alias("MarkRead")]
    Task<bool> MarkRead(int upToSeq);

    /// <summary>Takes back a message that is still queued; false where it is not.</summary>
    [Alias("Cancel")]
    Task<bool> Cancel(int seq);

    /// <summary>The bytes of an inbound file arrived, or never will. False: not recorded for now; say it again.</summary>
    [Alias("MediaArrived")]
    Task<bool> MediaArrived(int seq, ArrivedMedia media);

    /// <summary>Stores an item again that was left over, in the place of its placeholder. Returns null when done, else why not.</summary>
    [Alias("Replay")]
    Task<string?> Replay(Guid leftoverId, InboundItem item);

    /// <summary>The session's alarm may be overdue: look, and act if so.</summary>
    [Alias("CheckAlarm")]
    Task CheckAlarm();

    /// <summary>Changes the thread's current ticket, or says why not.</summary>
    [Alias("ChangeTicket")]
    Task<ChangeTicketResult> ChangeTicket(ChangeTicket command);

    /// <summary>Begins a conversation that nobody has written in yet; false: not for now, or the number is another conversation's.</summary>
    [Alias("Begin")]
    Task<bool> Begin(BeginThread command);

    /// <summary>Opens a ticket that has no conversation: only on a desk (<see cref="Desk"/>).</summary>
    [Alias("OpenTicket")]
    Task<OpenTicketResult> OpenTicket(OpenTicket command);

    /// <summary>Only on a desk: its ticket goes over to a conversation.</summary>
    [Alias("AttachTicket")]
    Task<AttachResult> AttachTicket(AttachTicket command);

    /// <summary>Said by a desk: the ticket is this conversation's from now on, unless it has an open one.</summary>
    [Alias("TakeTicket")]
    Task<AttachResult> TakeTicket(TakeTicket command);

    /// <summary>Does what the account's assignment decided about the ticket, if it is as that believed.</summary>
    [Alias("Route")]
    Task<RouteResult> Route(RouteTicket command);

    /// <summary>Adds a note, which never leaves. The answer is as of <see cref="Accept"/>: its number, or a refusal.</summary>
    [Alias("AddNote")]
    Task<AcceptResult> AddNote(AddNote command);

    /// <summary>Hides a message of the customer's. <see cref="BlockOutcome.Done"/> also where it is hidden already.</summary>
    [Alias("HideMessage")]
    Task<BlockOutcome> HideMessage(int seq, string? reason, AgentId? by);

    /// <summary>Shows a hidden message again, whole.</summary>
    [Alias("ShowMessage")]
    Task<BlockOutcome> ShowMessage(int seq, AgentId? by);

    /// <summary>The customer is not heard any more. <see cref="BlockOutcome.Done"/> also where that was so already.</summary>
    [Alias("Block")]
    Task<BlockOutcome> Block(BlockCustomer command);

    /// <summary>The customer is heard again. Here alone: Meta is asked first, by whoever calls this.</summary>
    [Alias("Unblock")]
    Task<BlockOutcome> Unblock(AgentId? by);

    /// <summary>What Meta said to the block.</summary>
    /// <param name="code">Why it refused.</param>
    [Alias("NoteBlockAtMeta")]
    Task<BlockOutcome> NoteBlockAtMeta(bool blocked, int? code);

    /// <summary>The conversation goes on in another one of its number, which takes its customer's messages from now on (ADR 092).</summary>
    [Alias("MergeInto")]
    Task<MergeOutcome> MergeInto(MergeThread command);

    /// <summary>Takes a merge back: what the customer writes from now on comes here again.</summary>
    /// <param name="by">Null: a program.</param>
    [Alias("Unmerge")]
    Task<MergeOutcome> Unmerge(AgentId? by);

    /// <summary>Said by a conversation that goes on in this one. Said twice it is done.</summary>
    [Alias("TakeIn")]
    Task<TakenIn> TakeIn(TakeInThread command);

    /// <summary>Said by a conversation that was taken in: it stands for itself again. Said twice it is done.</summary>
    [Alias("LetGo")]
    Task<MergeOutcome> LetGo(LetGoThread command);

    /// <summary>The ticket's snooze may be over, or it may be overdue: look, and wake it or note that.</summary>
    [Alias("CheckSnooze")]
    Task CheckSnooze();
}

[GenerateSerializer, Immutable, Alias("ReceiveMessages")]
public sealed record ReceiveMessages
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    [Id(1)]
    public required InboundItem[] Items { get; init; }

    /// <summary>Another thread that owns one of the identities named here, noted for merging; null in the usual case.</summary>
    [Id(2)]
    public ThreadId? ConflictsWith { get; init; }

    /// <summary>The generation of the identity that this thread's id was made of.</summary>
    [Id(3)]
    public int Generation { get; init; }

    /// <summary>
    /// Nobody owned the identities when they were resolved, so the thread is probably not there: it decides without looking. A hint
    /// only: where it is wrong, the commit meets the thread's version, and the thread looks and decides again.
    /// </summary>
    [Id(4)]
    public bool IsNew { get; init; }

    /// <summary>
    /// The thread owned the customer's identity when these were written, and has let it go since: they are its own all the same, and
    /// say nothing of who the customer is now.
    /// </summary>
    [Id(5)]
    public bool IsFormer { get; init; }

    /// <summary>Messages of the channel may have come as history before they arrive as what they are.</summary>
    [Id(6)]
    public bool MayBeHistory { get; init; }

    /// <summary>Another conversation, which goes on in this one, passes them on; null: they are its own customer's.</summary>
    [Id(7)]
    public PassedOn? Via { get; init; }
}

/// <summary>We write first: a conversation with a number that nobody has heard from.</summary>
[GenerateSerializer, Immutable, Alias("BeginThread")]
public sealed record BeginThread
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    [Id(1)]
    public required string WaId { get; init; }

    /// <summary>The generation of the identity that this thread's id was made of.</summary>
    [Id(2)]
    public required int Generation { get; init; }

    [Id(3)]
    public required ContactId Contact { get; init; }
}

/// <summary>Somebody does not want to hear from a customer any more.</summary>
/// <param name="By">Null: a program.</param>
[GenerateSerializer, Immutable, Alias("BlockCustomer")]
public sealed record BlockCustomer(
    [property: Id(0)] string Reason,
    [property: Id(1)] AgentId? By,
    [property: Id(2)] string? ByKey = null
);

public enum BlockOutcome
{
    Done = 0,
    NoSuchThread = 1,

    /// <summary>A passing failure; nothing was written.</summary>
    Unavailable = 2,
}

public enum ReceiveResult
{
    Stored = 0,

    /// <summary>This thread does not own the identity (any more): resolve again.</summary>
    NotMine = 1,

    /// <summary>A passing failure: nothing is promised, repeat later.</summary>
    TryAgain = 2,

    /// <summary>Not even a placeholder can be stored: the items belong in the leftovers without a thread.</summary>
    Refused = 3,
}

/// <summary>A message to the customer, checked for form already.</summary>
[GenerateSerializer, Immutable, Alias("AcceptMessage")]
public sealed record AcceptMessage
{
    /// <summary>The caller's key, unique per account for at least 7 days.</summary>
    [Id(0)]
    public required string IdempotencyKey { get; init; }

    /// <summary>SHA-256 of thread and body: the same key with another hash is a mistake of the caller.</summary>
    [Id(1)]
    public required byte[] RequestHash { get; init; }

    /// <summary>The Cloud API's name of it: <c>text</c>, <c>image</c>, <c>template</c>...</summary>
    [Id(2)]
    public required string Type { get; init; }

    /// <summary>What agents see: body, caption, or the template's rendered body.</summary>
    [Id(3)]
    public string? Text { get; init; }

    /// <summary>The Cloud API body without <c>to</c>; a file goes by our own media id.</summary>
    [Id(4)]
    public required string Body { get; init; }

    [Id(5)]
    public StoredMedia? Media { get; init; }

    [Id(6)]
    public string? TemplateName { get; init; }

    [Id(7)]
    public string? TemplateLanguage { get; init; }

    [Id(8)]
    public AgentId? Agent { get; init; }

    /// <summary>The message that this one repeats; it must be one that may be sent again.</summary>
    [Id(9)]
    public int? RepeatsSeq { get; init; }

    /// <summary>One of many: it leaves at the pace of bulk sends, and every reply goes before it.</summary>
    [Id(10)]
    public bool Bulk { get; init; }

    /// <summary>The name of <see cref="Agent"/>, for accounts whose texts begin with it.</summary>
    [Id(11)]
    public string? AgentName { get; init; }

    /// <summary>The message that this one answers or reacts to.</summary>
    [Id(12)]
    public string? ContextWamid { get; init; }

    /// <summary>It leaves at this time, not before; null: at once.</summary>
    [Id(13)]
    public DateTimeOffset? NotBefore { get; init; }

    public bool IsTemplate => Type == "template";

    /// <summary>It says something. A reaction does not: the customer still waits for an answer.</summary>
    public bool Answers => Type != "reaction";
}

/// <summary>A file in the media store.</summary>
[GenerateSerializer, Immutable, Alias("StoredMedia")]
public sealed record StoredMedia(
    [property: Id(0)] string Sha256,
    [property: Id(1)] string MimeType,
    [property: Id(2)] long Size,
    [property: Id(3)] string? FileName
);

public enum AcceptRefusal
{
    None = 0,
    SessionClosed = 1,
    QuotaExhausted = 2,
    ChannelPaused = 3,

    /// <summary>The idempotency key is in use: look it up.</summary>
    KeyInUse = 4,
    NotResendable = 5,
    NoSuchThread = 6,

    /// <summary>The customer's number went to somebody else and no other address is known.</summary>
    NoAddress = 8,

    /// <summary>PostgreSQL refuses the content.</summary>
    Invalid = 9,

    /// <summary>It is to leave when the session will be over.</summary>
    AfterSession = 10,

    /// <summary>The customer is blocked.</summary>
    Blocked = 11,

    /// <summary>The conversation goes on in another one.</summary>
    Merged = 12,

    /// <summary>It is marketing, and the customer wants none.</summary>
    OptedOut = 13,

    /// <summary>A passing failure; nothing was written.</summary>
    Unavailable = 7,
}

/// <summary>Accepted as a queued message, or refused.</summary>
/// <param name="At">For <see cref="AcceptRefusal.SessionClosed"/> when it closed, for <see cref="AcceptRefusal.AfterSession"/> when it closes, for <see cref="AcceptRefusal.QuotaExhausted"/> when the quota starts anew.</param>
/// <param name="Limit">The quota's limit where that is the reason.</param>
[GenerateSerializer, Immutable, Alias("AcceptResult")]
public sealed record AcceptResult(
    [property: Id(0)] int Seq,
    [property: Id(1)] AcceptRefusal Refusal,
    [property: Id(2)] DateTimeOffset? At = null,
    [property: Id(3)] int? Limit = null
);

/// <summary>What the dispatcher is to do next for a thread.</summary>
/// <param name="Attempt">A message to post now; it is marked sending.</param>
/// <param name="NeedsMedia">Upload this file first, then ask again.</param>
/// <param name="NotBefore">Nothing may leave before this time; null: nothing waits.</param>
[GenerateSerializer, Immutable, Alias("TakeResult")]
public sealed record TakeResult(
    [property: Id(0)] SendAttempt? Attempt = null,
    [property: Id(1)] MediaToUpload? NeedsMedia = null,
    [property: Id(2)] DateTimeOffset? NotBefore = null
);

[GenerateSerializer, Immutable, Alias("MediaToUpload")]
public sealed record MediaToUpload([property: Id(0)] int Seq, [property: Id(1)] StoredMedia Media);

/// <summary>An upload made for a queued message.</summary>
[GenerateSerializer, Immutable, Alias("PreparedMedia")]
public sealed record PreparedMedia([property: Id(0)] int Seq, [property: Id(1)] string GraphId);

/// <summary>One post to Meta, allowed until <paramref name="ExpiresAt"/> and not after.</summary>
/// <param name="Body">The complete Cloud API body.</param>
[GenerateSerializer, Immutable, Alias("SendAttempt")]
public sealed record SendAttempt(
    [property: Id(0)] Guid Id,
    [property: Id(1)] int Seq,
    [property: Id(2)] string Body,
    [property: Id(3)] DateTimeOffset ExpiresAt
);

public enum AttemptResult
{
    /// <summary>Meta took it and gave it an id.</summary>
    Accepted = 0,

    /// <summary>Certainly not sent, and never will be as it is.</summary>
    Refused = 1,

    /// <summary>Certainly not sent; may be tried again later.</summary>
    RetryLater = 2,

    /// <summary>It may or may not have been sent.</summary>
    Unknown = 3,
}

[GenerateSerializer, Immutable, Alias("AttemptOutcome")]
public sealed record AttemptOutcome(
    [property: Id(0)] AttemptResult Result,
    [property: Id(1)] string? Wamid = null,
    [property: Id(2)] string? Code = null,
    [property: Id(3)] int? MetaCode = null,
    [property: Id(4)] string? Detail = null,
    [property: Id(5)] TimeSpan RetryAfter = default
);

public enum ArrivedMediaState
{
    Ready = 1,
    Failed = 2,
    TooLarge = 3,

    /// <summary>It is not what Meta said it was: its hash is another.</summary>
    Damaged = 4,
}

[GenerateSerializer, Immutable, Alias("ArrivedMedia")]
public sealed record ArrivedMedia([property: Id(0)] ArrivedMediaState State, [property: Id(1)] StoredMedia? Media);
