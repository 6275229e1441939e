using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Threadkeep.Search;

namespace Threadkeep.Quarantine;

/// <summary>What rules look at in a message.</summary>
/// <param name="Text">Everything that it says, its headline and whatever stands in cards, places, answers, orders and references.</param>
/// <param name="ErrorCode">Meta's own word on it; null: none.</param>
public readonly record struct ContentFacts(string? Text, string? FileName, string? MimeType, int? ErrorCode);

/// <summary>What rules say of a message.</summary>
/// <param name="Rules">Those that decided: names of built-in ones, and the labels of the account's own.</param>
/// <param name="Found">What a mask hides, as it stands in the text.</param>
public sealed record Judgement(ContentEffect Effect, string[] Rules, string[] Found)
{
    /// <summary>The text with what was found made unreadable.</summary>
    public string Masked(string text) =>
        Found.Aggregate(text, (masked, found) => masked.Replace(found, MaskOf(found), StringComparison.Ordinal));

    // The last four figures of a card tell its owner which one it is, and nobody else anything.
    private static string MaskOf(string found)
    {
        var masked = new StringBuilder(found.Length);
        var kept = 0;
        var keeps = found.Count(char.IsDigit) >= 12 ? 4 : 0;
        foreach (var c in found.Reverse())
        {
            var stays = char.IsWhiteSpace(c) || char.IsPunctuation(c) || char.IsDigit(c) && kept++ < keeps;
            masked.Insert(0, stays ? c : '•');
        }
        // What is nothing but signs is hidden as well.
        return masked.ToString() is var text && text != found ? text : new string('•', found.Length);
    }
}

/// <summary>
/// An account's rules, made ready once and asked for every message. Pure. Rules that are off cost nothing; a text without a dot or a scheme is not looked
/// through for links, one without a dozen figures not for numbers. A rule that takes longer than its patience finds nothing.
/// </summary>
public sealed class ContentRules
{
    public const string Phishing = "phishing_links";
    public const string Lookalike = "lookalike_domains";
    public const string Executable = "executables";
    public const string Card = "payment_cards";
    public const string JapaneseNumber = "my_number";
    public const string BrazilianPerson = "cpf";
    public const string BrazilianCompany = "cnpj";
    public const string MetaCode = "meta_code";

    /// <summary>Somebody's own doing, not a rule's.</summary>
    public const string ByHand = "by_hand";

    /// <summary>As much as is kept of a text. WhatsApp's own limit is 4,096 (Cloud API, "Limits"): whoever writes more may be hiding something in it.</summary>
    private const int MaxText = 65_536;

    /// <summary>Parts of one text that are masked apart.</summary>
    private const int MostFound = 1_000;

    /// <summary>The fewest figures that any of the numbers has.</summary>
    private const int FewestFigures = 11;

    // A thread waits for as long. The expression is linear, but by a clock on the wall: on a busy machine a short one is over before it began.
    private static readonly TimeSpan LinkPatience = TimeSpan.FromSeconds(1);

