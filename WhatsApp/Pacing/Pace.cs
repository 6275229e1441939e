namespace Threadkeep.WhatsApp.Pacing;

/// <summary>
/// So many at once, and then one each so often: a bucket that fills again (GCRA: all it knows is when it will be full). What was not
/// used beyond the bucket is not made up for. Not safe for several threads at once.
/// </summary>
/// <param name="burst">How many may go at once, at least 1.</param>
/// <param name="each">Time in which one more may go.</param>
public sealed class Pace(int burst, TimeSpan each)
{
    private DateTimeOffset fullAt = DateTimeOffset.MinValue;

    /// <summary>When the next may go; now or before: at once.</summary>
    public DateTimeOffset NextAt => fullAt == DateTimeOffset.MinValue ? fullAt : fullAt - (each * (burst - 1));

    /// <summary>Nothing of it is used: forgetting it changes nothing.</summary>
    public bool IsFull(DateTimeOffset now) => fullAt <= now;

    /// <summary>One goes, or is promised to go once <see cref="NextAt"/> as it was before has come.</summary>
    /// <returns>When it may go.</returns>
    public DateTimeOffset Take(DateTimeOffset now)
    {
        var at = NextAt > now ? NextAt : now;
        fullAt = (fullAt > now ? fullAt : now) + each;
        return at;
    }
}
