using System.Security.Cryptography;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>A file that has been taken in.</summary>
/// <param name="Scan">Null: there is no scanner.</param>
public sealed record TakenFile(StoredMedia Media, FileScan? Scan);

/// <summary>Takes files in, those that arrive and those that agents upload: hash, scan, index, store.</summary>
public sealed class MediaIntake(IMediaStore store, MediaIndex index, VirusScanner scanner)
{
    /// <summary>Of what is infected only the fact is kept.</summary>
    /// <param name="file">Read from its beginning, more than once.</param>
    /// <param name="uploaded">Somebody here uploads it; false: it arrived.</param>
    /// <exception cref="MediaStoreException">The store is out of reach.</exception>
    public async Task<TakenFile> TakeAsync(
        AccountId account,
        Stream file,
        string mimeType,
        string? name,
        bool uploaded,
        CancellationToken cancellation
    )
    {
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        var scan = await scanner.ScanAsync(file, cancellation);
        var media = new StoredMedia(sha256, mimeType, file.Length, name);
        // The row first: from here on the collector leaves the content alone (MediaCollector), and waits for us where it is at it.
        await index.AddAsync(account, media, scan, uploaded);
        if (scan == FileScan.Infected)
            await store.DeleteAsync(account, sha256, cancellation);
        else
        {
            file.Position = 0;
            await store.PutAsync(account, sha256, file, cancellation);
        }
        return new TakenFile(media, scan);
    }
}
