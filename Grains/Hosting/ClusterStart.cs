using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Messages;
using Threadkeep.Threads;

namespace Threadkeep.Hosting;

/// <summary>Makes sure that what must always run is running: sweeps, and a dispatcher for every connected channel. Repeating it is harmless.</summary>
public sealed partial class ClusterStart(
    IGrainFactory grains,
    ChannelStore channels,
    LeftoverStore leftovers,
    TimeProvider clock,
    ILogger<ClusterStart> logger
) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeepReplayed = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Again;
            try
            {
                for (var shard = 0; shard < GrainKeys.SweepShards; shard++)
                    await grains.GetGrain<ISessionSweepGrain>(shard).Start();
                foreach (var channel in await channels.ConnectedAsync())
                    await grains
                        .GetGrain<IDispatcherGrain>(GrainKeys.Channel(channel.Account, channel.Channel))
                        .Start();
                await leftovers.RemoveExpiredAsync(clock.GetUtcNow(), KeepReplayed);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                LogFailed(logger, failed);
                wait = AfterFailure;
            }
            await Task.Delay(wait, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not everything could be started; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
