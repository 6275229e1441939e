using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Tickets;
using Threadkeep.Views;

namespace Threadkeep.Assignment;

/// <summary>How an account gives out its tickets: its rules, in their order, and how much a person takes.</summary>
public static class AssignmentEndpoints
{
    public static void MapAssignment(this RouteGroupBuilder api)
    {
        api.MapGet("/assignment", Get).Needs(Permission.Read).WithName("getAssignment");
        api.MapPut("/assignment", Save).Needs(Permission.ManageAssignment).WithName("saveAssignment");
    }

    private static async Task<Ok<AssignmentView>> Get(
        ClaimsPrincipal user,
        AssignmentStore settings,
        AgentDirectory directory,
        SkillStore skills,
        CustomPropertyStore properties
    )
    {
        var account = user.Caller().Account;
        var found = await settings.GetAsync(account);
        var known = await KnownAsync(account, directory, skills, properties);
        return TypedResults.Ok(
            new AssignmentView(
                found.Version,
                found.DefaultCapacity,
                found.AwayMinutes,
                [.. found.Rules.Select(r => AssignmentRuleView.Of(r, MissingOf(r, known)))]
            )
        );
    }

    private static async Task<Results<Ok<AssignmentView>, ProblemHttpResult>> Save(
        ClaimsPrincipal user,
        AssignmentRequest request,
        [AsParameters] AssignmentServices services
    )
    {
        var caller = user.Caller();
        if (IsNoCapacity(request.DefaultCapacity))
            return BadCapacity();
        // What is not said stays as it is; where nothing was set yet, as it usually is.
        var before = await services.Settings.GetAsync(caller.Account);
        var minutes = request.AwayMinutes ?? before.AwayMinutes;
        if (minutes is < 1 or > AssignmentSettings.MostAwayMinutes)
            return Problems.BadRequest($"awayMinutes must be 1 to {AssignmentSettings.MostAwayMinutes}.");
        var known = await KnownAsync(caller.Account, services.Directory, services.Skills, services.Properties);
        var rules = request.Rules is null ? [.. before.Rules] : new List<AssignmentRule>();
        foreach (var rule in request.Rules ?? [])
        {
            // What a stored rule names and is gone stays until it is taken out: one may change the rest without it.
            var old = rule is { Id: { } id } ? before.Rules.FirstOrDefault(r => r.Id.ToString("N") == id) : null;
            if (Read(rule, old, known, out var read) is { } problem)
                return Problems.Of(
                    422,
                    "rule_invalid",
                    "A rule cannot be as it is.",
                    $"Rule {rules.Count + 1}: {problem}",
                    ("rule", rules.Count + 1)
                );
            rules.Add(read!);
        }
        if (rules.Count > AssignmentRule.Most || rules.Select(r => r.Id).Distinct().Count() < rules.Count)
            return Problems.BadRequest($"There are at most {AssignmentRule.Most} rules, each with an id of its own.");
        var saved = new AssignmentSettings(
            request.Version,
            request.DefaultCapacity ?? before.DefaultCapacity,
            minutes,
            rules
        );
        var now = services.Clock.GetUtcNow();
        if (!await services.Settings.SaveAsync(caller.ActorAt(services.Context), saved, now))
            return Problems.Of(
                409,
                "assignment_changed",
                "Somebody changed these settings while you were editing them: look at them again."
            );
        await services.Grains.GetGrain<IAssignmentGrain>(caller.Account.ToString()).Wake();
        await services.Grains.TellAccountAsync(caller.Account, AccountHint.Availability);
        return await Get(user, services.Settings, services.Directory, services.Skills, services.Properties);
    }

    // Null: it can be; else why not, in words.
    private static string? Read(
        AssignmentRuleRequest? rule,
        AssignmentRule? old,
        Nameable known,
        out AssignmentRule? read
    )
    {
        read = null;
        if (rule?.Name?.Trim() is not { } name || !Lines.IsLine(name, AssignmentRule.LongestName))
            return $"its name must hold 1 to {AssignmentRule.LongestName} characters on one line.";
        if (!AssignmentMethods.All.Contains(rule.Method))
            return $"method must be one of {string.Join(", ", AssignmentMethods.All)}.";
        var filters = rule.Filters ?? [];
        if (filters.Count > ViewCondition.Most)
            return $"it has at most {ViewCondition.Most} conditions.";
        var kept = old?.Filters.Select(f => f.Property).ToHashSet() ?? [];
        foreach (var filter in filters)
        {
            if (filter?.Property is null || filter.Operator is null)
                return "each condition needs property and operator.";
            var isGone = known.Properties.Find(filter.Property) is null && kept.Contains(filter.Property);
            if (!isGone && filter.Problem(known.Properties) is { } problem)
                return problem;
            if (filter.Values?.Any(v => v is ViewCondition.Me or ViewCondition.Mine) == true)
                return "me and mine mean nobody in a rule: nobody is looking.";
        }
        if (rule.AgentIds is { Count: > AssignmentRule.MostAgents })
            return $"it names at most {AssignmentRule.MostAgents} people.";
        Guid? team = null;
        if (rule.TeamId is { } named)
        {
            if (!Guid.TryParseExact(named, "N", out var found) || !known.Teams.Contains(found) && old?.Team != found)
                return "there is no such team.";
            team = found;
        }
        var agents = new List<Guid>();
        foreach (var one in rule.AgentIds ?? [])
        {
            if (
                !Guid.TryParseExact(one, "N", out var agent)
                || !known.Agents.Contains(agent) && old?.Agents.Contains(agent) != true
            )
                return "somebody whom it names is not here.";
            agents.Add(agent);
        }
        if (!SkillLevelView.TryRead(rule.Skills, out var skills))
            return $"skills must be up to {SkillLevel.MostNeeds} ids of skills with levels from 1 to {SkillLevel.Highest}.";
        if (
            skills
                .Except(old?.Skills ?? [])
                .Any(s => SkillLevel.TryParse(s, out var n) && !known.Skills.Contains(n.Skill))
        )
            return "there is no such skill.";
        if (rule.Id is not null && !Guid.TryParseExact(rule.Id, "N", out _))
            return "its id is none.";
        read = new AssignmentRule(
            rule.Id is null ? Guid.CreateVersion7() : Guid.ParseExact(rule.Id, "N"),
            name,
            rule.Enabled,
            filters,
            rule.Method,
            team,
            [.. agents.Distinct()],
            skills
        );
        return null;
    }

