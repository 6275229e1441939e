using Threadkeep.Hours;

namespace Threadkeep.Quota;

/// <summary>One month of quota: from its start up to, not including, its end.</summary>
public readonly record struct QuotaPeriod(DateTimeOffset Start, DateTimeOffset End);

/// <summary>Period arithmetic: months end at midnight of the anniversary day in the account's zone; day 29 to 31 falls on the last day of shorter months.</summary>
public static class QuotaPeriods
{
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
    public static DateTimeOffset StartOfDay(DateOnly date, TimeZoneInfo zone) =>
        WallClock.InstantOf(date.ToDateTime(TimeOnly.MinValue), zone);
}
