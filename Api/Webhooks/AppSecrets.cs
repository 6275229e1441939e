using System.Security.Cryptography;
using System.Text;
using Threadkeep.Channels;
using Threadkeep.Storage;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Webhooks;

/// <summary>The secrets of the Meta apps whose webhooks come here, revealed and kept for a few seconds.</summary>
public sealed class AppSecrets(ChannelQueries channels, SecretBox secrets, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private volatile Snapshot known = new([], DateTimeOffset.MinValue);

    /// <summary>The app whose secret signed the body; null where no known one did.</summary>
    /// <param name="appKey">The app named in the path; null: any.</param>
    public async Task<string?> SignerAsync(string? appKey, ReadOnlyMemory<byte> body, string? signature)
    {
        foreach (var app in await AppsAsync())
        {
            if ((appKey is null || app.Key == appKey) && WebhookSignature.IsValid(app.Secret, body.Span, signature))
                return app.Key;
        }
        return null;
    }

    /// <summary>True where some app has this verify token. In constant time for each.</summary>
    public async Task<bool> IsVerifyTokenAsync(string? appKey, string token)
    {
        var told = Encoding.UTF8.GetBytes(token);
        return (await AppsAsync()).Any(app =>
            (appKey is null || app.Key == appKey) && CryptographicOperations.FixedTimeEquals(app.VerifyToken, told)
        );
    }

    private async ValueTask<IReadOnlyList<App>> AppsAsync()
    {
        var now = clock.GetUtcNow();
        var snapshot = known;
        if (now < snapshot.Until)
            return snapshot.Apps;
        var apps = (await channels.AppsAsync())
            .Select(a => new App(
                a.AppKey,
                Encoding.UTF8.GetBytes(secrets.Reveal(a.AppSecret, SecretPurpose.AppSecret(a.AppKey))),
                Encoding.UTF8.GetBytes(secrets.Reveal(a.VerifyToken, SecretPurpose.VerifyToken(a.AppKey)))
            ))
            .ToArray();
        known = new Snapshot(apps, now + KeptFor);
        return apps;
    }

    private sealed record App(string Key, byte[] Secret, byte[] VerifyToken);

    private sealed record Snapshot(IReadOnlyList<App> Apps, DateTimeOffset Until);
}
