using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Threadkeep.Accounts;
using Threadkeep.Storage;
using Threadkeep.Threads;

namespace Threadkeep.Live;

/// <summary>Carries hints from the writers to the live feed grains: gathered while the last batch is on its way, dropped when too many wait.</summary>
public sealed class ThreadHints(IGrainFactory grains) : BackgroundService, IThreadHints
{
    private static readonly Meter Meter = new("Threadkeep.Live");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "threadkeep.live.dropped",
        "{hint}",
        "Hints that the live feed did not take in time; the outbox makes up for them"
    );

    private readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(20_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => Dropped.Add(1)
    );

    public void Changed(ThreadHint hint) => waiting.Writer.TryWrite(new Waiting(hint, Tracing.Caller));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new Dictionary<ThreadId, Waiting>();
        var feeds = new ILiveFeedGrain?[GrainKeys.LiveFeedShards];
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < 500 && waiting.Reader.TryRead(out var next))
                batch[next.Hint.Thread] = next; // the newest revision stands for those before it
            foreach (var shard in batch.Values.GroupBy(w => GrainKeys.LiveFeedShard(w.Hint.Account)))
            {
                using var span = Tracing.StartShared("live hints", shard.Select(w => w.Caller));
                var feed = feeds[shard.Key] ??= grains.GetGrain<ILiveFeedGrain>(shard.Key);
                feed.Publish([.. shard.Select(w => w.Hint)]).Ignore();
            }
            batch.Clear();
        }
    }

    private readonly record struct Waiting(ThreadHint Hint, Activity? Caller);
}
