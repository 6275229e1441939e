using Threadkeep.Accounts;

namespace Threadkeep.Media;

/// <summary>What is kept under a content's hash.</summary>
public enum MediaPart
{
    /// <summary>The file as it came.</summary>
    Whole,

    /// <summary>A picture made smaller; made from the file, and gone with it.</summary>
    Thumbnail,
}

/// <summary>
/// Files by account and content hash. Everything may fail with <see cref="MediaStoreException"/>: it can be tried again.
/// </summary>
public interface IMediaStore
{
    /// <summary>Keeps a file, read from where it stands to its end; the same again changes nothing. A crash leaves no half file.</summary>
    /// <param name="sha256">The file's own, in lowercase hex, whichever part of it is kept.</param>
    Task PutAsync(
        AccountId account,
        string sha256,
        Stream file,
        CancellationToken cancellation,
        MediaPart part = MediaPart.Whole
    );

    /// <summary>A stream that can be read from anywhere, and tells its length; null where there is no such file.</summary>
    Task<Stream?> OpenAsync(
        AccountId account,
        string sha256,
        CancellationToken cancellation,
        MediaPart part = MediaPart.Whole
    );

    /// <summary>Removes a file and what was made from it; nothing happens where there is none.</summary>
    Task DeleteAsync(AccountId account, string sha256, CancellationToken cancellation);
}

/// <summary>The store is out of reach, or refuses.</summary>
public sealed class MediaStoreException(string message, Exception inner) : Exception(message, inner);

/// <summary>Where in a store a part of a file lies.</summary>
internal static class MediaPath
{
    /// <summary><c>account/ab/abcd...</c>, with <c>.thumb</c> behind it for a thumbnail.</summary>
    /// <exception cref="ArgumentException">Not a SHA-256 in lowercase hex.</exception>
    public static string Of(AccountId account, string sha256, MediaPart part) =>
        sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
            ? $"{account}/{sha256[..2]}/{sha256}{(part == MediaPart.Thumbnail ? ".thumb" : "")}"
            : throw new ArgumentException("Not a SHA-256 in lowercase hex.", nameof(sha256));
}
