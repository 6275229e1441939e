using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Threadkeep.Channels;
using Threadkeep.Drafts;
using Threadkeep.Live;
using Threadkeep.Messages;
using Threadkeep.Notices;
using Threadkeep.Operations;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.Views;

namespace Threadkeep.Hosting;

/// <summary>How long what nobody needs any more is kept.</summary>
public sealed class RetentionOptions
{
    /// <summary>Days that people find what they were told, seen or not (1 to 3,650).</summary>
    [Range(1, 3_650)]
    public int NoticeDays { get; set; } = 90;
}

/// <summary>Removes what has outlived its use. Two hosts doing it at once do no harm.</summary>
public sealed partial class Housekeeping(
    OutboxQueries outbox,
    LeftoverStore leftovers,
    MessageQueries messages,
    OperationsQueries operations,
    AttemptStore attempts,
    ViewStore views,
    DraftStore drafts,
    NoticeStore notices,
    IOptions<RetentionOptions> retention,
    TimeProvider clock,
    ILogger<Housekeeping> logger
) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>Followers read the last 90 s.</summary>
    private static readonly TimeSpan OutboxKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan ReplayedKept = TimeSpan.FromDays(30);

    private static readonly TimeSpan DraftsKept = TimeSpan.FromDays(90);

    /// <summary>Callers may repeat a send for at least 7 days.</summary>
    private static readonly TimeSpan KeysKept = TimeSpan.FromDays(14);

    /// <summary>As long as a browser keeps the cookie.</summary>
    private static readonly TimeSpan DevicesKept = TimeSpan.FromDays(180);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, clock, stoppingToken);
            try
            {
                var now = clock.GetUtcNow();
                await outbox.RemoveOldAsync(OutboxKept);
                await leftovers.RemoveExpiredAsync(now, ReplayedKept);
                if (await leftovers.RemoveBeyondAsync(LeftoverStore.MostUnclaimed) is > 0 and var removed)
                    LogBeyond(logger, removed);
                await messages.RemoveKeysAsync(now - KeysKept);
                await operations.RemoveSilentAsync();
                await attempts.RemoveOldAsync(now, DevicesKept);
                await views.RemoveDeletedAsync(now - ReplayedKept);
                await drafts.RemoveOldAsync(now - DraftsKept);
                await notices.RemoveOldAsync(now - TimeSpan.FromDays(retention.Value.NoticeDays));
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                LogFailed(logger, failed);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} leftovers of numbers that nobody has connected went beyond the bound and were removed"
    )]
    private static partial void LogBeyond(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old rows could not be removed; trying again later")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
