namespace Threadkeep.Quota;

/// <summary>The free numbered slots of one period, as far as one activation knows: always the lowest first.</summary>
public sealed class QuotaSlots
{
    private readonly SortedSet<int> gaps;
    private int next;

    /// <param name="used">Slots of unreleased rows.</param>
    public QuotaSlots(IEnumerable<int> used)
    {
        gaps = [];
        next = 1;
        foreach (var slot in used.Order())
        {
            for (; next < slot; next++)
                gaps.Add(next);
            next = slot + 1;
        }
    }

    /// <summary>The lowest slot that is not given out.</summary>
    public int Lowest => gaps.Count > 0 ? gaps.Min : next;

    public int Take()
    {
        var slot = Lowest;
        if (!gaps.Remove(slot))
            next++;
        return slot;
    }

    public void Return(int slot)
    {
        if (slot < next)
            gaps.Add(slot);
    }
}
