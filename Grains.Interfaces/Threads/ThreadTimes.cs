namespace Threadkeep.Threads;

/// <summary>Lengths of time that both the grains and the Api go by.</summary>
public static class ThreadTimes
{
    /// <summary>The customer service window (Cloud API, "Windows").</summary>
    public static readonly TimeSpan Session = TimeSpan.FromHours(24);

    /// <summary>
    /// Open until, and not at, 24:00:00 after the customer's last message by Meta's stamp. A stamp that our clock has not reached
    /// is open all the same: the message was heard, so it was written (docs/adr/006).
    /// </summary>
    public static bool SessionIsOpen(DateTimeOffset? lastInbound, DateTimeOffset now) =>
        lastInbound is { } last && now < last + Session;

    /// <summary>
    /// How long everything is free for a customer who came by an advertisement, from the first answer on (Cloud API, "Free entry point").
    /// </summary>
    public static readonly TimeSpan FreeEntry = TimeSpan.FromHours(72);

    /// <summary>When what is free now ends to be; null: nothing is free.</summary>
    /// <param name="free">When each message left that Meta called free, the oldest first. One that leaves after the end begins the next.</param>
    public static DateTimeOffset? FreeUntil(IEnumerable<DateTimeOffset> free, DateTimeOffset now)
    {
        DateTimeOffset? until = null;
        foreach (var at in free)
            if (until is null || at >= until)
                until = at + FreeEntry;
        return until > now ? until : null;
    }

    /// <summary>How long before its end a session counts as closing, and agents are warned.</summary>
    public static readonly TimeSpan Closing = TimeSpan.FromHours(2);

    /// <summary>
    /// How long a status may still settle an unconfirmed message before the agent decides: longer than an attempt's life
    /// and the call's time-out together.
    /// </summary>
    public static readonly TimeSpan UnconfirmedGrace = TimeSpan.FromSeconds(90);
}
