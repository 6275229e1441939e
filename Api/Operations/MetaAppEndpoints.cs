using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.Mail;
using Threadkeep.People;
using Threadkeep.WhatsApp;

namespace Threadkeep.Operations;

/// <summary>The deployment's Meta app: what is set, and whether all of it works (SPEC CH10). For operators.</summary>
public static class MetaAppEndpoints
{
    /// <summary>Longer than any step takes: one that has not moved for so long was interrupted.</summary>
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(90);

    public static void MapMetaApp(this RouteGroupBuilder api)
    {
        api.MapGet("/meta-app", Get).Needs(Permission.Operate).WithName("getMetaApp");
        api.MapPut("/meta-app", Change).Needs(Permission.Operate).WithName("changeMetaApp");
        api.MapGet("/meta-app/check", LastCheck).Needs(Permission.Operate).WithName("getMetaAppCheck");
        api.MapPost("/meta-app/check", Check).Needs(Permission.Operate).WithName("checkMetaApp");
    }

    private static async Task<Ok<MetaAppView>> Get(
        MetaAppStore store,
        IOptions<GraphOptions> graph,
        IOptions<ConsoleOptions> console
    )
    {
        var app = await store.FindAsync();
        return TypedResults.Ok(
            new MetaAppView(
                app?.AppId,
                app?.ConfigId,
                AppSecretSet: app is not null,
                VerifyTokenSet: app is not null,
                graph.Value.IsMeta ? "meta" : "sandbox",
                graph.Value.Version,
                console.Value.Address is { Length: > 0 } address ? address : null,
                PublicAddress.HookOf(console.Value.Address)
            )
        );
    }

    private static async Task<Results<Ok<MetaAppView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        ChangeMetaAppRequest request,
        MetaAppStore store,
        IOptions<GraphOptions> graph,
        IOptions<ConsoleOptions> console,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!IsGraphId(request.AppId.Trim()))
            return Invalid("appId", "The app's id is digits, up to 32.");
        if (request.ConfigurationId?.Trim() is { Length: > 0 } configuration && !IsGraphId(configuration))
            return Invalid("configurationId", "The login configuration's id is digits, up to 32.");
        if (request.AppSecret is { } secret && !IsWord(secret))
            return Invalid("appSecret", "The app secret is 8 to 200 letters, figures and signs without spaces.");
        if (request.VerifyToken is { } token && !IsWord(token))
            return Invalid("verifyToken", "The verify token is 8 to 200 letters, figures and signs without spaces.");
        var changed = await store.ChangeAsync(
            user.Caller().ActorAt(context),
            new MetaAppChange(
                request.AppId.Trim(),
                request.ConfigurationId?.Trim(),
                request.AppSecret,
                request.VerifyToken
            ),
            clock.GetUtcNow()
        );
        return changed
            ? await Get(store, graph, console)
            : Invalid("appSecret", "A first app needs its secret and a verify token.");
    }

    private static async Task<Ok<MetaAppCheckView>> LastCheck(MetaAppStore store, TimeProvider clock) =>
        TypedResults.Ok(MetaAppCheckView.Of(await store.LastCheckAsync(), clock.GetUtcNow() - StalledAfter));

    // One at a time: whoever asks while one is under way is shown that.
    private static async Task<Accepted<MetaAppCheckView>> Check(
        ClaimsPrincipal user,
        MetaAppStore store,
        MetaAppChecker checker,
        TimeProvider clock
    )
    {
        var now = clock.GetUtcNow();
        var begun = await store.BeginCheckAsync(
            user.Caller().Name ?? "",
            MetaAppChecker.Unwalked,
            now,
            now - StalledAfter
        );
        if (begun is { } id)
            checker.Start(id);
        return TypedResults.Accepted(
            "/api/v1/meta-app/check",
            MetaAppCheckView.Of(await store.LastCheckAsync(), now - StalledAfter)
        );
    }

    private static bool IsGraphId(string text) => text.Length is > 0 and <= 32 && text.All(char.IsAsciiDigit);

    private static bool IsWord(string text) => text.Length is >= 8 and <= 200 && text.All(c => c is > ' ' and <= '~');

    private static ProblemHttpResult Invalid(string field, string detail) =>
        Problems.Of(422, "meta_app_invalid", "The app cannot be like that.", detail, ("field", field));
}

/// <summary>The deployment's Meta app. Secrets are never told.</summary>
/// <param name="AppId">Null: no app is named yet.</param>
/// <param name="ConfigurationId">The login configuration that people sign up with; null: numbers are added by hand only.</param>
/// <param name="Mode">meta, or sandbox; by configuration, as are version and address.</param>
/// <param name="Address">Null: <c>Console:Address</c> is not configured.</param>
/// <param name="WebhookUrl">What is entered at Meta as the callback URL.</param>
public sealed record MetaAppView(
    string? AppId,
    string? ConfigurationId,
    bool AppSecretSet,
    bool VerifyTokenSet,
    string Mode,
    string GraphVersion,
    string? Address,
    string? WebhookUrl
);

/// <param name="ConfigurationId">Absent: it stays; empty: none.</param>
/// <param name="AppSecret">Absent: it stays.</param>
/// <param name="VerifyToken">Absent: it stays.</param>
public sealed record ChangeMetaAppRequest(
    [property: Required] string AppId,
    string? ConfigurationId = null,
    string? AppSecret = null,
    string? VerifyToken = null
);

/// <summary>A check of the whole way, as far as it is.</summary>
/// <param name="State">none (never begun), running, done, or interrupted.</param>
public sealed record MetaAppCheckView(
    string State,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? StartedBy,
    IReadOnlyList<MetaAppStepView> Steps
)
{
    internal static MetaAppCheckView Of(MetaAppCheckRow? row, DateTimeOffset stalledBefore) =>
        row is null
            ? new("none", null, null, null, [])
            : new(
                row.FinishedAt is not null ? "done"
                    : row.MovedAt > stalledBefore ? "running"
                    : "interrupted",
                row.StartedAt,
                row.FinishedAt,
                row.StartedBy,
                [.. MetaAppStore.StepsOf(row).Select(s => new MetaAppStepView(s.Step, s.State, s.Code, s.Found))]
            );
}

/// <param name="Step">address, handshake, signature, app, permissions or verification.</param>
/// <param name="State">waiting, running, ok, warning, failed or skipped.</param>
/// <param name="Code">What was found (docs/api.md lists the codes); null: nothing yet.</param>
/// <param name="Found">The particulars: a date, an address, ids, Meta's words; null: none.</param>
public sealed record MetaAppStepView(string Step, string State, string? Code, string? Found);
