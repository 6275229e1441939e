using System.Security.Cryptography;
using System.Text;
using Threadkeep.Accounts;

namespace Threadkeep.Notices;

/// <summary>Something that happened in a thread, with the thread's current ticket as it stands when it is read.</summary>
public sealed record ThreadItem
{
    public Guid AccountId { get; init; }
    public Guid ThreadId { get; init; }
    public Guid ChannelId { get; init; }
    public int Seq { get; init; }

    /// <summary>As <see cref="Threads.MessageDirection"/>.</summary>
    public short Direction { get; init; }
    public string Type { get; init; } = "";

    /// <summary>When it came to us.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who wrote or did it; null: the customer, nobody, or a program.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>Particulars of the thread's own items, as JSON.</summary>
    public string? Data { get; init; }
    public Guid? OwnerId { get; init; }

    /// <summary>The ticket's team, if there still is such a team.</summary>
    public Guid? TeamId { get; init; }
    public bool IsSnoozed { get; init; }

    /// <summary>Who is named in it.</summary>
    public Guid[] Mentioned { get; init; } = [];
}

/// <summary>A ticket's clock that runs out soon.</summary>
public sealed record DueTicket
{
    public Guid AccountId { get; init; }
    public Guid ThreadId { get; init; }
    public Guid ChannelId { get; init; }
    public Guid TicketId { get; init; }
    public DateTimeOffset DueAt { get; init; }

    /// <summary>True: the first response; false: the resolution.</summary>
    public bool IsResponse { get; init; }
    public Guid? OwnerId { get; init; }
    public Guid? TeamId { get; init; }
}

/// <summary>Something that an account's admins look after.</summary>
public sealed record AccountMatter
{
    public Guid AccountId { get; init; }

    /// <summary><see cref="NoticeKinds.Quota"/> or <see cref="NoticeKinds.ChannelAttention"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The same for the same matter.</summary>
    public string Key { get; init; } = "";

    /// <summary>Particulars as JSON, ids and figures only.</summary>
    public string Data { get; init; } = "{}";
}

/// <summary>Somebody who may be told.</summary>
/// <param name="Channels">The only ones that they may see; null: all.</param>
public sealed record NoticePerson(
    AccountId Account,
    AgentId Agent,
    string Role,
    Guid[]? Channels,
    Guid[] Teams,
    NoticeSettings Settings
)
{
    public bool IsAdmin => Role == "admin";

    public bool IsSupervisor => Role == "supervisor";

    /// <summary>False: they only read along.</summary>
    public bool Answers => Role != "viewer";

    public bool Sees(Guid channel) => Channels is null || Channels.Contains(channel);
}

/// <summary>A notice to one person.</summary>
public sealed record NewNotice
{
    public required AccountId Account { get; init; }
    public required AgentId Agent { get; init; }
    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required NoticeWays Ways { get; init; }
    public required DateTimeOffset At { get; init; }
    public Guid? Thread { get; init; }
    public int? Seq { get; init; }

    /// <summary>Messages; 1 for everything else.</summary>
    public int Count { get; init; } = 1;
    public Guid? By { get; init; }

    /// <summary>Particulars as JSON: ids, figures and words of ours, never what somebody wrote.</summary>
    public string Data { get; init; } = "{}";

    /// <summary>An id that is the same for the same matter, so that what is found twice is told once.</summary>
    public static Guid IdOf(string matter) => new(SHA256.HashData(Encoding.UTF8.GetBytes(matter)).AsSpan(0, 16));
}
