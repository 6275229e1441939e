namespace Threadkeep.Threads;

/// <summary>What a type of customer message does besides being shown.</summary>
/// <param name="MovesSession">It is something the customer wrote or tapped: it moves the window and makes a ticket.</param>
/// <param name="IsUnread">Somebody should look at it.</param>
public readonly record struct InboundKind(bool MovesSession, bool IsUnread)
{
    /// <summary>
    /// By Meta's type name. Meta does not say whether reactions, edits, deletions and system events renew the window;
    /// the safe reading is that they do not. A type nobody knows yet is something the customer wrote.
    /// </summary>
    public static InboundKind Of(string type) =>
        new(MovesSession: !StillTypes.Contains(type), IsUnread: !QuietTypes.Contains(type));

    private static readonly string[] StillTypes = ["reaction", "edit", "revoke", "system"];

    /// <summary>Types that leave the unread count alone.</summary>
    public static readonly string[] QuietTypes = [.. StillTypes, "request_welcome"];

    /// <summary>Both, for those who count in PostgreSQL.</summary>
    public static readonly (string[] Still, string[] Quiet) Heard = (StillTypes, QuietTypes);
}
