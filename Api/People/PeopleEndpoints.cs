using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.Live;

namespace Threadkeep.People;

/// <summary>Signing in and out, who one is, and where one is signed in.</summary>
public static class PeopleEndpoints
{
    /// <summary>The rate limit's policy for what needs no sign-in.</summary>
    public const string SignInLimit = "sign-in";

    public static void MapPeople(this RouteGroupBuilder api)
    {
        api.MapPost("/sign-in", SignIn).Needs(Permission.Anyone).RequireRateLimiting(SignInLimit).WithName("signIn");
        api.MapGet("/sign-in/options", Options).Needs(Permission.Anyone).WithName("getSignInOptions");
        api.MapPost("/sign-out", SignOut).Needs(Permission.Anyone).WithName("signOut");
        api.MapGet("/me", Me).Needs(Permission.Own).WithName("getMe");
        api.MapPatch("/me", ChangeMe).Needs(Permission.Own).WithName("changeMe");
        api.MapGet("/me/sessions", Sessions).Needs(Permission.Own).WithName("listSessions");
        api.MapDelete("/me/sessions", EndOthers).Needs(Permission.Own).WithName("endOtherSessions");
        api.MapDelete("/me/sessions/{id}", EndSession).Needs(Permission.Own).WithName("endSession");
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> SignIn(
        SignInRequest request,
        SignInServices services,
        HttpContext context
    )
    {
        var now = services.Clock.GetUtcNow();
        var email = request.Email.Trim();
        // U+0000 is in no address, and PostgreSQL would not even look for it.
        var agent = email.Contains('\0', StringComparison.Ordinal) ? null : await services.People.ByEmailAsync(email);
        var attempt = await services.Attempts.BeginAsync(context, email, agent, now);
        if (attempt.Wait is { } wait)
            return SignInAttempts.Wait(wait);
        if (!PasswordRules.IsRight(agent, request.Password) || agent!.DisabledAt is not null)
        {
            await RecordFailureAsync(services, attempt, agent, context, now);
            return Problems.Of(401, "wrong_credentials", "Email address or password is wrong.");
        }
        if (agent.TotpConfirmedAt is not null)
        {
            if (string.IsNullOrWhiteSpace(request.Code))
            {
                await services.Attempts.UndoAsync(attempt);
                return Problems.Of(401, "second_factor_needed", "The code of the authenticator app is needed, too.");
            }
            if (
                !await services.Factor.AcceptsAsync(agent, request.Code, context.Connection.RemoteIpAddress?.ToString())
            )
            {
                await RecordFailureAsync(services, attempt, agent, context, now);
                return SecondFactorEndpoints.WrongCode(401);
            }
        }
        await services.Attempts.SucceedAsync(attempt, context, agent, now);
        return TypedResults.Ok(await services.Sessions.BeginAsync(context, agent));
    }

    // Only where waiting begins, and only for people we have: a stranger must not fill the log.
    private static async Task RecordFailureAsync(
        SignInServices services,
        SignInAttempts.Attempt attempt,
        AgentRecord? agent,
        HttpContext context,
        DateTimeOffset now
    )
    {
        if (agent is null || !await services.Attempts.IsSlowedAsync(attempt, now))
            return;
        await services.People.RecordAsync(
            new Actor(
                new AccountId(agent.AccountId),
                "nobody",
                null,
                null,
                context.Connection.RemoteIpAddress?.ToString()
            ),
            new AuditEntry("session.slowed", "person", agent.Id.ToString("N"), agent.Name),
            now
        );
    }

    private static Ok<SignInOptionsView> Options(Links links, Provider provider) =>
        TypedResults.Ok(new SignInOptionsView(links.CanMail, provider.Name));

    private static async Task<NoContent> SignOut(HttpContext context, PeopleStore people)
    {
        if (context.Request.Cookies.TryGetValue(CallerAuthentication.CookieName, out var token))
            await people.EndSessionAsync(token);
        context.Response.Cookies.Delete(CallerAuthentication.CookieName);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<MeView>> Me(ClaimsPrincipal user, PeopleStore people, TimeProvider clock)
    {
        var caller = user.Caller();
        var agent = caller.Agent is { } id ? await people.ByIdAsync(caller.Account, id.Value) : null;
        var view = MeView.Of(agent, await people.AccountAsync(caller.Account), clock.GetUtcNow());
        return TypedResults.Ok(view with { SecondFactorMissing = caller.SecondFactorMissing });
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> ChangeMe(
        ClaimsPrincipal user,
        PreferencesRequest request,
        PeopleStore people,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return Problems.Of(403, "not_allowed", "An API key has no preferences.");
        if (!DirectoryEndpoints.TryName(request.Name, out var name))
            return DirectoryEndpoints.BadName();
        await people.SavePreferencesAsync(
            caller.ActorAt(context),
            agent.Value,
            name,
            request.Language,
            request.SendKey,
            clock.GetUtcNow()
        );
        return await Me(user, people, clock);
    }

    private static async Task<Results<Ok<SessionsView>, ProblemHttpResult>> Sessions(
        ClaimsPrincipal user,
        PeopleStore people,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return Problems.Of(403, "not_allowed", "An API key has no sessions.");
        var rows = await people.SessionsAsync(caller.Account, agent.Value, clock.GetUtcNow());
        return TypedResults.Ok(
            new SessionsView([
                .. rows.Select(r => new SessionView(
                    r.Id.ToString("N"),
                    r.Id == caller.Session,
                    r.CreatedAt,
                    r.LastSeenAt ?? r.CreatedAt,
                    r.Address,
                    r.UserAgent,
                    r.Via
                )),
            ])
        );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSession(
        ClaimsPrincipal user,
        string id,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (
            !Guid.TryParseExact(id, "N", out var session)
            || user.Caller() is not { Agent: { } agent } caller
            || await people.EndSessionsAsync(caller.ActorAt(context), session, null, clock.GetUtcNow()) != 1
        )
            return Problems.NotFound("session");
        await grains.TellAccountAsync(caller.Account, AccountHint.Access, [agent.Value]);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<EndedView>, ProblemHttpResult>> EndOthers(
        ClaimsPrincipal user,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return Problems.Of(403, "not_allowed", "An API key has no sessions.");
        var ended = await people.EndSessionsAsync(caller.ActorAt(context), null, caller.Session, clock.GetUtcNow());
        await grains.TellAccountAsync(caller.Account, AccountHint.Access, [agent.Value]);
        return TypedResults.Ok(new EndedView(ended));
    }
}

/// <summary>What signing in needs.</summary>
public sealed record SignInServices(
    PeopleStore People,
    SignInAttempts Attempts,
    SecondFactor Factor,
    SignInSessions Sessions,
    TimeProvider Clock
);

/// <param name="Code">Of the authenticator app, or a recovery code; where a second factor is in use (<c>second_factor_needed</c>).</param>
public sealed record SignInRequest(
    [property: Required, MaxLength(1000)] string Email,
    [property: Required] string Password,
    [property: MaxLength(50)] string? Code = null
);

/// <param name="Provider">The name of the OpenID Connect provider to sign in with at <c>/api/v1/sign-in/provider</c>; null: there is none.</param>
/// <param name="Mail">A forgotten password is mailed a link; else the operator makes one.</param>
public sealed record SignInOptionsView(bool Mail, string? Provider);

/// <param name="Language">en or ja.</param>
/// <param name="SendKey">enter or ctrlEnter.</param>
public sealed record PreferencesRequest(
    string? Name = null,
    [property: RegularExpression("en|ja")] string? Language = null,
    [property: RegularExpression("enter|ctrlEnter")] string? SendKey = null
);

/// <param name="ServerTime">For measuring the reader's clock against ours.</param>
/// <param name="SecondFactorMissing">The account wants a second factor: until it is set up nothing else is allowed (<c>second_factor_required</c>).</param>
public sealed record MeView(AgentView? Agent, AccountView Account, DateTimeOffset ServerTime, bool SecondFactorMissing)
{
    public static MeView Of(AgentRecord? agent, AccountRecord account, DateTimeOffset now) =>
        new(
            agent is null
                ? null
                : new AgentView(
                    agent.Id.ToString("N"),
                    agent.Name,
                    agent.Email,
                    agent.Language,
                    agent.SendKey,
                    agent.Role,
                    agent.InTraining && agent.Role == Roles.Agent
                ),
            new AccountView(account.Id.ToString("N"), account.Name, account.TimeZone, account.Country),
            now,
            account.SecondFactorRequired && agent is { TotpConfirmedAt: null }
        );
}

/// <param name="InTraining">What they send waits for a supervisor's word.</param>
public sealed record AgentView(
    string Id,
    string Name,
    string Email,
    string Language,
    string? SendKey,
    string Role,
    bool InTraining
);

public sealed record AccountView(string Id, string Name, string TimeZone, string Country);

public sealed record SessionsView(IReadOnlyList<SessionView> Items);

/// <param name="Current">The one that asks.</param>
/// <param name="LastSeenAt">Exact within five minutes.</param>
/// <param name="Device">What the browser calls itself.</param>
/// <param name="Via">password or provider.</param>
public sealed record SessionView(
    string Id,
    bool Current,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    string? Address,
    string? Device,
    string Via
);
