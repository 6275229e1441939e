using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Media;

/// <summary>Files at Meta. Their bytes lie in the data directory, or in memory without one.</summary>
public sealed class MediaStore
{
    private readonly Table<MediaItem> items;
    private readonly ConcurrentDictionary<string, byte[]> inMemory = [];
    private readonly string? folder;
    private readonly TimeProvider time;

    public MediaStore(IOptions<SandboxOptions> options, Journal journal, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        items = new Table<MediaItem>("media", m => m.Id, journal);
        this.time = time;
        if (string.IsNullOrEmpty(options.Value.DataDirectory))
            return;
        folder = Path.Combine(options.Value.DataDirectory, "media");
        Directory.CreateDirectory(folder);
    }

    /// <summary>The file, unless its id has run out.</summary>
    public MediaItem? Find(string? id) => items.Find(id) is { } item && item.ExpiresAt > time.GetUtcNow() ? item : null;

    public async Task<MediaItem> AddAsync(string phoneNumberId, string mimeType, byte[] bytes, bool fromCustomer)
    {
        var item = new MediaItem(
            GraphIds.Numeric(fromCustomer ? 90 : 91),
            phoneNumberId,
            mimeType,
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            bytes.LongLength,
            fromCustomer,
            time.GetUtcNow()
        );
        // Bytes first: a row without its file would be a promise that cannot be kept.
        if (folder is null)
            inMemory[item.Id] = bytes;
        else
            await File.WriteAllBytesAsync(PathOf(item.Id), bytes);
        return items.Put(item);
    }

    public async Task<byte[]> ReadAsync(MediaItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return folder is null ? inMemory[item.Id] : await File.ReadAllBytesAsync(PathOf(item.Id));
    }

    public void Remove(MediaItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        items.Remove(item.Id);
        if (folder is null)
            inMemory.TryRemove(item.Id, out _);
        else
            File.Delete(PathOf(item.Id));
    }

    // Ids are made here and are digits, so they are safe as file names.
    private string PathOf(string id) => Path.Combine(folder!, id);
}
