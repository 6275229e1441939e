using System.Security.Claims;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.People;

/// <summary>Who is asking. Every query and command is bound to <paramref name="Account"/>, and what is seen of threads to <see cref="Scope"/>.</summary>
/// <param name="Agent">Null for an API key.</param>
/// <param name="Name">The agent's name, or the key's.</param>
/// <param name="Scope">What they may see.</param>
/// <param name="Session">The sign-in session; null for an API key.</param>
/// <param name="SecondFactorMissing">The account wants a second factor and they have none: they may only set one up.</param>
/// <param name="InTraining">What they send waits for somebody's word.</param>
public sealed record Caller(
    AccountId Account,
    AgentId? Agent,
    string Name,
    string Role,
    Scope Scope,
    Guid? Session,
    bool SecondFactorMissing,
    bool InTraining
)
{
    public bool IsAdmin => Role == Roles.Admin;

    /// <summary>The API key's name; null for a person.</summary>
    public string? KeyName => Agent is null ? Name : null;

    public static Caller Of(CallerRecord record)
    {
        var account = new AccountId(record.AccountId);
        return new Caller(
            account,
            record.AgentId is { } agent ? new AgentId(agent) : null,
            record.Name,
            record.Role,
            new Scope(account, record.Channels),
            record.SessionId,
            record.SecondFactorMissing,
            record.InTraining
        );
    }

    /// <summary>The caller as the audit log names them.</summary>
    public Actor ActorAt(HttpContext context) =>
        new(
            Account,
            Agent is null ? "api_key" : "agent",
            Agent?.Value,
            Name,
            context.Connection.RemoteIpAddress?.ToString()
        );
}

/// <summary>Carries the caller in the principal.</summary>
public sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity(scheme)
{
    public Caller Caller { get; } = caller;
}

public static class CallerPrincipal
{
    /// <summary>The signed-in caller; only behind a permission other than <see cref="Permission.Anyone"/>.</summary>
    public static Caller Caller(this ClaimsPrincipal user) => user.CallerOrNull()!;

    /// <summary>Null where nobody is signed in.</summary>
    public static Caller? CallerOrNull(this ClaimsPrincipal user) =>
        user.Identities.OfType<CallerIdentity>().FirstOrDefault()?.Caller;
}
