using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Notices.Push;

/// <summary>The browsers in which the caller is told.</summary>
public static class PushEndpoints
{
    private const int LongestUserAgent = 300;

    public static void AddThreadkeepPush(this IServiceCollection services)
    {
        services.AddOptions<PushOptions>().BindConfiguration("Push").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PushStore>();
        services.AddSingleton<PushIdentity>();
        services.AddSingleton<PushText>();
        services.AddHostedService<PushSender>();
    }

    public static void MapPush(this RouteGroupBuilder api)
    {
        api.MapGet("/me/push", Get).Needs(Permission.Own).WithName("getPush");
        api.MapPost("/me/push", Add).Needs(Permission.Read).WithName("addPushBrowser");
        api.MapDelete("/me/push/{id}", Remove).Needs(Permission.Own).WithName("removePushBrowser");
    }

    private static async Task<Results<Ok<PushView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        PushStore store,
        PushIdentity identity
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return NotForKeys();
        var browsers = await store.ListAsync(caller.Account, agent);
        return TypedResults.Ok(
            new PushView(
                Base64Url.EncodeToString(await identity.PublicKeyAsync()),
                [
                    .. browsers.Select(b => new PushBrowserView(
                        b.Id.ToString("N"),
                        Convert.ToHexStringLower(b.EndpointHash),
                        b.UserAgent,
                        b.CreatedAt,
                        b.UsedAt
                    )),
                ]
            )
        );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Add(
        ClaimsPrincipal user,
        PushRequest request,
        PushStore store,
        IOptions<PushOptions> options,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (caller is not { Agent: { } agent, Session: { } session })
            return NotForKeys();
        if (PushAddresses.Read(request.Endpoint, options.Value) is null)
            return Problems.Of(
                422,
                "push_endpoint_not_allowed",
                "endpoint must be an https address of a push service in the public Internet."
            );
        if (
            !TryBytes(request.Keys.P256dh, PushEncryption.KeySize, out var key)
            || !TryBytes(request.Keys.Auth, PushEncryption.AuthSize, out var auth)
            || !IsPoint(key)
        )
            return Problems.BadRequest("keys must be p256dh and auth of the browser's subscription, in base64url.");
        var name = context.Request.Headers.UserAgent.ToString();
        await store.AddAsync(
            new NewSubscription(
                caller.Account,
                agent,
                session,
                request.Endpoint,
                key,
                auth,
                name.Length == 0 ? null : name[..Math.Min(name.Length, LongestUserAgent)]
            ),
            clock.GetUtcNow()
        );
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ClaimsPrincipal user,
        string id,
        PushStore store
    ) =>
        user.Caller() is { Agent: { } agent } caller
        && Guid.TryParseExact(id, "N", out var browser)
        && await store.RemoveAsync(caller.Account, agent, browser)
            ? TypedResults.NoContent()
            : Problems.NotFound("browser");

    private static bool TryBytes(string text, int length, out byte[] bytes)
    {
        bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        return bytes.Length == length;
    }

    private static bool IsPoint(byte[] key)
    {
        try
        {
            using var made = ECDiffieHellman.Create(PushEncryption.ParametersOf(key));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static ProblemHttpResult NotForKeys() => Problems.Of(403, "not_allowed", "An API key is told nothing.");
}

/// <param name="PublicKey">The deployment's, in base64url: what browsers subscribe with.</param>
public sealed record PushView(string PublicKey, IReadOnlyList<PushBrowserView> Browsers);

/// <param name="Fingerprint">SHA-256 of its endpoint in hex: how a browser knows its own.</param>
/// <param name="UsedAt">When its push service last took something; null: never.</param>
public sealed record PushBrowserView(
    string Id,
    string Fingerprint,
    string? UserAgent,
    DateTimeOffset CreatedAt,
    DateTimeOffset? UsedAt
);

/// <summary>A subscription as browsers write it (<c>PushSubscription.toJSON()</c>).</summary>
public sealed record PushRequest(
    [property: Required, MaxLength(2_000)] string Endpoint,
    [property: Required] PushKeys Keys
);

/// <param name="P256dh">The browser's public key, in base64url.</param>
/// <param name="Auth">Its secret, in base64url.</param>
public sealed record PushKeys(
    [property: Required, MaxLength(200)] string P256dh,
    [property: Required, MaxLength(100)] string Auth
);
