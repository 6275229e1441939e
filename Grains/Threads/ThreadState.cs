using System.Collections.Immutable;
using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>A thread as its grain holds it: its row, the identities it owns, and what is leaving. Replaced only after a commit.</summary>
public sealed record ThreadState
{
    public required AccountId Account { get; init; }
    public required ThreadId Thread { get; init; }

    /// <summary>Unknown (default) until the thread exists.</summary>
    public ChannelId Channel { get; init; }

    /// <summary>0: the thread does not exist yet.</summary>
    public int Version { get; init; }
    public required ThreadRow Row { get; init; }

    /// <summary>The current ticket, open or closed; null where there is none.</summary>
    public TicketProperties? Ticket { get; init; }

    /// <summary>Keys of <c>thread_identities</c> that lead here.</summary>
    public ImmutableHashSet<string> Identities { get; init; } = [];

    /// <summary>Queued and sending messages, in the order in which they leave.</summary>
    public ImmutableList<QueuedSend> Queue { get; init; } = [];

    /// <summary>What few customers have; null: nothing.</summary>
    public PersonRow? Person { get; init; }

    /// <summary>What the customer writes is kept, and moves nothing else (CO11).</summary>
    public bool IsBlocked => Person?.Block is not null;

    /// <summary>The customer wants no marketing.</summary>
    public bool WantsNoMarketing => Person?.Marketing is { Stopped: true };

    /// <summary>It goes on in another conversation, which takes its customer's messages (ADR 092).</summary>
    public bool IsMoved => Person?.Moved is not null;

    /// <summary>What the customer writes is handed on. Of one who is blocked here it is kept here, as ever.</summary>
    public bool HandsOn => IsMoved && !IsBlocked;

    /// <summary>Whom an answer goes to: whoever wrote last, where it takes in other conversations.</summary>
    public (string? WaId, string? UserId) Address =>
        Person?.Reply is { } reply ? (reply.WaId, reply.UserId) : (Row.WaId, Row.UserId);

    /// <summary>The session in which the customer was told that nobody is there; kept here only so that it is not tried with every message.</summary>
    public int? AwaySession { get; init; }

    /// <summary>What the account has said of its tickets, as it was known when this was loaded or last used.</summary>
    public TicketRules Rules { get; init; } = TicketRules.None;

    public bool Exists => Version > 0;

    /// <summary>It is no conversation: a ticket that has none lives here (ADR 066).</summary>
    public bool IsDesk => Exists && Desk.Is(Thread, Channel);

    public bool SessionIsOpen(DateTimeOffset now) => SessionWindow.IsOpen(Row.LastInboundAt, now);

    /// <summary>A thread nobody has written to yet.</summary>
    public static ThreadState Empty(AccountId account, ThreadId thread) =>
        new()
        {
            Account = account,
            Thread = thread,
            Row = new ThreadRow { Contact = default },
        };
}

/// <summary>A message that is queued or being sent.</summary>
public sealed record QueuedSend(QueueRow Row, OutboundContent Content, LedgerRow? Ledger)
{
    public int Seq => Row.Seq;

    public bool IsSending => Row.Attempt is not null;
}

/// <summary>What an outbound message says.</summary>
/// <param name="Body">The Cloud API body without its address.</param>
public sealed record OutboundContent(string Type, string Body, StoredMedia? Media)
{
    public bool IsTemplate => Type == "template";
}

/// <summary>What a decider decided: what to commit, and the state that holds once it is committed.</summary>
/// <param name="Commit">Null where nothing changes.</param>
public sealed record Decision(ThreadCommit? Commit, ThreadState After);
