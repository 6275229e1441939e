namespace Threadkeep.Threads;

/// <summary>Lengths of time that both the grains and the Api go by.</summary>
public static class ThreadTimes
{
    /// <summary>The customer service window (Cloud API, "Windows").</summary>
    public static readonly TimeSpan Session = TimeSpan.FromHours(24);

    /// <summary>How long before its end a session counts as closing, and agents are warned.</summary>
    public static readonly TimeSpan Closing = TimeSpan.FromHours(2);

    /// <summary>
    /// How long a status may still settle an unconfirmed message before the agent decides: longer than an attempt's life
    /// and the call's time-out together.
    /// </summary>
    public static readonly TimeSpan UnconfirmedGrace = TimeSpan.FromSeconds(90);
}
