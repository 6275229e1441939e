using System.Diagnostics;
using System.Globalization;
using Threadkeep.Accounts;
using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;
using Threadkeep.Threads;

namespace Threadkeep.Bench.Scenarios;

/// <summary>
/// 300,000 sessions with their alarms set: what reading them costs a silo, how late the due ones ring, what the sweep costs, and
/// how two hours of missed ones are worked off while webhooks come at half the top load.
/// </summary>
internal static class ReminderScenario
{
    // These customers write; none of their alarms is near.
    private const int Writers = 1_000;

    // A session warns once and ends once, so 300,000 ring 7 times a second on a day's average: this is a busy hour.
    private const double DuePerSecond = 30;

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    private static int Sessions => BenchSettings.Quick ? 30_000 : 300_000;

    private static TimeSpan DueFor => TimeSpan.FromSeconds(BenchSettings.Quick ? 20 : 60);

    private static int Due => (int)(DuePerSecond * DueFor.TotalSeconds);

    // Two hours of a day: so many sessions should have ended, and as many should have warned.
    private static int Missed => Sessions / 12 * 2;

    private static TimeSpan WorkedOffFor => TimeSpan.FromSeconds(BenchSettings.Quick ? 20 : 120);

    public static async Task RunAsync(Report report)
    {
        report.Section($"Reminders: {Sessions:#,0} sessions armed");
        await using var database = await BenchDatabase.CreateAsync("bench_reminders");
        StartCost without;
        await using (var product = await Product.StartAsync(database))
            without = await StartCost.ReadAsync(product);

        var first = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(BenchSettings.Quick ? 90 : 180);
        var crowd = new Crowd(
            database.Channel,
            new CrowdPlan(Sessions, 1, Sessions, Conversation: false, AlarmAt: n => AlarmOf(n, first)),
            DateTimeOffset.UtcNow
        );
        var took = await new CrowdCopy(database.Source, crowd).WriteAsync();
        Console.WriteLine(
            $"{Sessions:#,0} sessions written in {took.TotalSeconds:0.0} s, the first rings in {(first - DateTimeOffset.UtcNow).TotalSeconds:0} s"
        );
        // So many customers are news to the search index, too: what working them off costs is no cost of reminders.
        await using (await Product.StartAsync(database))
            await SearchIndex.SettleAsync(database.Source);
        await Statements.ResetAsync(database.Source);
        double rate;
        await using (var product = await Product.StartAsync(database))
        {
            var clock = Stopwatch.StartNew();
            var with = await StartCost.ReadAsync(product);
            var read = await Statements.OfAsync(database.Source, "grainhash >");
            var lateness = await RingAsync(database, crowd, first);
            var sweep = await Statements.OfAsync(database.Source, "alarm_at <");
            AddArmed(report, without, with, read, sweep.Calls, clock.Elapsed, await SweepAsync(database), lateness);
            rate = await HalfLoad.OfAsync(product, 9_000, Writers);
        }
        await MissAsync(database);
        await WorkOffAsync(report, database, rate, await SweepAsync(database));
    }

    private static DateTimeOffset AlarmOf(int customer, DateTimeOffset first) =>
        customer < Writers ? first + TimeSpan.FromHours(23)
        : customer < Writers + Due ? first + TimeSpan.FromSeconds((customer - Writers) / DuePerSecond)
        : first + TimeSpan.FromMinutes(30) + TimeSpan.FromHours(22) * ((double)customer / Sessions);

    // Armed and ringing ----------------------------------------------------------------------------------------

    /// <summary>What a silo used in its first seconds.</summary>
    private sealed record StartCost(double CpuSeconds, double Allocated, double Heap)
    {
        public static async Task<StartCost> ReadAsync(Product product)
        {
            await Task.Delay(Settled);
            var page = await MetricsPage.ReadAsync(product.Silo);
            var cpu = ProcessTimes.Read(product.Subject.Processes).Seconds["silo"];
            var (heap, _) = await ManagedHeap.WeighAsync(product.SiloPid, product.Silo);
            return new StartCost(cpu, page.Sum(MetricsPage.Allocated), heap);
        }
    }

