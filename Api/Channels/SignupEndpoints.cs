using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.WhatsApp;

namespace Threadkeep.Channels;

/// <summary>How an account gets numbers: by Meta's embedded signup (the Sandbox plays it), or of an app of its own.</summary>
public static class SignupEndpoints
{
    /// <summary>The version of the terms that "Continue with WhatsApp" accepts; their text is in the console's catalogues.</summary>
    public const string TermsVersion = "2026-11-28";

    public static void MapSignup(this RouteGroupBuilder api)
    {
        api.MapGet("/signup", Describe).Needs(Permission.ManageChannels).WithName("getSignup");
        api.MapPost("/signup", Begin).Needs(Permission.ManageChannels).WithName("beginSignup");
        api.MapPost("/signup/finish", Finish).Needs(Permission.ManageChannels).WithName("finishSignup");
        api.MapPost("/channels", Add).Needs(Permission.ManageChannels).WithName("addChannel");
    }

    private static async Task<Ok<SignupView>> Describe(ConnectionStore connections, IOptions<GraphOptions> graph)
    {
        var app = await connections.SignupAppAsync();
        var (script, origin) = SignupPage.Of(graph.Value);
        return TypedResults.Ok(
            new SignupView(
                app is not null,
                graph.Value.IsMeta ? "meta" : "sandbox",
                app?.AppId,
                app?.ConfigId,
                graph.Value.Version,
                script,
                origin,
                TermsVersion
            )
        );
    }

    private static async Task<Results<Ok<SignupStateView>, ProblemHttpResult>> Begin(
        ClaimsPrincipal user,
        BeginSignupRequest request,
        ConnectionStore connections,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (caller.Agent is null)
            return Problems.Of(403, "people_only", "Signing up is for people: they accept Meta's terms.");
        if (request.TermsVersion != TermsVersion)
            return Problems.Of(409, "terms_changed", "The terms have changed: load the page again and read them.");
        var now = clock.GetUtcNow();
        var state = await connections.BeginAsync(caller.ActorAt(context), request.TermsVersion, now);
        return TypedResults.Ok(new SignupStateView(state, now + ConnectionStore.SignupLife));
    }

    private static async Task<Results<Ok<SignedUpView>, ProblemHttpResult>> Finish(
        ClaimsPrincipal user,
        FinishSignupRequest request,
        ConnectionStore connections,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var now = clock.GetUtcNow();
        if (!IsGraphId(request.WabaId) || request.PhoneNumberId is { } number && !IsGraphId(number))
            return Problems.BadRequest("wabaId and phoneNumberId are digits, up to 32.");
        if (
            caller.Agent is not { } agent
            || !await connections.TakeAsync(caller.Account, agent.Value, request.State, now)
        )
            return Problems.Of(
                409,
                "signup_state_unknown",
                "This sign-up was begun by somebody else, is too old, or is done already: begin again."
            );
        var result = await grains
            .GetGrain<ISignupGrain>(caller.Account.ToString())
            .Finish(new FinishedSignup(request.Code, request.WabaId, request.PhoneNumberId));
        return await AnswerAsync(result, "channel.signed_up", caller.ActorAt(context), people, now);
    }

    private static async Task<Results<Ok<SignedUpView>, ProblemHttpResult>> Add(
        ClaimsPrincipal user,
        AddChannelRequest request,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (!IsGraphId(request.WabaId.Trim()))
            return Problems.Of(
                422,
                ChannelRefusals.WabaWrong,
                "The WhatsApp Business account's id is digits, up to 32."
            );
        if (!IsGraphId(request.PhoneNumberId.Trim()))
            return Problems.Of(422, ChannelRefusals.NumberWrong, "The number's id is digits, up to 32.");
        var result = await grains
            .GetGrain<ISignupGrain>(caller.Account.ToString())
            .Add(
                new ManualChannel(
                    request.WabaId.Trim(),
                    request.PhoneNumberId.Trim(),
                    request.AccessToken.Trim(),
                    request.AppSecret.Trim()
                )
            );
        return await AnswerAsync(result, "channel.added", caller.ActorAt(context), people, clock.GetUtcNow());
    }

    private static async Task<Results<Ok<SignedUpView>, ProblemHttpResult>> AnswerAsync(
        SignupResult result,
        string action,
        Actor actor,
        PeopleStore people,
        DateTimeOffset now
    )
    {
        if (result.Refusal is { } refusal)
            return ChannelProblems.Of(refusal);
        foreach (var channel in result.Channels)
            await people.RecordAsync(actor, new AuditEntry(action, "channel", channel.ToString("N")), now);
        return TypedResults.Ok(new SignedUpView([.. result.Channels.Select(c => c.ToString("N"))]));
    }

    private static bool IsGraphId(string text) => text.Length is > 0 and <= 32 && text.All(char.IsAsciiDigit);
}

/// <summary>Where the script of the sign-up comes from, and what its page may load besides our own files.</summary>
public static class SignupPage
{
    /// <summary>The one page of the console that loads it.</summary>
    public const string Path = "/settings/channels/connect";

