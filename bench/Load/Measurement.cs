using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Threadkeep.Bench.Load;

/// <summary>Measures every endpoint at every number of connections, counts in SQL what was acknowledged, and writes the report.</summary>
internal static class Measurement
{
    private sealed record Target(string Name, string What, Uri Url, Guid? Account, string[] Parts);

    private sealed record Point(
        string Name,
        int Connections,
        LoadResult Load,
        double WalSyncs,
        double WalBytes,
        double Statements,
        IReadOnlyDictionary<string, double> Cores,
        double MachineBusy,
        int Missing,
        int Twice,
        IReadOnlyList<string> TopStatements
    );

    public static async Task<int> RunAsync(string file)
    {
        var quick = Environment.GetEnvironmentVariable("BENCH_QUICK") == "1";
        var (warmUp, time) = quick
            ? (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))
            : (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10));
        await using var database = NpgsqlDataSource.Create(BenchSettings.Database);
        await Scalar<int>(database, "create extension if not exists pg_stat_statements; select 1");
        var parts = BenchSettings
            .Need("BENCH_PIDS")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('='))
            .ToDictionary(p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture));
        parts["load"] = Environment.ProcessId;

        var product = new Uri(BenchSettings.Need("BENCH_PRODUCT"));
        var account = await Scalar<Guid>(
            database,
            "select account_id from threadkeep.channels where phone_number_id = $1",
            BenchSettings.PhoneNumberId
        );
        await Generator.GreetAsync(product);
        await SeedAsync(database, account, BenchSettings.GroupAccount);
        await SeedAsync(database, account, BenchSettings.NaiveAccount);

        Target[] targets =
        [
            new("signature", "checks the signature, stores nothing", Url("BENCH_SIGNATURE"), null, ["signature"]),
            new(
                "group",
                "the same rows, group commit, no Orleans",
                Url("BENCH_GROUP"),
                BenchSettings.GroupAccount,
                ["group", "postgres"]
            ),
            new(
                "naive",
                "the same rows, one transaction a message, no Orleans",
                Url("BENCH_NAIVE"),
                BenchSettings.NaiveAccount,
                ["naive", "postgres"]
            ),
            new("product", "Api, one silo, PostgreSQL", product, account, ["api", "silo", "postgres"]),
        ];
        var points = new List<Point>();
        var only = Environment.GetEnvironmentVariable("BENCH_ONLY");
        foreach (var target in targets.Where(t => only is not { Length: > 0 } || t.Name == only))
        {
            foreach (var connections in new[] { 1, 32, 128 })
            {
                var point = await MeasureAsync(database, target, connections, warmUp, time, parts);
                points.Add(point);
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{target.Name, -10} {connections, 4} connections {point.Load.Measured / time.TotalSeconds, 8:0}/s  p50 {point.Load.P50:0.00} ms  p99 {point.Load.P99:0.00} ms  missing {point.Missing} twice {point.Twice} refused {point.Load.Refused}"
                    )
                );
            }
        }
        await File.WriteAllTextAsync(file, await ReportAsync(database, targets, points, quick, time));
        Console.WriteLine(file);
        return points.Exists(p => p.Missing + p.Twice > 0) ? 1 : 0;

        static Uri Url(string name) => new(BenchSettings.Need(name));
    }

    private static async Task<Point> MeasureAsync(
        NpgsqlDataSource database,
        Target target,
        int connections,
        TimeSpan warmUp,
        TimeSpan time,
        IReadOnlyDictionary<string, int> parts
    )
    {
        await Scalar<int>(database, "checkpoint; select 1");
        await Scalar<int>(database, "select pg_stat_statements_reset() is null; select 1");
        var (before, after) = (Counters.Zero, Counters.Zero);
        var load = await Generator.RunAsync(
            target.Url,
            connections,
            warmUp,
            time,
            () => before = Counters.Read(database, parts),
            () => after = Counters.Read(database, parts)
        );
        var seconds = after.At - before.At;
        var cores = target
            .Parts.Append("load")
            .ToDictionary(p => p, p => (after.Cpu.Seconds[p] - before.Cpu.Seconds[p]) / seconds);
        var statements = await TopStatementsAsync(database);
        var (missing, twice) = target.Account is { } account
            ? await CountAsync(database, account, load.Acknowledged)
            : (0, 0);
        return new Point(
            target.Name,
            connections,
            load,
            (after.WalSyncs - before.WalSyncs) / seconds,
            (after.WalBytes - before.WalBytes) / seconds,
            (after.Commits - before.Commits) / seconds,
            cores,
            (after.Busy - before.Busy) / (after.All - before.All),
            missing,
            twice,
            statements
        );
    }

    private static async Task<IReadOnlyList<string>> TopStatementsAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            select left(regexp_replace(query, '\s+', ' ', 'g'), 90), calls, mean_exec_time, total_exec_time / 1000, rows
            from pg_stat_statements order by total_exec_time desc limit 8
            """
        );
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            lines.Add(
                $"| `{reader.GetString(0).Replace("|", "/", StringComparison.Ordinal)}` | {reader.GetInt64(1):#,0} | {reader.GetDouble(2):0.000} | {reader.GetDouble(3):0.00} | {reader.GetInt64(4):#,0} |"
            );
        return lines;
    }

    // Every acknowledged wamid must be there, and none twice.
    private static async Task<(int Missing, int Twice)> CountAsync(
        NpgsqlDataSource database,
        Guid account,
        IReadOnlyList<string> acknowledged
    )
    {
        if (acknowledged.Count == 0)
            return (0, 0);
        var stored = new Dictionary<string, int>();
        await using var command = database.CreateCommand(
            "select wamid from threadkeep.messages where account_id = $1 and wamid like $2"
        );
        command.Parameters.AddWithValue(account);
        command.Parameters.AddWithValue(acknowledged[0][..10] + "%");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var wamid = reader.GetString(0);
            stored[wamid] = stored.GetValueOrDefault(wamid) + 1;
        }
        return (acknowledged.Count(w => !stored.ContainsKey(w)), stored.Count(s => s.Value > 1));
    }

    // The yardsticks find the threads as the product left them after one message each.
    private static async Task SeedAsync(NpgsqlDataSource database, Guid from, Guid to)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var names = new NpgsqlCommand(
            "select string_agg(quote_ident(column_name), ', ') from information_schema.columns where table_schema = 'threadkeep' and table_name = $1 and column_name <> 'account_id'",
            connection
        );
        names.Parameters.Add(new NpgsqlParameter { Value = "" });
        foreach (var table in new[] { "threads", "thread_activity", "messages" })
        {
            names.Parameters[0].Value = table;
            var columns = (string)(await names.ExecuteScalarAsync())!;
#pragma warning disable CA2100 // names from the schema itself
            await using var copy = new NpgsqlCommand(
                $"insert into threadkeep.{table} (account_id, {columns}) select $2, {columns} from threadkeep.{table} where account_id = $1",
                connection
            );
#pragma warning restore CA2100
            copy.Parameters.AddWithValue(from);
            copy.Parameters.AddWithValue(to);
            await copy.ExecuteNonQueryAsync();
        }
        await using var analyze = new NpgsqlCommand("analyze threadkeep.threads, threadkeep.messages", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<string> ReportAsync(
        NpgsqlDataSource database,
        Target[] targets,
        List<Point> points,
        bool quick,
        TimeSpan time
    )
    {
        var text = new StringBuilder();
        Line($"# Webhooks acknowledged per second, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        Line("");
        Line($"- Commit: {BenchSettings.Need("BENCH_COMMIT")}");
        Line($"- Machine: {BenchSettings.Need("BENCH_MACHINE")}; everything on it, the load generator too");
        Line(
            $"- PostgreSQL: {await Scalar<string>(database, "show server_version")}, fsync {await Scalar<string>(database, "show fsync")}, synchronous_commit {await Scalar<string>(database, "show synchronous_commit")}; one sync of 8 KB takes {SyncMilliseconds():0.00} ms (median of 200)"
        );
        Line(
            $"- {BenchSettings.Customers:#,0} customers, one message of one customer in each webhook, each signed; {time.TotalSeconds:0} s a point after warm-up{(quick ? " (quick: figures vary)" : "")}"
        );
        if (Environment.GetEnvironmentVariable("BENCH_NOTE") is { Length: > 0 } note)
            Line($"- {note}");
        Line("");
        foreach (var target in targets)
            Line($"- **{target.Name}**: {target.What}");
        Line("");
        Line(
            "| endpoint | connections | webhooks/s | p50 ms | p99 ms | max ms | refused | missing | twice | commits/s | WAL syncs/s | WAL bytes a message | CPU: cores by process | machine busy |"
        );
        Line("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|");
        foreach (var p in points)
        {
            var rate = p.Load.Measured / p.Load.Time.TotalSeconds;
            var stores = p.Name != "signature";
            Line(
                $"| {p.Name} | {p.Connections} | {rate:#,0} | {p.Load.P50:0.00} | {p.Load.P99:0.00} | {p.Load.Max:0} | {p.Load.Refused} | "
                    + (
                        stores
                            ? $"{p.Missing} | {p.Twice} | {p.Statements:#,0} | {p.WalSyncs:#,0} | {p.WalBytes / rate:#,0}"
                            : "- | - | - | - | -"
                    )
                    + $" | {string.Join(", ", p.Cores.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value:0.00}")))} | {p.MachineBusy:0%} |"
            );
        }
        Line("");
        foreach (var p in points.Where(p => p.Name == "product"))
        {
            Line($"Statements that took the most time, product at {p.Connections} connections (warm-up included):");
            Line("");
            Line("| statement | calls | mean ms | all s | rows |");
            Line("|---|--:|--:|--:|--:|");
            foreach (var statement in p.TopStatements)
                Line(statement);
            Line("");
        }
        return text.ToString();

        void Line(string line) => text.AppendLine(line);
    }

    private static double SyncMilliseconds()
    {
        var path = Path.Combine(BenchSettings.Need("BENCH_DIRECTORY"), "sync.probe");
        var times = new List<double>();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            var page = new byte[8_192];
            for (var n = 0; n < 200; n++)
            {
                var begun = Stopwatch.GetTimestamp();
                file.Position = 0;
                file.Write(page);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }
        File.Delete(path);
        return times.Order().ElementAt(times.Count / 2);
    }

    private static async Task<T> Scalar<T>(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        object? last = null;
        do
        {
            while (await reader.ReadAsync())
                last = reader.GetValue(0);
        } while (await reader.NextResultAsync());
        return (T)last!;
    }

    private sealed record Counters(
        double At,
        ProcessTimes Cpu,
        double Busy,
        double All,
        double WalSyncs,
        double WalBytes,
        double Commits
    )
    {
        public static Counters Zero { get; } =
            new(0, new ProcessTimes(new Dictionary<string, double>()), 0, 0, 0, 0, 0);

        public static Counters Read(NpgsqlDataSource database, IReadOnlyDictionary<string, int> parts)
        {
            using var command = database.CreateCommand(
                "select w.wal_sync::float8, w.wal_bytes::float8, d.xact_commit::float8 from pg_stat_wal w, pg_stat_database d where d.datname = current_database()"
            );
            using var reader = command.ExecuteReader();
            reader.Read();
            var (busy, all) = ProcessTimes.Machine();
            return new Counters(
                Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency,
                ProcessTimes.Read(parts),
                busy,
                all,
                reader.GetDouble(0),
                reader.GetDouble(1),
                reader.GetDouble(2)
            );
        }
    }
}
