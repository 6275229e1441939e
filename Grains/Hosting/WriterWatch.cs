using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Threadkeep.Search;
using Threadkeep.Threads;

namespace Threadkeep.Hosting;

/// <summary>
/// Ends writer connections that hold locks while PostgreSQL waits for the rest of their message: the silo behind them is frozen.
/// No server time-out covers this state. Every silo watches over all, so a healthy one never waits long for a frozen one.
/// </summary>
public sealed partial class WriterWatch(NpgsqlDataSource database, ILogger<WriterWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly string[] Watched = [WriterDataSource.ApplicationName, SearchDatabase.IndexerName];

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
                    from pg_stat_activity
                    where application_name = any(@writers) and datname = current_database()
                        and state = 'active' and wait_event = 'ClientRead' and query_start < clock_timestamp() - interval '2 seconds'
                    """,
                    new { writers = Watched }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended {Count} writer connections of a frozen process")]
    private static partial void LogEnded(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The writers could not be looked at")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
