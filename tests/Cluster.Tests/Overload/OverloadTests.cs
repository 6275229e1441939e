using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Overload;

/// <summary>
/// Twice what it can take (docs/adr/015-admission.md). THREADKEEP_OVERLOAD_SECONDS says for how long (default 6; a minute for the record).
/// </summary>
[Collection(nameof(Alone))]
public sealed class OverloadTests(OneSilo deployment) : ClusterTest(deployment), IClassFixture<OneSilo>
{
    // Enough at a time that more would only wait longer, and fewer than the places that are always there.
    private const int Lanes = 128;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    // It grows faster while its code is compiled; twice what it took then may be less than what it takes later.
    private const int MostWarming = 12;

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    [Fact]
    public async Task Twice_the_load_it_can_take_is_shed_with_503_at_once_and_it_recovers_at_once()
    {
        var time = TimeSpan.FromSeconds(Wish.Number("THREADKEEP_OVERLOAD_SECONDS", 6));
        var load = new OpenLoad(Deployment);
        await WarmUpAsync(load);
        var calm = await load.ClosedAsync(Lanes, Measured);
        calm.ShouldAllBe(s => s.Answer.Status == 200);
        var rate = calm.Count / Measured.TotalSeconds;
        var before = Use();

        using var over = new CancellationTokenSource();
        var health = WatchHealthAsync(over.Token);
        var (times, shots) = (2, await load.OpenAsync(2 * rate, time));
        // A machine that has become faster meanwhile takes twice what it took: then it is offered twice as much again.
        while (times < 8 && shots.All(s => s.Answer.Status == 200))
            (times, shots) = (times * 2, await load.OpenAsync(times * 2 * rate, time));
        await over.CancelAsync();
        var (checks, slowestCheck) = await health;
        var during = Use();

        // What follows the messages (search, notices) makes up for what it left, and takes its share for some seconds.
        var after = await load.ClosedAsync(Lanes, Measured);
        for (var n = 0; n < 3 && after.Count <= calm.Count / 3; n++)
            after = await load.ClosedAsync(Lanes, Measured);

        var taken = shots.Where(s => s.Answer.Status == 200).Select(s => s.Took).Order().ToList();
        var shed = shots.Where(s => s.Answer.Status == 503).Select(s => s.Took).Order().ToList();
        Say(
            $"takes {rate:f0}/s with {Lanes} at a time, p50 {Milliseconds([.. calm.Select(s => s.Took).Order()], 0.5)}"
        );
        Say($"offered {shots.Count / time.TotalSeconds:f0}/s for {time.TotalSeconds:f0} s");
        Say(
            $"taken {taken.Count}, p50 {Milliseconds(taken, 0.5)}, p99 {Milliseconds(taken, 0.99)}, longest {Milliseconds(taken, 1)}"
        );
        Say(
            $"shed {shed.Count}, p50 {Milliseconds(shed, 0.5)}, p99 {Milliseconds(shed, 0.99)}, longest {Milliseconds(shed, 1)}"
        );
        Say(
            $"{checks} looks at its health, the slowest {slowestCheck.TotalMilliseconds:f0} ms; memory before {before}, after {during}"
        );
        Say(
            $"afterwards {after.Count / Measured.TotalSeconds:f0}/s, the longest {Milliseconds([.. after.Select(s => s.Took).Order()], 1)}"
        );

        shots.Select(s => s.Answer.Status).Distinct().ShouldBeSubsetOf([200, 503], "never without an answer");
        shed.Count.ShouldBeGreaterThan(0, $"{times} times what it took is more than it takes");
        shots.Where(s => s.Answer.Status == 503).ShouldAllBe(s => s.Answer.SaysWhen);
        shed[shed.Count / 2].ShouldBeLessThan(TimeSpan.FromSeconds(2), "a refusal costs little, and comes at once");
        // The deadline, after which nobody knows what became of it, is 8 s.
        shots.ShouldAllBe(s => s.Took < TimeSpan.FromSeconds(8));
        taken.Count.ShouldBeGreaterThan((int)(rate * time.TotalSeconds / 3), "what it can take it still takes");
        checks.ShouldBeGreaterThan(0);
        during.Api.ShouldBeLessThan(before.Api + 500);
        during.Silo.ShouldBeLessThan(before.Silo + 500);
        after.ShouldAllBe(s => s.Answer.Status == 200);
        after.Count.ShouldBeGreaterThan(calm.Count / 3, "it recovers within seconds");
        after.Where(s => s.At < TimeSpan.FromSeconds(1)).Max(s => s.Took).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        (
            await Deployment.SingleAsync<(long, long)>(
                "select count(*), count(distinct wamid) from threadkeep.messages where wamid = any(@wamids)",
                new { wamids = load.Acknowledged.ToArray() }
            )
        ).ShouldBe((load.Acknowledged.Count, load.Acknowledged.Count), "what was answered 200 is there, once");
    }

    // Threads are there and code is compiled once a second brings hardly more than the one before.
    private static async Task WarmUpAsync(OpenLoad load)
    {
        var (before, taken) = (0, 0);
        for (var n = 0; n < MostWarming && (n < 3 || taken > before * 1.1); n++)
            (before, taken) = (taken, (await load.ClosedAsync(Lanes, TimeSpan.FromSeconds(1))).Count);
    }

    // Asks all the while whether it lives. How often it said so, and the longest wait; anything else fails.
    private async Task<(int Checks, TimeSpan Slowest)> WatchHealthAsync(CancellationToken over)
    {
        using var http = new HttpClient { BaseAddress = Deployment.ApiUrl, Timeout = TimeSpan.FromSeconds(10) };
        var (checks, slowest) = (0, TimeSpan.Zero);
        while (!over.IsCancellationRequested)
        {
            var asked = TimeProvider.System.GetTimestamp();
            using var answer = await http.GetAsync("/health/live", CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            var took = TimeProvider.System.GetElapsedTime(asked);
            (checks, slowest) = (checks + 1, took > slowest ? took : slowest);
            await Task.Delay(100, CancellationToken.None);
        }
        return (checks, slowest);
    }

    private static string Milliseconds(List<TimeSpan> sorted, double share) =>
        sorted.Count == 0
            ? "-"
            : $"{sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))].TotalMilliseconds:f0} ms";

    private Used Use() =>
        new(
            Deployment.Processes.Single(p => p.Name == "api").Megabytes,
            Deployment.Processes.Single(p => p.Name == "silo-0").Megabytes
        );

    private sealed record Used(long Api, long Silo)
    {
        public override string ToString() => $"{Api} and {Silo} MiB";
    }
}
