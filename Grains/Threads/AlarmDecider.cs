namespace Threadkeep.Threads;

/// <summary>Decides what a session's alarm does: warn, close, or ring again later. It only announces; the window itself is arithmetic.</summary>
public static class AlarmDecider
{
    /// <summary>When the alarm of a running session is due: at the warning while that lies ahead, else at the end.</summary>
    public static DateTimeOffset NextAlarm(ThreadRow row, DateTimeOffset now)
    {
        var end = SessionWindow.EndOf(row.LastInboundAt)!.Value;
        var warning = end - SessionWindow.Warning;
        return !row.SessionWarned && warning > now ? warning : end;
    }

    /// <summary>What is due at <paramref name="now"/>. Nothing to commit: the alarm is not due yet, or there is none.</summary>
    public static Decision Decide(ThreadState state, DateTimeOffset now)
    {
        var row = state.Row;
        var changes = new ThreadChanges(state, now);
        if (row.SessionSeq is null || row.SessionClosed)
        {
            changes.Visible = false;
            changes.Row = row with { AlarmAt = null };
            return changes.ToDecision();
        }

        var end = SessionWindow.EndOf(row.LastInboundAt)!.Value;
        if (now >= end)
        {
            changes.AddOwn("session_closed", end);
            changes.Row = changes.Row with { SessionClosed = true, AlarmAt = null };
            return changes.ToDecision();
        }
        var warn = !row.SessionWarned && now >= end - SessionWindow.Warning && row.AnswerOwed;
        if (warn)
        {
            changes.AddOwn("session_warning", now, new { endsAt = end });
            changes.Row = changes.Row with { SessionWarned = true };
        }
        changes.Visible = warn;
        changes.Row = changes.Row with { AlarmAt = NextAlarm(changes.Row, now) };
        return changes.ToDecision();
    }
}
