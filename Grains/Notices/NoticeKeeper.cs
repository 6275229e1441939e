using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Threadkeep.Live;
using Threadkeep.Threads;

namespace Threadkeep.Notices;

/// <summary>How people are told.</summary>
public sealed class NoticeOptions
{
    /// <summary>How often a silo looks for what has happened, in milliseconds (50 to 5,000).</summary>
    [Range(50, 5_000)]
    public int LookEveryMilliseconds { get; set; } = 500;

    /// <summary>
    /// How long it rests after a full batch, in the batch's own time (0 to 20): 2 leaves it a third of one of the database's processes at
    /// most, so that webhooks come first when both are behind.
    /// </summary>
    [Range(0.0, 20.0)]
    public double Rest { get; set; } = 2;

    /// <summary>How often it looks for what no commit tells of (tickets due soon, quota, channels), in seconds (1 to 300).</summary>
    [Range(1, 300)]
    public int LookAroundSeconds { get; set; } = 15;

    /// <summary>How many minutes before it is overdue a ticket is due soon (1 to 240).</summary>
    [Range(1, 240)]
    public int DueSoonMinutes { get; set; } = 15;
}

/// <summary>
/// Follows the outbox and tells people (<see cref="NoticeDecider"/>). Every silo runs one; whoever finds the place free does the next
/// batch, so one works at a time and another goes on when it dies. What cannot be told is passed over alone, and logged.
/// </summary>
public sealed partial class NoticeKeeper : BackgroundService
{
    private const int Batch = 500;
    private static readonly Meter Meter = new("Threadkeep.Notices");
    private static readonly Counter<long> Told = Meter.CreateCounter<long>("threadkeep.notices.told", "{notice}");

    private readonly NoticeLog log;
    private readonly IGrainFactory grains;
    private readonly TimeProvider clock;
    private readonly NoticeOptions options;
    private readonly ILogger<NoticeKeeper> logger;
    private long lookedAround;
    private double lagSeconds;

    public NoticeKeeper(
        NoticeLog log,
        IGrainFactory grains,
        TimeProvider clock,
        IOptions<NoticeOptions> options,
        ILogger<NoticeKeeper> logger
    )
    {
        (this.log, this.grains, this.clock, this.options, this.logger) = (log, grains, clock, options.Value, logger);
        Meter.CreateObservableGauge("threadkeep.notices.lag", () => Volatile.Read(ref lagSeconds), "s");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FollowAsync(stoppingToken), MeasureAsync(stoppingToken));

    // Where PostgreSQL refuses a batch, smaller ones find the commit that it refuses, and that one is passed over.
    private async Task FollowAsync(CancellationToken cancellation)
    {
        var limit = Batch;
        while (!cancellation.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            var more = false;
            try
            {
                more = await TurnAsync(limit, passOver: false, cancellation);
                limit = Math.Min(Batch, limit * 2);
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed) && !cancellation.IsCancellationRequested)
            {
                LogFailed(logger, failed);
            }
            catch (Exception refused) when (!cancellation.IsCancellationRequested)
            {
                (more, limit) = await LessAsync(limit, refused, cancellation);
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            var rest = more
                ? Stopwatch.GetElapsedTime(begun) * options.Rest
                : TimeSpan.FromMilliseconds(options.LookEveryMilliseconds);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(bool More, int Limit)> LessAsync(int limit, Exception refused, CancellationToken cancellation)
    {
        if (limit > 1)
            return (true, Math.Max(1, limit / 4));
        LogPassedOver(logger, refused);
        try
        {
            return (await TurnAsync(1, passOver: true, cancellation), 1);
        }
        catch (Exception failed) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, failed);
            return (false, 1);
        }
    }

    /// <summary>One turn; true where more may wait.</summary>
    private async Task<bool> TurnAsync(int limit, bool passOver, CancellationToken cancellation)
    {
        await using var turn = await log.TakeAsync(limit, cancellation);
        if (turn is null)
            return false;
        var notices = passOver ? [] : await DecideAsync(turn);
        var told = notices.Count == 0 ? [] : await turn.AddAsync(notices);
        await turn.CommitAsync(cancellation);
        Told.Add(told.Count);
        foreach (var account in told.GroupBy(t => t.Account))
            // A hint that is lost is made up for within a minute.
            grains
                .TellAccountAsync(account.Key, AccountHint.Notices, [.. account.Select(t => t.Agent.Value)])
                .Ignore();
        return turn.More;
    }

    private async Task<IReadOnlyList<NewNotice>> DecideAsync(NoticeTurn turn)
    {
        var now = clock.GetUtcNow();
        var items = await turn.ItemsAsync(now);
        await turn.MarkAsync(items);
        IReadOnlyList<DueTicket> due = [];
        IReadOnlyList<AccountMatter> matters = [];
        // By the machine's own pace: what is looked for is a few rows, and telling of it again adds nothing.
        if (
            lookedAround == 0
            || Stopwatch.GetElapsedTime(lookedAround) >= TimeSpan.FromSeconds(options.LookAroundSeconds)
        )
        {
            lookedAround = Stopwatch.GetTimestamp();
            due = await turn.DueAsync(now, now.AddMinutes(options.DueSoonMinutes));
            matters = await turn.MattersAsync();
        }
        if (items.Count + due.Count + matters.Count == 0)
            return [];
        var people = await turn.PeopleAsync([
            .. items.Select(i => i.AccountId),
            .. due.Select(d => d.AccountId),
            .. matters.Select(m => m.AccountId),
        ]);
        return
        [
            .. NoticeDecider.Decide(items, people),
            .. NoticeDecider.DueSoon(due, people, now),
            .. NoticeDecider.Matters(matters, people, now),
        ];
    }

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
                    Volatile.Write(ref lagSeconds, (await log.LagAsync(cancellation)).TotalSeconds);
                }
                catch (Exception failed) when (failed is NpgsqlException or TimeoutException or IOException)
                {
                    // Out of reach: the figure stands until it answers again, and the work says so in the log.
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "People could not be told; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody can be told of a commit, and it is passed over")]
    private static partial void LogPassedOver(ILogger logger, Exception exception);
}
