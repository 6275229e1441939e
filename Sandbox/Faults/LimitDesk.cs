namespace Threadkeep.Sandbox.Faults;

/// <summary>Keeps Meta's limits where they are switched on (<see cref="LimitFaults"/>): what is counted is forgotten at the end.</summary>
public sealed class LimitDesk(FaultBoard faults, TimeProvider time)
{
    private const int Throughput = 130429;
    private const int PairRate = 131056;
    private const int PairBurst = 45;
    private static readonly TimeSpan PairEach = TimeSpan.FromSeconds(6);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> sent = [];
    private readonly Dictionary<string, Queue<DateTimeOffset>> managed = [];
    private readonly Dictionary<(string Number, string To), DateTimeOffset> fullAt = [];

    /// <summary>The code that refuses a message now; null: it may go, and counts.</summary>
    public int? RefuseMessage(string phoneNumberId, string to)
    {
        var limits = faults.Current.Limits;
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (limits.PerSecond is { } most && !Fits(sent, phoneNumberId, most, TimeSpan.FromSeconds(1), now))
                return Throughput;
            if (!limits.Pair)
                return null;
            var full = fullAt.GetValueOrDefault((phoneNumberId, to), now);
            full = (full > now ? full : now) + PairEach;
            if (full - (PairEach * PairBurst) > now)
                return PairRate;
            fullAt[(phoneNumberId, to)] = full;
            return null;
        }
    }

    /// <summary>Whether a call on an account or number may go, and how much of the hour's calls is used, in per cent; null: nobody counts.</summary>
    public (bool Allowed, int? Used) TakeManagement(string id)
    {
        if (faults.Current.Limits.ManagementPerHour is not { } most)
            return (true, null);
        lock (gate)
        {
            var allowed = Fits(managed, id, most, TimeSpan.FromHours(1), time.GetUtcNow());
            return (allowed, managed[id].Count * 100 / Math.Max(1, most));
        }
    }

    private static bool Fits(
        Dictionary<string, Queue<DateTimeOffset>> counted,
        string key,
        int most,
        TimeSpan span,
        DateTimeOffset now
    )
    {
        if (!counted.TryGetValue(key, out var times))
            counted[key] = times = new Queue<DateTimeOffset>();
        while (times.TryPeek(out var first) && first + span <= now)
            times.Dequeue();
        if (times.Count >= most)
            return false;
        times.Enqueue(now);
        return true;
    }
}
