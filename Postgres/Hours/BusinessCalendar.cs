namespace Threadkeep.Hours;

/// <summary>Open from one time of a weekday to another.</summary>
/// <param name="From">Minutes after midnight, 0 to 1439.</param>
/// <param name="To">Minutes after midnight, 1 to 1440; not after <paramref name="From"/>: on the next day.</param>
public readonly record struct BusinessSpan(DayOfWeek Day, int From, int To);

/// <summary>A time during which business is open: from <paramref name="From"/> up to, not including, <paramref name="To"/>.</summary>
public readonly record struct Opening(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;
}

/// <summary>
/// Which instants are business hours, and arithmetic with them. Pure. A span belongs to the day on which it begins: a holiday keeps its
/// spans shut, the rest of a night that began the day before stays open. Spans may overlap; what two of them hold counts once.
/// </summary>
public sealed class BusinessCalendar
{
    /// <summary>Business at every hour.</summary>
    public static readonly BusinessCalendar Always = new(TimeZoneInfo.Utc, null, _ => false);

    // Whoever is shut for longer than this never opens.
    private static readonly int[] Windows = [4, 16, 64, 256, 800];

    private readonly IReadOnlyList<BusinessSpan>? week;
    private readonly Func<DateOnly, bool> isHoliday;
    private readonly TimeZoneInfo zone;

    /// <param name="isHoliday">Whether a date of the zone is one.</param>
    public BusinessCalendar(TimeZoneInfo zone, IReadOnlyList<BusinessSpan>? week, Func<DateOnly, bool> isHoliday)
    {
        this.zone = zone;
        this.week = week;
        this.isHoliday = isHoliday;
    }

    public bool IsOpen(DateTimeOffset at) => Openings(at, at + TimeSpan.FromTicks(1)).Count > 0;

    /// <summary>The next time that is open, now included; null: none within two years.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        foreach (var days in Windows)
        {
            if (Openings(at, at.AddDays(days)) is [var first, ..])
                return first.From;
        }
        return null;
    }

    /// <summary>How much of the time between two instants is open.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to) =>
        to <= from
            ? TimeSpan.Zero
            : Openings(from, to).Aggregate(TimeSpan.Zero, (sum, opening) => sum + opening.Length);

    /// <summary>
    /// The first instant at which so much open time has passed, or, where <paramref name="open"/> is negative, the last one since which it
    /// has; null: not within two years.
    /// </summary>
    public DateTimeOffset? Move(DateTimeOffset from, TimeSpan open)
    {
        if (open == TimeSpan.Zero)
            return from;
        var back = open < TimeSpan.Zero;
        foreach (var days in Windows)
        {
            var left = open.Duration();
            var openings = back ? Openings(from.AddDays(-days), from).Reverse() : Openings(from, from.AddDays(days));
            foreach (var opening in openings)
            {
                if (left <= opening.Length)
                    return back ? opening.To - left : opening.From + left;
                left -= opening.Length;
            }
        }
        return null;
    }

    /// <summary>What is open between two instants, in order; none touches the next.</summary>
    public IReadOnlyList<Opening> Openings(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
            return [];
        if (week is null)
            return [new Opening(from, to)];
        var found = new List<Opening>();
        // A span of the day before may reach into this one.
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).Date).AddDays(-1);
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(to, zone).Date);
        for (; date <= last; date = date.AddDays(1))
        {
            if (isHoliday(date))
                continue;
            foreach (var span in week)
            {
                if (span.Day == date.DayOfWeek)
                    found.Add(On(date, span));
            }
        }
        found.Sort((a, b) => a.From.CompareTo(b.From));
        return Joined(found, from, to);
    }

    private Opening On(DateOnly date, BusinessSpan span)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        var end = midnight.AddDays(span.To > span.From ? 0 : 1).AddMinutes(span.To);
        return new Opening(WallClock.InstantOf(midnight.AddMinutes(span.From), zone), WallClock.InstantOf(end, zone));
    }

    private static List<Opening> Joined(List<Opening> sorted, DateTimeOffset from, DateTimeOffset to)
    {
        var joined = new List<Opening>(sorted.Count);
        foreach (var opening in sorted)
        {
            var part = new Opening(opening.From > from ? opening.From : from, opening.To < to ? opening.To : to);
            if (part.To <= part.From)
                continue;
            if (joined.Count > 0 && joined[^1].To >= part.From)
                joined[^1] = joined[^1] with { To = part.To > joined[^1].To ? part.To : joined[^1].To };
            else
                joined.Add(part);
        }
        return joined;
    }
}
