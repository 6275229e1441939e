using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;

namespace Threadkeep.Tickets;

/// <summary>Checks values of an account's own properties as callers say them.</summary>
internal static class OwnPropertyReader
{
    /// <summary>The values as tickets keep them; else the refusal, which names the property.</summary>
    public static async Task<(CustomValue[] Values, ProblemHttpResult? Refused)> ReadAsync(
        CustomPropertyStore properties,
        AccountId account,
        IReadOnlyDictionary<string, JsonElement>? said
    )
    {
        if (said is null or { Count: 0 })
            return ([], null);
        var known = (await properties.ListAsync(account)).Where(p => !p.Archived).ToDictionary(p => p.Id.ToString("N"));
        var values = new List<CustomValue>();
        foreach (var (id, value) in said)
        {
            if (!known.TryGetValue(id, out var property))
                return (
                    [],
                    Problems.Of(
                        422,
                        "property_not_found",
                        "There is no such property of tickets (any more).",
                        more: ("property", id)
                    )
                );
            if (!CustomValues.TryRead(property, value, out var kept))
                return (
                    [],
                    Problems.Of(
                        422,
                        "property_value_invalid",
                        $"{property.Label}: this is not one of its values.",
                        Wanted(property),
                        ("property", id)
                    )
                );
            values.Add(new CustomValue { Property = property.Id, Json = kept });
        }
        return ([.. values], null);
    }

    private static string Wanted(CustomProperty property) =>
        property.Type switch
        {
            CustomTypes.Text => $"A text of up to {CustomValues.LongestText} characters on one line.",
            CustomTypes.Number => "A number of up to fifteen digits before the point.",
            CustomTypes.Date => $"A date as {CustomValues.DateForm}.",
            CustomTypes.Choice => "The id of one of its choices.",
            CustomTypes.Choices => "An array of ids of its choices.",
            _ => "true or false.",
        };
}
