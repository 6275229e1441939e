using System.Diagnostics.Metrics;
using Threadkeep.Assignment;
using Threadkeep.Channels;
using Threadkeep.Messages;
using Threadkeep.Quota;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>What every thread grain of a silo shares.</summary>
/// <param name="Clock">The product's own time.</param>
public sealed record ThreadServices(
    TimeProvider Clock,
    QuotaSettings Accounts,
    LeftoverStore Leftovers,
    StoredMessages Stored,
    AccountRules Rules,
    AlarmGate AlarmGate,
    AssignmentNudges Assignment,
    PortfolioKeys Portfolios
)
{
    /// <summary>How a message is folded into its thread; a test may put one here that throws.</summary>
    internal FoldMessage FoldMessage { get; init; } = ReceiveDecider.Fold;

    /// <summary>A random part of <paramref name="most"/>, so that what begins together does not ring together.</summary>
#pragma warning disable CA5394 // spreading load needs no secrecy
    public static TimeSpan Jitter(TimeSpan most) => most * Random.Shared.NextDouble();
#pragma warning restore CA5394
}

/// <summary>How many alarms a silo works off at once; one that finds it full goes away and comes again.</summary>
public sealed class AlarmGate(int places)
{
    private static readonly Meter Meter = new("Threadkeep.Alarms");
    private static readonly Counter<long> Ticks = Meter.CreateCounter<long>("threadkeep.alarms.ticks", "{tick}");
    private static readonly KeyValuePair<string, object?> Worked = new("result", "worked");
    private static readonly KeyValuePair<string, object?> TurnedAway = new("result", "turned_away");

    private static readonly Counter<long> NotArmed = Meter.CreateCounter<long>(
        "threadkeep.alarms.not_armed",
        "{thread}",
        "Sessions whose reminder could not be set: the sweep finds them when they are two minutes overdue"
    );

    private int free = places;

    internal static void NoteNotArmed() => NotArmed.Add(1);

    public bool TryEnter()
    {
        var entered = Interlocked.Decrement(ref free) >= 0;
        if (!entered)
            Interlocked.Increment(ref free);
        Ticks.Add(1, entered ? Worked : TurnedAway);
        return entered;
    }

    public void Leave() => Interlocked.Increment(ref free);
}

/// <summary>The last so many ids, for recognising a repeat without asking PostgreSQL.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly HashSet<string> ids = [];
    private readonly Queue<string> order = new();

    public bool Contains(string id) => ids.Contains(id);

    public void Add(string id)
    {
        if (!ids.Add(id))
            return;
        order.Enqueue(id);
        if (order.Count > capacity)
            ids.Remove(order.Dequeue());
    }
}
