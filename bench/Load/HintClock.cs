using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using Threadkeep.Bench.Population;

namespace Threadkeep.Bench.Load;

/// <summary>From sending a customer's message to its hint at a console. Customers must write in turn, so that none has two messages under way.</summary>
internal sealed class HintClock(Crowd crowd, int customers)
{
    private readonly Dictionary<Guid, int> customerOf = Enumerable
        .Range(0, customers)
        .ToDictionary(n => crowd.ThreadOf(n).Value);

    private readonly ConcurrentDictionary<int, long> sentAt = new();
    private readonly List<long> ticks = [];

    /// <summary>What is heard while it is false does not count.</summary>
    public bool Measuring { get; set; }

    /// <summary>Messages whose hint has not come.</summary>
    public int Waiting => sentAt.Count;

    public Latencies Latencies => new(ticks);

    /// <summary>Messages whose hint came and counts.</summary>
    public int Count => ticks.Count;

    public void Sends(int customer) => sentAt[customer] = Stopwatch.GetTimestamp();

    /// <param name="id">A thread's, as the feed says it.</param>
    public void Hears(ReadOnlySpan<byte> id)
    {
        if (
            Utf8Parser.TryParse(id, out Guid thread, out _, 'N')
            && customerOf.TryGetValue(thread, out var customer)
            && sentAt.TryRemove(customer, out var at)
            && Measuring
        )
            ticks.Add(Stopwatch.GetTimestamp() - at);
    }
}
