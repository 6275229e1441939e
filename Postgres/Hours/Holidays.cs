namespace Threadkeep.Hours;

/// <summary>A public holiday.</summary>
/// <param name="Name">Stable, e.g. <c>jp.mountain</c>; the console has it in words.</param>
public readonly record struct Holiday(DateOnly Date, string Name);

/// <summary>
/// Public holidays by rule. Japan: the Act on National Holidays as it stands since 2007, with the changes up to 2021 (Mountain Day, the
/// new Emperor, the Olympic Games); equinoxes by the usual formula, right from 1980 to 2099 (the Observatory announces each a year ahead).
/// Brazil: the national holidays of Laws 662/1949, 6.802/1980, 9.093/1995 (Good Friday) and 14.759/2023; carnival and Corpus Christi are
/// none. Years outside 2007 to 2099 have none.
/// </summary>
public static class Holidays
{
    private const int First = 2007;
    private const int Last = 2099;

    /// <summary>Countries whose holidays are known: ISO 3166-1.</summary>
    public static readonly IReadOnlyList<string> Countries = ["JP", "BR"];

    /// <summary>The holidays of a year in order; none for a country that is not known.</summary>
    public static IReadOnlyList<Holiday> Of(string country, int year)
    {
        if (year is < First or > Last)
            return [];
        return country switch
        {
            "JP" => Japan(year),
            "BR" => Brazil(year),
            _ => [],
        };
    }

    private static Holiday[] Japan(int year)
    {
        var days = new SortedDictionary<DateOnly, string>
        {
            [new(year, 1, 1)] = "jp.newYear",
            [Nth(year, 1, 2)] = "jp.comingOfAge",
            [new(year, 2, 11)] = "jp.foundation",
            [new(year, 3, Equinox(year, 20.8431))] = "jp.vernalEquinox",
            [new(year, 4, 29)] = "jp.showa",
            [new(year, 5, 3)] = "jp.constitution",
            [new(year, 5, 4)] = "jp.greenery",
            [new(year, 5, 5)] = "jp.children",
            [Nth(year, 9, 3)] = "jp.respectForTheAged",
            [new(year, 9, Equinox(year, 23.2488))] = "jp.autumnalEquinox",
            [new(year, 11, 3)] = "jp.culture",
            [new(year, 11, 23)] = "jp.labour",
        };
        if (year != 2019)
            days[year < 2019 ? new DateOnly(year, 12, 23) : new DateOnly(year, 2, 23)] = "jp.emperor";
        else
            (days[new DateOnly(2019, 5, 1)], days[new DateOnly(2019, 10, 22)]) = ("jp.enthronement", "jp.enthronement");
        // Moved in the two years of the Olympic Games.
        var (marine, sports, mountain) = year switch
        {
            2020 => (new DateOnly(2020, 7, 23), new DateOnly(2020, 7, 24), new DateOnly(2020, 8, 10)),
            2021 => (new DateOnly(2021, 7, 22), new DateOnly(2021, 7, 23), new DateOnly(2021, 8, 8)),
            _ => (Nth(year, 7, 3), Nth(year, 10, 2), new DateOnly(year, 8, 11)),
        };
        days[marine] = "jp.marine";
        days[sports] = "jp.sports";
        if (year >= 2016)
            days[mountain] = "jp.mountain";
        AddDaysOff(days);
        return [.. days.Select(d => new Holiday(d.Key, d.Value))];
    }

    // Article 3: for a holiday on a Sunday the next day that is none; and a day between two holidays.
    private static void AddDaysOff(SortedDictionary<DateOnly, string> days)
    {
        var named = days.Keys.ToArray();
        foreach (var date in named.Where(d => d.DayOfWeek == DayOfWeek.Sunday))
        {
            var next = date.AddDays(1);
            while (named.Contains(next))
                next = next.AddDays(1);
            days[next] = "jp.substitute";
        }
        foreach (var date in named)
        {
            if (named.Contains(date.AddDays(2)))
                days.TryAdd(date.AddDays(1), "jp.citizens");
        }
    }

    private static Holiday[] Brazil(int year)
    {
        var days = new List<Holiday>
        {
            new(new(year, 1, 1), "br.newYear"),
            new(Easter(year).AddDays(-2), "br.goodFriday"),
            new(new(year, 4, 21), "br.tiradentes"),
            new(new(year, 5, 1), "br.labour"),
            new(new(year, 9, 7), "br.independence"),
            new(new(year, 10, 12), "br.aparecida"),
            new(new(year, 11, 2), "br.allSouls"),
            new(new(year, 11, 15), "br.republic"),
            new(new(year, 12, 25), "br.christmas"),
        };
        if (year >= 2024)
            days.Add(new(new(year, 11, 20), "br.zumbi"));
        // Good Friday may fall on 21 April.
        return [.. days.DistinctBy(d => d.Date).OrderBy(d => d.Date)];
    }

    /// <summary>The n-th Monday of a month.</summary>
    private static DateOnly Nth(int year, int month, int n)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays(((int)DayOfWeek.Monday - (int)first.DayOfWeek + 7) % 7 + 7 * (n - 1));
    }

    private static int Equinox(int year, double at1980) => (int)(at1980 + 0.242194 * (year - 1980) - (year - 1980) / 4);

    /// <summary>Easter Sunday, Gregorian (Meeus/Jones/Butcher).</summary>
    internal static DateOnly Easter(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var (d, e) = (b / 4, b % 4);
        var g = (8 * b + 13) / 25;
        var h = (19 * a + b - d - g + 15) % 30;
        var (i, k) = (c / 4, c % 4);
        var l = (32 + 2 * e + 2 * i - h - k) % 7;
        var m = (a + 11 * h + 19 * l) / 433;
        var month = (h + l - 7 * m + 90) / 25;
        var day = (h + l - 7 * m + 33 * month + 19) % 32;
        return new DateOnly(year, month, day);
    }
}
