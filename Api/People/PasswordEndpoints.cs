using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.Mail;

namespace Threadkeep.People;

/// <summary>New passwords: for who knows the old one, and for who has forgotten it. No answer tells whether an address is known.</summary>
public static class PasswordEndpoints
{
    public static void MapPasswords(this RouteGroupBuilder api)
    {
        api.MapPost("/password/forgotten", Forgotten)
            .Needs(Permission.Anyone)
            .RequireRateLimiting(PeopleEndpoints.SignInLimit)
            .WithName("forgotPassword");
        api.MapPost("/password/open", Open)
            .Needs(Permission.Anyone)
            .RequireRateLimiting(PeopleEndpoints.SignInLimit)
            .WithName("openPasswordLink");
        api.MapPost("/password/reset", Reset)
            .Needs(Permission.Anyone)
            .RequireRateLimiting(PeopleEndpoints.SignInLimit)
            .WithName("resetPassword");
        api.MapPost("/me/password", Change).Needs(Permission.Own).WithName("changePassword");
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> Forgotten(
        ForgottenRequest request,
        PasswordStore passwords,
        PeopleStore people,
        SignInAttempts attempts,
        Links links,
        MailQueue mails,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!links.CanMail)
            return Problems.Of(
                409,
                "mail_not_configured",
                "No mail can be sent from here.",
                "Ask your administrator: the operator makes links for new passwords."
            );
        var now = clock.GetUtcNow();
        var email = request.Email.Trim();
        // Few a while, known address or not: a mailbox must not be filled by strangers.
        if (
            await attempts.MayAskForLinkAsync(email, now)
            && !email.Contains('\0', StringComparison.Ordinal)
            && await people.ByEmailAsync(email) is { DisabledAt: null } agent
        )
        {
            var account = new AccountId(agent.AccountId);
            var token = Links.NewToken();
            var until = now + Links.MailedPasswordLasts;
            var mail = links.PasswordMail(agent, await people.AccountAsync(account), token, until);
            await passwords.AddLinkAsync(
                new Actor(account, "nobody", null, null, context.Connection.RemoteIpAddress?.ToString()),
                agent,
                token,
                now,
                until,
                connection => mails.AddAsync(connection, account, mail, now, until)
            );
        }
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<Ok<OpenedPasswordView>, ProblemHttpResult>> Open(
        LinkRequest request,
        PasswordStore passwords,
        TimeProvider clock
    ) =>
        await passwords.ByTokenAsync(request.Token, clock.GetUtcNow()) is { } agent
            ? TypedResults.Ok(new OpenedPasswordView(agent.Email, agent.Language, PasswordRules.Shortest))
            : InvitationEndpoints.LinkEnded();

    private static async Task<Results<NoContent, ProblemHttpResult>> Reset(
        ResetRequest request,
        PasswordStore passwords,
        SignInAttempts attempts,
        TimeProvider clock,
        HttpContext context
    )
    {
        var now = clock.GetUtcNow();
        if (await passwords.ByTokenAsync(request.Token, now) is not { } agent)
            return InvitationEndpoints.LinkEnded();
        if (PasswordRules.Refusal(request.Password, agent.Email) is { } refused)
            return refused;
        var address = context.Connection.RemoteIpAddress?.ToString();
        if (!await passwords.ResetAsync(request.Token, agent, PasswordRules.Hash(request.Password), address, now))
            return InvitationEndpoints.LinkEnded();
        // Whoever holds the link is who they say: what strangers have tried meanwhile does not keep them out.
        await attempts.ForgiveAsync(context, agent, now);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        PasswordRequest request,
        PasswordStore passwords,
        OwnPassword own,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var (agent, wrong) = await own.CheckAsync(caller, request.Current);
        if (agent is null)
            return wrong!;
        if (PasswordRules.Refusal(request.New, agent.Email) is { } refused)
            return refused;
        await passwords.ChangeAsync(
            caller.ActorAt(context),
            agent,
            PasswordRules.Hash(request.New),
            caller.Session!.Value,
            clock.GetUtcNow()
        );
        return TypedResults.NoContent();
    }
}

/// <summary>Asks whoever is signed in for their password again, before something that a borrowed browser must not do.</summary>
public sealed class OwnPassword(PeopleStore people, SignInAttempts attempts, TimeProvider clock)
{
    /// <summary>The agent, or why not.</summary>
    public async Task<(AgentRecord? Agent, ProblemHttpResult? Refused)> CheckAsync(Caller caller, string password)
    {
        if (caller.Agent is not { } id || await people.ByIdAsync(caller.Account, id.Value) is not { } agent)
            return (null, Problems.Of(403, "not_allowed", "An API key has no password."));
        var now = clock.GetUtcNow();
        var key = $"own:{agent.Id:N}";
        if (await attempts.BeginAsync(key, SignInAttempts.AddressFree, now) is { } wait)
            return (null, SignInAttempts.Wait(wait));
        if (!PasswordRules.IsRight(agent, password))
            return (null, Problems.Of(403, "wrong_password", "The password is wrong."));
        await attempts.ClearAsync(key);
        return (agent, null);
    }
}

public sealed record ForgottenRequest([property: Required, MaxLength(254)] string Email);

public sealed record ResetRequest(
    [property: Required, MaxLength(200)] string Token,
    [property: Required] string Password
);

public sealed record PasswordRequest([property: Required] string Current, [property: Required] string New);

public sealed record OpenedPasswordView(string Email, string Language, int MinLength);
