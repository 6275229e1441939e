using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.Operations;
using Threadkeep.People;

namespace Threadkeep.Quota;

/// <summary>The account's monthly conversations: how many are left, and the settings.</summary>
public static class QuotaEndpoints
{
    public static void MapQuota(this RouteGroupBuilder api)
    {
        api.MapGet("/quota", Get).Needs(Permission.Read).WithName("getQuota");
        api.MapPut("/quota/settings", ChangeSettings).Needs(Permission.ManageAccount).WithName("changeQuotaSettings");
    }

    private static async Task<Ok<QuotaView>> Get(
        ClaimsPrincipal user,
        QuotaStore quota,
        IOptions<OperatorOptions> operators,
        TimeProvider clock
    )
    {
        var account = user.Caller().Account;
        var plan = (await quota.PlanAsync(account))!;
        var period = QuotaPeriods.At(plan.Anchors, clock.GetUtcNow());
        var (counted, reserved) = await quota.UsageAsync(account, period.Start);
        var next = QuotaPeriods.At(plan.Anchors, period.End);
        return TypedResults.Ok(
            new QuotaView(
                plan.Limit,
                counted,
                reserved,
                period.Start,
                period.End,
                new PeriodView(next.Start, next.End),
                plan.Anchors[^1].DayOfMonth,
                plan.TimeZone,
                MayChangeLimit(user.Caller(), operators.Value)
            )
        );
    }

    private static async Task<Results<Ok<QuotaView>, ProblemHttpResult>> ChangeSettings(
        ClaimsPrincipal user,
        QuotaSettingsRequest request,
        QuotaStore quota,
        PeopleStore people,
        IGrainFactory grains,
        IOptions<OperatorOptions> operators,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if ((request.Limit is not null || request.Unlimited is not null) && !MayChangeLimit(caller, operators.Value))
            return Problems.Of(
                403,
                "operator_only",
                "The limit is the operator's to change.",
                "Anniversary day and time zone are the account's own."
            );
        if (request.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return Problems.BadRequest("timeZone is not an IANA time zone, such as Asia/Tokyo.");
        var now = clock.GetUtcNow();
        var before = (await quota.PlanAsync(caller.Account))!.Limit;
        if (request.Unlimited == true)
            await quota.SetLimitAsync(caller.Account, null);
        else if (request.Limit is { } limit)
            await quota.SetLimitAsync(caller.Account, limit);
        if (request.AnniversaryDay is not null || request.TimeZone is not null)
            await MoveAnchorAsync(quota, caller.Account, request.AnniversaryDay, request.TimeZone, now);
        await people.RecordAsync(
            caller.ActorAt(context),
            new AuditEntry(
                "quota.changed",
                "quota",
                Before: new { limit = before },
                After: new
                {
                    limit = (await quota.PlanAsync(caller.Account))!.Limit,
                    request.AnniversaryDay,
                    request.TimeZone,
                }
            ),
            now
        );
        await grains.GetGrain<IQuotaGrain>(caller.Account.ToString()).SettingsChanged();
        return await Get(user, quota, operators, clock);
    }

    private static bool MayChangeLimit(Caller caller, OperatorOptions operators) =>
        Roles.Allows(caller.Role, Permission.ManageAccount) && operators.Include(caller.Account);

    /// <summary>Moves the day or the zone that periods go by, from the next period on; null: as it is.</summary>
    internal static async Task MoveAnchorAsync(
        QuotaStore quota,
        AccountId account,
        short? day,
        string? timeZone,
        DateTimeOffset now
    )
    {
        var plan = (await quota.PlanAsync(account))!;
        var running = QuotaPeriods.At(plan.Anchors, now);
        var current = plan.Anchors.Last(a => a.EffectiveFrom <= running.End);
        await quota.SetAnchorAsync(
            account,
            new AnchorRow
            {
                EffectiveFrom = running.End,
                DayOfMonth = day ?? current.DayOfMonth,
                TimeZone = timeZone ?? current.TimeZone,
            }
        );
    }
}

/// <param name="Limit">Conversations a period; the operator's to change.</param>
/// <param name="Unlimited">True takes the limit away.</param>
/// <param name="AnniversaryDay">Day of the month on which periods begin, from the next one on.</param>
/// <param name="TimeZone">IANA name, from the next period on.</param>
public sealed record QuotaSettingsRequest(
    [property: Range(0, 10_000_000)] int? Limit = null,
    bool? Unlimited = null,
    [property: Range(1, 31)] short? AnniversaryDay = null,
    string? TimeZone = null
);

/// <param name="Limit">Null: no limit.</param>
/// <param name="Reserved">Accepted and not yet gone.</param>
/// <param name="AnniversaryDay">On which periods begin, of the settings that were made last; they may hold from the next period on.</param>
/// <param name="TimeZone">The account's, IANA name.</param>
/// <param name="MayChangeLimit">The caller may.</param>
public sealed record QuotaView(
    int? Limit,
    int Used,
    int Reserved,
    DateTimeOffset PeriodStart,
    DateTimeOffset ResetsAt,
    PeriodView Next,
    int AnniversaryDay,
    string TimeZone,
    bool MayChangeLimit
);

public sealed record PeriodView(DateTimeOffset PeriodStart, DateTimeOffset ResetsAt);
