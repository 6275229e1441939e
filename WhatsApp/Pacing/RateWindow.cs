namespace Threadkeep.WhatsApp.Pacing;

/// <summary>
/// At most so many within any span: each goes when the one so many places before it is a span ago. Not safe for several threads at once.
/// </summary>
/// <param name="most">How many, at least 1.</param>
public sealed class RateWindow(int most, TimeSpan span)
{
    private readonly DateTimeOffset[] last = new DateTimeOffset[most];
    private int place;

    /// <summary>One goes.</summary>
    /// <returns>When it may go; never before those taken earlier.</returns>
    public DateTimeOffset Take(DateTimeOffset now)
    {
        var free = last[place] == default ? now : last[place] + span;
        var at = free > now ? free : now;
        last[place] = at;
        place = (place + 1) % most;
        return at;
    }
}
