using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;

namespace Threadkeep.People;

/// <summary>The second factor: setting it up, its recovery codes, giving it up.</summary>
public static class SecondFactorEndpoints
{
    public static void MapSecondFactor(this RouteGroupBuilder api)
    {
        var own = api.MapGroup("/me/second-factor").Needs(Permission.Own);
        own.MapGet("", Get).WithName("getSecondFactor");
        own.MapPost("/begin", Begin).WithName("beginSecondFactor");
        own.MapPost("/confirm", Confirm).WithName("confirmSecondFactor");
        own.MapPost("/recovery-codes", RenewCodes).WithName("renewRecoveryCodes");
        own.MapPost("/disable", Disable).WithName("disableSecondFactor");
        api.MapDelete("/people/{id}/second-factor", Reset)
            .Needs(Permission.ManagePeople)
            .WithName("resetSecondFactorOfPerson");
    }

    private static async Task<Results<Ok<SecondFactorView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        PeopleStore people,
        SecondFactorStore store
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } id || await people.ByIdAsync(caller.Account, id.Value) is not { } agent)
            return Problems.NotAllowed();
        var account = await people.AccountAsync(caller.Account);
        return TypedResults.Ok(
            new SecondFactorView(
                agent.TotpConfirmedAt is not null,
                account.SecondFactorRequired,
                await store.CodesLeftAsync(agent)
            )
        );
    }

    private static async Task<Results<Ok<SecretView>, ProblemHttpResult>> Begin(
        ClaimsPrincipal user,
        OwnPasswordRequest request,
        OwnPassword own,
        PeopleStore people,
        SecondFactor factor
    )
    {
        var caller = user.Caller();
        var (agent, wrong) = await own.CheckAsync(caller, request.Password);
        if (agent is null)
            return wrong!;
        var account = await people.AccountAsync(caller.Account);
        return await factor.BeginAsync(agent, account.Name) is { } made
            ? TypedResults.Ok(new SecretView(made.Secret, made.Uri))
            : Problems.Of(409, "second_factor_in_use", "A second factor is in use already: give it up first.");
    }

    private static async Task<Results<Ok<RecoveryCodesView>, ProblemHttpResult>> Confirm(
        ClaimsPrincipal user,
        CodeRequest request,
        PeopleStore people,
        SecondFactor factor,
        SignInAttempts attempts,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } id || await people.ByIdAsync(caller.Account, id.Value) is not { } agent)
            return Problems.NotAllowed();
        var key = $"confirm:{id.Value:N}";
        if (await attempts.BeginAsync(key, SignInAttempts.AddressFree, clock.GetUtcNow()) is { } wait)
            return SignInAttempts.Wait(wait);
        if (await factor.ConfirmAsync(caller.ActorAt(context), agent, request.Code) is not { } codes)
            return WrongCode(403);
        await attempts.ClearAsync(key);
        return TypedResults.Ok(new RecoveryCodesView(codes));
    }

    private static async Task<Results<Ok<RecoveryCodesView>, ProblemHttpResult>> RenewCodes(
        ClaimsPrincipal user,
        OwnPasswordRequest request,
        OwnPassword own,
        SecondFactor factor,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var (agent, wrong) = await own.CheckAsync(caller, request.Password);
        if (agent is null)
            return wrong!;
        return agent.TotpConfirmedAt is null
            ? NotInUse()
            : TypedResults.Ok(new RecoveryCodesView(await factor.RenewCodesAsync(caller.ActorAt(context), agent)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Disable(
        ClaimsPrincipal user,
        OwnPasswordRequest request,
        OwnPassword own,
        PeopleStore people,
        SecondFactorStore store,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var (agent, wrong) = await own.CheckAsync(caller, request.Password);
        if (agent is null)
            return wrong!;
        if ((await people.AccountAsync(caller.Account)).SecondFactorRequired)
            return Problems.Of(409, "second_factor_required", "This account asks everybody for a second factor.");
        return await store.DisableAsync(caller.ActorAt(context), agent, clock.GetUtcNow())
            ? TypedResults.NoContent()
            : NotInUse();
    }

    // For somebody who has lost app and recovery codes.
    private static async Task<Results<NoContent, ProblemHttpResult>> Reset(
        ClaimsPrincipal user,
        string id,
        PeopleStore people,
        SecondFactorStore store,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (
            !Guid.TryParseExact(id, "N", out var person)
            || await people.ByIdAsync(caller.Account, person) is not { } agent
        )
            return Problems.NotFound("person");
        return await store.DisableAsync(caller.ActorAt(context), agent, clock.GetUtcNow())
            ? TypedResults.NoContent()
            : NotInUse();
    }

    internal static ProblemHttpResult WrongCode(int status) =>
        Problems.Of(status, "wrong_code", "The code is wrong, too old or used already.");

    private static ProblemHttpResult NotInUse() =>
        Problems.Of(409, "second_factor_not_in_use", "No second factor is in use.");
}

public sealed record OwnPasswordRequest([property: Required] string Password);

/// <param name="Code">Six digits.</param>
public sealed record CodeRequest([property: Required, MaxLength(50)] string Code);

/// <param name="Required">The account asks everybody for one.</param>
public sealed record SecondFactorView(bool Enabled, bool Required, int RecoveryCodesLeft);

/// <param name="Secret">For typing, base 32.</param>
/// <param name="Uri">For a QR code.</param>
public sealed record SecretView(string Secret, string Uri);

/// <param name="Codes">Each works once in place of a code of the app; they are shown only now.</param>
public sealed record RecoveryCodesView(IReadOnlyList<string> Codes);
