using System.Diagnostics;

namespace Threadkeep.Bench.Load;

/// <summary>What a load gave.</summary>
/// <param name="Items">Messages or statuses acknowledged in the measured time.</param>
/// <param name="Refused">Requests answered otherwise than 200, warm-up included.</param>
internal sealed record LoadResult(int Items, int Refused, TimeSpan Time, Latencies Latencies)
{
    /// <summary>Items a second.</summary>
    public double Rate => Items / Time.TotalSeconds;
}

/// <summary>So many connections, each posting its next request as soon as the last one is answered.</summary>
internal static class ClosedLoop
{
    /// <param name="lanes">One connection each.</param>
    /// <param name="started">Called when the measured time begins.</param>
    /// <param name="ended">Called when it is over.</param>
    public static async Task<LoadResult> RunAsync(
        int port,
        IReadOnlyList<IWork> lanes,
        TimeSpan warmUp,
        TimeSpan time,
        Func<Task> started,
        Func<Task> ended
    )
    {
        var clock = Stopwatch.StartNew();
        var running = Task.WhenAll(
            lanes.Select(w => Task.Run(() => RunLaneAsync(port, w, clock, warmUp, warmUp + time)))
        );
        await Task.Delay(warmUp);
        await started();
        // A machine that is busy with other things may have taken longer than that.
        await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (warmUp + time - clock.Elapsed).Ticks)));
        await ended();
        var results = await running;
        return new LoadResult(
            results.Sum(r => r.Items),
            results.Sum(r => r.Refused),
            time,
            new Latencies(results.SelectMany(r => r.Ticks))
        );
    }

    /// <summary>Posts all that the lanes have, as fast as they can.</summary>
    /// <exception cref="InvalidOperationException">One was refused.</exception>
    public static async Task<TimeSpan> DrainAsync(int port, IReadOnlyList<IWork> lanes)
    {
        var clock = Stopwatch.StartNew();
        var results = await Task.WhenAll(
            lanes.Select(w => Task.Run(() => RunLaneAsync(port, w, clock, TimeSpan.Zero, TimeSpan.MaxValue)))
        );
        var refused = results.Sum(r => r.Refused);
        return refused == 0 ? clock.Elapsed : throw new InvalidOperationException($"{refused} requests were refused.");
    }

    private static async Task<(int Items, int Refused, List<long> Ticks)> RunLaneAsync(
        int port,
        IWork work,
        Stopwatch clock,
        TimeSpan from,
        TimeSpan until
    )
    {
        using var connection = await KeepAlive.ConnectAsync(port);
        var ticks = new List<long>();
        var (items, refused) = (0, 0);
        while (clock.Elapsed < until && work.Next() is { } request)
        {
            var begun = clock.ElapsedTicks;
            var good = await connection.PostAsync(request);
            var now = clock.Elapsed;
            work.Answered(good);
            if (!good)
                refused++;
            else if (now > from && now <= until)
            {
                ticks.Add(clock.ElapsedTicks - begun);
                items += work.ItemsEach;
            }
        }
        return (items, refused, ticks);
    }
}
