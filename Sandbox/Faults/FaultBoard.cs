using Threadkeep.Sandbox.Live;

namespace Threadkeep.Sandbox.Faults;

/// <summary>The switches of the faults. Replaced as a whole; counted ones run down here.</summary>
public sealed class FaultBoard(LiveEvents live)
{
    private readonly Lock gate = new();
    private FaultSet current = FaultSet.None;
    private TaskCompletionSource changed = NewSignal();

    public FaultSet Current
    {
        get
        {
            lock (gate)
                return current;
        }
    }

    public FaultSet Replace(FaultSet next) => Change(_ => next);

    /// <summary>Lets go of everything held and switches the holds off; other faults stay.</summary>
    public FaultSet Release() =>
        Change(set =>
            set with
            {
                Webhooks = set.Webhooks with { Hold = false },
                Messages = [.. set.Messages.Where(rule => rule.Action != MessageFaultAction.Hold)],
                Media = set.Media with { Hold = false },
                Statuses = set.Statuses with { Hold = false },
            }
        );

    /// <summary>Waits until <paramref name="held"/> is false of the set.</summary>
    public async Task WaitWhileAsync(Func<FaultSet, bool> held, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(held);
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (!held(current))
                    return;
                next = changed.Task;
            }
            await next.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits until the set is released or replaced.</summary>
    public Task NextChangeAsync(CancellationToken cancellation)
    {
        lock (gate)
            return changed.Task.WaitAsync(cancellation);
    }

    public bool TakeWebhookDrop() =>
        Take(s => s.Webhooks.Drop, (s, left) => s with { Webhooks = s.Webhooks with { Drop = left } });

    public bool TakeFailedDownload() =>
        Take(s => s.Media.FailDownload, (s, left) => s with { Media = s.Media with { FailDownload = left } });

    /// <summary>The rule for this message, with one turn of it used up.</summary>
    public MessageFault? TakeMessageFault(string to, string type)
    {
        lock (gate)
        {
            var index = Array.FindIndex(current.Messages, rule => rule.Times != 0 && Fits(rule.Match, to, type));
            if (index < 0)
                return null;
            var rule = current.Messages[index];
            var left = current.Messages.ToArray();
            left[index] = rule with { Times = rule.Times - 1 };
            current = current with { Messages = left };
            live.Tell(new LiveEvent("faults"));
            return rule;
        }
    }

    private static bool Fits(MessageMatch? match, string to, string type) =>
        (match?.To is null || Digits(match.To) == Digits(to)) && (match?.Type is null || match.Type == type);

    // A user id keeps its letters, a phone number loses its plus, spaces and hyphens.
    private static string Digits(string to) =>
        to.Any(char.IsAsciiLetter) ? to : string.Concat(to.Where(char.IsAsciiDigit));

    private bool Take(Func<FaultSet, FaultCount> read, Func<FaultSet, FaultCount, FaultSet> write)
    {
        lock (gate)
        {
            var count = read(current);
            if (!count.Any)
                return false;
            current = write(current, count.Next);
            live.Tell(new LiveEvent("faults"));
            return true;
        }
    }

    private FaultSet Change(Func<FaultSet, FaultSet> change)
    {
        TaskCompletionSource released;
        FaultSet next;
        lock (gate)
        {
            next = current = change(current);
            released = changed;
            changed = NewSignal();
        }
        released.SetResult();
        live.Tell(new LiveEvent("faults"));
        return next;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
