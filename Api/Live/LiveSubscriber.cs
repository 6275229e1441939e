using System.Diagnostics;
using System.Diagnostics.Metrics;
using Threadkeep.Accounts;
using Threadkeep.Storage;

namespace Threadkeep.Live;

/// <summary>
/// This host's ear at the live feed: one observer, renewed every 30 s at every shard. A number that does not come, or another epoch,
/// means that hints were missed (<see cref="FeedEar"/>): browsers are told to refetch. At each renewal the last 90 s of the outbox are read as well,
/// so that whatever the quick path lost is passed on within 30 s.
/// </summary>
public sealed partial class LiveSubscriber(
    IClusterClient cluster,
    LiveHub hub,
    OutboxQueries outbox,
    TimeProvider clock,
    ILogger<LiveSubscriber> logger
) : BackgroundService, ILiveObserver
{
    private static readonly Meter Meter = new("Threadkeep.Live");
    private static readonly Counter<long> Hints = Meter.CreateCounter<long>("threadkeep.live.hints", "{hint}");
    private static readonly Counter<long> Missed = Meter.CreateCounter<long>(
        "threadkeep.live.resyncs",
        description: "How often browsers were told to refetch, because hints may have been missed"
    );

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookBack = TimeSpan.FromSeconds(90);

    private readonly FeedEar[] ears = [.. Enumerable.Range(0, GrainKeys.LiveFeedShards).Select(_ => new FeedEar())];

    public Task Changed(int shard, FeedPosition position, ThreadHint[] hints)
    {
        using var span = Tracing.Source.StartActivity("live hints to browsers", ActivityKind.Consumer);
        Hints.Add(hints.Length);
        bool missed;
        lock (ears[shard])
            missed = ears[shard].Hear(position, clock.GetUtcNow());
        foreach (var hint in hints)
            hub.Changed(hint);
        if (missed)
            ResyncShard(shard);
        return Task.CompletedTask;
    }

    public Task Told(Presence presence)
    {
        hub.Told(presence);
        return Task.CompletedTask;
    }

    public Task AccountChanged(AccountHint hint)
    {
        hub.Told(hint);
        return Task.CompletedTask;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RenewAllAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task RenewAllAsync(CancellationToken stoppingToken)
    {
        var self = cluster.CreateObjectReference<ILiveObserver>(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = RenewEvery;
            try
            {
                await Task.WhenAll(Enumerable.Range(0, GrainKeys.LiveFeedShards).Select(s => RenewAsync(s, self)));
                if (hub.Accounts is { Length: > 0 } accounts)
                {
                    foreach (var hint in await outbox.ChangedAsync(accounts, LookBack))
                        hub.Changed(hint);
                }
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                LogFailed(logger, failed);
                hub.Resync(_ => true);
                wait = TimeSpan.FromSeconds(2);
            }
            await Task.Delay(wait, clock, stoppingToken);
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FeedEar.Patience, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            for (var shard = 0; shard < ears.Length; shard++)
            {
                bool missed;
                lock (ears[shard])
                    missed = ears[shard].HasMissed(clock.GetUtcNow());
                if (missed)
                    ResyncShard(shard);
            }
        }
    }

    private async Task RenewAsync(int shard, ILiveObserver self)
    {
        var position = await cluster.GetGrain<ILiveFeedGrain>(shard).Subscribe(self);
        bool missed;
        lock (ears[shard])
            missed = ears[shard].Compare(position, clock.GetUtcNow());
        if (missed)
            ResyncShard(shard);
    }

    private void ResyncShard(int shard)
    {
        Missed.Add(1);
        hub.Resync(account => GrainKeys.LiveFeedShard(account) == shard);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The live feed could not be renewed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
