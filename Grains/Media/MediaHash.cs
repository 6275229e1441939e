using System.Security.Cryptography;

namespace Threadkeep.Media;

/// <summary>Meta's hash of a file: base64 in webhooks, hex in some answers (Cloud API, "Media").</summary>
public static class MediaHash
{
    /// <summary>True where the bytes have the hash, or there is none to compare with.</summary>
    public static bool Matches(string? told, byte[] bytes)
    {
        if (string.IsNullOrEmpty(told))
            return true;
        var made = SHA256.HashData(bytes);
        if (told.Length == 64)
            return string.Equals(told, Convert.ToHexString(made), StringComparison.OrdinalIgnoreCase);
        Span<byte> decoded = stackalloc byte[32];
        // A hash in a form nobody knows says nothing against the file.
        return !Convert.TryFromBase64String(told, decoded, out var length)
            || length != 32
            || decoded.SequenceEqual(made);
    }
}
