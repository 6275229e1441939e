using System.Collections.Immutable;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.Messages;

/// <summary>
/// What Meta lets leave: so many messages a second of the number, so many to one customer. Both are kept here and not by Meta's refusing.
/// After a restart they begin anew, and Meta's word (130429, 131056) is waited for as it was.
/// </summary>
public sealed partial class DispatcherGrain
{
    // Meta counts when messages arrive, which is not when they leave: a little more is left between them.
    private static readonly TimeSpan PairEach = MetaLimits.PairEach + TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Second = TimeSpan.FromMilliseconds(1_050);

    private readonly Dictionary<ThreadId, Pace> pairs = [];
    private RateWindow numberPace = new(MetaLimits.PerSecond(null, false), Second);
    private int perSecond = MetaLimits.PerSecond(null, false);

    /// <summary>Threads whose customer has had as many messages as Meta lets go at once, each with when the next may.</summary>
    public Task<ImmutableArray<HeldThread>> Holds()
    {
        var now = clock.GetUtcNow();
        return Task.FromResult<ImmutableArray<HeldThread>>([
            .. pairs.Where(p => p.Value.NextAt > now).Select(p => new HeldThread(p.Key, p.Value.NextAt)),
        ]);
    }

    private bool IsHeld(ThreadId thread) => pairs.TryGetValue(thread, out var pair) && pair.NextAt > clock.GetUtcNow();

    // Polls leave these out, so that however much waits for one customer, others are found.
    private ThreadId[] HeldThreads()
    {
        var now = clock.GetUtcNow();
        foreach (var (thread, pair) in pairs)
        {
            if (pair.IsFull(now))
                pairs.Remove(thread);
        }
        return [.. pairs.Where(p => p.Value.NextAt > now).Select(p => p.Key)];
    }

    // One goes. What waits here is a second's worth at most: an attempt lives much longer.
    private Task PacedAsync(ThreadId thread, ChannelRecord channel)
    {
        var now = clock.GetUtcNow();
        var allowed = MetaLimits.PerSecond(channel.Throughput, channel.IsOnPhoneApp);
        if (allowed != perSecond)
            (perSecond, numberPace) = (allowed, new RateWindow(allowed, Second));
        if (!pairs.TryGetValue(thread, out var pair))
            pairs[thread] = pair = new Pace(options.Value.PairBurst, PairEach);
        pair.Take(now);
        var at = numberPace.Take(now);
        return at > now ? Task.Delay(at - now, clock) : Task.CompletedTask;
    }
}
