using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Threadkeep.Threads;

namespace Threadkeep.Operations;

/// <summary>
/// Writes every 5 seconds what this process has to say about itself into <c>host_reports</c>: so whichever Api host an operator
/// meets can tell about all of them.
/// </summary>
public sealed partial class HostReporter(
    string kind,
    Func<IServiceProvider, string> host,
    IServiceProvider services,
    NpgsqlDataSource database,
    ILogger<HostReporter> logger
) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly RecentMetrics metrics = new();
    private readonly DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
    private (TimeSpan Cpu, long At) before = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());

    public override void Dispose()
    {
        metrics.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The system's clock, whatever the product's is: these are the process's own figures.
        using var timer = new PeriodicTimer(Every);
        metrics.Tick();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            metrics.Tick();
            try
            {
                await WriteAsync(stoppingToken);
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                LogFailed(logger, failed);
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(
            """
            insert into threadkeep.host_reports (host, kind, started_at, reported_at, report)
            values (@host, @kind, @startedAt, clock_timestamp(), @report::jsonb)
            on conflict (host) do update
            set started_at = excluded.started_at, reported_at = excluded.reported_at, report = excluded.report
            """,
            new
            {
                host = host(services),
                kind,
                startedAt,
                report = JsonSerializer.Serialize(Report(), JsonSerializerOptions.Web),
            }
        );
    }

    private HostReport Report()
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var at = TimeProvider.System.GetTimestamp();
        var share = (cpu - before.Cpu) / TimeProvider.System.GetElapsedTime(before.At, at) / Environment.ProcessorCount;
        before = (cpu, at);
        var report = new HostReport { CpuPercent = 100 * share, MemoryBytes = Environment.WorkingSet };
        return kind == "silo"
            ? report with
            {
                Writers = [Writer("threads", "CommitWriter"), Writer("statuses", "StatusWriter")],
                Sends = new SendReport(Sent("accepted"), Sent("refused"), Sent("retry_later"), Sent("unknown")),
            }
            : report with
            {
                Webhooks = Webhooks(),
                Feed = new FeedReport(
                    (int)metrics.Gauge("threadkeep.live.browsers"),
                    metrics.Of("threadkeep.live.hints").PerSecond,
                    metrics.Of("threadkeep.live.resyncs").PerSecond * 60
                ),
            };

        double Sent(string outcome) => metrics.Of("threadkeep.sends.post", outcome).PerSecond;
    }

    private WriterReport Writer(string name, string writer)
    {
        var batch = metrics.Of("threadkeep.writer.batch", writer);
        var statement = metrics.Of("threadkeep.writer.statement", writer);
        return new WriterReport(
            name,
            (int)metrics.Gauge("threadkeep.writer.waiting", writer),
            statement.PerSecond,
            batch.P50,
            batch.P99,
            statement.P50,
            statement.P99,
            metrics.Of("threadkeep.writer.turned_away", writer).PerSecond
        );
    }

    private WebhookReport Webhooks()
    {
        var acknowledged = metrics.Of(RecentMetrics.Requests, 200);
        return new WebhookReport(
            acknowledged.PerSecond,
            metrics.Of(RecentMetrics.Requests, 503).PerSecond,
            metrics
                .TagsOf(RecentMetrics.Requests)
                .OfType<int>()
                .Where(status => status is >= 400 and < 500)
                .Sum(status => metrics.Of(RecentMetrics.Requests, status).PerSecond),
            acknowledged.P50 * 1_000, // it measures seconds
            acknowledged.P99 * 1_000
        );
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "This process's figures could not be written")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

/// <summary>Registers <see cref="HostReporter"/>.</summary>
public static class HostReports
{
    /// <param name="kind"><c>api</c> or <c>silo</c>.</param>
    /// <param name="host">Its name among all, once everything is started.</param>
    public static void AddHostReports(
        this IHostApplicationBuilder builder,
        string kind,
        Func<IServiceProvider, string> host
    ) =>
        builder.Services.AddHostedService(p => new HostReporter(
            kind,
            host,
            p,
            p.GetRequiredService<NpgsqlDataSource>(),
            p.GetRequiredService<ILogger<HostReporter>>()
        ));
}
