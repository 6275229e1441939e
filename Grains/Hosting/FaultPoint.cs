namespace Threadkeep.Hosting;

/// <summary>
/// Places where a process can be made to stand still, so that a test may kill it exactly there. Named by the environment
/// variable <c>THREADKEEP_STAND_STILL_AT</c> (received, accepted, sending, posted); without it a reached point costs a comparison.
/// </summary>
public static class FaultPoint
{
    private static readonly string? Armed = Environment.GetEnvironmentVariable("THREADKEEP_STAND_STILL_AT");

    /// <summary>Completes at once, or never where the environment names this point.</summary>
    public static Task Reached(string name)
    {
        if (Armed != name)
            return Task.CompletedTask;
        Console.Out.WriteLine($"standing still at {name}");
        Console.Out.Flush();
        return Task.Delay(Timeout.Infinite);
    }
}
