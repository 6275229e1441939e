using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using Threadkeep.WhatsApp;

namespace Threadkeep.Media;

/// <summary>
/// Fetches inbound files, one service a silo: claims what is due, looks up Meta's link (valid for five minutes), downloads,
/// checks size, hash and type by content, stores, and tells the thread. The message is on screen long before.
/// While Meta is out of reach a file is tried again, less and less often, until Meta no longer has it.
/// </summary>
public sealed partial class MediaFetcher(
    MediaIndex index,
    IMediaStore store,
    ChannelStore channels,
    ChannelTokens tokens,
    GraphClient graph,
    IGrainFactory grains,
    TimeProvider clock,
    ILogger<MediaFetcher> logger
) : BackgroundService
{
    /// <summary>Meta's own limit for inbound files (Cloud API, "Media").</summary>
    private const long MaxBytes = 100L * 1024 * 1024;
    private const int AtOnce = 4;
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                IReadOnlyList<MediaJob> jobs;
                while ((jobs = await index.ClaimAsync(clock.GetUtcNow(), ClaimFor, AtOnce)).Count > 0)
                    await Task.WhenAll(jobs.Select(j => WorkAsync(j, stoppingToken)));
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                LogFailed(logger, failed);
            }
        }
    }

    private async Task WorkAsync(MediaJob job, CancellationToken cancellation)
    {
        try
        {
            var arrived = await FetchAsync(job, cancellation);
            if (arrived is null)
            {
                await PostponeAsync(job);
                return;
            }
            var account = new AccountId(job.AccountId);
            var recorded = await grains
                .GetGrain<IThreadGrain>(GrainKeys.Thread(account, new ThreadId(job.ThreadId)))
                .MediaArrived(job.Seq, arrived);
            if (recorded)
                await index.FinishAsync(job);
            else
                await PostponeAsync(job);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogFailed(logger, failed);
            await PostponeAsync(job);
        }
    }

    private async Task PostponeAsync(MediaJob job)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(LongestRetry.TotalSeconds, Math.Pow(2, Math.Min(job.Tries, 12))));
        await index.PostponeAsync(job, clock.GetUtcNow() + wait);
    }

    // Null: not now.
    private async Task<ArrivedMedia?> FetchAsync(MediaJob job, CancellationToken cancellation)
    {
        if (clock.GetUtcNow() > job.GiveUpAt)
            return new ArrivedMedia(ArrivedMediaState.Failed, null);
        var account = new AccountId(job.AccountId);
        if (await channels.ByIdAsync(account, new ChannelId(job.ChannelId)) is not { } channel)
            return new ArrivedMedia(ArrivedMediaState.Failed, null);
        byte[]? bytes;
        try
        {
            var token = tokens.Of(channel);
            var (url, size) = await graph.MediaUrlAsync(job.GraphId, channel.PhoneNumberId, token, cancellation);
            if (size > MaxBytes)
                return new ArrivedMedia(ArrivedMediaState.TooLarge, null);
            bytes = await graph.DownloadAsync(url, token, MaxBytes, cancellation);
        }
        catch (GraphException failed)
        {
            // Meta says the file does not exist (400/100): it never will again. A link that expired (404) is looked up anew.
            var gone = failed.Failure is { HttpStatus: 400, Code: 100 };
            return gone ? new ArrivedMedia(ArrivedMediaState.Failed, null) : null;
        }
        if (bytes is null)
            return new ArrivedMedia(ArrivedMediaState.TooLarge, null);
        if (!MediaHash.Matches(job.Sha256, bytes))
            return null;
        var media = new StoredMedia(
            await store.PutAsync(account, bytes, cancellation),
            FileType.ExecutableType(bytes) ?? FileType.Inspect(bytes)?.MimeType ?? "application/octet-stream",
            bytes.Length,
            job.Name
        );
        await index.AddAsync(account, media, clock.GetUtcNow());
        return new ArrivedMedia(ArrivedMediaState.Ready, media);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A file could not be fetched; it will be tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
