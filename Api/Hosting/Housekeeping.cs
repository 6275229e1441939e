using Threadkeep.Live;
using Threadkeep.Threads;

namespace Threadkeep.Hosting;

/// <summary>Removes outbox rows that every follower has read.</summary>
public sealed partial class Housekeeping(OutboxQueries outbox, TimeProvider clock, ILogger<Housekeeping> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OutboxKept = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, clock, stoppingToken);
            try
            {
                await outbox.RemoveOldAsync(OutboxKept);
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                LogFailed(logger, failed);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old outbox rows could not be removed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
