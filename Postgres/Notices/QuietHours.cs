namespace Threadkeep.Notices;

/// <summary>When somebody is left in peace: nothing is pushed, sounded or mailed, and notices wait in the console.</summary>
/// <param name="From">Minute of the day at which it begins, 0 to 1,439, by the person's clock.</param>
/// <param name="To">Minute of the day at which it ends; not after <paramref name="From"/>: on the day after.</param>
/// <param name="Days">Days on which it begins, 1 (Monday) to 7 (Sunday).</param>
public sealed record QuietHours(int From, int To, IReadOnlyList<int> Days)
{
    public const int MinutesOfDay = 24 * 60;

    public bool Contains(DateTimeOffset at, TimeZoneInfo zone)
    {
        var shown = TimeZoneInfo.ConvertTime(at, zone);
        var minute = shown.Hour * 60 + shown.Minute;
        var today = DayOf(shown.DayOfWeek);
        var yesterday = today == 1 ? 7 : today - 1;
        return From < To
            ? Days.Contains(today) && minute >= From && minute < To
            : Days.Contains(today) && minute >= From || Days.Contains(yesterday) && minute < To;
    }

    private static int DayOf(DayOfWeek day) => day == DayOfWeek.Sunday ? 7 : (int)day;
}
