using System.Security.Cryptography;
using Threadkeep.Accounts;

namespace Threadkeep.People;

/// <summary>Begins sign-in sessions: the row, and the cookie that names it.</summary>
public sealed class SignInSessions(PeopleStore people, TimeProvider clock)
{
    private static readonly TimeSpan Length = TimeSpan.FromDays(14);

    /// <summary>Signs somebody in, in this browser. Answers as <c>GET /me</c>.</summary>
    /// <param name="via">password, or provider (which looks after a second factor by itself).</param>
    public async Task<MeView> BeginAsync(HttpContext context, AgentRecord agent, string via = "password")
    {
        var now = clock.GetUtcNow();
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        // Whoever was signed in here before is not any more.
        if (context.Request.Cookies.TryGetValue(CallerAuthentication.CookieName, out var before))
            await people.EndSessionAsync(before);
        await people.AddSessionAsync(
            token,
            agent,
            via,
            now,
            now + Length,
            context.Connection.RemoteIpAddress?.ToString(),
            context.Request.Headers.UserAgent.ToString()
        );
        context.Response.Cookies.Append(
            CallerAuthentication.CookieName,
            token,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                MaxAge = Length,
                Path = "/",
                IsEssential = true,
            }
        );
        var view = MeView.Of(agent, await people.AccountAsync(new AccountId(agent.AccountId)), now);
        return via == "password" ? view : view with { SecondFactorMissing = false };
    }
}
