using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Threadkeep.Mail;
using Threadkeep.Storage;

namespace Threadkeep.Notices.Push;

/// <summary>
/// Who we are to push services: Voluntary Application Server Identification (RFC 8292). One key pair a deployment, made when it is first
/// needed; browsers subscribe to it, so it never changes.
/// </summary>
public sealed class PushIdentity(
    PushStore store,
    SecretBox secrets,
    IOptions<ConsoleOptions> console,
    IOptions<MailOptions> mail,
    TimeProvider clock
)
{
    // Push services refuse a token that is good for more than a day.
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(12);

    private readonly Lock gate = new();
    private Task<(byte[] Public, ECDsa Private)>? keys;

    /// <summary>What browsers subscribe with.</summary>
    public async Task<byte[]> PublicKeyAsync() => (await KeysAsync()).Public;

    /// <summary>The <c>Authorization</c> of a push to this endpoint.</summary>
    public async Task<string> AuthorizationAsync(Uri endpoint)
    {
        var (publicKey, privateKey) = await KeysAsync();
        var claims = new
        {
            aud = endpoint.GetLeftPart(UriPartial.Authority),
            exp = (clock.GetUtcNow() + GoodFor).ToUnixTimeSeconds(),
            sub = Contact(),
        };
        var unsigned =
            $"{Encode("""{"typ":"JWT","alg":"ES256"}"""u8)}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = privateKey.SignData(
            Encoding.ASCII.GetBytes(unsigned),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return $"vapid t={unsigned}.{Encode(signature)}, k={Encode(publicKey)}";
    }

    // Whom a push service writes to about our pushes: an https address or a mail address, as RFC 8292 wants it.
    private string Contact() =>
        console.Value.Address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? console.Value.Address
        : MimeKit.MailboxAddress.TryParse(mail.Value.From, out var from) ? $"mailto:{from.Address}"
        : "mailto:push@localhost";

    private Task<(byte[] Public, ECDsa Private)> KeysAsync()
    {
        lock (gate)
        {
            // One that failed is not kept.
            if (keys is null or { IsFaulted: true } or { IsCanceled: true })
                keys = LoadAsync();
            return keys;
        }
    }

    private async Task<(byte[] Public, ECDsa Private)> LoadAsync()
    {
        if (await store.KeyAsync() is not { } stored)
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var parameters = made.ExportParameters(includePrivateParameters: true);
            // Of two hosts that make one at once the first's counts.
            stored = await store.AddKeyAsync(
                PushEncryption.PublicKeyOf(parameters),
                secrets.Protect(Convert.ToBase64String(parameters.D!), SecretPurpose.PushKey),
                clock.GetUtcNow()
            );
        }
        var secret = Convert.FromBase64String(secrets.Reveal(stored.Sealed, SecretPurpose.PushKey));
        return (stored.Public, ECDsa.Create(PushEncryption.ParametersOf(stored.Public, secret)));
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
