using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;

namespace Threadkeep.Hours;

/// <summary>Open from one time of a weekday to another.</summary>
/// <param name="Day">monday to sunday.</param>
/// <param name="From">HH:mm, in the schedule's zone.</param>
/// <param name="To">HH:mm or 24:00; not after <paramref name="From"/>: on the next day.</param>
public sealed record SpanView(
    [property: Required] string Day,
    [property: Required] string From,
    [property: Required] string To
);

/// <param name="Date">yyyy-MM-dd.</param>
/// <param name="Yearly">On this day of every year.</param>
public sealed record OwnHolidayView(
    [property: Required] string Date,
    [property: Required] string Name,
    bool Yearly = false
);

/// <summary>Business hours as they are to be.</summary>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Spans">When it is open, up to 70; none: never.</param>
/// <param name="Countries">Whose public holidays are days off: JP, BR.</param>
/// <param name="Holidays">Days off of the account's own, up to 200.</param>
/// <param name="Version">The version that a change was made on.</param>
public sealed record ScheduleRequest(
    [property: Required] string Name,
    [property: Required] string TimeZone,
    [property: Required] IReadOnlyList<SpanView> Spans,
    IReadOnlyList<string>? Countries = null,
    IReadOnlyList<OwnHolidayView>? Holidays = null,
    int? Version = null
);

public sealed record ScheduleView(
    string Id,
    string Name,
    string TimeZone,
    IReadOnlyList<SpanView> Spans,
    IReadOnlyList<string> Countries,
    IReadOnlyList<OwnHolidayView> Holidays,
    int Version
)
{
    public static ScheduleView Of(Schedule schedule) =>
        new(
            schedule.Id.ToString("N"),
            schedule.Name,
            schedule.TimeZone,
            [
                .. schedule.Spans.Select(s => new SpanView(
                    ScheduleForm.Days[(int)s.Day],
                    ScheduleForm.Time(s.From),
                    ScheduleForm.Time(s.To)
                )),
            ],
            schedule.Countries,
            [
                .. schedule.Holidays.Select(h => new OwnHolidayView(
                    h.Date.ToString("O", CultureInfo.InvariantCulture),
                    h.Name,
                    h.Yearly
                )),
            ],
            schedule.Version
        );
}

public sealed record ScheduleListView(IReadOnlyList<ScheduleView> Items);

/// <summary>What a schedule comes to.</summary>
/// <param name="OpenNow">Whether it is open at this moment.</param>
/// <param name="NextOpening">When it opens next; null: open now, or not within two years.</param>
/// <param name="Openings">The next seven days.</param>
/// <param name="DaysOff">Holidays within a year, public and own, in order.</param>
public sealed record SchedulePreviewView(
    bool OpenNow,
    DateTimeOffset? NextOpening,
    IReadOnlyList<OpeningView> Openings,
    IReadOnlyList<DayOffView> DaysOff
);

public sealed record OpeningView(DateTimeOffset From, DateTimeOffset To);

/// <param name="Key">A public holiday's stable name; null: one of the account's own.</param>
public sealed record DayOffView(string Date, string? Key, string? Name);

/// <summary>From REST's words to a schedule.</summary>
internal static class ScheduleForm
{
    internal static readonly string[] Days =
    [
        "sunday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
    ];

    private const int DayLength = 24 * 60;

