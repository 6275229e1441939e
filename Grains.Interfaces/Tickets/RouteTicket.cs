using Threadkeep.Accounts;

namespace Threadkeep.Tickets;

/// <summary>What is done about a ticket that nobody has.</summary>
public enum RouteAct
{
    /// <summary>It becomes somebody's.</summary>
    Assign = 0,

    /// <summary>A rule wants it assigned, and nobody is free: it waits.</summary>
    Wait = 1,

    /// <summary>It is left to be taken by hand.</summary>
    Leave = 2,

    /// <summary>Its owner does not have it any more: nobody has, and the rules look at it anew.</summary>
    TakeAway = 3,

    /// <summary>Its team is there no more.</summary>
    LoseTeam = 4,

    /// <summary>It becomes that of whoever had it again, unless somebody else has answered meanwhile.</summary>
    TakeBack = 5,
}

/// <summary>An account's assignment tells a ticket's thread what becomes of it.</summary>
[GenerateSerializer, Immutable, Alias("RouteTicket")]
public sealed record RouteTicket
{
    [Id(0)]
    public required Guid Ticket { get; init; }

    [Id(1)]
    public required RouteAct Act { get; init; }

    /// <summary><see cref="RouteAct.Assign"/>: to whom. <see cref="RouteAct.TakeAway"/>: from whom.</summary>
    [Id(2)]
    public AgentId? Agent { get; init; }

    /// <summary>The team that it belongs to from now on, null: as it was; for <see cref="RouteAct.LoseTeam"/> the one that is gone.</summary>
    [Id(3)]
    public TeamId? Team { get; init; }

    /// <summary>What it needs as well, as <see cref="SkillLevel.ToString"/> writes it.</summary>
    [Id(4)]
    public string[] Skills { get; init; } = [];

    /// <summary>The rule's name, for the thread's own item; null: no rule's doing.</summary>
    [Id(5)]
    public string? Rule { get; init; }

    /// <summary>Why it was taken away: <c>away</c>, <c>owner_removed</c>, <c>team_removed</c>.</summary>
    [Id(6)]
    public string? Reason { get; init; }

    /// <summary>Whose doing it is; null: nobody's.</summary>
    [Id(7)]
    public AgentId? By { get; init; }
}

public enum RouteResult
{
    Done = 0,

    /// <summary>It is not as the caller believed: another ticket, closed, or somebody has it. Nothing was written.</summary>
    NotAsExpected = 1,

    /// <summary>A passing failure; nothing was written, or look whether it was.</summary>
    Unavailable = 2,
}
