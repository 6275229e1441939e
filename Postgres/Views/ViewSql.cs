using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Threadkeep.Tickets;

namespace Threadkeep.Views;

/// <summary>
/// Makes SQL of a view: text from the catalogue alone, and what callers said as parameters. A condition on a property that is gone
/// is left out.
/// </summary>
internal static class ViewSql
{
    /// <summary>The order of lists by activity, as the index of <c>thread_activity</c> has it.</summary>
    public const string NewestFirst = "a.at desc, a.thread_id desc";

    /// <summary>The condition of a default view; the same aliases as in <see cref="ViewProperty.Sql"/>.</summary>
    public static string Of(DefaultView view) =>
        view switch
        {
            DefaultView.AllOpen => "k.is_open and k.snoozed_until is null",
            DefaultView.Unassigned => "k.is_open and k.snoozed_until is null and k.owner_id is null",
            DefaultView.Mine => "k.is_open and k.snoozed_until is null and k.owner_id = @me",
            DefaultView.Mentions => """
                k.is_open and t.id in (
                    select x.thread_id from threadkeep.mentions x where x.account_id = @account and x.agent_id = @me)
                """,
            DefaultView.Snoozed => "k.is_open and k.snoozed_until is not null",
            DefaultView.Closed => "not k.is_open",
            DefaultView.Sent => "m.direction = 1",
            // The alarm of a session lies at its warning or its end, never behind it: its index finds those that end soon.
            DefaultView.Closing => """
                k.is_open and t.alarm_at <= @now + interval '2 hours'
                    and t.last_inbound_at > @now - interval '24 hours' and t.last_inbound_at <= @now - interval '22 hours'
                """,
            DefaultView.Quarantined => """
                t.id in (select x.thread_id from threadkeep.hidden_messages x
                    where x.account_id = @account and x.effect = 'quarantine' and x.released_at is null)
                """,
            _ => throw new ArgumentOutOfRangeException(nameof(view)),
        };

    /// <summary>All conditions, each set in brackets; <c>true</c> where there is none.</summary>
    /// <param name="prefix">Of the parameters' names, where one statement holds several views.</param>
    public static string Of(
        IReadOnlyList<ViewCondition> filters,
        Guid? me,
        DynamicParameters parameters,
        ViewCatalogue catalogue,
        string prefix = "f"
    )
    {
        var sql = new StringBuilder("true");
        for (var n = 0; n < filters.Count; n++)
        {
            if (catalogue.Find(filters[n].Property) is { } property)
                sql.Append(" and (").Append(Of(property, filters[n], $"{prefix}{n}", me, parameters)).Append(')');
        }
        return sql.ToString();
    }

    /// <summary>A JSON object of the columns' values; null where there are none.</summary>
    public static string Columns(IReadOnlyList<string> columns, ViewCatalogue catalogue)
    {
        var parts = columns.Select(catalogue.Find).OfType<ViewProperty>().Select(p => $"'{p.Key}', {Shown(p)}");
        var all = string.Join(", ", parts);
        return all.Length == 0 ? "null::text" : $"json_build_object({all})::text";
    }

    public static string OrderBy(ViewDefinition view, ViewCatalogue catalogue)
    {
        if (view.IsByActivityIn(catalogue))
            return NewestFirst;
        var direction = view.Descending ? "desc" : "asc";
        return catalogue.Find(view.Sort) is not { } property
            ? $"a.at {direction}, a.thread_id {direction}"
            : $"{property.Order ?? property.Sql} {direction} nulls last, a.thread_id";
    }

    // Ids as REST shows them, times in UTC.
    private static string Shown(ViewProperty property) =>
        property.Type switch
        {
            PropertyType.Agent or PropertyType.Channel or PropertyType.Team =>
                $"replace({property.Sql}::text, '-', '')",
            PropertyType.Time => $"to_char({property.Sql} at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
            PropertyType.Text => $"left({property.Sql}, 120)",
            _ => property.Sql,
        };

