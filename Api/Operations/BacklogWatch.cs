using System.Diagnostics.Metrics;
using Threadkeep.Threads;

namespace Threadkeep.Operations;

/// <summary>
/// Looks every 15 seconds at what waits in the database and offers it as gauges: the queue's age says more than any counter. Every Api
/// host tells the same figures; take the largest.
/// </summary>
public sealed partial class BacklogWatch(OperationsQueries queries, TimeProvider clock, ILogger<BacklogWatch> logger)
    : BackgroundService
{
    /// <summary>Reminders ring within seconds, the sweep comes after two minutes: later than this something is wrong.</summary>
    public static readonly TimeSpan AlarmPatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly Meter meter = new("Threadkeep.Backlog");
    private Backlog? last;

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Gauge("threadkeep.outbound.waiting", "{message}", b => b.Outbound);
        Gauge("threadkeep.outbound.oldest", "s", b => b.OutboundOldest);
        Gauge("threadkeep.leftovers.open", "{item}", b => b.Leftovers);
        Gauge("threadkeep.alarms.overdue", "{thread}", b => b.Overdue);
        Gauge("threadkeep.alarms.lag", "s", b => b.AlarmLag);
        Gauge("threadkeep.reminders", "{reminder}", b => b.Reminders);
        Gauge("threadkeep.media.waiting", "{file}", b => b.MediaJobs);
        using var timer = new PeriodicTimer(Every);
        do
        {
            try
            {
                last = await queries.BacklogAsync(clock.GetUtcNow(), AlarmPatience);
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                last = null; // no figure is better than an old one
                LogFailed(logger, failed);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Gauge(string name, string unit, Func<Backlog, double> value) =>
        meter.CreateObservableGauge<double>(
            name,
            () => last is { } known ? [new Measurement<double>(value(known))] : [],
            unit
        );

    [LoggerMessage(Level = LogLevel.Debug, Message = "The backlog could not be read")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
