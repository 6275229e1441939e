using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;

namespace Threadkeep.Webhooks;

/// <summary>
/// How much of Meta's traffic this host holds at once. Two bounds, because two kinds of callers knock: the bytes of large bodies
/// are counted for everybody, as they arrive; places only for bodies with a valid signature, until what they hold is committed.
/// So a stranger can take no place from Meta.
/// How many places there are, the traffic itself tells: a webhook that took over a second says that there are more than the
/// cluster works off in one, and a quarter of them goes; quick ones bring them back, one each. What is let in is thus answered
/// in about a second, on any machine, and what is not is refused at once.
/// </summary>
public sealed class WebhookGate : IDisposable
{
    /// <summary>So many are always let in: slowness among fewer (a start, a pause) has another cause than their number.</summary>
    private const int FewestPlaces = 256;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);

    /// <summary>After a cut the next waits until its effect can be seen.</summary>
    private static readonly TimeSpan BetweenCuts = TimeSpan.FromMilliseconds(500);

    private readonly Meter meter = new("Threadkeep.Webhooks.Gate");
    private readonly Counter<long> turnedAway;
    private readonly LimitOptions limits;
    private readonly TimeProvider clock;

    private readonly Lock gate = new();
    private long bytes;
    private int webhooks;
    private int items;
    private int places;
    private long cutAt;

    public WebhookGate(IOptions<LimitOptions> options, TimeProvider clock)
    {
        limits = options.Value;
        this.clock = clock;
        places = limits.Webhooks;
        cutAt = clock.GetTimestamp();
        turnedAway = meter.CreateCounter<long>(
            "threadkeep.webhooks.turned_away",
            description: "Webhooks answered 503 because the host holds as many as it may"
        );
        meter.CreateObservableGauge("threadkeep.webhooks.places", () => Volatile.Read(ref places), "{webhook}");
        meter.CreateObservableGauge("threadkeep.webhooks.at_work", () => Volatile.Read(ref webhooks), "{webhook}");
        meter.CreateObservableGauge("threadkeep.webhooks.items_at_work", () => Volatile.Read(ref items), "{item}");
        meter.CreateObservableGauge("threadkeep.webhooks.held", () => Volatile.Read(ref bytes), "By");
    }

    /// <summary>True where another webhook would be turned away in any case: worth knowing before its body is read.</summary>
    public bool IsFull =>
        Volatile.Read(ref webhooks) >= Volatile.Read(ref places) || Volatile.Read(ref items) >= limits.WebhookItems;

    /// <summary>Counts memory for a body. False, and nothing counted, where there is no more to give.</summary>
    public bool TryHold(int more)
    {
        if (Interlocked.Add(ref bytes, more) <= limits.WebhookMegabytes * 1024L * 1024L)
            return true;
        Interlocked.Add(ref bytes, -more);
        return false;
    }

    public void LetGo(int held) => Interlocked.Add(ref bytes, -held);

    /// <summary>
    /// Takes a place for a signed webhook with so many items; null where none is left. One that finds room is let in whole, however
    /// large: else Meta's batches would starve beside single messages.
    /// </summary>
    public Place? TryEnter(int count)
    {
        lock (gate)
        {
            if (IsFull)
                return null;
            webhooks++;
            items += count;
        }
        return new Place(this, count, clock.GetTimestamp());
    }

    public void NoteTurnedAway() => turnedAway.Add(1);

    public void Dispose() => meter.Dispose();

    // Null: how long it took says nothing about how much the cluster can take.
    private void Leave(int count, TimeSpan? took)
    {
        lock (gate)
        {
            if (took > TooLong && clock.GetElapsedTime(cutAt) > BetweenCuts)
            {
                places = Math.Max(FewestPlaces, Math.Min(places, webhooks) * 3 / 4);
                cutAt = clock.GetTimestamp();
            }
            else if (took < Quick && places < limits.Webhooks)
            {
                places++;
            }
            webhooks--;
            items -= count;
        }
    }

    /// <summary>A webhook at work; its end gives the place back.</summary>
    public sealed class Place(WebhookGate gate, int count, long since) : IDisposable
    {
        private int givenBack;

        /// <summary>
        /// It waits for a silo that went away. That is no work, and no sign of too much of it: else the customers of one dead silo would
        /// take every place from those of the others. How many may wait so, <see cref="ClusterCalls"/> bounds.
        /// </summary>
        public void StepAside() => GiveBack(null);

        public void Dispose() => GiveBack(gate.clock.GetElapsedTime(since));

        private void GiveBack(TimeSpan? took)
        {
            if (Interlocked.Exchange(ref givenBack, 1) == 0)
                gate.Leave(count, took);
        }
    }
}