    private static readonly Regex Links = new(
        @"(?:(?<scheme>[a-z][a-z0-9+.-]*)://)?(?:(?<user>[^\s/@:?#]+(?::[^\s/@?#]*)?)@)?(?<host>(?:[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?\.)+(?:xn--[a-z0-9-]+|[\p{L}]{2,24}|[0-9]{1,3}))"
            // A bare address without a dot: one number, or IPv6.
            + @"|(?:https?|ftp)://(?:[^\s/@?#]*@)?(?<address>\[[0-9a-f:.]+\]|0x[0-9a-f]+|[0-9]+)",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        LinkPatience
    );

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        "exe",
        "com",
        "scr",
        "pif",
        "bat",
        "cmd",
        "msi",
        "msix",
        "msp",
        "cpl",
        "dll",
        "sys",
        "jar",
        "jnlp",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "ps1",
        "psm1",
        "lnk",
        "url",
        "reg",
        "inf",
        "scf",
        "apk",
        "xapk",
        "aab",
        "ipa",
        "dmg",
        "pkg",
        "app",
        "command",
        "iso",
        "img",
        "vhd",
        "docm",
        "dotm",
        "xlsm",
        "xltm",
        "xlam",
        "pptm",
        "ppam",
        "sh",
        "run",
        "deb",
        "rpm",
        "appimage",
        "desktop",
    };

    private static readonly string[] MimeTypes =
    [
        "application/x-msdownload",
        "application/x-msdos-program",
        "application/x-dosexec",
        "application/x-executable",
        "application/vnd.microsoft.portable-executable",
        "application/vnd.android.package-archive",
        "application/java-archive",
        "application/x-sh",
        "application/x-msi",
        "application/x-apple-diskimage",
        "application/x-mach-binary",
    ];

    public static readonly ContentRules Default = new(ContentSettings.Default);

    private readonly ContentSettings settings;
    private readonly Domains domains;
    private readonly (OwnRule Rule, string[] Words, Regex? Expression)[] own;

    /// <exception cref="ArgumentException">A rule's expression cannot be used.</exception>
    public ContentRules(ContentSettings settings)
    {
        this.settings = settings;
        domains = new Domains(settings.OwnDomains, settings.BlockedDomains);
        own =
        [
            .. settings
                .Own.Where(r => r.Effect != ContentEffect.Off)
                .Select(r => (r, r.Words.Select(Folding.Fold).Where(w => w.Length > 0).ToArray(), r.Expression())),
        ];
    }

    /// <summary>What becomes of files that turn out to run when their bytes are here.</summary>
    public ContentEffect Executables => settings.Executables;

    /// <summary>True where a message with an error of Meta's is looked at for its code.</summary>
    public bool AsksForCodes => settings.ErrorCodes.Length > 0;

    /// <summary>True for a kind of file that runs.</summary>
    public static bool IsExecutable(string? fileName, string? mimeType) =>
        fileName is not null && Extensions.Contains(Path.GetExtension(Visible(fileName)).TrimStart('.'))
        || mimeType is not null && MimeTypes.Contains(mimeType.Split(';')[0].Trim().ToLowerInvariant());

    // The name as people and systems read it: wide letters are letters, and what cannot be seen at its end is not there.
    private static string Visible(string fileName) =>
        string.Concat(
                fileName
                    .Normalize(NormalizationForm.FormKC)
                    .Where(c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            )
            .TrimEnd('.', ' ');

    /// <summary>Null where no rule finds anything.</summary>
    public Judgement? Judge(ContentFacts facts)
    {
        var hits = new List<(ContentEffect Effect, string Rule, string? Found)>();
        if (facts.ErrorCode is { } code && settings.ErrorCodes.Contains(code))
            hits.Add((ContentEffect.Quarantine, MetaCode, null));
        if (settings.Executables != ContentEffect.Off && IsExecutable(facts.FileName, facts.MimeType))
            hits.Add((Whole(settings.Executables), Executable, null));
        if (facts.Text is { Length: > 0 } whole)
            LookThrough(whole.Length > MaxText ? whole[..MaxText] : whole, hits);
        if (facts.FileName is { Length: > 0 } name)
        {
            AskNumbers(name, hits);
            AskOwn(name, hits);
        }
        if (hits.Count == 0)
            return null;
        var effect = hits.Max(h => h.Effect);
        return new Judgement(
            effect,
            [.. hits.Where(h => h.Effect == effect).Select(h => h.Rule).Distinct()],
            [
                .. hits.Where(h => h.Effect == ContentEffect.Mask)
                    .Select(h => h.Found)
                    .OfType<string>()
                    .Distinct()
                    .OrderByDescending(f => f.Length),
            ]
        );
    }

    private void LookThrough(string text, List<(ContentEffect Effect, string Rule, string? Found)> hits)
    {
        var links = settings.PhishingLinks != ContentEffect.Off || settings.LookalikeDomains != ContentEffect.Off;
        if (links)
            AskLinks(text, hits);
        if (text.Count(char.IsDigit) >= FewestFigures || settings.Cnpj != ContentEffect.Off)
            AskNumbers(text, hits);
        AskOwn(text, hits);
    }

    private void AskLinks(string text, List<(ContentEffect Effect, string Rule, string? Found)> hits)
    {
        // Letter for letter, so that what is found stands at the same place.
        var plain = Plain(text);
        if (!plain.Contains('.', StringComparison.Ordinal) && !plain.Contains("://", StringComparison.Ordinal))
            return;
        try
        {
            foreach (Match link in Links.Matches(plain))
            {
                if (link.Groups["address"] is { Success: true } address)
                {
                    var end = link.Index + link.Length;
                    var goesOn = end < plain.Length && (char.IsLetterOrDigit(plain[end]) || plain[end] is '-' or '_');
                    if (!goesOn && System.Net.IPAddress.TryParse(address.ValueSpan.Trim("[]"), out _))
                        Hit(settings.PhishingLinks, Phishing, link);
                    continue;
                }
                var host = Domains.Normal(link.Groups["host"].Value);
                var isLink = link.Groups["scheme"].Success;
                var isAddress = char.IsAsciiDigit(host[^1]);
                if (isAddress && !(isLink && System.Net.IPAddress.TryParse(host, out _)))
                    continue;
                if (
                    isAddress
                    || isLink && link.Groups["user"].Success
                    || domains.IsBlocked(host)
                    || domains.Borrows(host)
                )
                    Hit(settings.PhishingLinks, Phishing, link);
                else if (domains.IsLookalike(host))
                    Hit(settings.LookalikeDomains, Lookalike, link);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // What nobody has looked through is put aside rather than let through.
            var effect =
                settings.PhishingLinks != ContentEffect.Off ? settings.PhishingLinks : settings.LookalikeDomains;
            hits.Add((Whole(effect), Phishing, null));
        }

        void Hit(ContentEffect effect, string rule, Match found)
        {
            if (effect != ContentEffect.Off)
                hits.Add((effect, rule, text.Substring(found.Index, found.Length)));
        }
    }

    // As whatever opens a link reads it: wide letters are letters, and the dots of East Asian writing (U+3002, U+FF0E, U+FF61) separate what
    // a name is made of (Unicode, UTS 46). A sentence ends in the same dot: one that no Latin letter or figure follows, or a
    // whole link, is that.
    private static string Plain(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u3002', '\uFF61'))
            return text;
        return string.Create(
            text.Length,
            text,
            (plain, source) =>
            {
                for (var n = 0; n < source.Length; n++)
                    plain[n] = Narrow(source[n]);
                for (var n = 1; n < source.Length - 1; n++)
                    if (
                        source[n] is '\u3002' or '\uFF0E' or '\uFF61'
                        && char.IsLetterOrDigit(plain[n - 1])
                        && char.IsAsciiLetterOrDigit(plain[n + 1])
                        && !BeginsLink(plain[(n + 1)..])
                    )
                        plain[n] = '.';
            }
        );

        static bool BeginsLink(ReadOnlySpan<char> rest)
        {
            var scheme = 0;
            while (scheme < rest.Length && char.IsAsciiLetterOrDigit(rest[scheme]))
                scheme++;
            return rest[scheme..].StartsWith("://");
        }

        static char Narrow(char c) => c is >= '\uFF01' and <= '\uFF5E' and not '\uFF0E' ? (char)(c - 0xFEE0) : c;
    }

    private void AskNumbers(string text, List<(ContentEffect Effect, string Rule, string? Found)> hits)
    {
        Look(settings.PaymentCards, Card, Numbers.IsCard, 13, 19);
        Look(settings.MyNumber, JapaneseNumber, Numbers.IsMyNumber, 12, 12);
        Look(settings.Cpf, BrazilianPerson, Numbers.IsCpf, 11, 11);
        Look(settings.Cnpj, BrazilianCompany, Numbers.IsCnpj, 14, 14, letters: true);

        void Look(
            ContentEffect effect,
            string rule,
            Func<string, bool> isOne,
            int least,
            int most,
            bool letters = false
        )
        {
            if (effect == ContentEffect.Off)
                return;
            foreach (var run in Numbers.RunsIn(text, letters, least, most))
            {
                if (isOne(run.Digits))
                    hits.Add((effect, rule, text.Substring(run.Start, run.Length)));
            }
        }
    }

    private void AskOwn(string text, List<(ContentEffect Effect, string Rule, string? Found)> hits)
    {
        if (own.Length == 0)
            return;
        var folded = Folding.Fold(text);
        foreach (var (rule, words, expression) in own)
        {
            foreach (var word in words)
            {
                var times = PlacesOf(folded, word, StringComparison.Ordinal).Count;
                if (times == 0)
                    continue;
                // As it stands there, capital letters or not.
                var found = PlacesOf(text, word, StringComparison.OrdinalIgnoreCase);
                // Written somewhere in another way than the word is: the whole is hidden rather than nothing.
                if (found.Count < times)
                    hits.Add((Whole(rule.Effect), rule.Label, null));
                hits.AddRange(found.Select(f => (rule.Effect, rule.Label, (string?)f)));
            }
            if (expression is not null)
                hits.AddRange(Matches(expression, text).Select(f => (rule.Effect, rule.Label, (string?)f)));
        }
    }

    private static List<string> PlacesOf(string text, string word, StringComparison comparison)
    {
        var found = new List<string>();
        for (var at = 0; (at = text.IndexOf(word, at, comparison)) >= 0; at += word.Length)
            found.Add(text.Substring(at, word.Length));
        return found;
    }

    private static string[] Matches(Regex expression, string text)
    {
        try
        {
            return
            [
                .. expression.Matches(text).Select(m => m.Value).Where(v => v.Length > 0).Distinct().Take(MostFound),
            ];
        }
        catch (RegexMatchTimeoutException)
        {
            return [];
        }
    }

    // What has no part that could be hidden alone is hidden wholly.
    private static ContentEffect Whole(ContentEffect effect) =>
        effect == ContentEffect.Mask ? ContentEffect.Quarantine : effect;
}
