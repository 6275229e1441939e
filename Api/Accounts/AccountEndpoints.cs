using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PhoneNumbers;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Quota;

namespace Threadkeep.Accounts;

/// <summary>The settings of a business account.</summary>
public static class AccountEndpoints
{
    public static void MapAccount(this RouteGroupBuilder api)
    {
        api.MapGet("/account", Get).Needs(Permission.Read).WithName("getAccount");
        api.MapPatch("/account", Change).Needs(Permission.ManageAccount).WithName("changeAccount");
    }

    private static async Task<Ok<AccountSettingsView>> Get(ClaimsPrincipal user, PeopleStore people) =>
        TypedResults.Ok(AccountSettingsView.Of(await people.AccountAsync(user.Caller().Account)));

    private static async Task<Results<Ok<AccountSettingsView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        AccountRequest request,
        AccountStore accounts,
        PeopleStore people,
        QuotaStore quota,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!DirectoryEndpoints.TryName(request.Name, out var name))
            return DirectoryEndpoints.BadName();
        if (request.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return Problems.BadRequest("timeZone is not an IANA time zone, such as Asia/Tokyo.");
        if (request.Country is { } country && !PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(country))
            return Problems.BadRequest("country is not an ISO 3166-1 code of two letters, such as JP.");
        var caller = user.Caller();
        var now = clock.GetUtcNow();
        var before = await accounts.ChangeAsync(
            caller.ActorAt(context),
            new AccountChange(
                name,
                request.TimeZone,
                request.Country,
                request.Language,
                request.SecondFactorRequired,
                (short?)request.ReopenDays,
                request.AgentNameFirst,
                request.ReadMarks,
                request.TypingSigns,
                (short?)request.SendDelay,
                request.PurgeDeleted
            ),
            now
        );
        // The quota's periods go by the account's zone: from the next one on.
        if (request.TimeZone is { } changed && changed != before.TimeZone)
        {
            await QuotaEndpoints.MoveAnchorAsync(quota, caller.Account, null, changed, now);
            await grains.GetGrain<IQuotaGrain>(caller.Account.ToString()).SettingsChanged();
        }
        return await Get(user, people);
    }
}

/// <param name="TimeZone">IANA name; the quota's periods go by it from the next one on.</param>
/// <param name="Country">ISO 3166-1, two letters: numbers are written and read as there.</param>
/// <param name="Language">Proposed to people who are invited: en or ja.</param>
/// <param name="SecondFactorRequired">Whoever signs in with a password and has no second factor must set one up first.</param>
/// <param name="ReopenDays">A message on a ticket that was closed within so many days opens it again, 0 to 90; 0: it makes a new one.</param>
/// <param name="AgentNameFirst">Texts of agents begin with a line that names them.</param>
/// <param name="ReadMarks">Customers see that their messages have been read.</param>
/// <param name="SendDelay">Seconds that what people send waits and can be taken back: 0, 5 or 10.</param>
/// <param name="PurgeDeleted">Of messages that are taken back only that is left: text, file, earlier texts and event are removed for good. False: they are kept, with a mark.</param>
/// <param name="TypingSigns">Customers see that somebody writes an answer; Meta marks what they wrote as read with it.</param>
public sealed record AccountRequest(
    string? Name = null,
    string? TimeZone = null,
    string? Country = null,
    [property: RegularExpression("en|ja")] string? Language = null,
    bool? SecondFactorRequired = null,
    [property: Range(0, 90)] int? ReopenDays = null,
    bool? AgentNameFirst = null,
    bool? ReadMarks = null,
    bool? TypingSigns = null,
    [property: AllowedValues(null, 0, 5, 10)] int? SendDelay = null,
    bool? PurgeDeleted = null
);

public sealed record AccountSettingsView(
    string Id,
    string Name,
    string TimeZone,
    string Country,
    string Language,
    bool SecondFactorRequired,
    int ReopenDays,
    bool AgentNameFirst,
    bool ReadMarks,
    bool TypingSigns,
    int SendDelay,
    bool PurgeDeleted
)
{
    public static AccountSettingsView Of(AccountRecord account) =>
        new(
            account.Id.ToString("N"),
            account.Name,
            account.TimeZone,
            account.Country,
            account.Language,
            account.SecondFactorRequired,
            account.ReopenDays,
            account.AgentNameFirst,
            account.ReadMarks,
            account.TypingSigns,
            account.SendDelay,
            account.PurgeDeleted
        );
}
