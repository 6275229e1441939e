using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Threadkeep.WhatsApp.Webhooks;

/// <summary>Meta's signature over a webhook: HMAC-SHA256 of the raw body under the app secret (Cloud API, "Validating payloads").</summary>
public static class WebhookSignature
{
    private const string Prefix = "sha256=";
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>True where it looks like a signature; anything else needs no look at the body.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? header) =>
        header is { Length: 71 }
        && header.StartsWith(Prefix, StringComparison.Ordinal)
        && header.AsSpan(Prefix.Length).IndexOfAnyExcept(Hex) < 0;

    /// <summary>The header that Meta would send with these bytes.</summary>
    public static string Of(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body) =>
        Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(secret, body));

    /// <summary>True where <paramref name="header"/> (<c>X-Hub-Signature-256</c>) was made over exactly these bytes. In constant time.</summary>
    public static bool IsValid(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, string? header)
    {
        if (!IsWellFormed(header))
            return false;
        Span<byte> told = stackalloc byte[32];
        Convert.FromHexString(header.AsSpan(Prefix.Length), told, out _, out _);
        Span<byte> made = stackalloc byte[32];
        HMACSHA256.HashData(secret, body, made);
        return CryptographicOperations.FixedTimeEquals(told, made);
    }
}
