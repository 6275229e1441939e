using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Tickets;

namespace Threadkeep.Assignment;

/// <summary>What people can do, which tickets may need.</summary>
public static class SkillEndpoints
{
    private const int LongestName = 60;

    public static void MapSkills(this RouteGroupBuilder api)
    {
        api.MapGet("/skills", List).Needs(Permission.Read).WithName("listSkills");
        api.MapPost("/skills", Add).Needs(Permission.ManageAssignment).WithName("addSkill");
        api.MapPatch("/skills/{id}", Rename).Needs(Permission.ManageAssignment).WithName("renameSkill");
        api.MapDelete("/skills/{id}", Remove).Needs(Permission.ManageAssignment).WithName("removeSkill");
        api.MapPut("/people/{id}/skills", SetOf).Needs(Permission.ManageAssignment).WithName("setSkills");
    }

    private static async Task<Ok<SkillListView>> List(ClaimsPrincipal user, SkillStore skills)
    {
        var rows = await skills.ListAsync(user.Caller().Account);
        return TypedResults.Ok(new SkillListView([.. rows.Select(SkillView.Of)]));
    }

    private static async Task<Results<Created<SkillView>, ProblemHttpResult>> Add(
        ClaimsPrincipal user,
        SkillRequest request,
        [AsParameters] SkillServices services
    )
    {
        var id = Guid.CreateVersion7(services.Clock.GetUtcNow());
        return await SaveAsync(user, id, isNew: true, request, services) is { } refused
            ? refused
            : TypedResults.Created($"/api/v1/skills/{id:N}", new SkillView(id.ToString("N"), request.Name.Trim(), 0));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Rename(
        ClaimsPrincipal user,
        string id,
        SkillRequest request,
        [AsParameters] SkillServices services
    )
    {
        if (!Guid.TryParseExact(id, "N", out var skill))
            return Problems.NotFound("skill");
        return await SaveAsync(user, skill, isNew: false, request, services) is { } refused
            ? refused
            : TypedResults.NoContent();
    }

    private static async Task<ProblemHttpResult?> SaveAsync(
        ClaimsPrincipal user,
        Guid id,
        bool isNew,
        SkillRequest request,
        SkillServices services
    )
    {
        var name = request.Name.Trim();
        if (!Lines.IsLine(name, LongestName))
            return Problems.BadRequest($"name must hold 1 to {LongestName} characters on one line.");
        var actor = user.Caller().ActorAt(services.Context);
        var now = services.Clock.GetUtcNow();
        return await services.Skills.SaveAsync(actor, id, isNew, name, now) switch
        {
            SkillChange.Done => null,
            SkillChange.NameTaken => Problems.Of(409, "name_taken", "Another skill has this name."),
            SkillChange.TooMany => Problems.Of(
                409,
                "too_many_skills",
                $"There are {SkillStore.Most} skills already: remove one first."
            ),
            _ => Problems.NotFound("skill"),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ClaimsPrincipal user,
        string id,
        [AsParameters] SkillServices services
    )
    {
        var actor = user.Caller().ActorAt(services.Context);
        if (
            !Guid.TryParseExact(id, "N", out var skill)
            || !await services.Skills.RemoveAsync(actor, skill, services.Clock.GetUtcNow())
        )
            return Problems.NotFound("skill");
        await services.Grains.TellAccountAsync(actor.Account, AccountHint.Availability);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetOf(
        ClaimsPrincipal user,
        string id,
        SkillsRequest request,
        [AsParameters] SkillServices services
    )
    {
        if (!Guid.TryParseExact(id, "N", out var person))
            return Problems.NotFound("person");
        var skills = new List<SkillLevel>();
        foreach (var one in request.Skills)
        {
            if (
                !SkillLevel.TryParse($"{one?.Id}:{one?.Level}", out var read)
                || skills.Exists(s => s.Skill == read.Skill)
                || skills.Count == SkillStore.Most
            )
                return Problems.BadRequest(
                    $"skills must be ids of skills, each once, with levels from 1 to {SkillLevel.Highest}."
                );
            skills.Add(read);
        }
        var actor = user.Caller().ActorAt(services.Context);
        switch (await services.Skills.SetAsync(actor, new AgentId(person), skills, services.Clock.GetUtcNow()))
        {
            case SkillChange.Done:
                await services.Grains.TellAccountAsync(actor.Account, AccountHint.Availability);
                return TypedResults.NoContent();
            case SkillChange.Unknown:
                return Problems.Of(422, "skill_not_found", "There is no such skill any more: choose another one.");
            default:
                return Problems.NotFound("person");
        }
    }
}

/// <summary>What changes of skills need.</summary>
public sealed record SkillServices(SkillStore Skills, IGrainFactory Grains, TimeProvider Clock, HttpContext Context);

public sealed record SkillListView(IReadOnlyList<SkillView> Items);

/// <param name="People">How many can.</param>
public sealed record SkillView(string Id, string Name, int People)
{
    public static SkillView Of(SkillRow row) => new(row.Id.ToString("N"), row.Name, row.People);
}

/// <param name="Name">Up to 60 characters; no two skills have the same.</param>
public sealed record SkillRequest([property: Required] string Name);

/// <param name="Skills">Replace those before.</param>
public sealed record SkillsRequest([property: Required] IReadOnlyList<SkillLevelView> Skills);
