using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Hours;

/// <summary>Business hours: named schedules of the account, and what one comes to.</summary>
public static class ScheduleEndpoints
{
    public static void MapSchedules(this RouteGroupBuilder api)
    {
        api.MapGet("/schedules", List).Needs(Permission.Read).WithName("listSchedules");
        api.MapPost("/schedules", Create).Needs(Permission.ManageAccount).WithName("createSchedule");
        api.MapPost("/schedules/preview", Preview).Needs(Permission.Read).WithName("previewSchedule");
        api.MapPut("/schedules/{id}", Change).Needs(Permission.ManageAccount).WithName("changeSchedule");
        api.MapDelete("/schedules/{id}", Remove).Needs(Permission.ManageAccount).WithName("removeSchedule");
    }

    private static async Task<Ok<ScheduleListView>> List(ClaimsPrincipal user, ScheduleStore schedules)
    {
        var found = await schedules.ListAsync(user.Caller().Account);
        return TypedResults.Ok(new ScheduleListView([.. found.Select(ScheduleView.Of)]));
    }

    private static async Task<Results<Created<ScheduleView>, ProblemHttpResult>> Create(
        ClaimsPrincipal user,
        ScheduleRequest request,
        ScheduleStore schedules,
        TimeProvider clock,
        HttpContext context
    )
    {
        var (schedule, wrong) = ScheduleForm.Read(Guid.CreateVersion7(), request with { Version = null });
        if (schedule is null)
            return wrong!;
        return
            await schedules.AddAsync(user.Caller().ActorAt(context), schedule, clock.GetUtcNow())
            == SettingsOutcome.Done
            ? TypedResults.Created($"/api/v1/schedules/{schedule.Id:N}", ScheduleView.Of(schedule))
            : Problems.Of(409, "too_many_schedules", $"There are {Schedule.Most} schedules already: remove one first.");
    }

    private static async Task<Results<Ok<ScheduleView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        ScheduleRequest request,
        ScheduleStore schedules,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!Guid.TryParseExact(id, "N", out var known))
            return Problems.NotFound("schedule");
        if (request.Version is null)
            return Problems.BadRequest("version must be the one that the change was made on.");
        var (schedule, wrong) = ScheduleForm.Read(known, request);
        if (schedule is null)
            return wrong!;
        return await schedules.ChangeAsync(user.Caller().ActorAt(context), schedule, clock.GetUtcNow()) switch
        {
            SettingsOutcome.Done => TypedResults.Ok(ScheduleView.Of(schedule with { Version = schedule.Version + 1 })),
            SettingsOutcome.Changed => Problems.Of(
                409,
                "schedule_changed",
                "Somebody changed this schedule while you were editing it: look at it again."
            ),
            _ => Problems.NotFound("schedule"),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ClaimsPrincipal user,
        string id,
        ScheduleStore schedules,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!Guid.TryParseExact(id, "N", out var known))
            return Problems.NotFound("schedule");
        return await schedules.RemoveAsync(user.Caller().ActorAt(context), known, clock.GetUtcNow()) switch
        {
            SettingsOutcome.Done => TypedResults.NoContent(),
            SettingsOutcome.InUse => Problems.Of(
                409,
                "schedule_in_use",
                "An SLA or a first contact goes by this schedule: choose another there first."
            ),
            _ => Problems.NotFound("schedule"),
        };
    }

    private static Results<Ok<SchedulePreviewView>, ProblemHttpResult> Preview(
        ScheduleRequest request,
        TimeProvider clock
    )
    {
        var (schedule, wrong) = ScheduleForm.Read(Guid.Empty, request);
        return schedule is null ? wrong! : TypedResults.Ok(ScheduleForm.Preview(schedule, clock.GetUtcNow()));
    }
}
