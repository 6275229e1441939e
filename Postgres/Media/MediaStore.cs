using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>Where files are kept.</summary>
public sealed class MediaOptions
{
    /// <summary>A directory that every silo and Api host can reach.</summary>
    [Required]
    public string Directory { get; set; } = "";
}

/// <summary>Files by account and content hash.</summary>
public interface IMediaStore
{
    /// <summary>Keeps the bytes; the same bytes again change nothing. Returns their SHA-256 in lowercase hex.</summary>
    Task<string> PutAsync(AccountId account, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>The same for a file that need not fit into memory; it is read from where it stands to its end.</summary>
    Task<string> PutAsync(AccountId account, Stream file, CancellationToken cancellation);

    /// <summary>Null where there is no such file.</summary>
    Stream? Open(AccountId account, string sha256);
}

/// <summary>The default store: one file a content, <c>account/ab/abcd...</c>, written aside and renamed so that a crash leaves no half files.</summary>
public sealed class FileMediaStore(IOptions<MediaOptions> options) : IMediaStore
{
    public async Task<string> PutAsync(AccountId account, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        var path = PathOf(account, sha256);
        if (File.Exists(path))
            return sha256;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        await File.WriteAllBytesAsync(aside, bytes, cancellation);
        File.Move(aside, path, overwrite: true);
        return sha256;
    }

    public async Task<string> PutAsync(AccountId account, Stream file, CancellationToken cancellation)
    {
        // Where it belongs is known only once it has been read.
        var folder = Path.Combine(options.Value.Directory, account.ToString());
        Directory.CreateDirectory(folder);
        var aside = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var copy = File.Create(aside))
            {
                var buffer = new byte[81_920];
                int read;
                while ((read = await file.ReadAsync(buffer, cancellation)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await copy.WriteAsync(buffer.AsMemory(0, read), cancellation);
                }
            }
            var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            var path = PathOf(account, sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(aside, path, overwrite: true);
            return sha256;
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    public Stream? Open(AccountId account, string sha256)
    {
        var path = PathOf(account, sha256);
        return File.Exists(path) ? File.OpenRead(path) : null;
    }

    private string PathOf(AccountId account, string sha256) =>
        sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(options.Value.Directory, account.ToString(), sha256[..2], sha256)
            : throw new ArgumentException("Not a SHA-256 in lowercase hex.", nameof(sha256));
}

/// <summary>An inbound file still to be fetched.</summary>
public sealed record MediaJob
{
    public Guid AccountId { get; init; }
    public Guid ChannelId { get; init; }
    public Guid ThreadId { get; init; }
    public int Seq { get; init; }
    public string GraphId { get; init; } = "";
    public string Mime { get; init; } = "";
    public string? Sha256 { get; init; }
    public string? Name { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset GiveUpAt { get; init; }
}

/// <summary>What PostgreSQL knows of files: which account has which, what is still to be fetched, what is uploaded to Meta already.</summary>
public sealed class MediaIndex(NpgsqlDataSource database)
{
    public async Task AddAsync(AccountId account, StoredMedia media, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.media (account_id, sha256, mime, size, name, created_at)
            values (@account, @Sha256, @MimeType, @Size, @FileName, @now)
            on conflict do nothing
            """,
            new
            {
                account = account.Value,
                media.Sha256,
                media.MimeType,
                media.Size,
                media.FileName,
                now,
            }
        );
    }

    /// <summary>
    /// Null where the account has no such file, or the caller may see none of the threads that hold it. One that no message holds was
    /// uploaded to be sent.
    /// </summary>
    public async Task<StoredMedia?> FindAsync(Scope scope, string sha256)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<(string Mime, long Size, string? Name)?>(
            """
            select f.mime, f.size, f.name from threadkeep.media f
            where f.account_id = @account and f.sha256 = @sha256
                -- One that only hidden messages hold is nobody's until they are shown again.
                and (not exists (
                        select from threadkeep.messages m
                        where m.account_id = f.account_id and m.media_sha256 = f.sha256 and m.type = 'quarantined')
                    or exists (
                        select from threadkeep.messages m
                        where m.account_id = f.account_id and m.media_sha256 = f.sha256 and m.type <> 'quarantined'))
                and (@channels::uuid[] is null
                    or exists (
                        select from threadkeep.messages m
                        where m.account_id = f.account_id and m.media_sha256 = f.sha256 and m.channel_id = any(@channels))
                    or not exists (
                        select from threadkeep.messages m where m.account_id = f.account_id and m.media_sha256 = f.sha256))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                sha256,
            }
        );
        return row is { } found ? new StoredMedia(sha256, found.Mime, found.Size, found.Name) : null;
    }

    /// <summary>
    /// Claims files that are due. A claim moves the due time ahead: if its silo dies, the file is due again then.
    /// </summary>
    public async Task<IReadOnlyList<MediaJob>> ClaimAsync(DateTimeOffset now, TimeSpan claimFor, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<MediaJob>(
            """
            update threadkeep.media_jobs j
            set due_at = @until, tries = j.tries + 1
            from (
                select account_id, thread_id, seq from threadkeep.media_jobs
                where due_at <= @now
                order by due_at
                limit @limit
                for update skip locked
            ) due
            where j.account_id = due.account_id and j.thread_id = due.thread_id and j.seq = due.seq
            returning j.*
            """,
            new
            {
                now,
                until = now + claimFor,
                limit,
            }
        );
        return [.. rows];
    }

    public async Task PostponeAsync(MediaJob job, DateTimeOffset until)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.media_jobs set due_at = @until where account_id = @AccountId and thread_id = @ThreadId and seq = @Seq",
            new
            {
                job.AccountId,
                job.ThreadId,
                job.Seq,
                until,
            }
        );
    }

    public async Task FinishAsync(MediaJob job)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "delete from threadkeep.media_jobs where account_id = @AccountId and thread_id = @ThreadId and seq = @Seq",
            job
        );
    }

    /// <summary>Meta's id of an upload that is still valid; null where the file must be uploaded.</summary>
    public async Task<string?> UploadedAsync(AccountId account, ChannelId channel, string sha256, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>(
            """
            select graph_id from threadkeep.media_uploads
            where account_id = @account and channel_id = @channel and sha256 = @sha256 and expires_at > @now
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                sha256,
                now,
            }
        );
    }

    public async Task RememberUploadAsync(
        AccountId account,
        ChannelId channel,
        string sha256,
        string graphId,
        DateTimeOffset expiresAt
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.media_uploads (account_id, channel_id, sha256, graph_id, expires_at)
            values (@account, @channel, @sha256, @graphId, @expiresAt)
            on conflict (account_id, channel_id, sha256) do update set graph_id = @graphId, expires_at = @expiresAt
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                sha256,
                graphId,
                expiresAt,
            }
        );
    }
}
