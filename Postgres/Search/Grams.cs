using System.Text;
using Threadkeep.Accounts;

namespace Threadkeep.Search;

/// <summary>
/// The keys of the search index: pairs of neighbouring characters of a folded text, as numbers. The account and the week are hashed in,
/// so that a list of the index holds one account's messages of one week. Two pairs with one number do no harm: every hit is compared
/// with the text.
/// </summary>
public static class Grams
{
    /// <summary>WhatsApp's Business Platform opened in 2018; what is stamped earlier lies in the first week.</summary>
    private static readonly DateTimeOffset FirstWeek = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>2018 and so many weeks: what is stamped later lies in the last one.</summary>
    private const int LastWeek = 2_600;

    /// <summary>The place of names and numbers, which have no time.</summary>
    private const int Timeless = -1;

    /// <summary>Counted from 2018; a later time never has an earlier week.</summary>
    public static int WeekOf(DateTimeOffset at) => (int)Math.Clamp((at - FirstWeek).Days / 7, 0, LastWeek);

    /// <summary>The distinct pairs in a folded text, none of them across white space.</summary>
    public static HashSet<ulong> PairsIn(string folded)
    {
        var pairs = new HashSet<ulong>();
        uint before = 0;
        foreach (var rune in folded.EnumerateRunes())
        {
            var now = Rune.IsWhiteSpace(rune) ? 0 : (uint)rune.Value;
            if (before != 0 && now != 0)
                pairs.Add((ulong)before << 32 | now);
            before = now;
        }
        return pairs;
    }

    /// <summary>Pairs as a message of this account and week has them.</summary>
    public static int[] OfMessage(AccountId account, int week, IEnumerable<ulong> pairs) => Hash(account, week, pairs);

    /// <summary>The keys of names: pairs and, since there are names of one character, those too.</summary>
    public static int[] OfNames(AccountId account, string folded) =>
        Hash(
            account,
            Timeless,
            PairsIn(folded)
                .Concat(folded.EnumerateRunes().Where(r => !Rune.IsWhiteSpace(r)).Select(r => (ulong)(uint)r.Value))
        );

    /// <summary>Those of the keys of names that all of these words together need: no single character that a pair holds.</summary>
    public static int[] OfNameTerms(AccountId account, IEnumerable<string> terms) =>
        Hash(
            account,
            Timeless,
            terms.SelectMany(t =>
                PairsIn(t) is { Count: > 0 } pairs ? pairs : [(ulong)(uint)t.EnumerateRunes().First().Value]
            )
        );

    /// <summary>The keys of a number: every four digits in a row.</summary>
    /// <param name="digits">Digits, and spaces between numbers.</param>
    public static int[] OfDigits(AccountId account, string digits) =>
        OfFours(
            account,
            Enumerable
                .Range(0, Math.Max(0, digits.Length - 3))
                .Select(n => digits.Substring(n, 4))
                .Where(d => !d.Contains(' '))
        );

    /// <summary>Of one of these keys at least is a number that holds the digits: for parts that are too short for keys of their own.</summary>
    /// <param name="digits">One to three.</param>
    public static int[] AroundDigits(AccountId account, string digits) =>
        OfFours(
            account,
            Enumerable.Range(0, 10_000).Select(n => $"{n:D4}").Where(d => d.Contains(digits, StringComparison.Ordinal))
        );

    private static int[] OfFours(AccountId account, IEnumerable<string> fours) =>
        Hash(account, Timeless, fours.Select(d => 1UL << 60 | ulong.Parse(d, null)));

    private static int[] Hash(AccountId account, int week, IEnumerable<ulong> pairs)
    {
        Span<byte> id = stackalloc byte[16];
        account.Value.TryWriteBytes(id);
        var seed =
            BitConverter.ToUInt64(id)
            ^ Mix(BitConverter.ToUInt64(id[8..]))
            ^ Mix((ulong)(week + 2) * 0x9E3779B97F4A7C15);
        return [.. pairs.Select(p => (int)(uint)Mix(seed ^ Mix(p))).Distinct()];
    }

    // The finisher of SplitMix64: every bit of the number moves about half of the result's.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
