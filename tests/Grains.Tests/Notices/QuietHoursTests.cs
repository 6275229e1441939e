using CsCheck;
using Threadkeep.Notices;

namespace Threadkeep.Grains.Tests.Notices;

public sealed class QuietHoursTests
{
    private static readonly string[] Zones =
    [
        "UTC",
        "Asia/Tokyo",
        "America/Sao_Paulo",
        "Europe/Lisbon",
        "Asia/Kathmandu",
    ];

    [Fact]
    public void Quiet_is_every_minute_from_the_beginning_to_the_end_of_a_day_that_begins_it_and_no_other()
    {
        // Told in another way: walk minute by minute of the wall clock from each beginning.
        Gen.Select(Gen.Int[0, 1439], Gen.Int[0, 1439], Gen.Int[1, 7].Array[1, 7], Gen.Int[0, 14 * 1440], Gen.Int[0, 4])
            .Sample(
                (from, to, days, minute, zone) =>
                {
                    var quiet = new QuietHours(from, to, [.. days.Distinct()]);
                    var info = TimeZoneInfo.FindSystemTimeZoneById(Zones[zone]);
                    // A week without a change of clocks in any of them.
                    var at = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
                    var shown = TimeZoneInfo.ConvertTime(at, info);
                    var length = to > from ? to - from : to - from + 1440;
                    var expected = Enumerable
                        .Range(-1, 2)
                        .Select(back => shown.Date.AddDays(back))
                        .Any(day =>
                            days.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek)
                            && shown.DateTime >= day.AddMinutes(from)
                            && shown.DateTime < day.AddMinutes(from + length)
                        );
                    quiet.Contains(at, info).ShouldBe(expected);
                },
                iter: 5_000
            );
    }

    [Theory]
    [InlineData("2026-03-13T23:00:00+09:00", true)] // Friday night
    [InlineData("2026-03-14T06:59:00+09:00", true)] // until Saturday morning
    [InlineData("2026-03-14T07:00:00+09:00", false)]
    [InlineData("2026-03-14T23:00:00+09:00", false)] // Saturday night begins nothing
    [InlineData("2026-03-13T13:59:59+00:00", true)]
    public void Over_midnight_the_day_that_begins_it_counts(string at, bool expected) =>
        new QuietHours(22 * 60, 7 * 60, [5])
            .Contains(
                DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture),
                TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo")
            )
            .ShouldBe(expected);

    [Fact]
    public void By_the_clock_on_the_wall_also_in_a_night_in_which_it_is_put_forward()
    {
        var lisbon = TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon");
        var quiet = new QuietHours(22 * 60, 7 * 60, [6, 7]);
        // 29 March 2026: 01:00 becomes 02:00.
        quiet.Contains(new DateTimeOffset(2026, 3, 29, 5, 59, 0, TimeSpan.Zero), lisbon).ShouldBeTrue();
        quiet.Contains(new DateTimeOffset(2026, 3, 29, 6, 0, 0, TimeSpan.Zero), lisbon).ShouldBeFalse();
    }

    [Fact]
    public void What_was_set_is_read_again_and_what_was_not_is_as_usual()
    {
        var set = new NoticeSettings
        {
            Messages = false,
            Sound = true,
            Quiet = new QuietHours(60, 120, [1]),
            Ways = new Dictionary<string, NoticeWays> { [NoticeEvents.Mention] = NoticeWays.Console },
        };
        var read = NoticeSettings.Read(set.Write());
        read.WaysOf(NoticeEvents.Message).ShouldBe(NoticeWays.None);
        read.WaysOf(NoticeEvents.Mention).ShouldBe(NoticeWays.Console);
        read.WaysOf(NoticeEvents.Sla).ShouldBe(NoticeWays.All);
        read.IsQuiet(new DateTimeOffset(2026, 3, 9, 1, 30, 0, TimeSpan.Zero), "UTC").ShouldBeTrue();
        NoticeSettings.Read(null).ShouldBe(NoticeSettings.Usual);
        NoticeSettings.Read("{}").WaysOf(NoticeEvents.Message).ShouldBe(NoticeWays.All);
    }
}
