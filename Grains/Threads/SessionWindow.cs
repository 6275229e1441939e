namespace Threadkeep.Threads;

/// <summary>The 24-hour customer service window: arithmetic on the customer's last message, by Meta's timestamps (Cloud API, "Windows").</summary>
public static class SessionWindow
{
    public static readonly TimeSpan Length = ThreadTimes.Session;

    /// <summary>How long before its end agents are warned when an answer is owed.</summary>
    public static readonly TimeSpan Warning = ThreadTimes.Closing;

    /// <summary>A stamp further ahead of our clock than this is not believed.</summary>
    public static readonly TimeSpan BelievableAhead = TimeSpan.FromMinutes(5);

    /// <summary>A message that arrives this long after it was written is marked late.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(5);

    // WhatsApp did not exist before; an older stamp is senseless.
    private static readonly DateTimeOffset FirstStamp = new(2009, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc cref="ThreadTimes.SessionIsOpen" />
    public static bool IsOpen(DateTimeOffset? lastInbound, DateTimeOffset now) =>
        ThreadTimes.SessionIsOpen(lastInbound, now);

    public static DateTimeOffset? EndOf(DateTimeOffset? lastInbound) => lastInbound + Length;

    /// <summary>The time that counts for a message: Meta's, or the arrival where Meta's is missing, senseless or in the future.</summary>
    public static (DateTimeOffset At, bool Late, bool Doubtful) TimeOf(long? timestamp, DateTimeOffset receivedAt)
    {
        if (timestamp is not { } seconds || seconds < FirstStamp.ToUnixTimeSeconds() || seconds > 253_402_300_799)
            return (receivedAt, false, true);
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return at > receivedAt + BelievableAhead ? (receivedAt, false, true) : (at, receivedAt - at > LateAfter, false);
    }
}
