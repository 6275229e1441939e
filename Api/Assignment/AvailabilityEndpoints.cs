using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Tickets;

namespace Threadkeep.Assignment;

/// <summary>Who takes tickets now, how many they have, and how many they take.</summary>
public static class AvailabilityEndpoints
{
    public static void MapAvailability(this RouteGroupBuilder api)
    {
        api.MapGet("/availability", List).Needs(Permission.Read).WithName("listAvailability");
        api.MapPut("/me/availability", SetOwn).Needs(Permission.Reply).WithName("setOwnAvailability");
        api.MapPut("/people/{id}/availability", Set).Needs(Permission.ManageAssignment).WithName("setAvailability");
        api.MapPut("/people/{id}/capacity", SetCapacity).Needs(Permission.ManageAssignment).WithName("setCapacity");
    }

    private static async Task<Ok<AvailabilityListView>> List(ClaimsPrincipal user, WorkStore work)
    {
        var account = user.Caller().Account;
        var rows = await work.ListAsync(account);
        var waiting = await work.WaitingAsync(account);
        return TypedResults.Ok(
            new AvailabilityListView(
                [.. rows.Select(AvailabilityView.Of)],
                new WaitingLineView(waiting.Count, waiting.OldestAt)
            )
        );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetOwn(
        ClaimsPrincipal user,
        AvailabilityRequest request,
        [AsParameters] WorkServices services
    ) =>
        user.Caller().Agent is { } agent
            ? await SetAsync(user, agent, request.Available, recorded: false, services)
            : Problems.Of(403, "not_allowed", "An API key takes no tickets.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Set(
        ClaimsPrincipal user,
        string id,
        AvailabilityRequest request,
        [AsParameters] WorkServices services
    ) =>
        Guid.TryParseExact(id, "N", out var person)
            ? await SetAsync(user, new AgentId(person), request.Available, recorded: true, services)
            : Problems.NotFound("person");

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        ClaimsPrincipal user,
        AgentId agent,
        bool available,
        bool recorded,
        WorkServices services
    )
    {
        var actor = user.Caller().ActorAt(services.Context);
        var now = services.Clock.GetUtcNow();
        var outcome = await services.Work.SetAvailableAsync(actor, agent, available, recorded, now);
        return await TellAsync(outcome, actor.Account, services);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetCapacity(
        ClaimsPrincipal user,
        string id,
        CapacityRequest request,
        [AsParameters] WorkServices services
    )
    {
        if (!Guid.TryParseExact(id, "N", out var person))
            return Problems.NotFound("person");
        if (AssignmentEndpoints.IsNoCapacity(request.Capacity))
            return AssignmentEndpoints.BadCapacity();
        var actor = user.Caller().ActorAt(services.Context);
        var now = services.Clock.GetUtcNow();
        var outcome = await services.Work.SetCapacityAsync(actor, new AgentId(person), request.Capacity, now);
        return await TellAsync(outcome, actor.Account, services);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TellAsync(
        WorkChange outcome,
        AccountId account,
        WorkServices services
    )
    {
        if (outcome == WorkChange.NotFound)
            return Problems.NotFound("person");
        if (outcome == WorkChange.Changed)
        {
            // Somebody free takes what waits, and who is away may stay away.
            await services.Grains.GetGrain<IAssignmentGrain>(account.ToString()).Wake();
            await services.Grains.TellAccountAsync(account, AccountHint.Availability);
        }
        return TypedResults.NoContent();
    }
}

/// <summary>What changes of availability need.</summary>
public sealed record WorkServices(WorkStore Work, IGrainFactory Grains, TimeProvider Clock, HttpContext Context);

/// <param name="Waiting">Tickets that a rule wants assigned, and nobody is free.</param>
public sealed record AvailabilityListView(IReadOnlyList<AvailabilityView> Items, WaitingLineView Waiting);

/// <param name="OldestAt">Since when the one that has waited longest does; null: none waits.</param>
public sealed record WaitingLineView(int Count, DateTimeOffset? OldestAt);

/// <param name="Available">False: away.</param>
/// <param name="Since">When that was switched last; null: never.</param>
/// <param name="Load">Tickets of theirs that wait on us and are not put off.</param>
/// <param name="Capacity">How many of these they take at most; given by hand they can have more.</param>
/// <param name="OwnCapacity">Null: the account's counts.</param>
public sealed record AvailabilityView(
    string Id,
    string Name,
    bool Available,
    DateTimeOffset? Since,
    int Load,
    int Capacity,
    int? OwnCapacity,
    IReadOnlyList<string> TeamIds,
    IReadOnlyList<SkillLevelView> Skills
)
{
    public static AvailabilityView Of(WorkRow row) =>
        new(
            row.Id.ToString("N"),
            row.Name,
            row.Available,
            row.Since,
            row.Load,
            row.Capacity,
            row.OwnCapacity,
            [.. row.Teams.Select(t => t.ToString("N"))],
            SkillLevelView.AllOf(row.Skills)
        );
}

public sealed record AvailabilityRequest([property: Required] bool Available);

/// <param name="Capacity">0 to 1,000; null: the account's.</param>
public sealed record CapacityRequest(int? Capacity);
