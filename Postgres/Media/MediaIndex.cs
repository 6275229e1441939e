using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Media;

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

/// <summary>A file that the account has.</summary>
/// <param name="Scan">Null: there was no scanner when it came.</param>
public sealed record KnownFile(StoredMedia Media, FileScan? Scan);

/// <summary>A file that the scanner is to look at.</summary>
public sealed record UnscannedFile
{
    public Guid AccountId { get; init; }
    public string Sha256 { get; init; } = "";
}

/// <summary>What PostgreSQL knows of files: which account has which, what is still to be fetched, what is uploaded to Meta already.</summary>
public sealed class MediaIndex(NpgsqlDataSource database, IOptions<MediaOptions> options, TimeProvider clock)
{
    // Until then a file may lie about unsent.
    private DateTimeOffset KeptUntil => clock.GetUtcNow().AddHours(options.Value.UnsentHours);

    /// <summary>Notes a file; one that is known keeps its name, and a verdict over one that could not be had.</summary>
    /// <param name="scan">Null: there is no scanner.</param>
    /// <param name="uploaded">Somebody here uploads it, to send it; false: it was fetched from Meta.</param>
    public async Task AddAsync(AccountId account, StoredMedia media, FileScan? scan, bool uploaded)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.media as f (account_id, sha256, mime, size, name, created_at, scan, scan_at, check_at, uploaded)
            values (@account, @Sha256, @MimeType, @Size, @FileName, @now, @scan, @now, @kept, @uploaded)
            on conflict (account_id, sha256) do update set
                check_at = greatest(f.check_at, excluded.check_at),
                uploaded = f.uploaded or excluded.uploaded,
                scan = case when excluded.scan is null or excluded.scan = 0 and f.scan is not null then f.scan else excluded.scan end
            """,
            new
            {
                account = account.Value,
                media.Sha256,
                media.MimeType,
                media.Size,
                media.FileName,
                now = clock.GetUtcNow(),
                scan = (short?)scan,
                kept = KeptUntil,
                uploaded,
            }
        );
    }

    /// <summary>
    /// Before a message names a file: from here on the collector leaves it alone for a while. False: it is gone.
    /// </summary>
    public async Task<bool> HoldAsync(AccountId account, string sha256)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.media set check_at = greatest(check_at, @kept)
                where account_id = @account and sha256 = @sha256
                """,
                new
                {
                    account = account.Value,
                    sha256,
                    kept = KeptUntil,
                }
            ) > 0;
    }

    /// <summary>
    /// Null where the account has no such file, or the caller may see none of the threads that hold it. One that no message holds was
    /// uploaded to be sent, or it was a customer's and its message is gone: that one is nobody's.
    /// </summary>
    public async Task<KnownFile?> FindAsync(Scope scope, string sha256)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<(string Mime, long Size, string? Name, short? Scan)?>(
            """
            select f.mime, f.size, f.name, f.scan from threadkeep.media f
            where f.account_id = @account and f.sha256 = @sha256
                -- One that only hidden messages hold is nobody's until they are shown again.
                and (exists (
                        select from threadkeep.messages m
                        where m.account_id = f.account_id and m.media_sha256 = f.sha256 and m.type <> 'quarantined'
                            and (@channels::uuid[] is null or m.channel_id = any(@channels)))
                    or f.uploaded and not exists (
                        select from threadkeep.messages m where m.account_id = f.account_id and m.media_sha256 = f.sha256))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                sha256,
            }
        );
        return row is { } found
            ? new KnownFile(new StoredMedia(sha256, found.Mime, found.Size, found.Name), (FileScan?)found.Scan)
            : null;
    }

    /// <summary>A file whoever may see it: who asks has looked for that. Null where the account has no such file.</summary>
    public async Task<KnownFile?> FindAsync(AccountId account, string sha256)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<(string Mime, long Size, string? Name, short? Scan)?>(
            "select mime, size, name, scan from threadkeep.media where account_id = @account and sha256 = @sha256",
            new { account = account.Value, sha256 }
        );
        return row is { } found
            ? new KnownFile(new StoredMedia(sha256, found.Mime, found.Size, found.Name), (FileScan?)found.Scan)
            : null;
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

    /// <summary>
    /// Claims files that the scanner has not looked at, the longest waiting first. A claim moves their time ahead: whoever claims and dies, or
    /// finds the scanner out of reach, leaves them due again then.
    /// </summary>
    public async Task<IReadOnlyList<UnscannedFile>> ClaimUnscannedAsync(
        DateTimeOffset now,
        TimeSpan claimFor,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<UnscannedFile>(
            """
            update threadkeep.media f
            set scan_at = @until
            from (
                select account_id, sha256 from threadkeep.media
                where (scan is null or scan = 0) and scan_at <= @now
                order by scan_at
                limit @limit
                for update skip locked
            ) due
            where f.account_id = due.account_id and f.sha256 = due.sha256
            returning f.account_id, f.sha256
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

    /// <summary>Notes what the scanner said of a file that was there already.</summary>
    public async Task ScannedAsync(AccountId account, string sha256, FileScan scan)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.media set scan = @scan where account_id = @account and sha256 = @sha256",
            new
            {
                account = account.Value,
                sha256,
                scan = (short)scan,
            }
        );
    }

    /// <summary>How a sound looks; without peaks: it cannot be drawn; null: nobody has tried.</summary>
    public async Task<(byte[] Peaks, float Seconds)?> WaveformAsync(AccountId account, string sha256)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<(byte[], float)?>(
            """
            select waveform, seconds from threadkeep.media
            where account_id = @account and sha256 = @sha256 and waveform is not null
            """,
            new { account = account.Value, sha256 }
        );
    }

    /// <summary>Keeps how a sound looks.</summary>
    public async Task DrawnAsync(AccountId account, string sha256, byte[] peaks, float seconds)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.media set waveform = @peaks, seconds = @seconds
            where account_id = @account and sha256 = @sha256
            """,
            new
            {
                account = account.Value,
                sha256,
                peaks,
                seconds,
            }
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
