using System.Globalization;
using CsCheck;
using Threadkeep.Quota;

namespace Threadkeep.Grains.Tests.Quota;

public sealed class QuotaPeriodsTests
{
    // Clocks that change at midnight, in whole and half hours, in both halves of the year; and one that skipped a day.
    public static readonly TheoryData<string> Zones =
    [
        "UTC",
        "Asia/Tokyo",
        "Europe/Lisbon",
        "America/Sao_Paulo",
        "Africa/Cairo",
        "Asia/Beirut",
        "America/Havana",
        "America/Asuncion",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
    ];

    [Theory]
    [MemberData(nameof(Zones))]
    public void A_day_begins_at_its_first_instant_whatever_the_clocks_do(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        for (var date = new DateOnly(2009, 1, 1); date.Year < 2028; date = date.AddDays(1))
            QuotaPeriods.StartOfDay(date, zone).ShouldBe(FirstInstant(date, zone), $"{date:O} in {name}");
    }

    [Theory]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")] // 00:00 was skipped: 01:00 -02
    [InlineData("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z")]
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z")]
    [InlineData("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z")] // 00:00 came twice: the earlier
    [InlineData("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z")] // and was skipped
    [InlineData("Europe/Lisbon", "2026-03-29", "2026-03-29T00:00:00Z")]
    [InlineData("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z")]
    public void A_missing_midnight_is_the_end_of_the_gap_and_of_a_doubled_one_the_earlier_counts(
        string zone,
        string date,
        string expected
    ) =>
        QuotaPeriods
            .StartOfDay(DateOnly.Parse(date, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone))
            .ShouldBe(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture));

    [Theory]
    [MemberData(nameof(Zones))]
    public void Every_anniversary_day_tiles_the_years_without_gap_or_overlap(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        for (short day = 1; day <= 31; day++)
        {
            var begin = QuotaPeriods.StartOfDay(new DateOnly(2017, 1, Math.Min((int)day, 31)), zone);
            AnchorRow[] anchors = [Anchor(begin, day, name)];
            var at = begin;
            for (var month = new DateOnly(2017, 1, 1); month.Year < 2029; month = month.AddMonths(1))
            {
                var period = QuotaPeriods.At(anchors, at);
                period.Start.ShouldBe(at);
                period.Start.ShouldBe(FirstInstant(OnDay(month, day), zone));
                period.End.ShouldBe(FirstInstant(OnDay(month.AddMonths(1), day), zone));
                QuotaPeriods.At(anchors, period.End.AddTicks(-1)).ShouldBe(period);
                at = period.End;
            }
        }
    }

    [Fact]
    public void Days_29_to_31_fall_on_the_last_day_of_shorter_months_and_come_back()
    {
        var start = new DateTimeOffset(2024, 1, 31, 0, 0, 0, TimeSpan.Zero);
        AnchorRow[] anchors = [Anchor(start, 31, "UTC")];
        var starts = new List<string>();
        for (var at = start; starts.Count < 14; at = QuotaPeriods.At(anchors, at).End)
            starts.Add(at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        starts.ShouldBe([
            "2024-01-31",
            "2024-02-29",
            "2024-03-31",
            "2024-04-30",
            "2024-05-31",
            "2024-06-30",
            "2024-07-31",
            "2024-08-31",
            "2024-09-30",
            "2024-10-31",
            "2024-11-30",
            "2024-12-31",
            "2025-01-31",
            "2025-02-28",
        ]);
    }

    [Fact]
    public void A_time_before_the_first_anchor_counts_as_its_beginning()
    {
        var start = new DateTimeOffset(2026, 5, 10, 0, 0, 0, TimeSpan.Zero);
        QuotaPeriods
            .At([Anchor(start, 10, "UTC")], start.AddYears(-3))
            .ShouldBe(new QuotaPeriod(start, start.AddMonths(1)));
    }

    [Fact]
    public void A_subscription_in_the_middle_of_a_day_begins_there()
    {
        var noon = new DateTimeOffset(2026, 5, 10, 12, 0, 0, TimeSpan.Zero);
        QuotaPeriods
            .At([Anchor(noon, 10, "UTC")], noon.AddHours(1))
            .ShouldBe(new QuotaPeriod(noon, new DateTimeOffset(2026, 6, 10, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_new_day_takes_effect_at_the_announced_end_and_the_next_period_ends_at_its_first_anniversary()
    {
        var first = Anchor(new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero), 10, "UTC");
        var announced = QuotaPeriods.At([first], new DateTimeOffset(2026, 3, 20, 0, 0, 0, TimeSpan.Zero)).End;
        AnchorRow[] anchors = [first, Anchor(announced, 25, "UTC")];
        QuotaPeriods.At(anchors, announced.AddTicks(-1)).End.ShouldBe(announced);
        QuotaPeriods
            .At(anchors, announced)
            .ShouldBe(new QuotaPeriod(announced, new DateTimeOffset(2026, 4, 25, 0, 0, 0, TimeSpan.Zero)));
        QuotaPeriods
            .At(anchors, new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero))
            .ShouldBe(
                new QuotaPeriod(
                    new DateTimeOffset(2026, 4, 25, 0, 0, 0, TimeSpan.Zero),
                    new DateTimeOffset(2026, 5, 25, 0, 0, 0, TimeSpan.Zero)
                )
            );
    }

    [Fact]
    public void Changes_of_day_and_zone_leave_no_gap_and_no_overlap() =>
        Gen.Select(
                Gen.Int[1, 31],
                Gen.OneOf("Asia/Tokyo", "America/Havana", "Africa/Cairo", "Pacific/Apia", "America/Sao_Paulo"),
                Gen.Int[0, 5]
            )
            .Array[1, 6]
            .Sample(changes =>
            {
                var anchors = new List<AnchorRow>();
                var start = new DateTimeOffset(2011, 6, 15, 3, 0, 0, TimeSpan.Zero);
                var at = start;
                foreach (var (day, zone, months) in changes)
                {
                    anchors.Add(Anchor(at, (short)day, zone));
                    for (var n = 0; n <= months; n++)
                        at = QuotaPeriods.At(anchors, at).End; // the change is asked for during this period
                }
                var end = at;
                at = start;
                while (at < end)
                {
                    var period = QuotaPeriods.At(anchors, at);
                    period.Start.ShouldBe(at);
                    period.End.ShouldBeGreaterThan(at);
                    (period.End - period.Start).ShouldBeLessThanOrEqualTo(TimeSpan.FromDays(32));
                    var middle = at + (period.End - at) / 2;
                    QuotaPeriods.At(anchors, middle).ShouldBe(period);
                    QuotaPeriods.At(anchors, period.End.AddTicks(-1)).ShouldBe(period);
                    at = period.End;
                }
                at.ShouldBe(end);
            });

    private static AnchorRow Anchor(DateTimeOffset from, short day, string zone) =>
        new()
        {
            EffectiveFrom = from,
            DayOfMonth = day,
            TimeZone = zone,
        };

    private static DateOnly OnDay(DateOnly month, int day) =>
        new(month.Year, month.Month, Math.Min(day, DateTime.DaysInMonth(month.Year, month.Month)));

    // Found by looking at the wall clock instead of by rules: the first minute that shows this date or a later one.
    private static DateTimeOffset FirstInstant(DateOnly date, TimeZoneInfo zone)
    {
        var noon = new DateTimeOffset(date.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
        var (before, after) = (noon.AddHours(-60), noon.AddHours(60));
        while (after - before > TimeSpan.FromMinutes(1))
        {
            var middle = before.AddMinutes(Math.Floor((after - before).TotalMinutes / 2));
            var shown = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(middle, zone).DateTime);
            (before, after) = shown >= date ? (before, middle) : (middle, after);
        }
        return after;
    }
}
