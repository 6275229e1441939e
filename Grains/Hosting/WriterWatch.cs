using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Threadkeep.Search;
using Threadkeep.Threads;

namespace Threadkeep.Hosting;

/// <summary>
/// Ends connections of ours that hold locks while PostgreSQL waits for the rest of their message, or for somebody to take its answer:
/// the process behind them is frozen. No server time-out covers this state. Every silo watches over all, so a healthy one waits for a
/// frozen one little more than a second (docs/adr/013-frozen-processes.md).
/// </summary>
public sealed partial class WriterWatch(NpgsqlDataSource database, ILogger<WriterWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Ours =
    [
        WriterDataSource.ApplicationName,
        SearchDatabase.IndexerName,
        "threadkeep-silo",
        "threadkeep-api",
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                var ended = await connection.ExecuteScalarAsync<long>(
                    """
                    select count(pg_terminate_backend(pid))
                    from pg_stat_activity frozen
                    where application_name = any(@ours) and datname = current_database()
                        and (state = 'active' and wait_event in ('ClientRead', 'ClientWrite')
                                and query_start < clock_timestamp() - interval '2 seconds'
                            or state = 'idle in transaction' and state_change < clock_timestamp() - interval '10 seconds'
                            -- Somebody waits for it: it gets less time. Only those who wait are asked for whom: that is not cheap.
                            or state = 'active' and wait_event in ('ClientRead', 'ClientWrite')
                                and query_start < clock_timestamp() - interval '1 second'
                                and exists (
                                    select from pg_stat_activity w
                                    where w.datname = current_database() and w.wait_event_type = 'Lock'
                                        and frozen.pid = any(pg_blocking_pids(w.pid))))
                    """,
                    new { ours = Ours }
                );
                if (ended > 0)
                    LogEnded(logger, ended);
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                LogFailed(logger, failed);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended {Count} connections of a frozen process")]
    private static partial void LogEnded(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The connections could not be looked at")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