    private static string[] MissingOf(AssignmentRule rule, Nameable known)
    {
        var missing = rule
            .Filters.Select(f => f.Property)
            .Where(p => known.Properties.Find(p) is null)
            .Distinct()
            .ToList();
        if (rule.Team is { } team && !known.Teams.Contains(team))
            missing.Add("team");
        if (rule is { Team: null, Agents.Count: > 0 } && !rule.Agents.Any(known.Agents.Contains))
            missing.Add("agents");
        return [.. missing];
    }

    private static async Task<Nameable> KnownAsync(
        AccountId account,
        AgentDirectory directory,
        SkillStore skills,
        CustomPropertyStore properties
    )
    {
        var (agents, teams) = await directory.IdsAsync(account);
        return new Nameable(
            agents,
            teams,
            (await skills.ListAsync(account)).Select(s => s.Id).ToHashSet(),
            await properties.CatalogueAsync(account)
        );
    }

    internal static bool IsNoCapacity(int? capacity) => capacity is < 0 or > WorkStore.MostCapacity;

    internal static ProblemHttpResult BadCapacity() =>
        Problems.BadRequest($"A capacity is a number from 0 to {WorkStore.MostCapacity}.");

    private sealed record Nameable(
        IReadOnlySet<Guid> Agents,
        IReadOnlySet<Guid> Teams,
        IReadOnlySet<Guid> Skills,
        ViewCatalogue Properties
    );
}

/// <summary>What saving the settings needs.</summary>
public sealed record AssignmentServices(
    AssignmentStore Settings,
    AgentDirectory Directory,
    SkillStore Skills,
    CustomPropertyStore Properties,
    IGrainFactory Grains,
    TimeProvider Clock,
    HttpContext Context
);

/// <param name="Version">0: nothing was set yet.</param>
/// <param name="DefaultCapacity">Tickets that wait on us which a person takes at most, unless they have a number of their own.</param>
/// <param name="AwayMinutes">After so many minutes away somebody's tickets that wait on us go back.</param>
/// <param name="Rules">In their order: the first whose conditions all hold decides.</param>
public sealed record AssignmentView(
    int Version,
    int DefaultCapacity,
    int AwayMinutes,
    IReadOnlyList<AssignmentRuleView> Rules
);

/// <param name="Method">manual, round_robin, least_loaded or by_skill.</param>
/// <param name="TeamId">The ticket becomes this team's, and goes to one of its members.</param>
/// <param name="AgentIds">Without a team: those among whom it is given out; empty: everybody.</param>
/// <param name="Skills">What the ticket needs from now on.</param>
/// <param name="Missing">What it names and is not there any more (properties, team, agents): it is passed over until that is mended.</param>
public sealed record AssignmentRuleView(
    string Id,
    string Name,
    bool Enabled,
    IReadOnlyList<ViewCondition> Filters,
    string Method,
    string? TeamId,
    IReadOnlyList<string> AgentIds,
    IReadOnlyList<SkillLevelView> Skills,
    IReadOnlyList<string> Missing
)
{
    public static AssignmentRuleView Of(AssignmentRule rule, IReadOnlyList<string> missing) =>
        new(
            rule.Id.ToString("N"),
            rule.Name,
            rule.Enabled,
            rule.Filters,
            rule.Method,
            rule.Team?.ToString("N"),
            [.. rule.Agents.Select(a => a.ToString("N"))],
            SkillLevelView.AllOf(rule.Skills),
            missing
        );
}

/// <param name="Version">The version that the change was made on.</param>
/// <param name="DefaultCapacity">0 to 1,000; absent: as it is.</param>
/// <param name="AwayMinutes">1 to 480; absent: as it is.</param>
/// <param name="Rules">Replace those before; 50 at most. Absent: they stay.</param>
public sealed record AssignmentRequest(
    [property: Required] int Version,
    int? DefaultCapacity = null,
    int? AwayMinutes = null,
    IReadOnlyList<AssignmentRuleRequest>? Rules = null
);

/// <param name="Id">Null: a new one.</param>
public sealed record AssignmentRuleRequest(
    [property: Required] string Name,
    [property: Required] string Method,
    string? Id = null,
    bool Enabled = true,
    IReadOnlyList<ViewCondition>? Filters = null,
    string? TeamId = null,
    IReadOnlyList<string>? AgentIds = null,
    IReadOnlyList<SkillLevelView>? Skills = null
);
