using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;

namespace Threadkeep.Media;

/// <summary>
/// Looks after files that are there. Every silo runs one. What the scanner was not asked, or could not answer, it is asked again: each claims
/// its own. What nothing points at any more is removed: whoever finds the place free does the next batch.
/// </summary>
public sealed partial class MediaKeeper(
    MediaIndex index,
    IMediaStore store,
    VirusScanner scanner,
    MediaCollector collector,
    IOptions<MediaOptions> options,
    TimeProvider clock,
    ILogger<MediaKeeper> logger
) : BackgroundService
{
    private const int AtOnce = 4;

    // Rows are locked until a batch's files are gone.
    private const int CollectedAtOnce = 20;

    private TimeSpan LookEvery => TimeSpan.FromSeconds(options.Value.LookEverySeconds);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Neither keeps the other from its turn.
            await TryAsync(ScanAsync, stoppingToken);
            await TryAsync(CollectAsync, stoppingToken);
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (Exception failed) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, failed);
        }
    }

    private async Task CollectAsync(CancellationToken cancellation)
    {
        while (await collector.CollectAsync(CollectedAtOnce, cancellation) == CollectedAtOnce) { }
    }

    // Until none is due, or the scanner does not answer: then the rest need not be read.
    private async Task ScanAsync(CancellationToken cancellation)
    {
        if (!scanner.IsOn)
            return;
        var answers = true;
        while (answers)
        {
            // A claim holds until the next look: what has got no verdict by then is tried again.
            var files = await index.ClaimUnscannedAsync(clock.GetUtcNow(), LookEvery, AtOnce);
            if (files.Count == 0)
                return;
            var verdicts = await Task.WhenAll(
                files.Select(f => ScanAsync(new AccountId(f.AccountId), f.Sha256, cancellation))
            );
            answers = verdicts.Any(v => v);
        }
    }

    // False: no verdict.
    private async Task<bool> ScanAsync(AccountId account, string sha256, CancellationToken cancellation)
    {
        await using var file = await store.OpenAsync(account, sha256, cancellation);
        if (file is null)
            return true;
        if (await scanner.ScanAsync(file, cancellation) is not { } scan || scan == FileScan.Waiting)
            return false;
        await index.ScannedAsync(account, sha256, scan);
        if (scan == FileScan.Infected)
            await store.DeleteAsync(account, sha256, cancellation);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files could not be looked after; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
