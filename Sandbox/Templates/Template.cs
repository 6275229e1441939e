using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Threadkeep.Sandbox.Graph;

namespace Threadkeep.Sandbox.Templates;

/// <summary>One template in one language.</summary>
/// <param name="Id">Meta's id.</param>
/// <param name="WabaId">The account that holds it.</param>
/// <param name="Name">Name, the same in all languages.</param>
/// <param name="Language">Meta's language code, for example <c>ja</c> or <c>en_US</c>.</param>
/// <param name="Category">MARKETING, UTILITY or AUTHENTICATION.</param>
/// <param name="Status">PENDING, APPROVED, REJECTED, PAUSED, DISABLED and so on.</param>
/// <param name="ParameterFormat">POSITIONAL or NAMED.</param>
/// <param name="Components">As Meta stores them.</param>
public sealed record Template(
    string Id,
    string WabaId,
    string Name,
    string Language,
    string Category,
    string Status,
    string ParameterFormat,
    JsonArray Components
)
{
    public const string Approved = "APPROVED";

    public bool IsNamed => ParameterFormat == "NAMED";

    public JsonObject? Component(string type) => Components.Objects().FirstOrDefault(c => Is(c.Text("type"), type));

    public IEnumerable<JsonObject> Buttons => Component("BUTTONS").Array("buttons").Objects();

    public static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The <c>{{…}}</c> in a template's text.</summary>
public static partial class Variables
{
    /// <summary>Names or numbers, each once, in the order they appear.</summary>
    public static string[] Of(string? text) =>
        [.. Pattern().Matches(text ?? "").Select(match => match.Groups[1].Value).Distinct()];

    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Pattern().Replace(text, match => values.GetValueOrDefault(match.Groups[1].Value) ?? match.Value);

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_]+)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