    // Until all have rung, or it is clear that some will not.
    private static async Task<IReadOnlyList<double>> RingAsync(
        BenchDatabase database,
        Crowd crowd,
        DateTimeOffset first
    )
    {
        var patience = first + DueFor + TimeSpan.FromSeconds(BenchSettings.Quick ? 30 : 100);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            var rows = await database.Source.RowsAsync(
                """
                select t.ticket_number, extract(epoch from o.at)::float8
                from threadkeep.threads t
                cross join lateral (
                    select m.received_at as at from threadkeep.messages m
                    where m.account_id = t.account_id and m.thread_id = t.id and m.type = 'session_closed' and m.seq > 3 limit 1
                ) o
                where t.account_id = $1 and t.session_closed
                """,
                database.Channel.Account.Value
            );
            if (rows.Count < Due && DateTimeOffset.UtcNow < patience)
                continue;
            return
            [
                .. rows.Select(r =>
                    double.Parse(r[1], CultureInfo.InvariantCulture)
                    - AlarmOf(int.Parse(r[0], null) - 1, first).ToUnixTimeMilliseconds() / 1000.0
                ),
            ];
        }
    }

    // What a shard of the sweep asks, here by itself: median of a few rounds over all shards.
    private static async Task<double> SweepAsync(BenchDatabase database)
    {
        var store = new ThreadStore(database.Source);
        var ticks = new List<long>();
        for (var n = 0; n < 5 * GrainKeys.SweepShards; n++)
        {
            var begun = Stopwatch.GetTimestamp();
            await store.OverdueAlarmsAsync(
                DateTimeOffset.UtcNow - TimeSpan.FromMinutes(2),
                n % GrainKeys.SweepShards,
                GrainKeys.SweepShards,
                400
            );
            ticks.Add(Stopwatch.GetTimestamp() - begun);
        }
        return new Latencies(ticks).P50;
    }

    private static void AddArmed(
        Report report,
        StartCost without,
        StartCost with,
        (double Calls, double Milliseconds, double Rows, double Buffers) read,
        double sweeps,
        TimeSpan observed,
        double sweepMilliseconds,
        IReadOnlyList<double> lateness
    )
    {
        // Orleans reads its range again when the ring settles.
        var times = Math.Max(1, read.Rows / Sessions);
        report.Line(
            "A silo reads its reminders when it starts, and every five minutes after (Orleans' refresh). The figures are the start's, divided by how often it read all of them. "
                + $"CPU and allocation are what its first {Settled.TotalSeconds:0} s took more with {Sessions:#,0} rows than with none. "
                + $"Then {Due:#,0} sessions end within {DueFor.TotalSeconds:0} s; lateness is from the alarm's time to the moment that the thread noted the end."
        );
        report.Line("");
        report.Add(
            new Table(
                ["what", "figure"],
                [
                    ["times the start read all of them", $"{times:0.0}"],
                    ["one refresh: queries", $"{read.Calls / times:0.0}"],
                    ["one refresh: PostgreSQL, seconds of statements", $"{read.Milliseconds / 1000 / times:0.00}"],
                    ["one refresh: PostgreSQL, buffers", $"{read.Buffers / times:#,0}"],
                    ["one refresh: silo CPU seconds", $"{(with.CpuSeconds - without.CpuSeconds) / times:0.00}"],
                    ["one refresh: silo allocates MB", $"{(with.Allocated - without.Allocated) / 1e6 / times:0.0}"],
                    [
                        "silo heap with them beside without, MB",
                        $"{with.Heap / 1e6:0.0} beside {without.Heap / 1e6:0.0}",
                    ],
                    ["sweeps that the silo made meanwhile", $"{sweeps:0} in {observed.TotalSeconds:0} s"],
                    ["one shard's look for overdue alarms, none being overdue, ms", $"{sweepMilliseconds:0.00}"],
                    ["rang", $"{lateness.Count:#,0} of {Due:#,0}"],
                    ["lateness p50, s", $"{At(0.5):0.0}"],
                    ["lateness p99, s", $"{At(0.99):0.0}"],
                    ["lateness max, s", $"{At(1):0.0}"],
                ]
            )
        );
        report.Target(
            $"{Due:#,0} reminders of {Sessions:#,0}: latest",
            $"{At(1):0.0} s late, {Due - lateness.Count} not at all",
            "at most 90 s",
            lateness.Count == Due && At(1) <= 90
        );

        double At(double part) =>
            lateness.Count == 0
                ? double.NaN
                : lateness.Order().ElementAt(Math.Min(lateness.Count - 1, (int)(lateness.Count * part)));
    }

    // Two hours of downtime ------------------------------------------------------------------------------------

    // As if the silos had been away for two hours: what should have rung in them did not.
    private static async Task MissAsync(BenchDatabase database)
    {
        var account = database.Channel.Account.Value;
        await database.Source.RunAsync(
            """
            with missed as (
                select id, ticket_number % 2 = 0 as warns, now() - interval '2 hours' * ((ticket_number - $2)::float8 / $3) as due
                from threadkeep.threads where account_id = $1 and ticket_number > $2 and ticket_number <= $2 + $3
            )
            update threadkeep.threads t
            set alarm_at = due, session_warned = not warns,
                last_inbound_at = due - $4 + case when warns then $5 else interval '0' end,
                session_opened_at = due - $4 + case when warns then $5 else interval '0' end
            from missed m
            where t.account_id = $1 and t.id = m.id
            """,
            account,
            Writers + Due,
            Missed,
            ThreadTimes.Session,
            ThreadTimes.Closing
        );
        await database.Source.RunAsync(
            """
            update orleans.orleansreminderstable r set starttime = t.alarm_at
            from threadkeep.threads t
            where t.account_id = $1 and t.ticket_number > $2 and t.ticket_number <= $2 + $3
                and r.grainid = 'thread/' || replace(t.account_id::text, '-', '') || '/' || replace(t.id::text, '-', '')
            """,
            account,
            Writers + Due,
            Missed
        );
        await database.Source.RunAsync("vacuum (analyze) threadkeep.threads");
    }

    private static async Task WorkOffAsync(Report report, BenchDatabase database, double rate, double sweepMilliseconds)
    {
        await using var product = await Product.StartAsync(database);
        var since = DateTimeOffset.UtcNow;
        var left = new List<(double Seconds, long Left)> { (0, await LeftAsync(database, since)) };
        using var enough = new CancellationTokenSource();
        var counting = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(5));
                left.Add(((DateTimeOffset.UtcNow - since).TotalSeconds, await LeftAsync(database, since)));
            }
        });
        var works = new MessageWork[OpenLoop.Lanes];
        Counters? before = null;
        Counters? after = null;
        var results = await OpenLoop.RunAsync(
            product.Webhooks.Port,
            [
                new Traffic(
                    "messages",
                    rate,
                    n => works[n] = new MessageWork(product.Webhooks, 1, n, Writers, Customers.AtRandom(Writers, n))
                ),
            ],
            TimeSpan.FromSeconds(3),
            WorkedOffFor,
            async () => before = await Counters.ReadAsync(product.Subject),
            async () => after = await Counters.ReadAsync(product.Subject)
        );
        await enough.CancelAsync();
        await counting;
        var (missing, twice) = await Stored.CountAsync(database, database.Channel.Account.Value, 1, works);
        var doubled = await database.Source.ScalarAsync<long>(
            """
            select count(*) from (
                select from threadkeep.messages where account_id = $1 and type in ('session_closed', 'session_warning') group by thread_id, type having count(*) > 1
            ) d
            """,
            database.Channel.Account.Value
        );
        AddMissed(
            report,
            rate,
            sweepMilliseconds,
            left,
            results[0].Load,
            Counters.Between(before!, after!),
            missing + twice,
            doubled
        );
    }

    private static Task<long> LeftAsync(BenchDatabase database, DateTimeOffset since) =>
        database.Source.ScalarAsync<long>(
            "select count(*) from threadkeep.threads where alarm_at < $1",
            since.UtcDateTime
        );

    private static void AddMissed(
        Report report,
        double rate,
        double sweepMilliseconds,
        List<(double Seconds, long Left)> left,
        LoadResult load,
        Consumption usage,
        int lost,
        long doubled
    )
    {
        report.Line(
            $"After two simulated hours of downtime (rows dated back): {Missed:#,0} alarms are overdue, half of them warnings, when the silo starts; webhooks come at {rate:#,0} a second "
                + "(half of the top load, open loop, counted from when due) from the first moment."
        );
        report.Line("");
        var shown = left.Where((_, n) => n % Math.Max(1, left.Count / 12) == 0 || n == left.Count - 1).ToList();
        report.Add(
            new Table(
                ["seconds after the start", "alarms still overdue"],
                [.. shown.Select(l => (string[])[$"{l.Seconds:0}", $"{l.Left:#,0}"])]
            )
        );
        report.Line(
            $"{Outlook(left)} One shard's look for them takes {sweepMilliseconds:0.00} ms while they all are overdue."
        );
        report.Line("");
        report.Add(
            new Table(
                [
                    "what",
                    "messages/s",
                    "p50 ms",
                    "p99 ms",
                    "max ms",
                    "refused",
                    "missing or twice",
                    "announced twice",
                    "CPU cores by process",
                ],
                [
                    [
                        "webhooks beside it",
                        $"{load.Rate:#,0}",
                        $"{load.Latencies.P50:0.00}",
                        $"{load.Latencies.P99:0.00}",
                        $"{load.Latencies.Max:0}",
                        $"{load.Refused}",
                        $"{lost}",
                        $"{doubled}",
                        Point.Parts(usage.Cores, "0.00"),
                    ],
                ]
            )
        );
        report.Target(
            "webhooks while two hours of alarms are made up for: p99",
            $"{load.Latencies.P99:0} ms",
            "under 100 ms",
            load.Latencies.P99 < 100
        );
        report.Target(
            "webhooks beside it: refused; taken beside due",
            $"{load.Refused}; {load.Rate:#,0} of {rate:#,0}",
            "0; all but 1%",
            load.Refused == 0 && load.Rate >= rate * 0.99
        );
        report.Target(
            $"overdue alarms worked off while it lasts ({WorkedOffFor.TotalSeconds:0} s)",
            $"{Missed - left[^1].Left:#,0} of {Missed:#,0}",
            "more than half",
            left[^1].Left * 2 < Missed
        );
        report.Target(
            "sessions announced twice, messages lost or doubled meanwhile",
            $"{doubled + lost}",
            "0",
            doubled + lost == 0
        );
    }

    private static string Outlook(List<(double Seconds, long Left)> left)
    {
        var (last, middle) = (left[^1], left[left.Count / 2]);
        if (last.Left == 0)
            return $"All were worked off within {left.First(l => l.Left == 0).Seconds:0} s.";
        var perSecond = (middle.Left - last.Left) / (last.Seconds - middle.Seconds);
        return perSecond <= 0
            ? "None was worked off in the second half of the time watched."
            : $"Extrapolated from the second half ({perSecond:0} a second): all are worked off {(last.Seconds + last.Left / perSecond) / 60:0.0} minutes after the start.";
    }
}