    /// <summary>The script's address, and the origin that the pop-up speaks from.</summary>
    public static (string Script, string Origin) Of(GraphOptions graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.IsMeta)
            return ("https://connect.facebook.net/en_US/sdk.js", "https://www.facebook.com");
        var sandbox = new Uri(graph.BrowserUrl is { Length: > 0 } told ? told : graph.BaseUrl).GetLeftPart(
            UriPartial.Authority
        );
        return (sandbox + "/sdk.js", sandbox);
    }

    /// <summary>What the page's content policy allows besides.</summary>
    public static string Policy(GraphOptions graph)
    {
        var (script, _) = Of(graph);
        return graph.IsMeta
            ? "script-src 'self' https://connect.facebook.net; connect-src 'self' https://*.facebook.com; "
                + "frame-src https://*.facebook.com; "
            : $"script-src 'self' {script}; ";
    }
}

/// <summary>Refusals of channels as problem details.</summary>
internal static class ChannelProblems
{
    public static ProblemHttpResult Of(ChannelRefusal refusal) =>
        Problems.Of(
            refusal.Code switch
            {
                ChannelRefusals.NotFound => 404,
                ChannelRefusals.MetaUnreachable => 502,
                ChannelRefusals.ConnectedHere or ChannelRefusals.ConnectedElsewhere or ChannelRefusals.WabaFull => 409,
                _ => 422,
            },
            refusal.Code,
            refusal.Code switch
            {
                ChannelRefusals.NotFound => "There is no such channel.",
                ChannelRefusals.NoMetaApp => "The operator has not named a Meta app to sign up with yet.",
                ChannelRefusals.CodeRefused =>
                    "Meta did not take the sign-up's code: it holds for 30 seconds. Begin again.",
                ChannelRefusals.NotWabaAdmin =>
                    "Meta does not let you manage this WhatsApp Business account: an admin of the Meta business must sign up.",
                ChannelRefusals.NoNumber => "The WhatsApp Business account has no such number.",
                ChannelRefusals.ConnectedHere => "The number is connected in this business account already.",
                ChannelRefusals.ConnectedElsewhere => "The number is connected elsewhere: ask the operator.",
                ChannelRefusals.WabaFull =>
                    "The WhatsApp Business account has 25 connected numbers, the most there are.",
                ChannelRefusals.TokenWrong => "Meta does not take the access token.",
                ChannelRefusals.SecretWrong => "The app secret is not that of the token's app.",
                ChannelRefusals.WabaWrong => "The token may not read a WhatsApp Business account of this id.",
                ChannelRefusals.NumberWrong => "The WhatsApp Business account has no number of this id.",
                ChannelRefusals.NotVerified => "The number has not been verified with a code yet.",
                ChannelRefusals.PinWrong => "The number has a two-step PIN of its own: enter that one.",
                ChannelRefusals.PinLocked => "Too many wrong PINs: Meta takes another one later.",
                ChannelRefusals.RegisterLimit => "Meta lets a number be registered ten times in 72 hours: wait.",
                ChannelRefusals.NotOnPhoneApp =>
                    "The number is not used in the WhatsApp Business app: there is no history to import.",
                ChannelRefusals.HistoryAsked => "The history was asked for already: Meta hands it over once.",
                ChannelRefusals.HistoryTooLate => "Meta hands the history over only within 24 hours of connecting.",
                ChannelRefusals.MetaUnreachable => "Meta could not be reached: try again.",
                _ => "Meta refused.",
            },
            refusal.Detail,
            refusal.Channel is { } channel
                ? [("channelId", channel.ToString("N")), ("channelName", refusal.ChannelName)]
                : []
        );
}

/// <param name="Available">False: the operator has named no Meta app to sign up with; numbers can be added by hand.</param>
/// <param name="Mode">meta, or sandbox.</param>
/// <param name="Script">The SDK that opens the pop-up.</param>
/// <param name="Origin">Where the pop-up speaks from: in Meta's case any host of facebook.com over https.</param>
public sealed record SignupView(
    bool Available,
    string Mode,
    string? AppId,
    string? ConfigurationId,
    string GraphVersion,
    string Script,
    string Origin,
    string TermsVersion
);

/// <param name="TermsVersion">The terms that were read and accepted.</param>
public sealed record BeginSignupRequest([property: Required] string TermsVersion);

public sealed record SignupStateView(string State, DateTimeOffset ExpiresAt);

/// <param name="State">What beginning gave out; it counts once, for the same person.</param>
/// <param name="Code">What the pop-up handed over; Meta takes it for 30 seconds.</param>
/// <param name="PhoneNumberId">Absent: all numbers of the account.</param>
public sealed record FinishSignupRequest(
    [property: Required, StringLength(100)] string State,
    [property: Required, StringLength(2_000)] string Code,
    [property: Required] string WabaId,
    string? PhoneNumberId = null
);

/// <param name="AccessToken">Of a system user with the two WhatsApp permissions.</param>
public sealed record AddChannelRequest(
    [property: Required, StringLength(64)] string WabaId,
    [property: Required, StringLength(64)] string PhoneNumberId,
    [property: Required, StringLength(1_000)] string AccessToken,
    [property: Required, StringLength(200)] string AppSecret
);

/// <param name="ChannelIds">Ready to be connected, or, where Meta had refused them, working again.</param>
public sealed record SignedUpView(IReadOnlyList<string> ChannelIds);
