using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Hosting;

namespace Threadkeep.Threads;

/// <summary>
/// The net beneath the session reminders: threads whose alarm is overdue by minutes are called, oldest first and a few at a
/// time; one that fails waits longer each time. It also wakes tickets whose snooze is over, and notes those that are overdue.
/// </summary>
[GrainType("session-sweep")]
public sealed partial class SessionSweepGrain(ThreadStore store, TimeProvider clock, ILogger<SessionSweepGrain> logger)
    : Grain,
        ISessionSweepGrain,
        IRemindable
{
    /// <summary>Reminders have this long to ring by themselves.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Meter Meter = new("Threadkeep.Alarms");
    private static readonly Counter<long> Swept = Meter.CreateCounter<long>("threadkeep.alarms.swept", "{thread}");

    private const int AtOnce = 8;
    private const int PerSweep = 400;
    private const string ReminderName = "sweep";

    private readonly Dictionary<ThreadId, (int Failures, DateTimeOffset NotBefore)> failing = [];

    public Task Start() => MinuteReminder.EnsureAsync(this, ReminderName);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    public async Task<int> Sweep()
    {
        var now = clock.GetUtcNow();
        var overdue = await store.OverdueAlarmsAsync(
            now - Patience,
            (int)this.GetPrimaryKeyLong(),
            GrainKeys.SweepShards,
            PerSweep
        );
        var due = overdue.Where(o => !failing.TryGetValue(o.Thread, out var f) || f.NotBefore <= now).ToArray();
        Swept.Add(due.Length);
        foreach (var some in due.Chunk(AtOnce))
            await Task.WhenAll(some.Select(o => CallAsync(o.Account, o.Thread, now, t => t.CheckAlarm())));
        return due.Length + await WakeAsync(now);
    }

    // Tickets that were put off, or are due: no reminder of their own, only a column with an index.
    private async Task<int> WakeAsync(DateTimeOffset now)
    {
        var overdue = await store.OverdueTicketsAsync(
            now,
            (int)this.GetPrimaryKeyLong(),
            GrainKeys.SweepShards,
            PerSweep
        );
        foreach (var some in overdue.Chunk(AtOnce))
            await Task.WhenAll(some.Select(o => CallAsync(o.Account, o.Thread, now, t => t.CheckSnooze())));
        return overdue.Count;
    }

    private async Task CallAsync(AccountId account, ThreadId thread, DateTimeOffset now, Func<IThreadGrain, Task> call)
    {
        try
        {
            await call(GrainFactory.GetGrain<IThreadGrain>(GrainKeys.Thread(account, thread)));
            failing.Remove(thread);
        }
        catch (Exception failed)
        {
            var failures = failing.TryGetValue(thread, out var f) ? f.Failures + 1 : 1;
            failing[thread] = (failures, now + TimeSpan.FromMinutes(Math.Min(60, 1 << Math.Min(failures, 6))));
            LogFailed(logger, failures, failed);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A thread's overdue alarm or snooze failed {Failures} times")]
    private static partial void LogFailed(ILogger logger, int failures, Exception exception);
}
