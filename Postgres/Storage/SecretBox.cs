using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Threadkeep.Storage;

/// <summary>The key that protects secrets at rest.</summary>
public sealed class SecretOptions
{
    /// <summary>32 bytes in base64, the same for every silo and Api host. Lost, every stored token must be entered again.</summary>
    [Required, Base64String]
    public string MasterKey { get; set; } = "";
}

/// <summary>
/// Encrypts secrets for storage: AES-256-GCM under the master key, the purpose bound in, so that one account's token
/// cannot be passed off as another's. Layout: key id (4 bytes of the key's hash), nonce (12), tag (16), text.
/// </summary>
public sealed class SecretBox
{
    private const int IdSize = 4;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] key;
    private readonly byte[] keyId;

    /// <exception cref="OptionsValidationException">The master key is not 32 bytes.</exception>
    public SecretBox(IOptions<SecretOptions> options)
    {
        key = Convert.FromBase64String(options.Value.MasterKey);
        if (key.Length != 32)
            throw new OptionsValidationException(
                nameof(SecretOptions),
                typeof(SecretOptions),
                ["Secrets:MasterKey must be 32 bytes in base64 (openssl rand -base64 32 makes one)."]
            );
        keyId = SHA256.HashData(key)[..IdSize];
    }

    public byte[] Protect(string secret, string purpose)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[IdSize + NonceSize + TagSize + text.Length];
        keyId.CopyTo(box, 0);
        var nonce = box.AsSpan(IdSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            nonce,
            text,
            box.AsSpan(IdSize + NonceSize + TagSize),
            box.AsSpan(IdSize + NonceSize, TagSize),
            Encoding.UTF8.GetBytes(purpose)
        );
        return box;
    }

    /// <exception cref="CryptographicException">Another master key, another purpose, or damaged.</exception>
    public string Reveal(byte[] box, string purpose)
    {
        if (box.Length < IdSize + NonceSize + TagSize || !box.AsSpan(0, IdSize).SequenceEqual(keyId))
            throw new CryptographicException("The secret was stored under another master key (Secrets:MasterKey).");
        var text = new byte[box.Length - IdSize - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            box.AsSpan(IdSize, NonceSize),
            box.AsSpan(IdSize + NonceSize + TagSize),
            box.AsSpan(IdSize + NonceSize, TagSize),
            text,
            Encoding.UTF8.GetBytes(purpose)
        );
        return Encoding.UTF8.GetString(text);
    }
}

/// <summary>What each kind of secret is bound to.</summary>
public static class SecretPurpose
{
    public static string AccessToken(Guid channel) => $"channel-token/{channel:N}";

    /// <summary>A number's two-step code.</summary>
    public static string Pin(Guid channel) => $"channel-pin/{channel:N}";

    public static string AppSecret(string appKey) => $"app-secret/{appKey}";

    /// <summary>The second factor of one agent.</summary>
    public static string SecondFactor(Guid agent) => $"second-factor/{agent:N}";

    /// <summary>The key that push services know the deployment by.</summary>
    public const string PushKey = "push-key";

    /// <summary>The secret of one browser that is pushed to.</summary>
    public static string PushAuth(Guid subscription) => $"push-auth/{subscription:N}";

    public static string Mail(Guid mail) => $"mail/{mail:N}";

    /// <summary>What proves to the sign-in provider that the browser that comes back is the one that left.</summary>
    public const string ProviderVerifier = "provider-verifier";

    public static string VerifyToken(string appKey) => $"verify-token/{appKey}";
}
