using Threadkeep.Accounts;

namespace Threadkeep.Tickets;

/// <summary>Which properties a <see cref="ChangeTicket"/> sets; the others stay as they are.</summary>
[Flags]
public enum TicketFields
{
    None = 0,
    Status = 1,
    Priority = 2,
    Category = 4,
    Owner = 8,
    Subject = 16,
    Tags = 32,
    SnoozedUntil = 64,
    Team = 128,
    Skills = 256,
}

/// <summary>A person or program changes a thread's ticket. Checked for form already.</summary>
[GenerateSerializer, Immutable, Alias("ChangeTicket")]
public sealed record ChangeTicket
{
    [Id(0)]
    public required Guid Ticket { get; init; }

    /// <summary>The version that the change was made on; null: whatever it is.</summary>
    [Id(1)]
    public int? ExpectedVersion { get; init; }

    /// <summary>Null: a program.</summary>
    [Id(2)]
    public AgentId? By { get; init; }

    [Id(3)]
    public TicketFields Fields { get; init; }

    /// <summary>One of <see cref="TicketWords.Statuses"/>.</summary>
    [Id(4)]
    public string? Status { get; init; }

    /// <summary>One of <see cref="TicketWords.Priorities"/>.</summary>
    [Id(5)]
    public string? Priority { get; init; }

    [Id(6)]
    public string? Category { get; init; }

    [Id(7)]
    public AgentId? Owner { get; init; }

    [Id(8)]
    public string? Subject { get; init; }

    /// <summary>The tags from now on, where <see cref="TicketFields.Tags"/> is set.</summary>
    [Id(9)]
    public string[] Tags { get; init; } = [];

    [Id(10)]
    public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>Tags to add to whatever there are.</summary>
    [Id(11)]
    public string[] AddTags { get; init; } = [];

    [Id(12)]
    public string[] RemoveTags { get; init; } = [];

    [Id(13)]
    public TeamId? Team { get; init; }

    /// <summary>What it needs from now on, where <see cref="TicketFields.Skills"/> is set; as <see cref="SkillLevel.ToString"/> writes it.</summary>
    [Id(14)]
    public string[] Skills { get; init; } = [];

    /// <summary>What it needs beside whatever it needed.</summary>
    [Id(15)]
    public string[] AddSkills { get; init; } = [];

    /// <summary>The account's own properties that it sets.</summary>
    [Id(16)]
    public CustomValue[] Properties { get; init; } = [];

    /// <summary>The change is one side of a merge; null: it is none.</summary>
    [Id(20)]
    public TicketMerge? Merge { get; init; }

    /// <summary>The name of the API key where no person made the change.</summary>
    [Id(21)]
    public string? ByKey { get; init; }
}

/// <summary>What a property of the account's own becomes.</summary>
[GenerateSerializer, Immutable, Alias("CustomValue")]
public sealed record CustomValue
{
    [Id(0)]
    public required Guid Property { get; init; }

    /// <summary>JSON, checked against the property; null: it is not known any more.</summary>
    [Id(1)]
    public string? Json { get; init; }
}

public enum ChangeTicketResult
{
    Changed = 0,

    /// <summary>The thread has no such ticket.</summary>
    NoSuchTicket = 1,

    /// <summary>Somebody changed it since the version that the caller knows.</summary>
    VersionConflict = 2,

    /// <summary>A newer ticket continues the thread: this one stays as it is.</summary>
    Superseded = 3,

    /// <summary>More tags than a ticket may have.</summary>
    TooManyTags = 4,

    /// <summary>A closed ticket cannot be put off.</summary>
    IsClosed = 5,

    /// <summary>PostgreSQL refuses the content.</summary>
    Invalid = 6,

    /// <summary>A passing failure; nothing was written.</summary>
    Unavailable = 7,

    /// <summary>More skills than a ticket may need.</summary>
    TooManySkills = 8,
}

/// <summary>A note of an agent for the others. Checked for form already.</summary>
[GenerateSerializer, Immutable, Alias("AddNote")]
public sealed record AddNote
{
    /// <summary>The caller's key, as with sends: the same note twice is one.</summary>
    [Id(0)]
    public required string IdempotencyKey { get; init; }

    /// <summary>SHA-256 of thread and body.</summary>
    [Id(1)]
    public required byte[] RequestHash { get; init; }

    [Id(2)]
    public required string Text { get; init; }

    /// <summary>Null: a program.</summary>
    [Id(3)]
    public AgentId? By { get; init; }

    /// <summary>Agents named in it.</summary>
    [Id(4)]
    public AgentId[] Mentions { get; init; } = [];

    /// <summary>The name of the API key where no person wrote it.</summary>
    [Id(5)]
    public string? ByKey { get; init; }
}
