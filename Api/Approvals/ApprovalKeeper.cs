using System.Data.Common;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Approvals;

/// <summary>
/// Ends what waited longer than its session, and has accepted what was approved by somebody whose host went away before it was. Each host
/// looks; two that do it at once do it once.
/// </summary>
public sealed partial class ApprovalKeeper(
    ApprovalStore store,
    HeldMessages held,
    TimeProvider clock,
    ILogger<ApprovalKeeper> logger
) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>Longer than the request of whoever approved it lives.</summary>
    private static readonly TimeSpan Interrupted = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, clock, stoppingToken);
            try
            {
                var now = clock.GetUtcNow();
                var closed = await store.CloseAsync(now, AtOnce);
                foreach (var account in closed.Select(row => row.AccountId).Distinct())
                    await held.TellAsync(new AccountId(account), withNotices: true);
                foreach (var row in await store.UnsentAsync(now - Interrupted, AtOnce))
                    await held.SendAsync(row);
            }
            // Whatever it was, the next round looks again; the rows stay as they are.
            catch (Exception failed)
                when (failed is DbException or TimeoutException or Orleans.Runtime.OrleansException or ArgumentException
                    || SqlErrors.IsPassing(failed)
                )
            {
                LogFailed(logger, failed);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What waits for approval could not be looked after; trying again"
    )]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
