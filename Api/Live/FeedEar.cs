namespace Threadkeep.Live;

/// <summary>
/// What one host has heard of one shard's feed. A number ahead of its turn may only have overtaken another on the way: it counts as
/// missed when it has not come within <see cref="Patience"/>. Another epoch is a feed that began anew: what the old one said is unknown.
/// </summary>
public sealed class FeedEar
{
    /// <summary>Hints that leave in order arrive within milliseconds of each other, in any order.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>More than this at once were not overtaken: they are lost.</summary>
    private const long MostOvertaken = 1_000;

    private readonly Dictionary<long, DateTimeOffset> outstanding = [];
    private FeedPosition? heard;

    /// <summary>A batch came. True: something was certainly missed before it.</summary>
    public bool Hear(FeedPosition position, DateTimeOffset now)
    {
        if (heard is null || heard.Epoch != position.Epoch)
            return BeginAnew(position);
        if (position.Number <= heard.Number)
        {
            outstanding.Remove(position.Number);
            return false;
        }
        if (position.Number - heard.Number > MostOvertaken)
            return BeginAnew(position);
        for (var number = heard.Number + 1; number < position.Number; number++)
            outstanding[number] = now;
        heard = position;
        return false;
    }

    /// <summary>The feed says where it stands. True: it is another one. What it has sent and we have not heard may be on its way.</summary>
    public bool Compare(FeedPosition position, DateTimeOffset now)
    {
        if (heard is null || heard.Epoch != position.Epoch || position.Number - heard.Number > MostOvertaken)
            return BeginAnew(position);
        for (var number = heard.Number + 1; number <= position.Number; number++)
            outstanding[number] = now;
        if (position.Number > heard.Number)
            heard = position;
        return false;
    }

    /// <summary>True once for hints that should have come by now.</summary>
    public bool HasMissed(DateTimeOffset now)
    {
        foreach (var since in outstanding.Values)
        {
            if (now - since < Patience)
                continue;
            outstanding.Clear();
            return true;
        }
        return false;
    }

    // The first thing heard of a shard is where listening begins: nothing before it was promised.
    private bool BeginAnew(FeedPosition position)
    {
        var known = heard is not null;
        heard = position;
        outstanding.Clear();
        return known;
    }
}
