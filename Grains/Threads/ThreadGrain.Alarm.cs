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
        var seen = await LoadAsync();
        var owedAgain = await IsOwedAgainAsync(seen, now);
        await DecideAndCommitAsync(state =>
            !state.Exists ? new Decision(null, state)
            : owedAgain && state.Row.LastSeq == seen.Row.LastSeq
                ? AlarmDecider.Decide(state with { Row = state.Row with { AnswerOwed = true } }, now)
            : AlarmDecider.Decide(state, now)
        );
        await ArmAsync();
    }

    // Accepting an answer means that none is owed, until it fails; most failures are told by a status, which no thread sees.
    private async Task<bool> IsOwedAgainAsync(ThreadState state, DateTimeOffset now) =>
        state.Exists
        && !state.Row.AnswerOwed
        && AlarmDecider.MayWarn(state.Row, now)
        && await store.AnswerIsOwedAsync(state.Account, state.Thread, InboundKind.QuietTypes);

    // An answer that fails when the time to warn has passed: the alarm looks once more.
    private void CheckAfterwards() =>
        this.RegisterGrainTimer(
            static (self, _) => self.CheckAlarm(),
            this,
            new GrainTimerCreationOptions(TimeSpan.FromMilliseconds(100), Timeout.InfiniteTimeSpan)
        );

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
        try
        {
            var state = await LoadAsync();
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
            AlarmGate.NoteNotArmed();
            LogNotArmed(logger, failed);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A session's reminder could not be set; the sweep will find it")]
    private static partial void LogNotArmed(ILogger logger, Exception exception);
}
