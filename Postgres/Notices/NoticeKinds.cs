namespace Threadkeep.Notices;

/// <summary>How somebody is told.</summary>
[Flags]
public enum NoticeWays : short
{
    None = 0,

    /// <summary>In the console's bell.</summary>
    Console = 1,

    /// <summary>Pushed to their browsers.</summary>
    Push = 2,

    /// <summary>In the next mail that gathers notices.</summary>
    Mail = 4,
    All = Console | Push | Mail,
}

/// <summary>What a notice tells of (<c>notices.kind</c>).</summary>
public static class NoticeKinds
{
    /// <summary>A customer wrote. Those of one thread are one notice until it is seen.</summary>
    public const string Message = "message";
    public const string Assigned = "assigned";
    public const string Mention = "mention";
    public const string SlaDueSoon = "sla_due_soon";
    public const string SlaOverdue = "sla_overdue";

    /// <summary>The session ends soon, and an answer is owed.</summary>
    public const string SessionClosing = "session_closing";
    public const string SendFailed = "send_failed";
    public const string TicketsReturned = "tickets_returned";

    /// <summary>A message of somebody in training waits for one's word.</summary>
    public const string ApprovalWanted = "approval_wanted";

    /// <summary>What became of a message of one's own that waited: changed, returned or failed.</summary>
    public const string ApprovalAnswered = "approval_answered";

    /// <summary>A share of the month's conversations is used.</summary>
    public const string Quota = "quota";

    /// <summary>Meta refuses a channel.</summary>
    public const string ChannelAttention = "channel_attention";
}

/// <summary>What people switch on and off, each way by itself.</summary>
public static class NoticeEvents
{
    /// <summary>A customer wrote on a ticket of mine.</summary>
    public const string Message = "message";

    /// <summary>A customer wrote on a ticket that is nobody's.</summary>
    public const string Unassigned = "unassigned";
    public const string Assigned = "assigned";
    public const string Mention = "mention";

    /// <summary>Due soon, and overdue.</summary>
    public const string Sla = "sla";
    public const string Closing = "closing";
    public const string Failed = "failed";
    public const string Returned = "returned";

    /// <summary>Messages of people in training: that one waits, and what became of one's own.</summary>
    public const string Approvals = "approvals";

    /// <summary>What admins look after: quota and channels.</summary>
    public const string Account = "account";

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static readonly string[] All =
    [
        Message,
        Unassigned,
        Assigned,
        Mention,
        Sla,
        Closing,
        Failed,
        Returned,
        Approvals,
        Account,
    ];
}
