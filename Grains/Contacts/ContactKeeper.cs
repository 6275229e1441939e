using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Threadkeep.Threads;

namespace Threadkeep.Contacts;

/// <summary>
/// Keeps contacts up with what messages bring (<see cref="ContactUpkeep"/>). Every silo runs one; whoever finds the place free does the
/// next batch, so one works at a time and another goes on when it dies.
/// </summary>
public sealed partial class ContactKeeper : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(400);
    private static readonly Meter Meter = new("Threadkeep.Contacts");

    private readonly ContactUpkeep upkeep;
    private readonly IThreadHints hints;
    private readonly ILogger<ContactKeeper> logger;
    private double lagSeconds;

    public ContactKeeper(ContactUpkeep upkeep, IThreadHints hints, ILogger<ContactKeeper> logger)
    {
        (this.upkeep, this.hints, this.logger) = (upkeep, hints, logger);
        Meter.CreateObservableGauge("threadkeep.contacts.lag", () => Volatile.Read(ref lagSeconds), "s");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            FollowAsync(stoppingToken),
            RepeatAsync(() => upkeep.FillAsync(Batch, stoppingToken), stoppingToken),
            MeasureAsync(stoppingToken)
        );

    // Apart from the work, so that it tells of work that does not get on.
    private async Task MeasureAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                try
                {
                    Volatile.Write(ref lagSeconds, (await upkeep.LagAsync(cancellation)).TotalSeconds);
                }
                catch (Exception failed) when (failed is NpgsqlException or TimeoutException or IOException)
                {
                    // Out of reach: the figure stands until it answers again, and the work says so in the log.
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
    }

    // Where PostgreSQL refuses a batch, smaller ones find the commit that it refuses, and that one is passed over.
    private Task FollowAsync(CancellationToken cancellation)
    {
        var limit = Batch;
        return RepeatAsync(
            async () =>
            {
                try
                {
                    var turn = await upkeep.FollowAsync(limit, passOver: false, cancellation);
                    limit = Math.Min(Batch, limit * 2);
                    return turn;
                }
                catch (Exception refused) when (!SqlErrors.IsPassing(refused) && !cancellation.IsCancellationRequested)
                {
                    if (limit > 1)
                    {
                        limit = Math.Max(1, limit / 4);
                        return new UpkeepTurn(More: true, []);
                    }
                    LogPassedOver(logger, refused);
                    return await upkeep.FollowAsync(1, passOver: true, cancellation);
                }
            },
            cancellation
        );
    }

    private async Task RepeatAsync(Func<Task<UpkeepTurn?>> work, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            UpkeepTurn? turn = null;
            try
            {
                turn = await work();
            }
            catch (Exception failed) when (!cancellation.IsCancellationRequested)
            {
                LogFailed(logger, failed);
            }
            foreach (var hint in turn?.Hints ?? [])
                hints.Changed(hint);
            if (turn is not { More: true })
                await Task.Delay(Look, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Contacts could not be kept up; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A contact cannot be kept up and is passed over")]
    private static partial void LogPassedOver(ILogger logger, Exception exception);
}
