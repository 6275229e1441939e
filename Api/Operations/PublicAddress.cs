using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Operations;

/// <summary>Tries this deployment's public address as Meta uses it: from outside as far as this machine's way there is the public one.</summary>
/// <param name="address">As configured (<c>Console:Address</c>); null: nothing is.</param>
/// <param name="mustBePublic">Meta itself posts there, and no Sandbox.</param>
public sealed class PublicAddress(string? address, bool mustBePublic) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = Patience,
            UseProxy = false,
        }
    )
    {
        Timeout = Patience,
    };

    /// <summary>Where webhooks come; null: no address is configured.</summary>
    public static string? HookOf(string? address) =>
        address is { Length: > 0 } ? address.TrimEnd('/') + "/webhooks/whatsapp" : null;

    /// <summary>Something answers there, over TLS with a certificate that everybody trusts.</summary>
    public async Task<MetaAppStep> AnswersAsync(CancellationToken cancellation)
    {
        const string Step = "address";
        if (HookOf(address) is not { } hook)
            return new MetaAppStep(Step, "failed", "address_missing");
        var uri = new Uri(hook);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(uri.DnsSafeHost, cancellation);
            using var answer = await http.GetAsync(uri, cancellation);
            if ((int)answer.StatusCode is >= 300 and < 400)
                return new MetaAppStep(Step, "failed", "address_redirects", answer.Headers.Location?.ToString());
            if (uri.Scheme != Uri.UriSchemeHttps)
                return new MetaAppStep(Step, mustBePublic ? "failed" : "warning", "address_not_https", hook);
            var until = await CertificateEndAsync(uri, cancellation);
            // Behind a router of one's own a public address may look private from inside.
            return mustBePublic && addresses.All(IsPrivate)
                ? new MetaAppStep(Step, "warning", "address_private", string.Join(", ", addresses.AsEnumerable()))
                : new MetaAppStep(
                    Step,
                    "ok",
                    "address_answers",
                    until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                );
        }
        catch (Exception failed)
            when (failed is HttpRequestException or SocketException or OperationCanceledException or IOException
                && !cancellation.IsCancellationRequested
            )
        {
            var cause = failed.GetBaseException();
            var untrusted = failed is HttpRequestException { InnerException: AuthenticationException };
            return new MetaAppStep(
                Step,
                "failed",
                untrusted ? "certificate_invalid" : "address_unreachable",
                cause.Message
            );
        }
    }

    /// <summary>Meta's handshake is answered there, with the app's word and not with another.</summary>
    public async Task<MetaAppStep> ShakesHandsAsync(string verifyToken, CancellationToken cancellation)
    {
        const string Step = "handshake";
        var challenge = RandomNumberGenerator.GetInt32(1_000_000_000).ToString(CultureInfo.InvariantCulture);
        var (status, body) = await AskAsync(verifyToken, cancellation);
        if (status is null)
            return new MetaAppStep(Step, "failed", "handshake_unanswered", body);
        if (status != 200 || body != challenge)
            return new MetaAppStep(Step, "failed", "handshake_refused", $"HTTP {status}");
        (status, _) = await AskAsync(verifyToken + "-not", cancellation);
        return status == 200
            ? new MetaAppStep(Step, "failed", "handshake_takes_anything")
            : new MetaAppStep(Step, "ok", "handshake_holds");

        async Task<(int? Status, string Body)> AskAsync(string token, CancellationToken cancel)
        {
            var query = $"?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(token)}";
            return await TryAsync(new HttpRequestMessage(HttpMethod.Get, HookOf(address) + query), cancel);
        }
    }

    /// <summary>A body signed with the app's secret is taken there, and one signed with another is not. It says nothing, so nothing is stored.</summary>
    /// <param name="appKey">As in <see cref="PostSignedAsync"/>.</param>
    public async Task<MetaAppStep> TakesSignedAsync(
        string appSecret,
        CancellationToken cancellation,
        string? appKey = null
    )
    {
        const string Step = "signature";
        var (status, told) = await PostAsync(appSecret);
        if (status is null)
            return new MetaAppStep(Step, "failed", "webhook_unanswered", told);
        if (status != 200)
            return new MetaAppStep(Step, "failed", "signature_refused", $"HTTP {status}");
        (status, _) = await PostAsync(appSecret + "-not");
        return status == 401
            ? new MetaAppStep(Step, "ok", "signature_holds")
            : new MetaAppStep(Step, "failed", "signature_unchecked", $"HTTP {status}");

        Task<(int? Status, string Body)> PostAsync(string secret) =>
            PostSignedAsync(secret, """{"object":"whatsapp_business_account","entry":[]}""", cancellation, appKey);
    }

    /// <summary>Posts a webhook there as Meta does.</summary>
    /// <param name="appKey">The app whose door it is; null: the door that all share.</param>
    /// <returns>The status and the text of the answer; without a status, why there is none.</returns>
    public Task<(int? Status, string Body)> PostSignedAsync(
        string appSecret,
        string body,
        CancellationToken cancellation,
        string? appKey = null
    )
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new HttpRequestMessage(
            HttpMethod.Post,
            appKey is null ? HookOf(address) : $"{HookOf(address)}/{appKey}"
        )
        {
            Content = new ByteArrayContent(bytes),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Hub-Signature-256", WebhookSignature.Of(Encoding.UTF8.GetBytes(appSecret), bytes));
        return TryAsync(request, cancellation);
    }

    private async Task<(int? Status, string Body)> TryAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            try
            {
                using var answer = await http.SendAsync(request, cancellation);
                return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
            }
            catch (Exception failed)
                when (failed is HttpRequestException or OperationCanceledException or IOException
                    && !cancellation.IsCancellationRequested
                )
            {
                return (null, failed.GetBaseException().Message);
            }
        }
    }

    private static async Task<DateTime?> CertificateEndAsync(Uri uri, CancellationToken cancellation)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(uri.DnsSafeHost, uri.Port, cancellation);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = uri.DnsSafeHost },
            cancellation
        );
        return (tls.RemoteCertificate as X509Certificate2)?.NotAfter;
    }

    private static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return IPAddress.IsLoopback(address)
            || address.IsIPv6LinkLocal
            || address.IsIPv6UniqueLocal
            || bytes is [10, ..] or [192, 168, ..] or [169, 254, ..] or [172, >= 16 and <= 31, ..];
    }

    public void Dispose() => http.Dispose();
}
