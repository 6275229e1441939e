using System.Collections.Frozen;
using System.Text.Json;

namespace Threadkeep.Hours;

/// <summary>A day off of the account's own.</summary>
/// <param name="Yearly">On this day of every year; 29 February: of leap years.</param>
public sealed record OwnHoliday(DateOnly Date, string Name, bool Yearly = false);

/// <summary>Business hours under a name.</summary>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Countries">Whose public holidays are days off, of <see cref="Holidays.Countries"/>.</param>
public sealed record Schedule(
    Guid Id,
    string Name,
    string TimeZone,
    IReadOnlyList<BusinessSpan> Spans,
    IReadOnlyList<string> Countries,
    IReadOnlyList<OwnHoliday> Holidays,
    int Version
)
{
    public const int MostSpans = 70;
    public const int MostHolidays = 200;

    /// <summary>How many an account may have.</summary>
    public const int Most = 50;

    /// <summary>Characters of a name, also of a holiday's.</summary>
    public const int LongestName = 80;

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public BusinessCalendar Calendar()
    {
        var once = Holidays.Where(h => !h.Yearly).Select(h => h.Date).ToFrozenSet();
        var yearly = Holidays.Where(h => h.Yearly).Select(h => (h.Date.Month, h.Date.Day)).ToFrozenSet();
        var byYear = new Dictionary<int, FrozenSet<DateOnly>>();
        return new BusinessCalendar(
            TimeZoneInfo.FindSystemTimeZoneById(TimeZone),
            Spans,
            date => once.Contains(date) || yearly.Contains((date.Month, date.Day)) || IsPublic(date)
        );

        bool IsPublic(DateOnly date)
        {
            lock (byYear)
            {
                if (!byYear.TryGetValue(date.Year, out var days))
                    byYear[date.Year] = days = Countries
                        .SelectMany(c => Hours.Holidays.Of(c, date.Year))
                        .Select(h => h.Date)
                        .ToFrozenSet();
                return days.Contains(date);
            }
        }
    }
}
