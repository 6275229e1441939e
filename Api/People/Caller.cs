using System.Security.Claims;
using Threadkeep.Accounts;

namespace Threadkeep.People;

/// <summary>Who is asking. Every query and command is bound to <paramref name="Account"/>.</summary>
/// <param name="Agent">Null for an API key.</param>
public sealed record Caller(AccountId Account, AgentId? Agent, string Role)
{
    public bool IsAdmin => Role == "admin";
}

/// <summary>Carries the caller in the principal.</summary>
public static class CallerClaims
{
    private const string AccountClaim = "account";
    private const string AgentClaim = "agent";

    public static ClaimsPrincipal ToPrincipal(CallerRecord caller, string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(AccountClaim, caller.AccountId.ToString("N")));
        if (caller.AgentId is { } agent)
            identity.AddClaim(new Claim(AgentClaim, agent.ToString("N")));
        identity.AddClaim(new Claim(identity.RoleClaimType, caller.Role));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The signed-in caller; only behind <c>RequireAuthorization</c>.</summary>
    public static Caller Caller(this ClaimsPrincipal user) =>
        new(
            new AccountId(Guid.ParseExact(user.FindFirstValue(AccountClaim)!, "N")),
            user.FindFirstValue(AgentClaim) is { } agent ? new AgentId(Guid.ParseExact(agent, "N")) : null,
            user.FindFirstValue(ClaimTypes.Role)!
        );
}
