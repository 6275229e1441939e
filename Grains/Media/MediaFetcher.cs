using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using Threadkeep.WhatsApp;

namespace Threadkeep.Media;

/// <summary>
/// Fetches inbound files, one service a silo: claims what is due, looks up Meta's link (valid for five minutes), downloads,
/// checks size, hash and type by content, has it scanned, stores, and tells the thread. The message is on screen long before.
/// While Meta is out of reach a file is tried again, less and less often, until Meta no longer has it.
/// </summary>
public sealed partial class MediaFetcher(
    MediaIndex index,
    MediaIntake intake,
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
        var isSame = false;
        try
        {
            var token = tokens.Of(channel);
            var (url, size) = await graph.MediaUrlAsync(job.GraphId, channel.PhoneNumberId, token, cancellation);
            if (size > MaxBytes)
                return new ArrivedMedia(ArrivedMediaState.TooLarge, null);
            bytes = await graph.DownloadAsync(url, token, MaxBytes, cancellation);
            // What comes twice in the same way was not damaged on its way: Meta has nothing else.
            if (bytes is not null && !MediaHash.Matches(job.Sha256, bytes))
            {
                var again = await graph.DownloadAsync(url, token, MaxBytes, cancellation);
                isSame = again.AsSpan().SequenceEqual(bytes);
                bytes = again;
            }
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
            return isSame ? new ArrivedMedia(ArrivedMediaState.Damaged, null) : null;
        using var file = new MemoryStream(bytes, writable: false);
        var mimeType = FileType.ExecutableType(bytes) ?? FileType.Inspect(file)?.MimeType ?? "application/octet-stream";
        var taken = await intake.TakeAsync(account, file, mimeType, job.Name, uploaded: false, cancellation);
        return new ArrivedMedia(ArrivedMediaState.Ready, taken.Media);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A file could not be fetched; it will be tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
