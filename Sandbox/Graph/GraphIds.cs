using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Threadkeep.Sandbox.Graph;

/// <summary>New ids in the shapes Meta's have.</summary>
public static class GraphIds
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A message id: <c>wamid.</c> and base64.</summary>
    public static string Wamid(string waId) =>
        "wamid." + Convert.ToBase64String([.. Encoding.UTF8.GetBytes(waId), 0, .. RandomNumberGenerator.GetBytes(18)]);

    /// <summary>Sixteen digits that begin with <paramref name="prefix"/>.</summary>
    public static string Numeric(int prefix) =>
        prefix.ToString(CultureInfo.InvariantCulture)
        + RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture)
        + RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);

    public static string Trace() => "A" + RandomNumberGenerator.GetString(Letters, 22);

    /// <summary>The same business-scoped user id for the same person always: country, dot, sixteen letters.</summary>
    public static string UserIdOf(string waId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("user:" + waId));
        var letters = hash.Take(16).Select(b => Letters[b % Letters.Length]).ToArray();
        return $"{CountryOf(waId)}.{new string(letters)}";
    }

    /// <summary>The country code that the number begins with; empty for countries that are not in the list.</summary>
    public static string CallingCodeOf(string digits) => Find(digits).Prefix ?? "";

    // Only what the id's first two letters need; no caller reads more into it.
    private static string CountryOf(string waId) => Find(waId).Country ?? "ZZ";

    private static (string Prefix, string Country) Find(string digits) =>
        Countries.FirstOrDefault(c => digits.StartsWith(c.Prefix, StringComparison.Ordinal));

    private static readonly (string Prefix, string Country)[] Countries =
    [
        ("351", "PT"),
        ("353", "IE"),
        ("852", "HK"),
        ("880", "BD"),
        ("886", "TW"),
        ("966", "SA"),
        ("971", "AE"),
        ("20", "EG"),
        ("27", "ZA"),
        ("31", "NL"),
        ("33", "FR"),
        ("34", "ES"),
        ("39", "IT"),
        ("44", "GB"),
        ("49", "DE"),
        ("52", "MX"),
        ("54", "AR"),
        ("55", "BR"),
        ("60", "MY"),
        ("61", "AU"),
        ("62", "ID"),
        ("63", "PH"),
        ("65", "SG"),
        ("66", "TH"),
        ("81", "JP"),
        ("82", "KR"),
        ("84", "VN"),
        ("86", "CN"),
        ("90", "TR"),
        ("91", "IN"),
        ("1", "US"),
    ];
}
