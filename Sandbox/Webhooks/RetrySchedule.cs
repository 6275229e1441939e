namespace Threadkeep.Sandbox.Webhooks;

/// <summary>When a refused webhook is posted again. Meta's own schedule is not published; this one keeps demonstrations quick.</summary>
public static class RetrySchedule
{
    /// <summary>Repeats end so long after the notification came up.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private const double FirstSeconds = 0.5;
    private const double LongestSeconds = 60;

    // 2^10 is beyond the longest wait already; larger powers would only overflow.
    private const int Doublings = 10;

    /// <summary>The wait after this many attempts: 0.5 s, 1 s, 2 s and so on to a minute.</summary>
    public static TimeSpan WaitAfter(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(LongestSeconds, FirstSeconds * Math.Pow(2, Math.Min(attempts - 1, Doublings))));
}
