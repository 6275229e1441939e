using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Tickets;

/// <summary>The properties that an account has defined for its tickets. Values: <c>properties</c> of a ticket.</summary>
public static class CustomPropertyEndpoints
{
    public static void MapCustomProperties(this RouteGroupBuilder api)
    {
        api.MapGet("/ticket-properties", List).Needs(Permission.Read).WithName("listTicketProperties");
        api.MapPost("/ticket-properties", Add).Needs(Permission.ManageAccount).WithName("addTicketProperty");
        api.MapPatch("/ticket-properties/{id}", Change)
            .Needs(Permission.ManageAccount)
            .WithName("changeTicketProperty");
        api.MapDelete("/ticket-properties/{id}", Remove)
            .Needs(Permission.ManageAccount)
            .WithName("removeTicketProperty");
    }

    private static async Task<Ok<CustomPropertyListView>> List(ClaimsPrincipal user, CustomPropertyStore properties)
    {
        var all = await properties.ListAsync(user.Caller().Account);
        return TypedResults.Ok(new CustomPropertyListView([.. all.Select(CustomPropertyView.Of)]));
    }

    private static async Task<Results<Created<CustomPropertyView>, ProblemHttpResult>> Add(
        ClaimsPrincipal user,
        CustomPropertyRequest request,
        CustomPropertyStore properties,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!CustomTypes.All.Contains(request.Type))
            return Problems.BadRequest($"type must be one of {string.Join(", ", CustomTypes.All)}.");
        var property = new CustomProperty(
            Guid.CreateVersion7(clock.GetUtcNow()),
            request.Label.Trim(),
            request.Type,
            [],
            request.AskOnClose,
            Archived: false,
            Version: 1
        );
        if (Read(property, request.Choices, out var choices) is { } wrong)
            return wrong;
        property = property with { Choices = choices };
        return
            Refused(await properties.AddAsync(user.Caller().ActorAt(context), property, clock.GetUtcNow()))
                is { } refused
            ? refused
            : TypedResults.Created($"/api/v1/ticket-properties/{property.Id:N}", CustomPropertyView.Of(property));
    }

    private static async Task<Results<Ok<CustomPropertyView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        ChangeCustomPropertyRequest request,
        CustomPropertyStore properties,
        TimeProvider clock,
        HttpContext context
    )
    {
        var account = user.Caller().Account;
        if (await FindAsync() is not { } before)
            return Problems.NotFound("property");
        var changed = before with
        {
            Label = request.Label?.Trim() ?? before.Label,
            AskOnClose = request.AskOnClose ?? before.AskOnClose,
            Archived = request.Archived ?? before.Archived,
            Version = request.Version,
        };
        if (Read(changed, request.Choices, out var choices) is { } wrong)
            return wrong;
        if (request.Choices is not null)
            changed = changed with { Choices = choices };
        return
            Refused(await properties.ChangeAsync(user.Caller().ActorAt(context), changed, clock.GetUtcNow()))
                is { } refused
            ? refused
            : TypedResults.Ok(CustomPropertyView.Of((await FindAsync()) ?? changed));

        async Task<CustomProperty?> FindAsync() =>
            Guid.TryParseExact(id, "N", out var known)
                ? (await properties.ListAsync(account)).FirstOrDefault(p => p.Id == known)
                : null;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ClaimsPrincipal user,
        string id,
        CustomPropertyStore properties,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!Guid.TryParseExact(id, "N", out var property))
            return Problems.NotFound("property");
        return
            Refused(await properties.RemoveAsync(user.Caller().ActorAt(context), property, clock.GetUtcNow()))
                is { } refused
            ? refused
            : TypedResults.NoContent();
    }

    private static ProblemHttpResult? Read(
        CustomProperty property,
        IReadOnlyList<CustomChoiceRequest>? said,
        out IReadOnlyList<CustomChoice> choices
    )
    {
        choices = [];
        if (!IsLabel(property.Label))
            return Problems.BadRequest($"label must hold 1 to {CustomProperty.LongestLabel} characters on one line.");
        if (said is null)
            return property is { HasChoices: true, Choices.Count: 0 }
                ? Problems.BadRequest("choices: at least one is needed.")
                : null;
        if (!property.HasChoices)
            return said.Count == 0 ? null : Problems.BadRequest($"A property of type {property.Type} has no choices.");
        var read = new List<CustomChoice>();
        foreach (var choice in said)
        {
            if (choice?.Label?.Trim() is not { } label || !IsLabel(label))
                return Problems.BadRequest(
                    $"choices: a label must hold 1 to {CustomProperty.LongestLabel} characters on one line."
                );
            var id = Guid.CreateVersion7();
            if (
                choice.Id is not null
                && (!Guid.TryParseExact(choice.Id, "N", out id) || property.Choices.All(c => c.Id != id))
            )
                return Problems.BadRequest("choices: id must be that of a choice; leave it out for a new one.");
            read.Add(new CustomChoice(id, label, choice.Archived));
        }
        if (read.Count == 0 || read.All(c => c.Archived) || read.Count > CustomProperty.MostChoices)
            return Problems.BadRequest($"choices: 1 to {CustomProperty.MostChoices}, one of them in use.");
        if (read.DistinctBy(c => c.Id).Count() < read.Count || Labels(read).Distinct().Count() < Labels(read).Count())
            return Problems.BadRequest("choices: every one in use has a label of its own.");
        choices = read;
        return null;

        static IEnumerable<string> Labels(IEnumerable<CustomChoice> all) =>
            all.Where(c => !c.Archived).Select(c => c.Label.ToUpperInvariant());
    }

    private static bool IsLabel(string text) => Lines.IsLine(text, CustomProperty.LongestLabel);

    private static ProblemHttpResult? Refused(CustomPropertyChange change) =>
        change switch
        {
            CustomPropertyChange.Done => null,
            CustomPropertyChange.Changed => Problems.Of(
                409,
                "property_changed",
                "Somebody changed this property while you were editing it: look at it again."
            ),
            CustomPropertyChange.LabelTaken => Problems.Of(409, "name_taken", "Another property has this name."),
            CustomPropertyChange.TooMany => Problems.Of(
                409,
                "too_many_properties",
                $"There are {CustomProperty.Most} properties, or {CustomProperty.MostChoices} choices, already."
            ),
            CustomPropertyChange.InUse => Problems.Of(
                409,
                "property_in_use",
                "Archive the property first: what is deleted cannot be brought back."
            ),
            _ => Problems.NotFound("property"),
        };
}

