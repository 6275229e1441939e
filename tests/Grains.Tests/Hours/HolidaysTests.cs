using System.Globalization;
using Threadkeep.Hours;

namespace Threadkeep.Grains.Tests.Hours;

public sealed class HolidaysTests
{
    // As the Cabinet Office publishes them for the year.
    [Theory]
    [InlineData(2009, "1-1 1-12 2-11 3-20 4-29 5-3 5-4 5-5 5-6 7-20 9-21 9-22 9-23 10-12 11-3 11-23 12-23")]
    [InlineData(2015, "1-1 1-12 2-11 3-21 4-29 5-3 5-4 5-5 5-6 7-20 9-21 9-22 9-23 10-12 11-3 11-23 12-23")]
    [InlineData(
        2019,
        "1-1 1-14 2-11 3-21 4-29 4-30 5-1 5-2 5-3 5-4 5-5 5-6 7-15 8-11 8-12 9-16 9-23 10-14 10-22 11-3 11-4 11-23"
    )]
    [InlineData(2020, "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-23 7-24 8-10 9-21 9-22 11-3 11-23")]
    [InlineData(2021, "1-1 1-11 2-11 2-23 3-20 4-29 5-3 5-4 5-5 7-22 7-23 8-8 8-9 9-20 9-23 11-3 11-23")]
    [InlineData(
        2024,
        "1-1 1-8 2-11 2-12 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-15 8-11 8-12 9-16 9-22 9-23 10-14 11-3 11-4 11-23"
    )]
    [InlineData(2025, "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-21 8-11 9-15 9-23 10-13 11-3 11-23 11-24")]
    [InlineData(2026, "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23")]
    public void Japan(int year, string days) => Told("JP", year).ShouldBe(days);

    [Theory]
    [InlineData(2023, "1-1 4-7 4-21 5-1 9-7 10-12 11-2 11-15 12-25")]
    [InlineData(2024, "1-1 3-29 4-21 5-1 9-7 10-12 11-2 11-15 11-20 12-25")]
    [InlineData(2026, "1-1 4-3 4-21 5-1 9-7 10-12 11-2 11-15 11-20 12-25")]
    public void Brazil(int year, string days) => Told("BR", year).ShouldBe(days);

    [Fact]
    public void Every_year_is_in_order_names_no_day_twice_and_leaves_no_Sunday_without_its_day_off()
    {
        for (var year = 2007; year < 2100; year++)
        {
            foreach (var country in Holidays.Countries)
            {
                var days = Holidays.Of(country, year).Select(h => h.Date).ToArray();
                days.ShouldBe([.. days.Distinct().Order()], $"{country} {year}");
                days.ShouldAllBe(d => d.Year == year);
            }
            var japan = Holidays.Of("JP", year);
            japan
                .Count(h => h.Name == "jp.substitute")
                .ShouldBe(japan.Count(h => h.Date.DayOfWeek == DayOfWeek.Sunday), $"{year}");
            japan.Count.ShouldBeInRange(15, 23);
        }
        Holidays.Of("JP", 2006).ShouldBeEmpty();
        Holidays.Of("FR", 2026).ShouldBeEmpty();
    }

    private static string Told(string country, int year) =>
        string.Join(
            ' ',
            Holidays
                .Of(country, year)
                .Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Date.Month}-{h.Date.Day}"))
        );
}
