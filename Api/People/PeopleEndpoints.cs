using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Threadkeep.Accounts;
using Threadkeep.Hosting;

namespace Threadkeep.People;

/// <summary>Signing in and out, and who one is.</summary>
public static class PeopleEndpoints
{
    /// <summary>The rate limit's policy for sign-in.</summary>
    public const string SignInLimit = "sign-in";

    private static readonly TimeSpan SessionLength = TimeSpan.FromDays(14);
    private static readonly PasswordHasher<AgentRecord> Passwords = new();

    // Compared with when nobody has the address, so that the answer takes as long and tells nothing.
    private static readonly string NobodysHash = Passwords.HashPassword(new AgentRecord(), Guid.NewGuid().ToString());

    public static void MapPeople(this RouteGroupBuilder api)
    {
        api.MapPost("/sign-in", SignIn).Needs(Permission.Anyone).RequireRateLimiting(SignInLimit).WithName("signIn");
        api.MapPost("/sign-out", SignOut).Needs(Permission.Anyone).WithName("signOut");
        api.MapGet("/me", Me).Needs(Permission.Own).WithName("getMe");
        api.MapPatch("/me", ChangeMe).Needs(Permission.Own).WithName("changeMe");
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> SignIn(
        SignInRequest request,
        PeopleStore people,
        TimeProvider clock,
        HttpContext context
    )
    {
        // U+0000 is in no address, and PostgreSQL would not even look for it.
        var agent = request.Email.Contains('\0') ? null : await people.ByEmailAsync(request.Email);
        var verdict = Passwords.VerifyHashedPassword(
            agent ?? new AgentRecord(),
            agent?.PasswordHash ?? NobodysHash,
            request.Password
        );
        if (agent is null || verdict == PasswordVerificationResult.Failed || agent.DisabledAt is not null)
            return Problems.Of(401, "wrong_credentials", "Email address or password is wrong.");
        var now = clock.GetUtcNow();
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        await people.AddSessionAsync(token, agent, now, now + SessionLength);
        context.Response.Cookies.Append(
            CallerAuthentication.CookieName,
            token,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                MaxAge = SessionLength,
                Path = "/",
                IsEssential = true,
            }
        );
        var account = await people.AccountAsync(new AccountId(agent.AccountId));
        return TypedResults.Ok(ToView(agent, account, now));
    }

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
        return TypedResults.Ok(ToView(agent, await people.AccountAsync(caller.Account), clock.GetUtcNow()));
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> ChangeMe(
        ClaimsPrincipal user,
        PreferencesRequest request,
        PeopleStore people,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return Problems.Of(403, "not_allowed", "An API key has no preferences.");
        await people.SavePreferencesAsync(caller.Account, agent.Value, request.Language, request.SendKey);
        return await Me(user, people, clock);
    }

    private static MeView ToView(AgentRecord? agent, AccountRecord account, DateTimeOffset now) =>
        new(
            agent is null
                ? null
                : new AgentView(
                    agent.Id.ToString("N"),
                    agent.Name,
                    agent.Email,
                    agent.Language,
                    agent.SendKey,
                    agent.Role
                ),
            new AccountView(account.Id.ToString("N"), account.Name, account.TimeZone, account.Country),
            now
        );
}

public sealed record SignInRequest([property: Required] string Email, [property: Required] string Password);

/// <param name="Language">en or ja.</param>
/// <param name="SendKey">enter or ctrlEnter.</param>
public sealed record PreferencesRequest(
    [property: RegularExpression("en|ja")] string? Language = null,
    [property: RegularExpression("enter|ctrlEnter")] string? SendKey = null
);

/// <param name="ServerTime">For measuring the reader's clock against ours.</param>
public sealed record MeView(AgentView? Agent, AccountView Account, DateTimeOffset ServerTime);

public sealed record AgentView(string Id, string Name, string Email, string Language, string? SendKey, string Role);

public sealed record AccountView(string Id, string Name, string TimeZone, string Country);
