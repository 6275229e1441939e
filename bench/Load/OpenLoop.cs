using System.Diagnostics;
using System.Threading.Channels;

namespace Threadkeep.Bench.Load;

/// <summary>One kind of request that comes at a steady rate, whatever becomes of the ones before.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="WorkOf">What a connection posts of this kind.</param>
internal sealed record Traffic(string Name, double PerSecond, Func<int, IWork> WorkOf);

/// <summary>What came of a stream.</summary>
/// <param name="Refusals">Of those in the measured time, from when they were due until they heard it.</param>
internal sealed record StreamResult(string Name, LoadResult Load, Latencies Refusals);

/// <summary>
/// Requests at the moments when they are due. A latency counts from then, so a stall is felt by everything that falls due
/// in it. A clock that looks every millisecond hands them to the connections; its lateness is part of the latencies.
/// </summary>
internal static class OpenLoop
{
    private const int Connections = 256;

    private readonly record struct Due(int Stream, long At);

    /// <param name="started">Called when the measured time begins.</param>
    /// <param name="ended">Called when it is over; the last requests may still be under way.</param>
    /// <param name="connections">As many requests at most are under way at once.</param>
    public static async Task<IReadOnlyList<StreamResult>> RunAsync(
        int port,
        IReadOnlyList<Traffic> streams,
        TimeSpan warmUp,
        TimeSpan time,
        Func<Task> started,
        Func<Task> ended,
        int connections = Connections
    )
    {
        var due = Channel.CreateUnbounded<Due>(new UnboundedChannelOptions { SingleWriter = true });
        var clock = Stopwatch.StartNew();
        var (from, until) = (Ticks(warmUp), Ticks(warmUp + time));
        var running = Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(n => Task.Run(() => ServeAsync(port, n, streams, due.Reader, clock, from, until)))
        );
        var ticker = Task.Factory.StartNew(
            () => Tick(streams, due.Writer, clock, until),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await Task.Delay(warmUp);
        await started();
        // A machine that is busy with other things may have taken longer than that.
        await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (warmUp + time - clock.Elapsed).Ticks)));
        await ended();
        await ticker;
        var lanes = await running;
        return
        [
            .. streams.Select(
                (s, n) =>
                {
                    var ticks = lanes.SelectMany(l => l.Ticks[n]).ToArray();
                    return new StreamResult(
                        s.Name,
                        new LoadResult(ticks.Length, lanes.Sum(l => l.Refused[n]), time, new Latencies(ticks)),
                        new Latencies(lanes.SelectMany(l => l.Refusals[n]))
                    );
                }
            ),
        ];
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static void Tick(IReadOnlyList<Traffic> streams, ChannelWriter<Due> to, Stopwatch clock, long until)
    {
        var handed = new long[streams.Count];
        while (true)
        {
            var now = Math.Min(clock.ElapsedTicks, until);
            for (var n = 0; n < streams.Count; n++)
            {
                while (DueAt(n) is var at && at < now)
                {
                    to.TryWrite(new Due(n, at));
                    handed[n]++;
                }
            }
            if (now == until)
                break;
            Thread.Sleep(1);
        }
        to.Complete();

        long DueAt(int n) => (long)(handed[n] / streams[n].PerSecond * Stopwatch.Frequency);
    }

    private static async Task<(List<long>[] Ticks, List<long>[] Refusals, int[] Refused)> ServeAsync(
        int port,
        int lane,
        IReadOnlyList<Traffic> streams,
        ChannelReader<Due> due,
        Stopwatch clock,
        long from,
        long until
    )
    {
        using var connection = await KeepAlive.ConnectAsync(port);
        var works = streams.Select(s => s.WorkOf(lane)).ToArray();
        var ticks = streams.Select(_ => new List<long>()).ToArray();
        var refusals = streams.Select(_ => new List<long>()).ToArray();
        var refused = new int[streams.Count];
        await foreach (var (stream, at) in due.ReadAllAsync())
        {
            if (works[stream].Next() is not { } request)
                throw new InvalidOperationException($"There is nothing left to send for {streams[stream].Name}.");
            var good = await connection.PostAsync(request);
            works[stream].Answered(good);
            if (!good)
                refused[stream]++;
            if (at >= from && at < until)
                (good ? ticks : refusals)[stream].Add(clock.ElapsedTicks - at);
        }
        return (ticks, refusals, refused);
    }

    /// <summary>How many connections share the streams' work.</summary>
    public static int Lanes => Connections;
}
