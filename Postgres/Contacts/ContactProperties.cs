using System.Globalization;
using System.Text;
using Threadkeep.Search;

namespace Threadkeep.Contacts;

/// <summary>What people write about a contact; null: nothing known.</summary>
/// <param name="FamilyReading">In kana.</param>
/// <param name="Honorific">For addressing them, e.g. 様.</param>
/// <param name="Language">BCP 47, e.g. ja.</param>
/// <param name="TimeZone">IANA, e.g. Asia/Tokyo.</param>
/// <param name="Phone">E.164 with its +.</param>
/// <param name="Lifecycle">Where they stand as a customer, in a few words.</param>
public sealed record ContactProperties(
    string? FamilyName = null,
    string? GivenName = null,
    string? FamilyReading = null,
    string? GivenReading = null,
    string? Honorific = null,
    string? Language = null,
    string? TimeZone = null,
    string? Email = null,
    string? Phone = null,
    string? MobilePhone = null,
    string? Lifecycle = null,
    string? Note = null
)
{
    /// <summary>The name as it is shown: family name first where it is written in a script of East Asia; null where neither name is known.</summary>
    public string? Name =>
        FamilyName is null || GivenName is null ? FamilyName ?? GivenName
        : (FamilyName + GivenName).Any(IsEastAsian) ? $"{FamilyName} {GivenName}"
        : $"{GivenName} {FamilyName}";

    /// <summary>The place in lists: by reading, else by family name, else by what else it is called; unnamed numbers after all names.</summary>
    /// <param name="profileName">WhatsApp's.</param>
    public string SortKey(string? profileName)
    {
        string?[] names = [FamilyReading ?? FamilyName, GivenReading ?? GivenName];
        var name = string.Join(' ', names.OfType<string>());
        if (name.Length == 0)
            name = profileName ?? "";
        var key = KanaOrder.Key(name);
        return key.Length > 1 ? key : AfterAllNames + KanaOrder.Key(Phone ?? MobilePhone ?? Email ?? "");
    }

    /// <summary>What it is found by, folded, one a line; numbers as digits.</summary>
    public string SearchText(string? profileName)
    {
        string?[] words =
        [
            Name,
            Joined(GivenName, FamilyName),
            Joined(FamilyReading, GivenReading),
            Email,
            Name is null ? profileName : null,
        ];
        var text = new StringBuilder();
        foreach (var folded in words.OfType<string>().Select(Folding.Fold).Distinct())
            text.Append(folded).Append('\n');
        foreach (var number in new[] { Phone, MobilePhone }.OfType<string>().Distinct())
            text.Append(NumberForms.Digits(number)).Append('\n');
        return text.ToString();
    }

    // The last private-use character of the basic plane: after every letter, before rare ones beyond it.
    private const char AfterAllNames = '\uF8FF';

    private static string? Joined(string? first, string? second) =>
        first is null && second is null ? null : $"{first} {second}".Trim();

    private static bool IsEastAsian(char c) =>
        c is >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF'
        || char.GetUnicodeCategory(c) == UnicodeCategory.Surrogate;
}

/// <summary>One property, for whatever goes through all of them.</summary>
/// <param name="Key">As REST calls it.</param>
/// <param name="Longest">Characters.</param>
public sealed record ContactField(
    string Key,
    int Longest,
    Func<ContactProperties, string?> Get,
    Func<ContactProperties, string?, ContactProperties> With
);

public static class ContactFields
{
    public const int LongestNote = 10_000;

    public static readonly IReadOnlyList<ContactField> All =
    [
        new("familyName", 100, p => p.FamilyName, (p, v) => p with { FamilyName = v }),
        new("givenName", 100, p => p.GivenName, (p, v) => p with { GivenName = v }),
        new("familyReading", 100, p => p.FamilyReading, (p, v) => p with { FamilyReading = v }),
        new("givenReading", 100, p => p.GivenReading, (p, v) => p with { GivenReading = v }),
        new("honorific", 30, p => p.Honorific, (p, v) => p with { Honorific = v }),
        new("language", 20, p => p.Language, (p, v) => p with { Language = v }),
        new("timeZone", 60, p => p.TimeZone, (p, v) => p with { TimeZone = v }),
        new("email", 254, p => p.Email, (p, v) => p with { Email = v }),
        new("phone", 40, p => p.Phone, (p, v) => p with { Phone = v }),
        new("mobilePhone", 40, p => p.MobilePhone, (p, v) => p with { MobilePhone = v }),
        new("lifecycle", 100, p => p.Lifecycle, (p, v) => p with { Lifecycle = v }),
        new("note", LongestNote, p => p.Note, (p, v) => p with { Note = v }),
    ];

    /// <summary>Those in which two differ.</summary>
    public static IEnumerable<ContactField> Differing(ContactProperties before, ContactProperties after) =>
        All.Where(f => f.Get(before) != f.Get(after));
}
