using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Threadkeep.Notices.Push;

/// <summary>
/// Encrypts what is pushed so that only the browser it is for can read it: Message Encryption for Web Push (RFC 8291) over the content
/// encoding <c>aes128gcm</c> (RFC 8188), in one record. .NET's own cryptography, checked against the values of the RFC.
/// </summary>
public static class PushEncryption
{
    /// <summary>Bytes of text at most: push services take 4,096 in all (RFC 8030), of which 103 are the header, the padding's mark and the tag.</summary>
    public const int LongestText = 4_096 - 103;

    /// <summary>A public key as browsers write it: an uncompressed point on P-256.</summary>
    public const int KeySize = 65;

    /// <summary>A browser's authentication secret.</summary>
    public const int AuthSize = 16;

    private const int SaltSize = 16;
    private const int TagSize = 16;
    private const int RecordSize = 4_096;

    /// <param name="browserKey">Of the subscription: <see cref="KeySize"/> bytes.</param>
    /// <param name="auth">Of the subscription: <see cref="AuthSize"/> bytes.</param>
    /// <exception cref="CryptographicException">The browser's key is no point on the curve.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> browserKey, ReadOnlySpan<byte> auth)
    {
        // A new key for each message, as the RFC demands: whoever learns one reads one message.
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(text, browserKey, auth, own, RandomNumberGenerator.GetBytes(SaltSize));
    }

    internal static byte[] Encrypt(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> browserKey,
        ReadOnlySpan<byte> auth,
        ECDiffieHellman own,
        ReadOnlySpan<byte> salt
    )
    {
        if (text.Length > LongestText)
            throw new ArgumentException($"Longer than {LongestText} bytes.", nameof(text));
        var ownKey = PublicKeyOf(own.ExportParameters(includePrivateParameters: false));
        var (key, nonce) = Keys(own, browserKey, browserKey, ownKey, auth, salt);

        // Header: salt, record size, length of the key id, key id (which is our public key). Then the one record.
        var body = new byte[SaltSize + 4 + 1 + KeySize + text.Length + 1 + TagSize];
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltSize), RecordSize);
        body[SaltSize + 4] = KeySize;
        ownKey.CopyTo(body, SaltSize + 5);
        // 2 marks the end of the last record.
        byte[] padded = [.. text, 2];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            nonce,
            padded,
            body.AsSpan(SaltSize + 5 + KeySize, padded.Length),
            body.AsSpan(SaltSize + 5 + KeySize + padded.Length)
        );
        return body;
    }

    /// <summary>What key and nonce follow from: the same on both sides.</summary>
    /// <param name="own">This side's key pair.</param>
    /// <param name="other">The other side's public key.</param>
    internal static (byte[] Key, byte[] Nonce) Keys(
        ECDiffieHellman own,
        ReadOnlySpan<byte> other,
        ReadOnlySpan<byte> browserKey,
        ReadOnlySpan<byte> serverKey,
        ReadOnlySpan<byte> auth,
        ReadOnlySpan<byte> salt
    )
    {
        using var peer = ECDiffieHellman.Create(ParametersOf(other));
        var shared = own.DeriveRawSecretAgreement(peer.PublicKey);
        byte[] info = [.. "WebPush: info\0"u8, .. browserKey, .. serverKey];
        var secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, auth.ToArray(), info);
        return (
            HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                secret,
                16,
                salt.ToArray(),
                Ascii("Content-Encoding: aes128gcm\0")
            ),
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 12, salt.ToArray(), Ascii("Content-Encoding: nonce\0"))
        );
    }

    /// <summary>An uncompressed point.</summary>
    internal static byte[] PublicKeyOf(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];

    /// <exception cref="CryptographicException">It is no uncompressed point on the curve.</exception>
    internal static ECParameters ParametersOf(ReadOnlySpan<byte> point, byte[]? secret = null)
    {
        if (point.Length != KeySize || point[0] != 4)
            throw new CryptographicException("Not an uncompressed point on P-256.");
        return new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
            D = secret,
        };
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