public sealed record CustomPropertyListView(IReadOnlyList<CustomPropertyView> Items);

/// <summary>A property of tickets that the account has defined (docs/api.md).</summary>
/// <param name="Type">text, number, date, choice, choices or flag.</param>
/// <param name="Choices">In their order; empty for the other types.</param>
/// <param name="AskOnClose">The console asks for it when a ticket is closed without it.</param>
/// <param name="Archived">Offered nowhere; values stay.</param>
public sealed record CustomPropertyView(
    string Id,
    string Label,
    string Type,
    IReadOnlyList<CustomChoiceView> Choices,
    bool AskOnClose,
    bool Archived,
    int Version
)
{
    public static CustomPropertyView Of(CustomProperty property) =>
        new(
            property.Id.ToString("N"),
            property.Label,
            property.Type,
            [.. property.Choices.Select(c => new CustomChoiceView(c.Id.ToString("N"), c.Label, c.Archived))],
            property.AskOnClose,
            property.Archived,
            property.Version
        );
}

/// <param name="Archived">Not to be chosen any more; tickets that have it keep it.</param>
public sealed record CustomChoiceView(string Id, string Label, bool Archived);

/// <param name="Label">Up to 60 characters; no two properties in use have the same.</param>
/// <param name="Type">text, number, date, choice, choices or flag; it never changes.</param>
/// <param name="Choices">For choice and choices, in their order: 1 to 200.</param>
public sealed record CustomPropertyRequest(
    [property: Required] string Label,
    [property: Required] string Type,
    IReadOnlyList<CustomChoiceRequest>? Choices = null,
    bool AskOnClose = false
);

/// <param name="Id">Absent: a new one.</param>
public sealed record CustomChoiceRequest([property: Required] string Label, string? Id = null, bool Archived = false);

/// <summary>What is absent stays as it is.</summary>
/// <param name="Version">The version that the change was made on.</param>
/// <param name="Choices">All from now on, in their order; those left out are archived.</param>
public sealed record ChangeCustomPropertyRequest(
    [property: Required] int Version,
    string? Label = null,
    IReadOnlyList<CustomChoiceRequest>? Choices = null,
    bool? AskOnClose = null,
    bool? Archived = null
);
