using Threadkeep.Channels;

namespace Threadkeep.Grains.Tests.Threads;

/// <summary>
/// What a session is, said a second time and as plainly as possible: no rows, no alarms, no columns that mean two things.
/// </summary>
internal sealed class SessionModel
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly string[] StillTypes = ["reaction", "edit", "revoke", "system"];
    private static readonly string[] QuietTypes = [.. StillTypes, "request_welcome"];

    private sealed class Session
    {
        public required DateTimeOffset OpenedAt { get; init; }
        public required DateTimeOffset LastAt { get; set; }
        public bool Closed { get; set; }
        public bool Warned { get; set; }
        public DateTimeOffset EndsAt => LastAt + Day;
    }

    private Session? latest;

    public List<(string Type, DateTimeOffset At)> Events { get; } = [];

    public DateTimeOffset? LastInboundAt { get; private set; }

    public int Unread { get; private set; }

    public int Sessions { get; private set; }

    public bool HasTicket { get; private set; }

    public bool AnswerOwed { get; set; }

    public bool IsRunning => latest is { Closed: false };

    public bool IsOpen(DateTimeOffset now) => LastInboundAt is { } last && now < last + Day;

    public void Receive(InboundItem item, DateTimeOffset now)
    {
        if (!QuietTypes.Contains(item.Type))
        {
            Unread++;
            AnswerOwed = true;
        }
        if (StillTypes.Contains(item.Type))
            return;

        HasTicket = true;
        var at = item.Timestamp is { } stamp ? DateTimeOffset.FromUnixTimeSeconds(stamp) : now;
        if (at > now.AddMinutes(5))
            at = now;
        var newest = LastInboundAt is null || at >= LastInboundAt;
        LastInboundAt = newest ? at : LastInboundAt;

        if (latest is { } session && at >= session.OpenedAt && at < session.EndsAt)
        {
            session.Warned &= at <= session.LastAt;
            session.LastAt = at > session.LastAt ? at : session.LastAt;
            if (session.Closed && now < session.EndsAt)
            {
                session.Closed = false;
                Events.Add(("session_reopened", at));
            }
        }
        else if (newest)
        {
            // Behind the end of the latest session: that one is over for good, whether somebody has noticed or not.
            Close();
            latest = null;
            if (now < at + Day)
            {
                latest = new Session { OpenedAt = at, LastAt = at };
                Sessions++;
                Events.Add(("session_opened", at));
            }
        }
    }

    /// <summary>Somebody looks whether anything is due.</summary>
    public void Tick(DateTimeOffset now)
    {
        if (latest is { Closed: false } session && now >= session.EndsAt)
            Close();
        WarnIfDue(now);
    }

    /// <summary>All messages of one delivery are in: an answer that is owed too late for the warning is warned of now.</summary>
    public void WarnIfDue(DateTimeOffset now)
    {
        if (
            latest is { Closed: false, Warned: false } session
            && AnswerOwed
            && now >= WarningOf(session)
            && now < session.EndsAt
        )
            Warn(session, now);
    }

    /// <summary>Time passes: whatever falls due happens at its very moment, whether anybody looks or not.</summary>
    public void PassTo(DateTimeOffset now)
    {
        if (latest is not { Closed: false } session)
            return;
        if (!session.Warned && AnswerOwed && now >= WarningOf(session))
            Warn(session, WarningOf(session));
        if (now >= session.EndsAt)
            Close();
    }

    private static DateTimeOffset WarningOf(Session session) => session.EndsAt.AddHours(-2);

    private void Warn(Session session, DateTimeOffset at)
    {
        session.Warned = true;
        Events.Add(("session_warning", at));
    }

    private void Close()
    {
        if (latest is not { Closed: false } session)
            return;
        session.Closed = true;
        Events.Add(("session_closed", session.EndsAt));
    }
}
