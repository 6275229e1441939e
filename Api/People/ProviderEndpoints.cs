using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Mail;
using Threadkeep.Storage;

namespace Threadkeep.People;

/// <summary>Signing in with an OpenID Connect provider: a browser leaves, and comes back. Whatever goes wrong ends on the sign-in page.</summary>
public static partial class ProviderEndpoints
{
    private const string Path = "/api/v1/sign-in/provider";
    private const string BrowserCookie = "threadkeep_provider";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static void MapProvider(this RouteGroupBuilder api)
    {
        var provider = api.MapGroup("/sign-in/provider")
            .Needs(Permission.Anyone)
            .RequireRateLimiting(PeopleEndpoints.SignInLimit)
            .ExcludeFromDescription();
        provider.MapGet("", Begin);
        provider.MapGet("/callback", ComeBack);
    }

    private static async Task<RedirectHttpResult> Begin(
        string? returnTo,
        ProviderServices services,
        HttpContext context
    )
    {
        if (services.Provider.Name is null)
            return Failed("provider_unavailable");
        var (state, browser, nonce, verifier) = (
            Links.NewToken(),
            Links.NewToken(),
            Links.NewToken(),
            Links.NewToken()
        );
        string address;
        try
        {
            address = await services.Provider.AddressAsync(Callback(services, context), state, nonce, verifier);
        }
        catch (ProviderException failed)
        {
            LogFailed(services.Logger, failed.Code, failed);
            return Failed(failed.Code);
        }
        var now = services.Clock.GetUtcNow();
        await services.Store.BeginAsync(
            state,
            new ProviderSignIn
            {
                BrowserHash = PeopleStore.HashOf(browser),
                Nonce = nonce,
                Verifier = services.Secrets.Protect(verifier, SecretPurpose.ProviderVerifier),
                ReturnTo = IsOwnPath(returnTo) ? returnTo : null,
            },
            now,
            now + Patience
        );
        // Lax: the way back is a link from another site.
        context.Response.Cookies.Append(BrowserCookie, browser, CookieFor(context));
        return TypedResults.Redirect(address);
    }

    private static async Task<RedirectHttpResult> ComeBack(
        string? state,
        string? code,
        ProviderServices services,
        HttpContext context
    )
    {
        var now = services.Clock.GetUtcNow();
        var browser = context.Request.Cookies[BrowserCookie];
        context.Response.Cookies.Delete(BrowserCookie, CookieFor(context));
        // The browser that comes back must be the one that left: else somebody could sign others in as themselves.
        if (
            state is null
            || browser is null
            || await services.Store.TakeAsync(state, now) is not { } begun
            || !begun.BrowserHash.AsSpan().SequenceEqual(PeopleStore.HashOf(browser))
            || string.IsNullOrEmpty(code)
        )
            return Failed("provider_refused");
        try
        {
            var identity = await services.Provider.RedeemAsync(
                code,
                Callback(services, context),
                begun.Nonce,
                services.Secrets.Reveal(begun.Verifier, SecretPurpose.ProviderVerifier)
            );
            var agent = await services.Store.ResolveAsync(
                identity,
                Guid.CreateVersion7(now),
                context.Connection.RemoteIpAddress?.ToString(),
                now
            );
            if (agent is null)
                return Failed("provider_not_invited");
            await services.Attempts.RememberAsync(context, agent, now);
            await services.Sessions.BeginAsync(context, agent, "provider");
            return TypedResults.Redirect(begun.ReturnTo ?? "/");
        }
        catch (ProviderException failed)
        {
            LogFailed(services.Logger, failed.Code, failed);
            return Failed(failed.Code);
        }
    }

    private static RedirectHttpResult Failed(string code) => TypedResults.Redirect($"/sign-in?problem={code}");

    private static string Callback(ProviderServices services, HttpContext context) =>
        (
            services.Console.Value.Address is { Length: > 0 } address
                ? address.TrimEnd('/')
                : $"{context.Request.Scheme}://{context.Request.Host}"
        )
        + Path
        + "/callback";

    private static CookieOptions CookieFor(HttpContext context) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = Patience,
            Path = Path,
            IsEssential = true,
        };

    // A path of this console and of no other site.
    private static bool IsOwnPath(string? path) =>
        path is { Length: > 0 and < 2000 }
        && path[0] == '/'
        && (path.Length == 1 || path[1] is not ('/' or '\\'))
        && !path.Any(char.IsControl);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Signing in with the provider failed: {Code}")]
    private static partial void LogFailed(ILogger logger, string code, Exception exception);
}

/// <summary>What signing in with a provider needs.</summary>
public sealed record ProviderServices(
    Provider Provider,
    ProviderStore Store,
    SignInSessions Sessions,
    SignInAttempts Attempts,
    SecretBox Secrets,
    Microsoft.Extensions.Options.IOptions<ConsoleOptions> Console,
    TimeProvider Clock,
    ILogger<Provider> Logger
);
