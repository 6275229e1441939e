using Microsoft.Extensions.Logging;

namespace Threadkeep.Threads;

/// <summary>The session's alarm: one Orleans reminder per open session, which only announces what the arithmetic says.</summary>
public sealed partial class ThreadGrain
{
    private const string AlarmName = "session";

    /// <summary>A missed tick comes again after one period; the shorter, the sooner a warning is made up for.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMinutes(5);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!services.AlarmGate.TryEnter())
            return; // full: it comes again in five minutes
        try
        {
            await CheckAlarm();
        }
        finally
        {
            services.AlarmGate.Leave();
        }
    }

    public async Task CheckAlarm()
    {
        var now = Clock.GetUtcNow();
        await DecideAndCommitAsync(state => state.Exists ? AlarmDecider.Decide(state, now) : new Decision(null, state));
        await ArmAsync();
    }

    // After the answer: the customer's message must not wait for a second commit.
    private void ArmAfterwards() =>
        this.RegisterGrainTimer(
            static (self, _) => self.ArmAsync(),
            this,
            new GrainTimerCreationOptions(ThreadServices.Jitter(TimeSpan.FromSeconds(5)), Timeout.InfiniteTimeSpan)
            {
                Interleave = true,
            }
        );

    private async Task ArmAsync()
    {
        var state = await LoadAsync();
        try
        {
            if (state.Row.AlarmAt is { } at)
            {
                var due = at - Clock.GetUtcNow();
                await this.RegisterOrUpdateReminder(AlarmName, due > TimeSpan.Zero ? due : TimeSpan.Zero, RetryPeriod);
            }
            else if (await this.GetReminder(AlarmName) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }
        }
        catch (Exception failed)
        {
            // The sweep finds threads whose reminder was lost.
            LogNotArmed(logger, failed);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A session's reminder could not be set; the sweep will find it")]
    private static partial void LogNotArmed(ILogger logger, Exception exception);
}
