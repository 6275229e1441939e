using Threadkeep.Accounts;

namespace Threadkeep.Tickets;

/// <summary>What one ticket's thread has to know of a merge: the other ticket, and what comes or goes with it.</summary>
[GenerateSerializer, Immutable, Alias("TicketMerge")]
public sealed record TicketMerge
{
    [Id(0)]
    public required MergeSide Side { get; init; }

    /// <summary>Given once a merge: a repeated call finds it used, and has happened.</summary>
    [Id(1)]
    public required string Key { get; init; }

    [Id(2)]
    public required Guid OtherTicket { get; init; }

    [Id(3)]
    public required int OtherNumber { get; init; }

    [Id(4)]
    public required ThreadId OtherThread { get; init; }

    /// <summary>Notes of the other ticket's thread, where it is another one: the newest last.</summary>
    [Id(5)]
    public MergedNote[] Notes { get; init; } = [];

    /// <summary>Older notes that stay with the other ticket.</summary>
    [Id(6)]
    public int NotesLeft { get; init; }
}

/// <summary>On which side of a merge a ticket stands.</summary>
public enum MergeSide
{
    /// <summary>It goes on in the other one.</summary>
    GoesInto = 0,

    /// <summary>The other one goes on in it.</summary>
    TakesIn = 1,

    /// <summary>A merge is taken back: the other one is on its own again.</summary>
    LetsGo = 2,
}

/// <summary>A note that came along.</summary>
[GenerateSerializer, Immutable, Alias("MergedNote")]
public sealed record MergedNote
{
    [Id(0)]
    public required string Text { get; init; }

    [Id(1)]
    public AgentId? By { get; init; }

    [Id(2)]
    public required DateTimeOffset At { get; init; }
}
