using System.Text;
using System.Text.RegularExpressions;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Probes;

/// <summary>
/// The plans that PostgreSQL really used for the product's statements, with times and buffers: auto_explain writes them to the
/// server's log while the product runs.
/// </summary>
internal static partial class Plans
{
    private static readonly string[] Settings =
    [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_analyze = on",
        "auto_explain.log_buffers = on",
        "auto_explain.log_timing = on",
    ];

    /// <summary>From here on, new connections to the database log their plans.</summary>
    public static async Task BeginAsync(BenchDatabase database)
    {
        // As superuser, with the library loaded once so that its settings are known.
        await database.Source.RunAsync("load 'auto_explain'");
        foreach (var setting in Settings)
            await database.Source.RunAsync($"alter database {database.Name} set {setting}");
    }

    public static long LogLength => new FileInfo(LogPath).Length;

    /// <summary>
    /// The plans logged since then, the longest-running first: of each statement the latest of every shape, since one text
    /// with many conditions is planned in several ways.
    /// </summary>
    /// <param name="from">Where the log stood.</param>
    public static async Task<IReadOnlyList<(string Query, double Milliseconds, string Plan)>> ReadAsync(long from)
    {
        await using var file = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var plans = new Dictionary<(string Query, string Shape), (double Milliseconds, string Plan)>();
        string? line = await reader.ReadLineAsync();
        while (line is not null)
        {
            var begun = Begin().Match(line);
            var text = new StringBuilder();
            line = await reader.ReadLineAsync();
            // What belongs to an entry is set in by a tab.
            for (; line is not null && line.StartsWith('\t'); line = await reader.ReadLineAsync())
                text.AppendLine(line[1..]);
            if (begun.Success)
                Keep(plans, double.Parse(begun.Groups[1].Value, null), text.ToString());
        }
        return
        [
            .. plans
                .OrderByDescending(p => p.Value.Milliseconds)
                .Select(p => (p.Key.Query, p.Value.Milliseconds, p.Value.Plan)),
        ];
    }

    private static void Keep(Dictionary<(string, string), (double, string)> plans, double milliseconds, string text)
    {
        var place = text.IndexOf('\n');
        while (place >= 0 && !PlanLine().IsMatch(text[(place + 1)..Math.Min(text.Length, place + 300)]))
            place = text.IndexOf('\n', place + 1);
        if (place < 0)
            return;
        var query = Spaces().Replace(text[..place].Replace("Query Text:", "", StringComparison.Ordinal), " ").Trim();
        var plan = text[(place + 1)..];
        if (
            query.Contains("threadkeep.", StringComparison.Ordinal)
            || query.Contains("orleans", StringComparison.Ordinal)
        )
            plans[(query, Shape(plan))] = (milliseconds, plan);
    }

    // The names of the steps, without figures and conditions.
    private static string Shape(string plan) =>
        string.Join(
            '\n',
            plan.Split('\n')
                .Where(l => l.Contains("(cost=", StringComparison.Ordinal))
                .Select(l => l[..l.IndexOf("(cost=", StringComparison.Ordinal)])
        );

    private static string LogPath => Path.Combine(BenchSettings.Work, "postgres", "server.log");

    [GeneratedRegex(@"duration: ([0-9.]+) ms  plan:")]
    private static partial Regex Begin();

    [GeneratedRegex(@"\A[A-Z][A-Za-z ]+.*\(cost=[0-9.]+")]
    private static partial Regex PlanLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
