using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Threadkeep.Quarantine;

/// <summary>What becomes of a message that a rule finds, the strongest last: of several rules the strongest decides.</summary>
public enum ContentEffect
{
    Off = 0,

    /// <summary>It is shown with a warning.</summary>
    Mark = 1,

    /// <summary>What was found is hidden; the rest is shown.</summary>
    Mask = 2,

    /// <summary>All of it is hidden.</summary>
    Quarantine = 3,
}

/// <summary>A rule of the account's own.</summary>
/// <param name="Words">Any of them, whatever their width, case and accents; for a rule without <paramref name="Pattern"/>.</param>
/// <param name="Pattern">A regular expression that cannot run away: no back references, no looking around.</param>
public sealed record OwnRule(string Name, string[] Words, string? Pattern, ContentEffect Effect)
{
    /// <summary>How messages name it beside the built-in rules.</summary>
    public string Label => "own:" + Name.Replace(',', ' ');

    /// <summary>How long one expression may look at one message.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>The expression, ready to be used; null where there is none.</summary>
    /// <exception cref="ArgumentException">It is not written as an expression is.</exception>
    /// <exception cref="NotSupportedException">It looks around or back.</exception>
    public Regex? Expression() =>
        Pattern is null
            ? null
            : new Regex(
                Pattern,
                RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
                Patience
            );
}

/// <summary>What an account wants of what customers write (SPEC ME4). What it has not said is as here.</summary>
public sealed record ContentSettings
{
    public static readonly ContentSettings Default = new();

    /// <summary>Links that pretend: to a bare address, with a name before an @, with a known name in front of another's.</summary>
    public ContentEffect PhishingLinks { get; init; } = ContentEffect.Quarantine;

    /// <summary>Domains that look like a known one, or like one of <see cref="OwnDomains"/>, and are not.</summary>
    public ContentEffect LookalikeDomains { get; init; } = ContentEffect.Quarantine;

    /// <summary>Files that run; hidden wholly or not at all.</summary>
    public ContentEffect Executables { get; init; } = ContentEffect.Quarantine;

    public ContentEffect PaymentCards { get; init; } = ContentEffect.Mask;

    /// <summary>Japan's Individual Number.</summary>
    public ContentEffect MyNumber { get; init; }

    /// <summary>Brazil's number of persons.</summary>
    public ContentEffect Cpf { get; init; }

    /// <summary>Brazil's number of companies, with letters too, as they are given from July 2026 on.</summary>
    public ContentEffect Cnpj { get; init; }

    /// <summary>The account's own domains: what looks like them is suspect.</summary>
    public string[] OwnDomains { get; init; } = [];

    /// <summary>Domains that are never to be trusted, with all below them.</summary>
    public string[] BlockedDomains { get; init; } = [];

    /// <summary>Meta's error codes on a message that mean trouble with its content; such messages are quarantined.</summary>
    public int[] ErrorCodes { get; init; } = [];

    public OwnRule[] Own { get; init; } = [];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static ContentSettings Read(string? json) =>
        json is null ? Default : JsonSerializer.Deserialize<ContentSettings>(json, Json)!;

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
