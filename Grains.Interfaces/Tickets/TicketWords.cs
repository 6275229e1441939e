namespace Threadkeep.Tickets;

/// <summary>The words that a ticket's status and priority may be, and how long its texts.</summary>
public static class TicketWords
{
    public const string New = "new";
    public const string WaitingOnUs = "waiting_on_us";
    public const string WaitingOnContact = "waiting_on_contact";
    public const string Closed = "closed";
    public const string NormalPriority = "normal";

    public static readonly IReadOnlyList<string> Statuses = [New, WaitingOnUs, WaitingOnContact, Closed];

    /// <summary>From the least.</summary>
    public static readonly IReadOnlyList<string> Priorities = ["low", NormalPriority, "high", "urgent"];

    /// <summary>Characters of a subject.</summary>
    public const int LongestSubject = 200;

    /// <summary>Characters of a category.</summary>
    public const int LongestCategory = 60;

    /// <summary>Characters of a tag.</summary>
    public const int LongestTag = 40;
    public const int MostTags = 30;

    /// <summary>Characters of a note.</summary>
    public const int LongestNote = 10_000;

    /// <summary>Agents named in one note.</summary>
    public const int MostMentions = 20;
}
