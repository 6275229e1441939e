namespace Threadkeep.Hours;

/// <summary>From what a clock on the wall shows to the instant at which it does.</summary>
public static class WallClock
{
    // A little more than any zone lies from UTC.
    private static readonly TimeSpan EastMost = TimeSpan.FromHours(16);
    private static readonly TimeSpan WestMost = TimeSpan.FromHours(14);

    /// <summary>The first instant at which the zone's clock shows this time: where it is missing, the end of the gap; where it comes twice, the earlier one.</summary>
    /// <remarks>
    /// Only asks which offset an instant has. The other way, from wall clock to offset, .NET is wrong about gaps at midnight
    /// in some zones (America/Asuncion, Pacific/Apia).
    /// </remarks>
    public static DateTimeOffset InstantOf(DateTime local, TimeZoneInfo zone)
    {
        var shown = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), TimeSpan.Zero);
        var (early, late) = (shown - EastMost, shown + WestMost);
        var (before, after) = (zone.GetUtcOffset(early), zone.GetUtcOffset(late));
        // The larger offset shows a time earlier.
        foreach (var offset in before > after ? [before, after] : new[] { after, before })
        {
            if (zone.GetUtcOffset(shown - offset) == offset)
                return shown - offset;
        }
        // The clock jumps over it: it counts from where it does.
        while (late - early > TimeSpan.FromSeconds(1))
        {
            var middle = new DateTimeOffset((early.Ticks + late.Ticks) / 2, TimeSpan.Zero);
            (early, late) = zone.GetUtcOffset(middle) == before ? (middle, late) : (early, middle);
        }
        return new DateTimeOffset(late.Ticks - late.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }
}
