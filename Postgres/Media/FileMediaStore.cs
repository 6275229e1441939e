using Threadkeep.Accounts;

namespace Threadkeep.Media;

/// <summary>The default store: one file a content, written aside and renamed so that a crash leaves no half files.</summary>
public sealed class FileMediaStore(string directory) : IMediaStore
{
    public async Task PutAsync(
        AccountId account,
        string sha256,
        Stream file,
        CancellationToken cancellation,
        MediaPart part = MediaPart.Whole
    )
    {
        var path = PathOf(account, sha256, part);
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var copy = File.Create(aside))
                await file.CopyToAsync(copy, cancellation);
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    public Task<Stream?> OpenAsync(
        AccountId account,
        string sha256,
        CancellationToken cancellation,
        MediaPart part = MediaPart.Whole
    )
    {
        var path = PathOf(account, sha256, part);
        try
        {
            return Task.FromResult<Stream?>(File.OpenRead(path));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(AccountId account, string sha256, CancellationToken cancellation)
    {
        foreach (var part in Enum.GetValues<MediaPart>())
        {
            try
            {
                File.Delete(PathOf(account, sha256, part));
            }
            catch (DirectoryNotFoundException)
            {
                // Nothing with these first digits was ever kept.
            }
        }
        return Task.CompletedTask;
    }

    private string PathOf(AccountId account, string sha256, MediaPart part) =>
        Path.Combine(directory, MediaPath.Of(account, sha256, part));
}