    public static string Time(int minutes) =>
        string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:D2}:{minutes % 60:D2}");

    /// <summary>The schedule, or what is wrong with the request.</summary>
    public static (Schedule?, ProblemHttpResult?) Read(Guid id, ScheduleRequest request)
    {
        if (!IsName(request.Name))
            return Wrong($"name must hold 1 to {Schedule.LongestName} characters on one line.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone, out _))
            return Wrong("timeZone is not an IANA time zone, such as Asia/Tokyo.");
        if (request.Spans.Count > Schedule.MostSpans)
            return Wrong($"A schedule has at most {Schedule.MostSpans} spans.");
        var spans = new List<BusinessSpan>();
        foreach (var span in request.Spans)
        {
            var day = Array.IndexOf(Days, span.Day);
            if (day < 0)
                return Wrong($"{span.Day} is not a day: monday to sunday.");
            if (!TryTime(span.From, out var from) || from == DayLength)
                return Wrong($"{span.From} is not a time: 00:00 to 23:59.");
            if (!TryTime(span.To, out var to) || to == from)
                return Wrong($"{span.To} does not end a span that begins at {span.From}: 00:00 to 24:00.");
            // Midnight at the end of a day is 24:00 of it.
            spans.Add(new BusinessSpan((DayOfWeek)day, from, to == 0 ? DayLength : to));
        }
        var countries = (request.Countries ?? []).Distinct().ToArray();
        if (countries.Except(Holidays.Countries).FirstOrDefault() is { } unknown)
            return Wrong($"The holidays of {unknown} are not known: {string.Join(", ", Holidays.Countries)} are.");
        if (request.Holidays?.Count > Schedule.MostHolidays)
            return Wrong($"A schedule has at most {Schedule.MostHolidays} holidays of its own.");
        var own = new List<OwnHoliday>();
        foreach (var holiday in request.Holidays ?? [])
        {
            if (
                !DateOnly.TryParseExact(
                    holiday.Date,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var date
                )
            )
                return Wrong($"{holiday.Date} is not a date: yyyy-MM-dd.");
            if (!IsName(holiday.Name))
                return Wrong($"A holiday's name must hold 1 to {Schedule.LongestName} characters on one line.");
            own.Add(new OwnHoliday(date, holiday.Name.Trim(), holiday.Yearly));
        }
        var inOrder = spans.OrderBy(s => ((int)s.Day + 6) % 7).ThenBy(s => s.From).ToArray();
        return (
            new Schedule(
                id,
                request.Name.Trim(),
                request.TimeZone,
                inOrder,
                countries,
                [.. own.OrderBy(h => h.Date)],
                request.Version ?? 1
            ),
            null
        );
    }

    public static SchedulePreviewView Preview(Schedule schedule, DateTimeOffset now)
    {
        var calendar = schedule.Calendar();
        var isOpen = calendar.IsOpen(now);
        var today = DateOnly.FromDateTime(
            TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone)).Date
        );
        return new SchedulePreviewView(
            isOpen,
            isOpen ? null : calendar.NextOpening(now),
            [.. calendar.Openings(now, now.AddDays(7)).Select(o => new OpeningView(o.From, o.To))],
            [
                .. DaysOff(schedule, today)
                    .OrderBy(d => d.Date)
                    .Select(d => new DayOffView(d.Date.ToString("O", CultureInfo.InvariantCulture), d.Key, d.Name)),
            ]
        );
    }

    private static IEnumerable<(DateOnly Date, string? Key, string? Name)> DaysOff(Schedule schedule, DateOnly today)
    {
        var end = today.AddYears(1);
        foreach (var country in schedule.Countries)
        {
            foreach (var holiday in Holidays.Of(country, today.Year).Concat(Holidays.Of(country, end.Year)))
            {
                if (holiday.Date >= today && holiday.Date < end)
                    yield return (holiday.Date, holiday.Name, null);
            }
        }
        foreach (var own in schedule.Holidays)
        {
            for (var year = today.Year; year <= end.Year; year++)
            {
                var date = own.Date;
                if (own.Yearly && own.Date is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year))
                    continue;
                if (own.Yearly)
                    date = new DateOnly(year, own.Date.Month, own.Date.Day);
                if (date.Year == year && date >= today && date < end)
                    yield return (date, null, own.Name);
            }
        }
    }

    private static bool IsName(string name) => Lines.IsLine(name.Trim(), Schedule.LongestName);

    private static bool TryTime(string text, out int minutes)
    {
        minutes = DayLength;
        if (text == "24:00")
            return true;
        var reads = TimeOnly.TryParseExact(
            text,
            "HH:mm",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time
        );
        minutes = (time.Hour * 60) + time.Minute;
        return reads;
    }

    private static (Schedule?, ProblemHttpResult?) Wrong(string why) => (null, Problems.BadRequest(why));
}
