using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Assignment;
using Threadkeep.Channels;
using Threadkeep.Messages;
using Threadkeep.Threads;

namespace Threadkeep.Hosting;

/// <summary>Makes sure that what must always run is running: sweeps, a dispatcher for every connected channel, and assignment where an account has rules. Repeating it is harmless.</summary>
public sealed partial class ClusterStart(
    IGrainFactory grains,
    ChannelStore channels,
    RoutingStore routing,
    AssignmentNudges nudges,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<ClusterStart> logger
) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TemplatesKept = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LimitsKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan LimitsAgain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ChannelId, DateTimeOffset> synced = [];
    private readonly Dictionary<ChannelId, DateTimeOffset> limitsAsked = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before the silo is active no grain can be placed.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Again;
            try
            {
                for (var shard = 0; shard < GrainKeys.SweepShards; shard++)
                    await grains.GetGrain<ISessionSweepGrain>(shard).Start();
                var assigning = await routing.WatchedAsync();
                nudges.Watch(assigning);
                foreach (var account in assigning)
                    await grains.GetGrain<IAssignmentGrain>(account.ToString()).Start();
                foreach (var channel in await channels.ConnectedAsync())
                    await StartAsync(channel);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                LogFailed(logger, failed);
                wait = AfterFailure;
            }
            await Task.Delay(wait, stoppingToken);
        }
    }

    private async Task StartAsync(ChannelRecord channel)
    {
        var key = GrainKeys.Channel(channel.Account, channel.Channel);
        await grains.GetGrain<IDispatcherGrain>(key).Start();
        var now = clock.GetUtcNow();
        if (synced.TryGetValue(channel.Channel, out var last) && now - last < TemplatesKept)
            return;
        if (
            !(channel.LimitsReadAt > now - LimitsKept)
            && !(limitsAsked.TryGetValue(channel.Channel, out var asked) && asked > now - LimitsAgain)
        )
        {
            limitsAsked[channel.Channel] = now;
            await grains.GetGrain<IChannelGrain>(key).ReadLimits();
        }
        try
        {
            await grains.GetGrain<IChannelGrain>(key).SyncTemplates();
            await grains.GetGrain<IChannelGrain>(key).ReplayLeftovers();
            synced[channel.Channel] = now;
        }
        catch (ChannelUnavailableException unreachable)
        {
            LogNotSynced(logger, unreachable.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A channel's templates could not be fetched: {Reason}")]
    private static partial void LogNotSynced(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not everything could be started; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
