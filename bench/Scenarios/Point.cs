using System.Globalization;
using Threadkeep.Bench.Load;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>One measured point: a load, what it used, and whether what was acknowledged is there.</summary>
internal sealed record Point(
    string Endpoint,
    string Customers,
    int Connections,
    LoadResult Load,
    Consumption Usage,
    int? Missing,
    int? Twice,
    Table? Top
)
{
    /// <summary>CPU microseconds an item, by process.</summary>
    public IReadOnlyDictionary<string, double> Cpu =>
        Usage.Cores.ToDictionary(c => c.Key, c => c.Value / Load.Rate * 1e6);

    /// <summary>Bytes allocated an item, by process.</summary>
    public IReadOnlyDictionary<string, double> Allocated =>
        Usage.Allocated.ToDictionary(c => c.Key, c => c.Value / Load.Rate);

    public double WalBytes => Usage.WalBytes / Load.Rate;

    /// <summary>Measures a closed loop on a subject.</summary>
    /// <param name="check">Counts in SQL what is missing and what is there twice; null: nothing was stored.</param>
    public static async Task<Point> MeasureAsync(
        string endpoint,
        string customers,
        Subject subject,
        int port,
        IReadOnlyList<IWork> lanes,
        Func<Task<(int Missing, int Twice)>>? check
    )
    {
        await subject.Database.RunAsync("checkpoint");
        await Statements.ResetAsync(subject.Database);
        Counters? before = null;
        Counters? after = null;
        var load = await ClosedLoop.RunAsync(
            port,
            lanes,
            BenchSettings.WarmUp,
            BenchSettings.PointTime,
            async () => before = await Counters.ReadAsync(subject),
            async () => after = await Counters.ReadAsync(subject)
        );
        var top = check is null ? null : await Statements.TopAsync(subject.Database);
        (int Missing, int Twice)? counted = check is null ? null : await check();
        var point = new Point(
            endpoint,
            customers,
            lanes.Count,
            load,
            Counters.Between(before!, after!),
            counted?.Missing,
            counted?.Twice,
            top
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{endpoint, -12} {customers, 7} {lanes.Count, 4} connections {load.Rate, 8:0}/s  p50 {load.Latencies.P50:0.00} ms  p99 {load.Latencies.P99:0.00} ms  refused {load.Refused} missing {counted?.Missing} twice {counted?.Twice}  CPU us {Parts(point.Cpu)}"
            )
        );
        return point;
    }

    public static Table ToTable(IEnumerable<Point> points, string unit = "message") =>
        new(
            [
                "endpoint",
                "customers",
                "connections",
                unit is "status" ? "statuses/s" : unit + "s/s",
                "p50 ms",
                "p99 ms",
                "max ms",
                "refused",
                "missing",
                "twice",
                "commits/s",
                "WAL bytes a " + unit,
                $"CPU us a {unit}, by process",
                $"bytes allocated a {unit}, by process",
                "machine busy",
            ],
            [
                .. points.Select(p =>
                    (string[])
                        [
                            p.Endpoint,
                            p.Customers,
                            $"{p.Connections}",
                            $"{p.Load.Rate:#,0}",
                            $"{p.Load.Latencies.P50:0.00}",
                            $"{p.Load.Latencies.P99:0.00}",
                            $"{p.Load.Latencies.Max:0}",
                            $"{p.Load.Refused}",
                            p.Missing is { } missing ? $"{missing}" : "-",
                            p.Twice is { } twice ? $"{twice}" : "-",
                            p.Missing is null ? "-" : $"{p.Usage.Commits:#,0}",
                            p.Missing is null ? "-" : $"{p.WalBytes:#,0}",
                            Parts(p.Cpu),
                            p.Allocated.Count == 0 ? "-" : Parts(p.Allocated, "#,0"),
                            $"{p.Usage.MachineBusy:0%}",
                        ]
                ),
            ]
        );

    public static string Parts(IReadOnlyDictionary<string, double> parts, string format = "0") =>
        string.Join(", ", parts.Select(p => $"{p.Key} {p.Value.ToString(format, CultureInfo.InvariantCulture)}"));
}

/// <summary>Counts in SQL what was acknowledged.</summary>
internal static class Stored
{
    /// <summary>
    /// Missing: acknowledged wamids that are not there. Twice: threads that count more or less than they hold. A row with the same
    /// wamid twice is impossible by its index; an effect that came twice shows in the thread's numbers.
    /// </summary>
    public static async Task<(int Missing, int Twice)> CountAsync(
        BenchDatabase database,
        Guid account,
        int run,
        IReadOnlyCollection<MessageWork> lanes
    )
    {
        var stored = new HashSet<string>();
        await using var command = database.Source.CreateCommand(
            "select wamid from threadkeep.messages where account_id = $1 and channel_id = $2 and wamid >= $3 and wamid < $4"
        );
        command.CommandTimeout = 120;
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(database.Channel.Channel.Value);
        command.Parameters.AddWithValue(MessageWork.Prefix(run));
        command.Parameters.AddWithValue(MessageWork.Prefix(run + 1));
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                stored.Add(reader.GetString(0));
        }
        var miscounted = await database.Source.ScalarAsync<long>(
            """
            select count(*)
            from threadkeep.threads t
            join (
                select m.thread_id, count(*) as held, count(*) filter (where m.direction = 0 and m.seq > x.read_seq) as unread
                from threadkeep.messages m
                join threadkeep.threads x on x.account_id = m.account_id and x.id = m.thread_id
                where m.account_id = $1
                group by m.thread_id
            ) m on m.thread_id = t.id
            where t.account_id = $1 and (t.last_seq <> m.held or t.unread <> m.unread)
            """,
            account
        );
        return (lanes.Sum(l => l.Acknowledged.Count(w => !stored.Contains(w))), (int)miscounted);
    }
}
