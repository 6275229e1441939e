using System.Security.Cryptography;

namespace Threadkeep.WhatsApp.Webhooks;

/// <summary>Meta's signature over a webhook: HMAC-SHA256 of the raw body under the app secret (Cloud API, "Validating payloads").</summary>
public static class WebhookSignature
{
    private const string Prefix = "sha256=";

    /// <summary>True where <paramref name="header"/> (<c>X-Hub-Signature-256</c>) was made over exactly these bytes. In constant time.</summary>
    public static bool IsValid(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, string? header)
    {
        if (header is not { Length: 71 } || !header.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        Span<byte> told = stackalloc byte[32];
        if (
            Convert.FromHexString(header.AsSpan(Prefix.Length), told, out _, out _)
            != System.Buffers.OperationStatus.Done
        )
            return false;
        Span<byte> made = stackalloc byte[32];
        HMACSHA256.HashData(secret, body, made);
        return CryptographicOperations.FixedTimeEquals(told, made);
    }
}
