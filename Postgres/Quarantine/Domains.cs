using System.Globalization;
using System.Text;

namespace Threadkeep.Quarantine;

/// <summary>Whether a domain is what it looks like. Pure.</summary>
internal sealed class Domains
{
    private const int ShortestName = 5;

    // Second levels under which a country gives names away: example.co.jp belongs to somebody, co.jp to nobody.
    private static readonly HashSet<string> SecondLevels =
    [
        "co",
        "com",
        "ne",
        "or",
        "go",
        "ac",
        "gov",
        "net",
        "org",
        "edu",
        "gr",
        "ed",
        "ltd",
    ];
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    // Letters of other alphabets, and figures, that are taken for Latin letters (after Unicode's confusables).
    private static readonly Dictionary<char, char> Twins = new()
    {
        ['а'] = 'a',
        ['ɑ'] = 'a',
        ['α'] = 'a',
        ['в'] = 'b',
        ['с'] = 'c',
        ['ϲ'] = 'c',
        ['ԁ'] = 'd',
        ['е'] = 'e',
        ['ё'] = 'e',
        ['ε'] = 'e',
        ['ɡ'] = 'g',
        ['һ'] = 'h',
        ['н'] = 'h',
        ['і'] = 'l',
        ['ї'] = 'l',
        ['ι'] = 'l',
        ['ı'] = 'l',
        ['ј'] = 'j',
        ['к'] = 'k',
        ['κ'] = 'k',
        ['ӏ'] = 'l',
        ['м'] = 'm',
        ['п'] = 'n',
        ['ո'] = 'n',
        ['η'] = 'n',
        ['о'] = 'o',
        ['ο'] = 'o',
        ['σ'] = 'o',
        ['օ'] = 'o',
        ['р'] = 'p',
        ['ρ'] = 'p',
        ['ԛ'] = 'q',
        ['г'] = 'r',
        ['ѕ'] = 's',
        ['т'] = 't',
        ['τ'] = 't',
        ['υ'] = 'u',
        ['ս'] = 'u',
        ['ν'] = 'v',
        ['ѵ'] = 'v',
        ['ԝ'] = 'w',
        ['ω'] = 'w',
        ['х'] = 'x',
        ['χ'] = 'x',
        ['у'] = 'y',
        ['γ'] = 'y',
        ['ø'] = 'o',
        ['ł'] = 'l',
        ['đ'] = 'd',
        ['0'] = 'o',
        ['1'] = 'l',
        ['i'] = 'l',
        ['|'] = 'l',
        ['3'] = 'e',
        ['5'] = 's',
        ['8'] = 'b',
    };

    private readonly HashSet<string> known;
    private readonly HashSet<string> names;
    private readonly Dictionary<string, string> namesBySkeleton = [];
    private readonly string[] blocked;

    public Domains(IEnumerable<string> own, IEnumerable<string> blocked)
    {
        known = [.. KnownDomains.All.Concat(own.Select(Normal).Where(d => d.Contains('.', StringComparison.Ordinal)))];
        names = [.. known.Select(d => Registrable(d).Split('.')[0]).Where(n => n.Length >= ShortestName)];
        foreach (var name in names)
            namesBySkeleton.TryAdd(Skeleton(name), name);
        this.blocked = [.. blocked.Select(Normal).Where(d => d.Length > 0)];
    }

    /// <summary>Lower case, without a dot at its end, and read from punycode.</summary>
    public static string Normal(string host)
    {
        var lower = host.Trim().TrimEnd('.').ToLowerInvariant();
        if (!lower.Contains("xn--", StringComparison.Ordinal))
            return lower;
        try
        {
            return Idn.GetUnicode(lower);
        }
        catch (ArgumentException)
        {
            return lower;
        }
    }

    /// <summary>True for one that the account never trusts.</summary>
    public bool IsBlocked(string host) =>
        blocked.Any(d => host == d || host.EndsWith("." + d, StringComparison.Ordinal));

    /// <summary>True where its owner's part is written to be taken for a known name.</summary>
    public bool IsLookalike(string host)
    {
        var registrable = Registrable(host);
        if (known.Contains(registrable))
            return false;
        var label = registrable.Split('.')[0];
        return MixesAlphabets(label)
            || !names.Contains(label)
                && namesBySkeleton.ContainsKey(Skeleton(label))
                && label.Length >= ShortestName - 1;
    }

    /// <summary>True where a known name stands in front of somebody else's domain, or in it beside a lure.</summary>
    public bool Borrows(string host)
    {
        var registrable = Registrable(host);
        if (known.Contains(registrable))
            return false;
        if (host.Length > registrable.Length)
        {
            var before = "." + host[..^registrable.Length];
            if (
                known.Any(d =>
                    before.EndsWith("." + d + ".", StringComparison.Ordinal)
                    || before.Contains("." + d + ".", StringComparison.Ordinal)
                )
            )
                return true;
        }
        var parts = registrable.Split('.')[0].Split('-');
        return parts.Length > 1 && parts.Any(names.Contains) && parts.Any(KnownDomains.Lures.Contains);
    }

    private static string Registrable(string host)
    {
        var labels = host.Split('.');
        var count = labels.Length >= 3 && labels[^1].Length == 2 && SecondLevels.Contains(labels[^2]) ? 3 : 2;
        return labels.Length <= count ? host : string.Join('.', labels[^count..]);
    }

    private static bool MixesAlphabets(string label)
    {
        bool latin = false,
            other = false;
        foreach (var c in label)
        {
            if (char.IsAsciiLetter(c))
                latin = true;
            else if (c is >= '\u0370' and <= '\u058F') // Greek, Cyrillic, Armenian
                other = true;
        }
        return latin && other;
    }

    private static string Skeleton(string label)
    {
        var plain = new StringBuilder(label.Length);
        foreach (var c in label.Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && c != '-')
                plain.Append(Twins.GetValueOrDefault(c, c));
        }
        return plain
            .ToString()
            .Replace("rn", "m", StringComparison.Ordinal)
            .Replace("vv", "w", StringComparison.Ordinal)
            .Replace("cl", "d", StringComparison.Ordinal);
    }
}
