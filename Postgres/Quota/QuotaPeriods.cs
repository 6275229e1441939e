namespace Threadkeep.Quota;

/// <summary>One month of quota: from its start up to, not including, its end.</summary>
public readonly record struct QuotaPeriod(DateTimeOffset Start, DateTimeOffset End);

/// <summary>Period arithmetic: months end at midnight of the anniversary day in the account's zone; day 29 to 31 falls on the last day of shorter months.</summary>
public static class QuotaPeriods
{
    // A little more than any zone lies from UTC.
    private static readonly TimeSpan EastMost = TimeSpan.FromHours(16);
    private static readonly TimeSpan WestMost = TimeSpan.FromHours(14);

    /// <summary>The period that runs at <paramref name="at"/>.</summary>
    /// <param name="anchors">In the order of their effect; at least one. A time before the first counts as the first.</param>
    public static QuotaPeriod At(IReadOnlyList<AnchorRow> anchors, DateTimeOffset at)
    {
        var index = 0;
        while (index + 1 < anchors.Count && anchors[index + 1].EffectiveFrom <= at)
            index++;
        var anchor = anchors[index];
        var zone = TimeZoneInfo.FindSystemTimeZoneById(anchor.TimeZone);
        if (at < anchor.EffectiveFrom)
            at = anchor.EffectiveFrom;

        // An anniversary at or before `at`, unless the anchor itself is later: its first period may be a short one.
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var month = new DateOnly(local.Year, local.Month, 1);
        var start = Anniversary(month, anchor.DayOfMonth, zone);
        if (start > at)
        {
            month = month.AddMonths(-1);
            start = Anniversary(month, anchor.DayOfMonth, zone);
        }
        if (start < anchor.EffectiveFrom)
            start = anchor.EffectiveFrom;
        var end = Anniversary(month.AddMonths(1), anchor.DayOfMonth, zone);
        return new QuotaPeriod(start, end);
    }

    /// <summary>The first instant of the anniversary in a month.</summary>
    private static DateTimeOffset Anniversary(DateOnly month, int day, TimeZoneInfo zone)
    {
        var date = new DateOnly(month.Year, month.Month, Math.Min(day, DateTime.DaysInMonth(month.Year, month.Month)));
        return StartOfDay(date, zone);
    }

    /// <summary>The first instant of a date: where midnight is missing, the end of the gap; where it comes twice, the earlier one.</summary>
    /// <remarks>
    /// Only asks which offset an instant has. The other way, from wall clock to offset, .NET is wrong about gaps at midnight
    /// in some zones (America/Asuncion, Pacific/Apia).
    /// </remarks>
    public static DateTimeOffset StartOfDay(DateOnly date, TimeZoneInfo zone)
    {
        var midnight = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var (early, late) = (midnight - EastMost, midnight + WestMost);
        var (before, after) = (zone.GetUtcOffset(early), zone.GetUtcOffset(late));
        // The larger offset shows midnight earlier.
        foreach (var offset in before > after ? [before, after] : new[] { after, before })
        {
            if (zone.GetUtcOffset(midnight - offset) == offset)
                return midnight - offset;
        }
        // The clock jumps over midnight: the date begins where it does.
        while (late - early > TimeSpan.FromSeconds(1))
        {
            var middle = new DateTimeOffset((early.Ticks + late.Ticks) / 2, TimeSpan.Zero);
            (early, late) = zone.GetUtcOffset(middle) == before ? (middle, late) : (early, middle);
        }
        return new DateTimeOffset(late.Ticks - late.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }
}
