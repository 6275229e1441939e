using System.Diagnostics;

namespace Threadkeep.Bench.Scenarios;

/// <summary>Runs scenarios one after the other and writes the report. One that fails says so there, and the others go on.</summary>
internal static class Run
{
    // In this order, whatever order they are asked for in. Ceiling and product share one scenario.
    private static readonly (string Name, Func<Report, Task> RunAsync)[] All =
    [
        ("batches", BatchScenario.RunAsync),
        ("statuses", StatusScenario.RunAsync),
        ("planned", PlannedScenario.RunAsync),
        ("growth", GrowthScenario.RunAsync),
        ("console", ConsoleScenario.RunAsync),
        ("team", TeamScenario.RunAsync),
        ("reminders", ReminderScenario.RunAsync),
        ("overload", OverloadScenario.RunAsync),
    ];

    public static IEnumerable<string> Names => All.Select(s => s.Name).Prepend("product").Prepend("ceiling");

    public static async Task<int> AllAsync(string file, string[] asked)
    {
        string[] wanted = asked.Length == 0 ? [.. Names] : asked;
        if (wanted.Except(Names).FirstOrDefault() is { } unknown)
        {
            await Console.Error.WriteLineAsync(
                $"There is no scenario {unknown}. There are: {string.Join(", ", Names)}."
            );
            return 2;
        }
        var clock = Stopwatch.StartNew();
        var report = new Report(file);
        var failures = 0;
        if (wanted.Contains("ceiling") || wanted.Contains("product"))
            await TryAsync(
                "webhooks",
                r => WebhookScenario.RunAsync(r, wanted.Contains("ceiling"), wanted.Contains("product"))
            );
        foreach (var (name, run) in All.Where(s => wanted.Contains(s.Name)))
            await TryAsync(name, run);
        await File.WriteAllTextAsync(file, await report.ToTextAsync(wanted, clock.Elapsed));
        Console.WriteLine(file);
        return failures;

        async Task TryAsync(string name, Func<Report, Task> run)
        {
            Console.WriteLine($"--- {name}");
            try
            {
                await run(report);
            }
            catch (Exception failed)
            {
                failures++;
                await Console.Error.WriteLineAsync($"{name} failed: {failed}");
                report.Line("");
                report.Line($"**This scenario failed**: {failed.GetType().Name}: {failed.Message.Split('\n')[0]}");
            }
        }
    }
}
