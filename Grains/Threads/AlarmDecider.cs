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
        changes.Visible = Warn(changes, now);
        changes.Row = changes.Row with { AlarmAt = NextAlarm(changes.Row, now) };
        return changes.ToDecision();
    }

    /// <summary>
    /// After customers' messages: sets the alarm of a session that has none. One that is set stays, since ringing too early only makes
    /// it ring again; but a late message may owe an answer when the time to warn has passed already, or bring that time before the
    /// alarm: then it warns at once, or puts the alarm forward.
    /// </summary>
    internal static void AfterMessages(ThreadChanges changes, DateTimeOffset now)
    {
        if (changes.Row.SessionSeq is null || changes.Row.SessionClosed)
            return;
        Warn(changes, now);
        var due = NextAlarm(changes.Row, now);
        if (changes.Row.AlarmAt is null || due < changes.Row.AlarmAt)
            changes.Row = changes.Row with { AlarmAt = due };
    }

    /// <summary>True while a warning can still be given, if an answer is owed.</summary>
    public static bool MayWarn(ThreadRow row, DateTimeOffset now) =>
        row is { SessionSeq: not null, SessionClosed: false, SessionWarned: false }
        && SessionWindow.EndOf(row.LastInboundAt) is { } end
        && now >= end - SessionWindow.Warning
        && now < end;

    // Once for each end of a session; a message that moves the end takes the warning back.
    private static bool Warn(ThreadChanges changes, DateTimeOffset now)
    {
        if (!changes.Row.AnswerOwed || !MayWarn(changes.Row, now))
            return false;
        changes.AddOwn("session_warning", now, new { endsAt = SessionWindow.EndOf(changes.Row.LastInboundAt) });
        changes.Row = changes.Row with { SessionWarned = true };
        return true;
    }
}