    private static string Of(
        ViewProperty property,
        ViewCondition condition,
        string name,
        Guid? me,
        DynamicParameters parameters
    )
    {
        var sql = property.Sql;
        switch (condition.Operator)
        {
            case ViewOperators.Known:
                return property.IsList ? $"cardinality({sql}) > 0" : $"{sql} is not null";
            case ViewOperators.Unknown:
                return property.IsList ? $"coalesce(cardinality({sql}), 0) = 0" : $"{sql} is null";
            case ViewOperators.Contains:
                parameters.Add(name, condition.Values!.Select(v => $"%{Escaped(v.ToLowerInvariant())}%").ToArray());
                return $"lower({sql}) like any (@{name})";
            case ViewOperators.NewerThan:
                parameters.Add(name, TimeSpan.FromHours(condition.Hours!.Value));
                return $"{sql} > @now - @{name}";
            case ViewOperators.OlderThan:
                parameters.Add(name, TimeSpan.FromHours(condition.Hours!.Value));
                return $"{sql} <= @now - @{name}";
            case ViewOperators.Between:
                return Between(property, condition, name, parameters);
        }
        var values = condition.Values!;
        if (property is { Own: { } own, Type: not PropertyType.Text })
        {
            var held = Held(own, property.Type, values, name, parameters);
            return condition.Operator == ViewOperators.AnyOf ? held : $"not coalesce({held}, false)";
        }
        object typed = property.Type switch
        {
            PropertyType.Agent => values.Select(v => v == ViewCondition.Me ? me ?? Guid.Empty : Id(v)).ToArray(),
            PropertyType.Channel or PropertyType.Team => values.Select(Id).ToArray(),
            PropertyType.Flag => values.Select(v => v == "true").ToArray(),
            PropertyType.Text => values.Select(v => v.ToLowerInvariant()).ToArray(),
            _ => values.ToArray(),
        };
        parameters.Add(name, typed);
        var any = property.Type switch
        {
            PropertyType.Tags or PropertyType.Skill => $"{sql} && @{name}::text[]",
            PropertyType.Text => $"lower({sql}) = any (@{name})",
            PropertyType.Team when values.Contains(ViewCondition.Mine) => $"""
                ({sql} = any (@{name}) or {sql} in (
                    select y.team_id from threadkeep.team_members y where y.account_id = @account and y.agent_id = @me))
                """,
            _ => $"{sql} = any (@{name})",
        };
        // What is not known is none of them.
        return condition.Operator == ViewOperators.AnyOf ? any : $"not coalesce({any}, false)";
    }

    // As the index of the tickets' own properties wants it: containment, each value by itself.
    private static string Held(
        CustomProperty property,
        PropertyType type,
        IReadOnlyList<string> values,
        string name,
        DynamicParameters parameters
    )
    {
        var parts = new List<string>(values.Count);
        for (var n = 0; n < values.Count; n++)
        {
            object value = type switch
            {
                PropertyType.Flag => values[n] == "true",
                PropertyType.Choices => new[] { values[n] },
                _ => values[n],
            };
            var held = new Dictionary<string, object> { [property.Id.ToString("N")] = value };
            parameters.Add($"{name}_{n}", JsonSerializer.Serialize(held));
            parts.Add($"k.properties @> @{name}_{n}::jsonb");
        }
        return $"(k.properties <> '{{}}' and ({string.Join(" or ", parts)}))";
    }

    private static string Between(
        ViewProperty property,
        ViewCondition condition,
        string name,
        DynamicParameters parameters
    )
    {
        var parts = new List<string>(2);
        var isTime = property.Type == PropertyType.Time;
        if (condition.From is { } from)
        {
            parameters.Add($"{name}a", Read(from));
            parts.Add($"{property.Sql} >= @{name}a");
        }
        if (condition.To is { } to)
        {
            parameters.Add($"{name}b", Read(to));
            parts.Add($"{property.Sql} {(isTime ? "<" : "<=")} @{name}b");
        }
        return string.Join(" and ", parts);

        object Read(string text) =>
            property.Type == PropertyType.Date ? text
            : isTime
                ? DateTimeOffset
                    .Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                    .ToUniversalTime()
            : decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    private static Guid Id(string text) => Guid.TryParseExact(text, "N", out var id) ? id : Guid.Empty;

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
