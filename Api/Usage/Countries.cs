using System.Globalization;
using System.Text;
using PhoneNumbers;

namespace Threadkeep.Usage;

/// <summary>Countries by what a rate card calls them, and by how a number begins.</summary>
public static class Countries
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();
    private static readonly Dictionary<string, string> ByName = Build();

    /// <summary>The ISO 3166-1 code of a code or an English name; null where nobody is called so.</summary>
    public static string? Find(string name)
    {
        var code = name.Trim().ToUpperInvariant();
        return code.Length == 2 && Numbers.GetSupportedRegions().Contains(code) ? code
            : ByName.TryGetValue(Plain(name), out var found) ? found
            : null;
    }

    /// <summary>Where the customers are whose numbers begin so. Meta prices by the country calling code.</summary>
    /// <param name="origin">Up to four digits of a number, or a country's two letters.</param>
    /// <returns>ISO 3166-1; null: no country has such numbers.</returns>
    public static string? OfOrigin(string? origin)
    {
        if (origin is not { Length: >= 2 })
            return null;
        if (!char.IsAsciiDigit(origin[0]))
            return Find(origin);
        for (var length = 1; length <= Math.Min(3, origin.Length); length++)
        {
            var code = int.Parse(origin[..length], CultureInfo.InvariantCulture);
            var region = Numbers.GetRegionCodeForCountryCode(code);
            if (region == "ZZ")
                continue;
            // Several countries share +1 and +7: the digits behind it tell them apart.
            var rest = (origin[length..] + "5550100000")[..10];
            var number = new PhoneNumber.Builder()
                .SetCountryCode(code)
                .SetNationalNumber(ulong.Parse(rest, CultureInfo.InvariantCulture))
                .Build();
            return code is 1 or 7 ? Numbers.GetRegionCodeForNumber(number) ?? region : region;
        }
        return null;
    }

    private static Dictionary<string, string> Build()
    {
        var names = new Dictionary<string, string>();
        foreach (var code in Numbers.GetSupportedRegions())
        {
            try
            {
                names.TryAdd(Plain(new RegionInfo(code).EnglishName), code);
            }
            catch (ArgumentException)
            {
                // This system knows no name for it; its code is found all the same.
            }
        }
        // What people write, whatever this system calls them.
        (string Name, string Code)[] others =
        [
            ("Turkey", "TR"),
            ("Türkiye", "TR"),
            ("Hong Kong", "HK"),
            ("Macau", "MO"),
            ("Ivory Coast", "CI"),
            ("Czech Republic", "CZ"),
            ("Czechia", "CZ"),
            ("USA", "US"),
            ("United States of America", "US"),
            ("UK", "GB"),
            ("Great Britain", "GB"),
            ("UAE", "AE"),
            ("Russian Federation", "RU"),
            ("Viet Nam", "VN"),
            ("Republic of Korea", "KR"),
            ("Korea", "KR"),
        ];
        foreach (var (name, code) in others)
            names.TryAdd(Plain(name), code);
        return names;
    }

    // Letters alone, without accents and case.
    private static string Plain(string name) =>
        string.Concat(name.Normalize(NormalizationForm.FormD).Where(char.IsAsciiLetter).Select(char.ToLowerInvariant));
}
