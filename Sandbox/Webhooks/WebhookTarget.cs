using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;

namespace Threadkeep.Sandbox.Webhooks;

/// <summary>The app's callback: where webhooks go and with which secret. The configuration holds again after a restart.</summary>
public sealed class WebhookTarget(IOptions<SandboxOptions> options, IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client for webhooks.</summary>
    public const string ClientName = "webhooks";

    public sealed record Callback(Uri Url, string AppSecret, string VerifyToken);

    private volatile Callback current = new(
        new Uri(options.Value.WebhookUrl),
        options.Value.AppSecret,
        options.Value.VerifyToken
    );

    public Callback Current => current;

    /// <summary>Changes the callback after its handshake; answers what was wrong, null if nothing.</summary>
    public async Task<string?> ChangeAsync(Callback next, bool handshake, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (handshake && await HandshakeAsync(next, cancellation) is { } problem)
            return problem;
        current = next;
        return null;
    }

    /// <summary>What was wrong with an address that a number or an account is to have of its own, null if nothing: it must answer the handshake.</summary>
    public async Task<string?> TryOverrideAsync(string uri, string? verifyToken, CancellationToken cancellation) =>
        uri.Length > 200 || !Uri.TryCreate(uri, UriKind.Absolute, out var url)
            ? "override_callback_uri must be an address of up to 200 characters."
            : await HandshakeAsync(Current with { Url = url, VerifyToken = verifyToken ?? "" }, cancellation);

    /// <summary>What was wrong with the handshake, null if nothing.</summary>
    public async Task<string?> HandshakeAsync(Callback callback, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var challenge = RandomNumberGenerator.GetInt32(1_000_000_000).ToString(CultureInfo.InvariantCulture);
        var query =
            $"hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(callback.VerifyToken)}";
        var url = new UriBuilder(callback.Url);
        url.Query = url.Query.Length > 1 ? url.Query[1..] + "&" + query : query;
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.GetAsync(url.Uri, cancellation);
            if ((int)answer.StatusCode != StatusCodes.Status200OK)
                return $"The callback answered the handshake with {(int)answer.StatusCode}, not 200.";
            var echoed = await answer.Content.ReadAsStringAsync(cancellation);
            return echoed == challenge ? null : "The callback did not echo hub.challenge.";
        }
        catch (HttpRequestException failure)
        {
            return $"The callback cannot be reached: {failure.Message}";
        }
    }
}
