using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Tickets;

namespace Threadkeep.Macros;

/// <summary>Macros: several acts under one name. The console runs them by the doors that the acts have of their own.</summary>
public static class MacroEndpoints
{
    private const int LongestName = 80;

    public static void MapMacros(this RouteGroupBuilder api)
    {
        api.MapGet("/macros", List).Needs(Permission.Read).WithName("listMacros");
        api.MapPost("/macros", Create).Needs(Permission.ManageTemplates).WithName("createMacro");
        api.MapPatch("/macros/{id}", Change).Needs(Permission.ManageTemplates).WithName("changeMacro");
        api.MapDelete("/macros/{id}", Remove).Needs(Permission.ManageTemplates).WithName("removeMacro");
    }

    private static async Task<Ok<MacroListView>> List(ClaimsPrincipal user, MacroStore macros)
    {
        var rows = await macros.ListAsync(user.Caller().Account);
        return TypedResults.Ok(new MacroListView([.. rows.Select(MacroView.Of)]));
    }

    private static async Task<Results<Created<MacroView>, ProblemHttpResult>> Create(
        ClaimsPrincipal user,
        MacroRequest request,
        MacroStore macros,
        CustomPropertyStore properties,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (Check(request) is { } wrong)
            return wrong;
        var set = await OwnPropertyReader.ReadAsync(properties, user.Caller().Account, request.Actions.Properties);
        if (set.Refused is { } refused)
            return refused;
        var macro = new Macro(Guid.CreateVersion7(), request.Name.Trim(), request.Actions, 1);
        if (!await macros.AddAsync(user.Caller().ActorAt(context), macro, clock.GetUtcNow()))
            return Problems.Of(
                409,
                "too_many_macros",
                $"There are {MacroStore.Most} macros already: delete one first."
            );
        await grains.TellAccountAsync(user.Caller().Account, AccountHint.Macros);
        return TypedResults.Created($"/api/v1/macros/{macro.Id:N}", MacroView.Of(macro));
    }

    private static async Task<Results<Ok<MacroView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        ChangeMacroRequest request,
        MacroStore macros,
        CustomPropertyStore properties,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!Guid.TryParseExact(id, "N", out var macro))
            return Problems.NotFound("macro");
        if (Check(new MacroRequest(request.Name, request.Actions)) is { } wrong)
            return wrong;
        var account = user.Caller().Account;
        if ((await OwnPropertyReader.ReadAsync(properties, account, request.Actions.Properties)).Refused is { } refused)
            return refused;
        var changed = new Macro(macro, request.Name.Trim(), request.Actions, request.Version);
        if (await macros.ChangeAsync(user.Caller().ActorAt(context), changed, clock.GetUtcNow()))
        {
            await grains.TellAccountAsync(account, AccountHint.Macros);
            return TypedResults.Ok(MacroView.Of(changed with { Version = changed.Version + 1 }));
        }
        return (await macros.ListAsync(account)).Any(m => m.Id == macro)
            ? Problems.Of(
                409,
                "macro_changed",
                "Somebody changed this macro while you were editing it: look at it again."
            )
            : Problems.NotFound("macro");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ClaimsPrincipal user,
        string id,
        MacroStore macros,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (
            !Guid.TryParseExact(id, "N", out var macro)
            || !await macros.RemoveAsync(user.Caller().ActorAt(context), macro, clock.GetUtcNow())
        )
            return Problems.NotFound("macro");
        await grains.TellAccountAsync(user.Caller().Account, AccountHint.Macros);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult? Check(MacroRequest request)
    {
        var actions = request.Actions;
        if (!Lines.IsLine(request.Name.Trim(), LongestName))
            return Problems.BadRequest($"name must hold 1 to {LongestName} characters on one line.");
        if (actions is { Status: { } status } && !TicketWords.Statuses.Contains(status))
            return Problems.BadRequest("status must be new, waiting_on_us, waiting_on_contact or closed.");
        if (actions is { Priority: { } priority } && !TicketWords.Priorities.Contains(priority))
            return Problems.BadRequest("priority must be low, normal, high or urgent.");
        if (actions is { Owner: { } owner } && owner is not ("me" or "none") && !Guid.TryParseExact(owner, "N", out _))
            return Problems.BadRequest("owner must be the id of a person, me or none.");
        if (actions is { Team: { } team } && team is not "none" && !Guid.TryParseExact(team, "N", out _))
            return Problems.BadRequest("team must be the id of a team, or none.");
        if (
            actions.AddTags is { } tags
            && (tags.Count > TicketWords.MostTags || tags.Any(t => !Lines.IsLine(t, TicketWords.LongestTag)))
        )
            return Problems.BadRequest("addTags must be tags that a ticket may have.");
        if (
            actions.AddSkills is { } skills
            && (
                skills.Count > SkillLevel.MostNeeds
                || skills.Any(s => !SkillLevel.TryParse($"{s?.Id}:{s?.Level}", out _))
            )
        )
            return Problems.BadRequest("addSkills must be ids of skills, with levels from 1 to 5.");
        string?[] texts = [actions.Note, actions.Snippet, actions.Template];
        if (texts.Any(t => t is { Length: > TicketWords.LongestNote } || t?.Contains('\0') == true))
            return Problems.BadRequest($"A text may hold {TicketWords.LongestNote} characters, and no U+0000.");
        return actions == new MacroActions() ? Problems.BadRequest("A macro does something.") : null;
    }
}

public sealed record MacroRequest([property: Required] string Name, [property: Required] MacroActions Actions);

/// <param name="Version">The version that the change was made on.</param>
public sealed record ChangeMacroRequest(
    [property: Required] int Version,
    [property: Required] string Name,
    [property: Required] MacroActions Actions
);

public sealed record MacroView(string Id, string Name, MacroActions Actions, int Version)
{
    public static MacroView Of(Macro macro) => new(macro.Id.ToString("N"), macro.Name, macro.Actions, macro.Version);
}

public sealed record MacroListView(IReadOnlyList<MacroView> Items);
