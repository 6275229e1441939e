using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Live;

/// <summary>Carries hints from the writers to the live feed grains: gathered while the last batch is on its way, dropped when too many wait.</summary>
public sealed class ThreadHints(IGrainFactory grains) : BackgroundService, IThreadHints
{
    private readonly Channel<ThreadHint> waiting = Channel.CreateBounded<ThreadHint>(
        new BoundedChannelOptions(20_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
    );

    public void Changed(ThreadHint hint) => waiting.Writer.TryWrite(hint);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new Dictionary<ThreadId, ThreadHint>();
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < 500 && waiting.Reader.TryRead(out var hint))
                batch[hint.Thread] = hint; // the newest revision stands for those before it
            foreach (var shard in batch.Values.GroupBy(h => GrainKeys.LiveFeedShard(h.Account)))
                grains.GetGrain<ILiveFeedGrain>(shard.Key).Publish([.. shard]).Ignore();
            batch.Clear();
        }
    }
}
