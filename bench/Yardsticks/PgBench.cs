using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Threadkeep.Bench.Load;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Yardsticks;

/// <summary>PostgreSQL's own benchmark program: one insert of one row a transaction, each waiting for the disk.</summary>
internal static class PgBench
{
    public static async Task<Table> MeasureAsync(int[] connections)
    {
        var program = Environment.GetEnvironmentVariable("BENCH_PGBENCH");
        if (program is not { Length: > 0 } || !File.Exists(program))
            return new Table(
                ["note"],
                [
                    ["pgbench is not installed beside this PostgreSQL"],
                ]
            );
        await using var database = await BenchDatabase.CreateAsync("bench_pgbench");
        await database.Source.RunAsync(
            "create table bench_rows (id bigint generated always as identity primary key, body text not null)"
        );
        var script = Path.Combine(BenchSettings.Work, "insert.sql");
        await File.WriteAllTextAsync(script, $"insert into bench_rows (body) values ('{new string('x', 100)}');\n");
        var rows = new List<string[]>();
        foreach (var count in connections)
            rows.Add(await RunAsync(program, database, script, count));
        return new Table(["connections", "transactions/s", "p50 ms", "p99 ms", "max ms"], rows);
    }

    private static async Task<string[]> RunAsync(string program, BenchDatabase database, string script, int connections)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var seconds = Math.Max(2, (int)BenchSettings.PointTime.TotalSeconds / 2);
        var log = Path.Combine(BenchSettings.Work, $"pgbench{connections}");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var word in (string[])
                [
                    "-n",
                    "-M",
                    "prepared",
                    "-f",
                    script,
                    "-c",
                    $"{connections}",
                    "-j",
                    "2",
                    "-T",
                    $"{seconds}",
                    "-l",
                    "--log-prefix",
                    log,
                    "-h",
                    settings.Host!,
                    "-p",
                    $"{settings.Port}",
                    "-U",
                    settings.Username!,
                    settings.Database!,
                ]
        )
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException("pgbench: " + (await errors).Trim());
        var tps = output.Split('\n').First(l => l.StartsWith("tps = ", StringComparison.Ordinal)).Split(' ')[2];
        // client, transaction, microseconds, script, ...
        var latencies = new Latencies(
            Directory
                .EnumerateFiles(BenchSettings.Work, $"pgbench{connections}.*")
                .SelectMany(File.ReadLines)
                .Select(l =>
                    long.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture) * Stopwatch.Frequency / 1_000_000
                )
        );
        var rate = double.Parse(tps, CultureInfo.InvariantCulture);
        Console.WriteLine(
            $"pgbench              {connections, 4} connections {rate, 8:0}/s  p50 {latencies.P50:0.00} ms  p99 {latencies.P99:0.00} ms"
        );
        return
        [
            $"{connections}",
            $"{rate:#,0}",
            $"{latencies.P50:0.00}",
            $"{latencies.P99:0.00}",
            $"{latencies.Max:0}",
        ];
    }
}
