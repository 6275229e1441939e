using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.Hours;
using Threadkeep.People;
using Threadkeep.Tickets;

namespace Threadkeep.Sla;

/// <summary>What the account promises: its policies as a whole.</summary>
public static class SlaEndpoints
{
    public static void MapSla(this RouteGroupBuilder api)
    {
        api.MapGet("/sla", Get).Needs(Permission.Read).WithName("getSla");
        api.MapPut("/sla", Change).Needs(Permission.ManageAccount).WithName("changeSla");
    }

    private static async Task<Ok<SlaView>> Get(ClaimsPrincipal user, SlaStore store) =>
        TypedResults.Ok(SlaView.Of(await store.GetAsync(user.Caller().Account)));

    private static async Task<Results<Ok<SlaView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        SlaRequest request,
        SlaStore store,
        ChannelQueries channels,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (request.Policies.Count > SlaPolicy.Most)
            return Problems.BadRequest($"There may be {SlaPolicy.Most} policies.");
        var known = (await channels.ListAsync(caller.Account)).Select(c => c.Id).ToHashSet();
        var policies = new List<SlaPolicy>();
        foreach (var policy in request.Policies)
        {
            if (Read(policy, known, out var read) is { } wrong)
                return wrong;
            policies.Add(read!);
        }
        if (policies.Select(p => p.Id).Distinct().Count() < policies.Count)
            return Problems.BadRequest("Two policies have the same id.");
        var settings = new SlaSettings(policies, request.Version);
        return await store.ChangeAsync(caller.ActorAt(context), settings, clock.GetUtcNow()) switch
        {
            SettingsOutcome.Done => TypedResults.Ok(SlaView.Of(settings with { Version = settings.Version + 1 })),
            SettingsOutcome.NotFound => Problems.Of(
                422,
                "schedule_not_found",
                "The business hours of a policy are not there any more: choose others."
            ),
            _ => Problems.Of(
                409,
                "sla_changed",
                "Somebody changed the SLA while you were editing it: look at it again."
            ),
        };
    }

    private static ProblemHttpResult? Read(SlaPolicyView policy, HashSet<Guid> known, out SlaPolicy? read)
    {
        read = null;
        var name = policy.Name.Trim();
        if (!Lines.IsLine(name, SlaPolicy.LongestName))
            return Problems.BadRequest($"name must hold 1 to {SlaPolicy.LongestName} characters on one line.");
        var id = Guid.CreateVersion7();
        if (policy.Id is { } own && !Guid.TryParseExact(own, "N", out id))
            return Problems.BadRequest("id must be that of a policy; leave it out for a new one.");
        Guid? schedule = null;
        if (policy.ScheduleId is { } hours)
        {
            if (!Guid.TryParseExact(hours, "N", out var named))
                return Problems.BadRequest("scheduleId is not the id of a schedule.");
            schedule = named;
        }
        var channels = new List<Guid>();
        foreach (var channel in policy.ChannelIds ?? [])
        {
            if (!Guid.TryParseExact(channel, "N", out var one) || !known.Contains(one))
                return Problems.Of(422, "channel_not_found", "A channel of a policy is not there.");
            channels.Add(one);
        }
        foreach (var target in policy.Targets)
        {
            if (!TicketWords.Priorities.Contains(target.Priority))
                return Problems.BadRequest("priority must be low, normal, high or urgent.");
            if (
                new[] { target.FirstResponseMinutes, target.ResolutionMinutes }.Any(m =>
                    m is < 1 or > SlaPolicy.MostMinutes
                )
            )
                return Problems.BadRequest($"Minutes must be 1 to {SlaPolicy.MostMinutes}.");
        }
        if (policy.Targets.Select(t => t.Priority).Distinct().Count() < policy.Targets.Count)
            return Problems.BadRequest("A priority has one target.");
        read = new SlaPolicy(
            id,
            name,
            schedule,
            [.. channels.Distinct()],
            [.. policy.Targets.Select(t => new SlaTarget(t.Priority, t.FirstResponseMinutes, t.ResolutionMinutes))]
        );
        return null;
    }
}

/// <param name="Version">The version that the change was made on; 0: there was none yet.</param>
public sealed record SlaRequest(
    [property: Required] int Version,
    [property: Required] IReadOnlyList<SlaPolicyView> Policies
);

/// <summary>The policies in their order: the first that fits a ticket's channel counts.</summary>
public sealed record SlaView(int Version, IReadOnlyList<SlaPolicyView> Policies)
{
    public static SlaView Of(SlaSettings settings) =>
        new(
            settings.Version,
            [
                .. settings.Policies.Select(p => new SlaPolicyView(
                    p.Name,
                    [
                        .. p.Targets.Select(t => new SlaTargetView(
                            t.Priority,
                            t.FirstResponseMinutes,
                            t.ResolutionMinutes
                        )),
                    ],
                    p.Id.ToString("N"),
                    p.Schedule?.ToString("N"),
                    [.. p.Channels.Select(c => c.ToString("N"))]
                )),
            ]
        );
}

/// <param name="Id">Absent: a new one.</param>
/// <param name="ScheduleId">The business hours that minutes are counted in; null: every hour.</param>
/// <param name="ChannelIds">Of tickets on these; none: on all.</param>
public sealed record SlaPolicyView(
    [property: Required] string Name,
    [property: Required] IReadOnlyList<SlaTargetView> Targets,
    string? Id = null,
    string? ScheduleId = null,
    IReadOnlyList<string>? ChannelIds = null
);

/// <summary>What is promised for one priority, in minutes of business, 1 to 60,000; null: nothing.</summary>
public sealed record SlaTargetView(
    [property: Required] string Priority,
    int? FirstResponseMinutes = null,
    int? ResolutionMinutes = null
);
