using System.Globalization;
using CsCheck;
using Threadkeep.Hours;

namespace Threadkeep.Grains.Tests.Hours;

public sealed class BusinessCalendarTests
{
    private static readonly string[] Zones =
    [
        "UTC",
        "Asia/Tokyo",
        "America/Sao_Paulo",
        "Europe/Lisbon",
        "America/Havana",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    ];

    private static readonly Gen<BusinessSpan> Spans = Gen.Select(
        Gen.Int[0, 6],
        Gen.Int[0, 1439],
        Gen.Int[1, 1440],
        (day, from, to) => new BusinessSpan((DayOfWeek)day, from, to == from ? to + 1 : to)
    );

    private static readonly Gen<BusinessCalendar> Calendars = Gen.Select(
        Gen.OneOf(Zones),
        Spans.Array[1, 8],
        Gen.Int[2, 9],
        (zone, spans, rest) =>
            new BusinessCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone), spans, date => date.DayNumber % rest == 0)
    );

    // Within the years in which these zones changed their clocks.
    private static readonly Gen<DateTimeOffset> Instants = Gen.Int[0, 3 * 365 * 24 * 60]
        .Select(m => new DateTimeOffset(2017, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(m));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static BusinessCalendar Office(string zone, params BusinessSpan[] spans) =>
        new(TimeZoneInfo.FindSystemTimeZoneById(zone), spans, _ => false);

    [Fact]
    public void Open_time_adds_up_wherever_it_is_cut() =>
        Gen.Select(Calendars, Instants, Gen.Int[0, 60 * 24 * 20], Gen.Int[0, 60 * 24 * 20])
            .Sample(
                (calendar, at, first, second) =>
                {
                    var (middle, end) = (at.AddMinutes(first), at.AddMinutes(first + second));
                    (calendar.Between(at, middle) + calendar.Between(middle, end)).ShouldBe(calendar.Between(at, end));
                },
                iter: 300
            );

    [Fact]
    public void Moving_ends_where_that_much_open_time_has_passed_and_back_again() =>
        Gen.Select(Calendars, Instants, Gen.Int[1, 60 * 60])
            .Sample(
                (calendar, at, minutes) =>
                {
                    var open = TimeSpan.FromMinutes(minutes);
                    if (calendar.Move(at, open) is not { } end)
                        return;
                    calendar.Between(at, end).ShouldBe(open);
                    calendar.Between(at, end - TimeSpan.FromSeconds(1)).ShouldBeLessThan(open);
                    var back = calendar.Move(end, -open)!.Value;
                    back.ShouldBeGreaterThanOrEqualTo(at);
                    calendar.Between(back, end).ShouldBe(open);
                },
                iter: 300
            );

    [Fact]
    public void What_is_open_by_the_wall_clock_is_open() =>
        Gen.Select(Gen.OneOf(Zones), Spans.Array[1, 6], Instants)
            .Sample(
                (zone, spans, at) =>
                {
                    var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone));
                    var (day, minute) = (local.DayOfWeek, local.Hour * 60 + local.Minute);
                    var before = (DayOfWeek)(((int)day + 6) % 7);
                    var told = spans.Any(s =>
                        s.Day == day && minute >= s.From && (s.To <= s.From || minute < s.To)
                        || s.Day == before && s.To <= s.From && minute < s.To
                    );
                    // An hour that comes twice is cut where it is first seen: only then may the two differ.
                    var steady =
                        TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(at.AddHours(-26)) == local.Offset
                        && TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(at.AddHours(26)) == local.Offset;
                    if (steady)
                        Office(zone, spans).IsOpen(at).ShouldBe(told);
                },
                iter: 600
            );

    [Theory]
    // A night of eight hours: seven when the clock jumps ahead, nine when it goes back.
    [InlineData("Europe/Lisbon", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z", 7)]
    [InlineData("Europe/Lisbon", "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z", 9)]
    public void A_night_in_which_the_clocks_change_is_as_long_as_it_is(string zone, string from, string to, int hours)
    {
        var night = Office(zone, new BusinessSpan(DayOfWeek.Saturday, 22 * 60, 6 * 60));
        night.Openings(At(from).AddHours(-5), At(to).AddHours(5)).ShouldBe([new Opening(At(from), At(to))]);
        night.Between(At(from), At(to)).ShouldBe(TimeSpan.FromHours(hours));
    }

    [Fact]
    public void A_holiday_shuts_what_begins_on_it_and_leaves_the_night_before()
    {
        var nights = new BusinessCalendar(
            TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"),
            [.. Enum.GetValues<DayOfWeek>().Select(d => new BusinessSpan(d, 22 * 60, 2 * 60))],
            date => date == new DateOnly(2026, 5, 5)
        );
        nights.IsOpen(At("2026-05-05T01:00:00+09:00")).ShouldBeTrue();
        nights.IsOpen(At("2026-05-05T23:00:00+09:00")).ShouldBeFalse();
        nights.IsOpen(At("2026-05-06T01:00:00+09:00")).ShouldBeFalse();
        nights.NextOpening(At("2026-05-05T03:00:00+09:00")).ShouldBe(At("2026-05-06T22:00:00+09:00"));
    }

    [Fact]
    public void Due_times_skip_nights_and_weekends_and_end_with_the_day_that_holds_them()
    {
        var office = Office(
            "Asia/Tokyo",
            [
                .. Enumerable.Range(1, 5).Select(d => new BusinessSpan((DayOfWeek)d, 9 * 60, 12 * 60)),
                .. Enumerable.Range(1, 5).Select(d => new BusinessSpan((DayOfWeek)d, 13 * 60, 18 * 60)),
            ]
        );
        // Friday 17:00, four hours: one on Friday, three on Monday.
        office.Move(At("2026-03-13T17:00:00+09:00"), TimeSpan.FromHours(4)).ShouldBe(At("2026-03-16T12:00:00+09:00"));
        office.Move(At("2026-03-16T12:00:00+09:00"), TimeSpan.FromHours(-4)).ShouldBe(At("2026-03-13T17:00:00+09:00"));
        BusinessCalendar
            .Always.Move(At("2026-03-13T17:00:00Z"), TimeSpan.FromHours(4))
            .ShouldBe(At("2026-03-13T21:00:00Z"));
    }

    [Fact]
    public void Who_never_opens_is_never_due()
    {
        var shut = new BusinessCalendar(TimeZoneInfo.Utc, [new BusinessSpan(DayOfWeek.Monday, 0, 1440)], _ => true);
        shut.Move(At("2026-01-01T00:00:00Z"), TimeSpan.FromMinutes(1)).ShouldBeNull();
        shut.NextOpening(At("2026-01-01T00:00:00Z")).ShouldBeNull();
        Office("UTC").IsOpen(At("2026-01-01T00:00:00Z")).ShouldBeFalse();
    }
}
