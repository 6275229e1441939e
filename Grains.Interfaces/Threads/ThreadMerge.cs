using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>Messages of a customer whose conversation goes on in the one that they are handed to.</summary>
/// <param name="By">The conversation that hands them over.</param>
/// <param name="From">The one whose customer wrote them: another one where the first takes in others.</param>
/// <param name="WaId">What Meta calls that customer by now, for answers.</param>
[GenerateSerializer, Immutable, Alias("PassedOn")]
public sealed record PassedOn(
    [property: Id(0)] ThreadId By,
    [property: Id(1)] ThreadId From,
    [property: Id(2)] string? WaId,
    [property: Id(3)] string? UserId
);

/// <summary>A conversation is to go on in another one of its number.</summary>
/// <param name="Merge">Chosen by whoever asks; asked again for one that was begun, the first counts.</param>
/// <param name="By">Null: a program.</param>
[GenerateSerializer, Immutable, Alias("MergeThread")]
public sealed record MergeThread(
    [property: Id(0)] ThreadId Into,
    [property: Id(1)] Guid Merge,
    [property: Id(2)] AgentId? By
);

public enum MergeOutcome
{
    Done = 0,
    NoSuchThread = 1,

    /// <summary>It goes on in another one already.</summary>
    AlreadyMerged = 2,

    /// <summary>The one that is to take it in goes on in another one itself.</summary>
    TargetMerged = 3,

    /// <summary>The customer of one of them is blocked.</summary>
    Blocked = 4,

    /// <summary>They are of two numbers of the business.</summary>
    OtherChannel = 5,

    /// <summary>There is nothing to take back.</summary>
    NotMerged = 6,

    /// <summary>A passing failure. What was begun is gone on with at the next call.</summary>
    Unavailable = 7,
}

/// <summary>What a conversation hands over as it goes on in another one.</summary>
[GenerateSerializer, Immutable, Alias("TakeInThread")]
public sealed record TakeInThread
{
    [Id(0)]
    public required ThreadId From { get; init; }

    [Id(1)]
    public required ChannelId Channel { get; init; }

    [Id(2)]
    public required Guid Merge { get; init; }

    [Id(3)]
    public AgentId? By { get; init; }

    /// <summary>The customer's name, for whoever reads that they were merged.</summary>
    [Id(4)]
    public string? Name { get; init; }

    /// <summary>Whom answers go to if its customer wrote last.</summary>
    [Id(5)]
    public required PassedOn Address { get; init; }

    [Id(6)]
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>The newest message's time.</summary>
    [Id(7)]
    public DateTimeOffset? PreviewAt { get; init; }

    [Id(8)]
    public int Unread { get; init; }

    [Id(9)]
    public bool AnswerOwed { get; init; }

    /// <summary>Its open ticket, which goes on in the other's; null: none is open.</summary>
    [Id(10)]
    public TicketMerge? Ticket { get; init; }

    [Id(11)]
    public string[] Tags { get; init; } = [];

    /// <summary>Who has the ticket; taken over where the other one is nobody's.</summary>
    [Id(12)]
    public AgentId? Owner { get; init; }

    [Id(13)]
    public TeamId? Team { get; init; }

    /// <summary>When its customer said something of marketing; null: nothing.</summary>
    [Id(14)]
    public DateTimeOffset? MarketingAt { get; init; }

    [Id(15)]
    public bool MarketingStopped { get; init; }
}

/// <param name="Ticket">The ticket that the handed over one goes on in.</param>
[GenerateSerializer, Immutable, Alias("TakenIn")]
public sealed record TakenIn(
    [property: Id(0)] MergeOutcome Outcome,
    [property: Id(1)] Guid? Ticket = null,
    [property: Id(2)] int TicketNumber = 0
);

/// <summary>A conversation that was taken in stands for itself again.</summary>
[GenerateSerializer, Immutable, Alias("LetGoThread")]
public sealed record LetGoThread
{
    [Id(0)]
    public required ThreadId From { get; init; }

    [Id(1)]
    public required Guid Merge { get; init; }

    /// <summary>It, and whatever goes on in it.</summary>
    [Id(2)]
    public required ThreadId[] All { get; init; }

    [Id(3)]
    public AgentId? By { get; init; }

    [Id(4)]
    public string? Name { get; init; }

    /// <summary>Its ticket, which is opened again; null: none is.</summary>
    [Id(5)]
    public TicketMerge? Ticket { get; init; }
}
