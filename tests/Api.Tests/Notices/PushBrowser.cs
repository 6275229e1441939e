using System.Buffers.Text;
using System.Security.Cryptography;
using Threadkeep.Notices.Push;

namespace Threadkeep.Api.Tests.Notices;

/// <summary>A browser's side of a push: its keys, and how it reads what it is sent.</summary>
public sealed class PushBrowser : IDisposable
{
    private const int Header = 16 + 4 + 1;

    private readonly ECDiffieHellman keys = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    public byte[] PublicKey => PushEncryption.PublicKeyOf(keys.ExportParameters(false));

    public byte[] Auth { get; } = RandomNumberGenerator.GetBytes(16);

    /// <summary>As it tells the console.</summary>
    public object Subscription(string endpoint) =>
        new
        {
            endpoint,
            keys = new { p256dh = Base64Url.EncodeToString(PublicKey), auth = Base64Url.EncodeToString(Auth) },
        };

    /// <exception cref="CryptographicException">It is not for this browser.</exception>
    public byte[] Read(byte[] body)
    {
        var server = body.AsSpan(Header, body[Header - 1]).ToArray();
        var (key, nonce) = PushEncryption.Keys(keys, server, PublicKey, server, Auth, body.AsSpan(0, 16));
        var sealedText = body.AsSpan(Header + server.Length);
        var padded = new byte[sealedText.Length - 16];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, sealedText[..^16], sealedText[^16..], padded);
        var end = Array.FindLastIndex(padded, b => b != 0);
        padded[end].ShouldBe((byte)2);
        return padded[..end];
    }

    public void Dispose() => keys.Dispose();
}
