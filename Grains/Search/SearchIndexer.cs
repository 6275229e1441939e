using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Threadkeep.Threads;

namespace Threadkeep.Search;

/// <summary>How the search index is kept up.</summary>
public sealed class SearchOptions
{
    /// <summary>
    /// How long the indexer rests after a full batch, in the batch's own time (0 to 20): 1 leaves it half of one of the database's
    /// processes at most, so that webhooks come first when both are behind.
    /// </summary>
    [Range(0.0, 20.0)]
    public double Rest { get; set; } = 1;

    /// <summary>How often a silo looks for changes, in milliseconds (50 to 2,000).</summary>
    [Range(50, 2_000)]
    public int LookEveryMilliseconds { get; set; } = 500;
}

/// <summary>
/// Follows the outbox and writes the search index. Every silo runs one; whoever finds the place free does the next batch, so one
/// works at a time and another goes on when it dies. What cannot be indexed is passed over alone, counted and logged.
/// </summary>
public sealed partial class SearchIndexer : BackgroundService
{
    private const int Batch = 500;

    private static readonly Meter Meter = new("Threadkeep.Search");
    private static readonly Counter<long> Indexed = Meter.CreateCounter<long>("threadkeep.search.indexed", "{message}");
    private static readonly Counter<long> PassedOver = Meter.CreateCounter<long>(
        "threadkeep.search.passed_over",
        "{commit}"
    );
    private static readonly Histogram<double> BatchTime = Meter.CreateHistogram<double>(
        "threadkeep.search.batch",
        "ms"
    );

    private readonly SearchIndex index;
    private readonly SearchOptions options;
    private readonly ILogger<SearchIndexer> logger;
    private double lagSeconds;
    private long leftToFill;

    public SearchIndexer(SearchIndex index, IOptions<SearchOptions> options, ILogger<SearchIndexer> logger)
    {
        (this.index, this.options, this.logger) = (index, options.Value, logger);
        Meter.CreateObservableGauge("threadkeep.search.lag", () => Volatile.Read(ref lagSeconds), "s");
        Meter.CreateObservableGauge("threadkeep.search.left_to_fill", () => Volatile.Read(ref leftToFill), "{message}");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(
            FollowAsync(stoppingToken),
            FillAsync(stoppingToken),
            FoldAnewAsync(stoppingToken),
            MeasureAsync(stoppingToken)
        );
    }

    // Where PostgreSQL refuses a batch, smaller ones find the commit that it refuses.
    private Task FollowAsync(CancellationToken cancellation)
    {
        var limit = Batch;
        return RepeatAsync(
            async () =>
            {
                try
                {
                    var turn = await index.FollowAsync(limit, passOver: false, cancellation);
                    if (turn?.Restarted == true)
                        LogRestarted(logger);
                    limit = Math.Min(Batch, limit * 2);
                    return turn;
                }
                catch (Exception refused) when (!SqlErrors.IsPassing(refused) && !cancellation.IsCancellationRequested)
                {
                    if (limit > 1)
                    {
                        limit = Math.Max(1, limit / 4);
                        return new IndexTurn(0, More: true);
                    }
                    LogPassedOver(logger, refused);
                    PassedOver.Add(1);
                    return await index.FollowAsync(1, passOver: true, cancellation);
                }
            },
            cancellation
        );
    }

    private Task FillAsync(CancellationToken cancellation) =>
        RepeatAsync(() => index.FillAsync(Batch, cancellation), cancellation);

    // Nothing, but after an upgrade, and while silos of the version before still write.
    private Task FoldAnewAsync(CancellationToken cancellation) =>
        RepeatAsync(() => index.FoldAnewAsync(Batch, cancellation), cancellation, TimeSpan.FromSeconds(30));

    private async Task RepeatAsync(Func<Task<IndexTurn?>> work, CancellationToken cancellation, TimeSpan? every = null)
    {
        var look = every ?? TimeSpan.FromMilliseconds(options.LookEveryMilliseconds);
        while (!cancellation.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            IndexTurn? turn = null;
            try
            {
                turn = await work();
            }
            catch (Exception failed) when (!cancellation.IsCancellationRequested)
            {
                LogFailed(logger, failed);
            }
            var took = Stopwatch.GetElapsedTime(begun);
            if (turn is { Messages: > 0 } done)
            {
                Indexed.Add(done.Messages);
                BatchTime.Record(took.TotalMilliseconds);
            }
            var rest = turn is { More: true } ? took * options.Rest : look;
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Apart from the work, so that it tells of work that does not get on.
    private async Task MeasureAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                try
                {
                    Volatile.Write(ref lagSeconds, (await index.LagAsync(cancellation)).TotalSeconds);
                    Volatile.Write(ref leftToFill, await index.LeftToFillAsync(cancellation));
                }
                catch (Exception failed) when (failed is NpgsqlException or TimeoutException or IOException)
                {
                    // Out of reach: the figures stand until it answers again, and the work says so in the log.
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index could not be written; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A commit cannot be indexed and is passed over")]
    private static partial void LogPassedOver(ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database was restored from a dump: everything is indexed again"
    )]
    private static partial void LogRestarted(ILogger logger);
}
