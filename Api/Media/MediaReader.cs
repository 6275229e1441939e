using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>A file that is opened.</summary>
/// <param name="Tag">Names this content, and no other.</param>
public sealed record OpenedFile(Stream Content, string MimeType, string Tag);

/// <summary>Opens files, for those who may see a thread that holds them, and where the scanner does not say no.</summary>
public sealed class MediaReader(IMediaStore store, MediaIndex index, VirusScanner scanner, Thumbnails thumbnails)
{
    /// <summary>The file, or why it is not opened.</summary>
    /// <param name="name">What it would be saved as; null: nobody says.</param>
    public async Task<(StoredMedia? Media, ProblemHttpResult? Problem)> FindAsync(
        Scope scope,
        string id,
        string? name = null
    )
    {
        if (id.Length != 64 || !id.All(char.IsAsciiHexDigitLower) || await index.FindAsync(scope, id) is not { } known)
            return (null, Problems.NotFound("file"));
        // The bytes are kept once for all who sent them; whoever was first may have called them otherwise.
        var file = name is null ? known.Media : known.Media with { FileName = name };
        return MediaProblems.OfScan(known.Scan, file, scanner.IsOn) is { } closed
            ? (null, closed)
            : (known.Media, null);
    }

    /// <summary>A file by itself, for doors that have asked for themselves whether the caller may see it; or why it is not opened.</summary>
    /// <param name="name">What it would be saved as.</param>
    public async Task<(StoredMedia? Media, ProblemHttpResult? Problem)> FindHiddenAsync(
        AccountId account,
        string sha256,
        string? name
    ) =>
        await index.FindAsync(account, sha256) is not { } known ? (null, Problems.NotFound("file"))
        : MediaProblems.OfScan(known.Scan, known.Media with { FileName = name }, scanner.IsOn) is { } closed
            ? (null, closed)
        : (known.Media, null);

    /// <summary>Null where the store has it no more.</summary>
    /// <param name="small">Its thumbnail, where it has one.</param>
    /// <exception cref="MediaStoreException">The store is out of reach.</exception>
    public async Task<OpenedFile?> OpenAsync(
        AccountId account,
        StoredMedia media,
        bool small,
        CancellationToken cancellation
    )
    {
        if (small && await thumbnails.OpenAsync(account, media, cancellation) is { } thumbnail)
            return new OpenedFile(thumbnail, Thumbnails.MimeType, media.Sha256 + "-thumb");
        return await store.OpenAsync(account, media.Sha256, cancellation) is { } whole
            ? new OpenedFile(whole, media.MimeType, media.Sha256)
            : null;
    }
}
