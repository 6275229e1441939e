using Threadkeep.Accounts;

namespace Threadkeep.Tickets;

/// <summary>
/// Tickets that no conversation began. Until such a ticket gets one it lives on a desk: a thread without a channel, under the ticket's own id
/// (ADR 066).
/// </summary>
public static class Desk
{
    /// <summary>The thread that a ticket lives in while it has no conversation.</summary>
    public static ThreadId Of(Guid ticket) => new(ticket);

    /// <summary>What stands in a desk's row where a conversation has its channel.</summary>
    public static ChannelId ChannelOf(Guid ticket) => new(ticket);

    public static bool Is(ThreadId thread, ChannelId channel) => thread.Value == channel.Value;
}

/// <summary>A person or program opens a ticket without a conversation. Checked for form already.</summary>
[GenerateSerializer, Immutable, Alias("OpenTicket")]
public sealed record OpenTicket
{
    /// <summary>The caller's key: the same ticket twice is one.</summary>
    [Id(0)]
    public required string IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the body.</summary>
    [Id(1)]
    public required byte[] RequestHash { get; init; }

    /// <summary><c>manual</c> or <c>api</c>.</summary>
    [Id(2)]
    public required string Source { get; init; }

    /// <summary>Whose it is; default: nobody's in particular.</summary>
    [Id(3)]
    public ContactId Contact { get; init; }

    /// <summary>What it is about, as its first note; null: nothing.</summary>
    [Id(4)]
    public string? Description { get; init; }

    /// <summary>Its id, who opens it, and its properties.</summary>
    [Id(5)]
    public required ChangeTicket Properties { get; init; }
}

public enum OpenTicketResult
{
    Opened = 0,

    /// <summary>The key is known: look what became of it.</summary>
    KeyInUse = 1,
    TooManyTags = 2,
    TooManySkills = 3,

    /// <summary>PostgreSQL refuses the content.</summary>
    Invalid = 4,

    /// <summary>A passing failure; nothing was written, or look whether it was.</summary>
    Unavailable = 5,

    /// <summary>It would be closed and put off.</summary>
    IsClosed = 6,
}

/// <summary>A ticket on a desk gets a conversation.</summary>
[GenerateSerializer, Immutable, Alias("AttachTicket")]
public sealed record AttachTicket
{
    [Id(0)]
    public required Guid Ticket { get; init; }

    /// <summary>The conversation's thread.</summary>
    [Id(1)]
    public required ThreadId To { get; init; }

    /// <summary>Null: a program.</summary>
    [Id(2)]
    public AgentId? By { get; init; }
}

public enum AttachResult
{
    Attached = 0,

    /// <summary>The conversation has an open ticket: it continues that one.</summary>
    HasOpenTicket = 1,

    /// <summary>The desk has no such ticket (any more), or there is no such conversation.</summary>
    NotThere = 2,

    /// <summary>A passing failure. Perhaps it is half done: said again, or by itself within a minute, it is finished.</summary>
    Unavailable = 3,
}

/// <summary>A desk hands its ticket over to a conversation's thread, which owns it from its commit on.</summary>
[GenerateSerializer, Immutable, Alias("TakeTicket")]
public sealed record TakeTicket
{
    /// <summary>The ticket, whole: id, number and every property.</summary>
    [Id(0)]
    public required Guid Ticket { get; init; }

    [Id(1)]
    public required int Number { get; init; }

    /// <summary>One of <see cref="TicketWords.Statuses"/>.</summary>
    [Id(2)]
    public required string Status { get; init; }

    /// <summary>Every note that was written at the desk, in their order.</summary>
    [Id(3)]
    public MergedNote[] Notes { get; init; } = [];

    /// <summary>Who attached it; null: a program.</summary>
    [Id(4)]
    public AgentId? By { get; init; }
}
