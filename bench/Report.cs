using System.Diagnostics;
using System.Text;
using Threadkeep.Bench.Probes;

namespace Threadkeep.Bench;

/// <summary>A table of the report; columns other than the first and the named ones are numbers.</summary>
internal sealed record Table(string[] Columns, IReadOnlyList<string[]> Rows)
{
    private static readonly string[] Words = ["endpoint", "statement", "what", "by process", "note"];

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"| {string.Join(" | ", Columns)} |");
        text.AppendLine(
            $"|{string.Concat(Columns.Select(c => Words.Any(w => c.Contains(w, StringComparison.Ordinal)) ? "---|" : "--:|"))}"
        );
        foreach (var row in Rows)
            text.AppendLine($"| {string.Join(" | ", row)} |");
        return text.ToString();
    }
}

/// <summary>The result file: what was measured where, then one section a scenario, in the order of the run.</summary>
/// <param name="file">Where it is written in the end; other files of the run lie beside it.</param>
internal sealed class Report(string file)
{
    private readonly StringBuilder text = new();
    private List<string> targets = [];

    /// <summary>A part that is written before its place is reached; see <see cref="Add(Report)"/>.</summary>
    public Report Part() => new(file) { targets = targets };

    public void Add(Report part) => text.Append(part.text);

    /// <summary>A scenario's heading.</summary>
    public void Section(string title) => text.AppendLine().AppendLine($"## {title}").AppendLine();

    public void Line(string line) => text.AppendLine(line);

    public void Add(Table table, string? title = null)
    {
        if (title is not null)
            text.AppendLine().AppendLine(title).AppendLine();
        text.Append(table).AppendLine();
    }

    /// <summary>Writes another file of this run, FILE-NAME.md.</summary>
    public Task BesideAsync(string name, string content) =>
        File.WriteAllTextAsync(Path.ChangeExtension(file, null) + $"-{name}.md", content);

    /// <summary>A figure beside what the issue asks for; they stand together at the report's beginning.</summary>
    public void Target(string what, string figure, string asked, bool met)
    {
        targets.Add($"| {what} | {figure} | {asked} | {(met ? "yes" : "**no**")} |");
        Console.WriteLine($"  {what}: {figure} (asked: {asked}){(met ? "" : "  MISSED")}");
    }

    public async Task<string> ToTextAsync(IReadOnlyList<string> scenarios, TimeSpan took)
    {
        var head = new StringBuilder();
        Head($"# Benchmark, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        Head("");
        Head($"- Commit: {BenchSettings.Need("BENCH_COMMIT")}");
        Head($"- Machine: {BenchSettings.Need("BENCH_MACHINE")}; everything on it, the load generator too");
        Head(
            $"- PostgreSQL: {await SettingsAsync()}; one sync of 8 KB takes {SyncMilliseconds():0.00} ms (median of 200)"
        );
        Head(
            $"- Api and silo are processes of their own, Release builds; every webhook is signed and unique; {BenchSettings.PointTime.TotalSeconds:0} s a point after {BenchSettings.WarmUp.TotalSeconds:0} s of warm-up{(BenchSettings.Quick ? " (quick: figures vary)" : "")}"
        );
        Head($"- Scenarios: {string.Join(", ", scenarios)}; {took.TotalMinutes:0.0} minutes in all");
        if (Environment.GetEnvironmentVariable("BENCH_NOTE") is { Length: > 0 } note)
            Head($"- {note}");
        Head("");
        if (targets.Count > 0)
        {
            Head("| what | measured | asked for | met |");
            Head("|---|---|---|---|");
            foreach (var target in targets)
                Head(target);
        }
        return head.ToString() + text;

        void Head(string line) => head.AppendLine(line);
    }

    // The same for the yardsticks and the product: there is one server.
    private static async Task<string> SettingsAsync()
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(BenchSettings.Database);
        var version = await database.ScalarAsync<string>("show server_version");
        var settings = await database.RowsAsync(
            """
            select name, current_setting(name) from pg_settings
            where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'wal_compression', 'max_wal_size',
                'checkpoint_timeout', 'wal_buffers', 'autovacuum', 'max_connections', 'commit_delay')
            order by name
            """
        );
        return $"{version}, {string.Join(", ", settings.Select(s => $"{s[0]} {s[1]}"))}";
    }

    private static double SyncMilliseconds()
    {
        var path = Path.Combine(BenchSettings.Work, "sync.probe");
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
}
