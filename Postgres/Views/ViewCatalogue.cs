using Threadkeep.Tickets;

namespace Threadkeep.Views;

/// <summary>The properties that an account's views and rules may name: those of every ticket, and the account's own in use.</summary>
public sealed class ViewCatalogue
{
    private const string Custom = "property.";

    /// <summary>Without properties of an account's own.</summary>
    public static readonly ViewCatalogue Standard = new(ViewProperties.All);

    private readonly Dictionary<string, ViewProperty> byKey;

    private ViewCatalogue(IReadOnlyList<ViewProperty> all)
    {
        All = all;
        byKey = all.ToDictionary(p => p.Key);
    }

    public IReadOnlyList<ViewProperty> All { get; }

    /// <summary>True for the key of an account's own property, whether it is there or not.</summary>
    public static bool IsCustom(string? key) => key?.StartsWith(Custom, StringComparison.Ordinal) == true;

    public static ViewCatalogue With(IReadOnlyList<CustomProperty> properties) =>
        properties.All(p => p.Archived)
            ? Standard
            : new ViewCatalogue([.. ViewProperties.All, .. properties.Where(p => !p.Archived).Select(Of)]);

    /// <summary>Null where there is none (any more).</summary>
    public ViewProperty? Find(string? key) => key is null ? null : byKey.GetValueOrDefault(key);

    // Nothing here is what somebody wrote: ids as we print them. Order: by a choice's place, not by its id.
    private static ViewProperty Of(CustomProperty property)
    {
        var id = property.Id.ToString("N");
        var text = $"(k.properties ->> '{id}')";
        var choices = property.Choices.Select(c => c.Id.ToString("N")).ToArray();
        var (type, sql) = property.Type switch
        {
            CustomTypes.Number => (PropertyType.Number, $"({text}::numeric)"),
            CustomTypes.Date => (PropertyType.Date, $"({text} collate \"C\")"),
            CustomTypes.Choice => (PropertyType.Choice, text),
            CustomTypes.Choices => (
                PropertyType.Choices,
                $"array(select jsonb_array_elements_text(k.properties -> '{id}'))"
            ),
            CustomTypes.Flag => (PropertyType.Flag, $"({text}::boolean)"),
            _ => (PropertyType.Text, text),
        };
        return new ViewProperty(Custom + id, type, sql, property.HasChoices ? choices : null)
        {
            Own = property,
            Order =
                property.Type == CustomTypes.Choice && choices.Length > 0
                    ? $"array_position(array['{string.Join("', '", choices)}'], {text})"
                    : null,
        };
    }
}
