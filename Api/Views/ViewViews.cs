using System.ComponentModel.DataAnnotations;

namespace Threadkeep.Views;

/// <summary>A view over REST (docs/api.md).</summary>
/// <param name="Id">A default view's name, or an id.</param>
/// <param name="Name">Null for a default view: the console has its name in the reader's language.</param>
/// <param name="Sharing">private, team or everyone.</param>
/// <param name="CanEdit">The caller may change and delete it.</param>
/// <param name="Missing">Keys of properties that it names and that are not there any more: it opens without them.</param>
public sealed record ViewView(
    string Id,
    string? Name,
    bool IsDefault,
    string Sharing,
    string? TeamId,
    string? OwnerName,
    bool CanEdit,
    bool Pinned,
    IReadOnlyList<ViewCondition> Filters,
    IReadOnlyList<string> Columns,
    string Sort,
    bool Descending,
    int Version,
    IReadOnlyList<string> Missing
);

public sealed record ViewListView(IReadOnlyList<ViewView> Items);

/// <param name="Counts">By view; of a view that somebody made 1001 means more than a thousand.</param>
public sealed record ViewCountsView(IReadOnlyDictionary<string, int> Counts);

/// <param name="Type">text, number, time, choice, agent, channel, team, flag, tags, skill, date or choices.</param>
/// <param name="Label">Of a property of the account's own; null: every ticket has it, and the console has its name.</param>
/// <param name="ChoiceLabels">In the order of <paramref name="Choices"/>, for a property of the account's own.</param>
public sealed record PropertyView(
    string Key,
    string Type,
    IReadOnlyList<string> Operators,
    IReadOnlyList<string>? Choices,
    string? Label = null,
    IReadOnlyList<string>? ChoiceLabels = null
);

public sealed record PropertyListView(IReadOnlyList<PropertyView> Items);

/// <param name="Filters">Up to 50 conditions, all of which must hold.</param>
/// <param name="Columns">Up to 6 keys of properties shown beside the usual.</param>
/// <param name="Sort">A property's key; message.lastAt where it is absent.</param>
public sealed record ViewRequest(
    [property: Required] string Name,
    string? Sharing = null,
    string? TeamId = null,
    IReadOnlyList<ViewCondition>? Filters = null,
    IReadOnlyList<string>? Columns = null,
    string? Sort = null,
    bool? Descending = null
);

/// <summary>As <see cref="ViewRequest"/>; what is absent stays as it is.</summary>
/// <param name="Version">The version that the change was made on.</param>
public sealed record ChangeViewRequest(
    [property: Required] int Version,
    string? Name = null,
    string? Sharing = null,
    string? TeamId = null,
    IReadOnlyList<ViewCondition>? Filters = null,
    IReadOnlyList<string>? Columns = null,
    string? Sort = null,
    bool? Descending = null
);

public sealed record PinRequest([property: Required] bool Pinned);
