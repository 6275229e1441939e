namespace Threadkeep.Messages;

/// <summary>Who was written to outside a session within the last while, each counted once, by the last time. Pure but for its own state.</summary>
public sealed class RecentCustomers(TimeSpan window)
{
    private readonly Dictionary<string, (DateTimeOffset At, DateTimeOffset? Before)> last = [];
    private readonly PriorityQueue<string, DateTimeOffset> byTime = new();

    /// <summary>How many there are now.</summary>
    public int CountAt(DateTimeOffset now)
    {
        Forget(now);
        return last.Count;
    }

    public bool Has(string customer, DateTimeOffset now)
    {
        Forget(now);
        return last.ContainsKey(customer);
    }

    /// <summary>Notes that a customer is written to; an earlier time than the one known changes nothing.</summary>
    public void Note(string customer, DateTimeOffset at)
    {
        var isKnown = last.TryGetValue(customer, out var known);
        if (isKnown && known.At >= at)
            return;
        last[customer] = (at, isKnown ? known.At : null);
        byTime.Enqueue(customer, at);
    }

    /// <summary>The last time did not come about; the one before counts again.</summary>
    public void TakeBack(string customer)
    {
        if (!last.Remove(customer, out var known) || known.Before is not { } before)
            return;
        last[customer] = (before, null);
        byTime.Enqueue(customer, before);
    }

    /// <summary>When the one whose last time is longest ago counts no more; null: nobody is there.</summary>
    public DateTimeOffset? FreeAt(DateTimeOffset now)
    {
        Forget(now);
        return byTime.TryPeek(out _, out var at) ? at + window : null;
    }

    // Whoever was written to again, or taken back, has entries that count no more.
    private void Forget(DateTimeOffset now)
    {
        while (byTime.TryPeek(out var customer, out var at))
        {
            var isCurrent = last.TryGetValue(customer, out var known) && known.At == at;
            if (isCurrent && at + window > now)
                return;
            if (isCurrent)
                last.Remove(customer);
            byTime.Dequeue();
        }
    }
}
