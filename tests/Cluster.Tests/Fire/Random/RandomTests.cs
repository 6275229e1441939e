using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Fire.Random;

/// <summary>
/// Duplicates, reorders, batches, identity changes, double clicks and statuses, interleaved with kills, freezes and outages of PostgreSQL as
/// a seed says, and the database compared with a model that knows no rules (docs/operations.md, "Under fire", says how to run it for longer, and again).
/// </summary>
public sealed class RandomTests(ThreeHastySilos deployment) : ClusterTest(deployment), IClassFixture<ThreeHastySilos>
{
    private const int Silos = 3;
    private const int Families = 10;

    /// <summary>After so many kills everything is compared, and others begin.</summary>
    private const int KillsOfARound = 25;

    [Fact]
    public async Task Whatever_is_killed_while_whatever_is_asked_the_database_is_as_the_model_says()
    {
        var kills = Setting("THREADKEEP_FIRE_KILLS", 4);
        var seed = Setting("THREADKEEP_FIRE_SEED", Environment.TickCount & 0xFFFFFF);
        Say($"seed {seed}, {kills} kills");
        await Sandbox.SetFaultsAsync(new { statuses = new { hold = true } });
        var weather = new Weather(Deployment, seed, Silos);
        var sum = new Sum();
        var clock = Stopwatch.StartNew();
        for (var round = 1; weather.Kills < kills; round++)
        {
            await RoundAsync(weather, seed + round, Math.Min(KillsOfARound, kills - weather.Kills), sum);
            Say(
                $"{clock.Elapsed.TotalMinutes:f1} min, seed {seed}, round {round}: {weather.Kills} kills, {weather.Freezes} freezes, "
                    + $"{weather.Outages} outages of PostgreSQL, {weather.Cuts} connections cut, "
                    + $"{weather.Revived} silos ended by themselves; {sum}"
            );
        }
        weather.Freezes.ShouldBeGreaterThan(0);
        weather.Outages.ShouldBeGreaterThan(0);
        sum.Changes.ShouldBeGreaterThan(0);
        sum.Messages.ShouldBeGreaterThan(0);
        sum.Sends.ShouldBeGreaterThan(0);
    }

    private async Task RoundAsync(Weather weather, int seed, int kills, Sum sum)
    {
        await Sandbox.ForgetPostsAsync();
        var families = Enumerable
            .Range(0, Families)
            .Select(n => new Family(Deployment, seed * 1_000 + n, sum.Refusals))
            .ToArray();
        var player = new StatusPlayer(Deployment, seed, families);
        using var stopped = new CancellationTokenSource();
        var lives = families.Select(f => Task.Run(() => f.LiveAsync(stopped.Token))).ToArray();
        var playing = Task.Run(async () =>
        {
            while (!stopped.IsCancellationRequested)
            {
                await player.PlayAsync();
                await Task.Delay(500);
            }
        });
        try
        {
            var raging = weather.RageAsync(kills);
            // A life that fails ends the round at once.
            await Task.WhenAny([raging, playing, .. lives]);
            foreach (var ended in lives.Append(playing).Where(l => l.IsCompleted))
                await ended;
            await raging;
        }
        finally
        {
            await stopped.CancelAsync();
        }
        await Task.WhenAll([playing, .. lives]);
        await weather.CalmAsync();
        await WorldCheck.SettleAsync(Deployment, player);
        var persons = families.SelectMany(f => f.Everybody()).ToList();
        await WorldCheck.HoldsAsync(Deployment, persons);
        sum.Add(families, persons, player);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private sealed class Sum
    {
        public int Messages { get; private set; }

        public int Sends { get; private set; }

        public ConcurrentDictionary<int, int> Refusals { get; } = [];

        public int Changes { get; private set; }

        private int repeats,
            statuses,
            unconfirmed,
            templates,
            persons;

        public void Add(Family[] families, List<Person> people, StatusPlayer player)
        {
            Messages += people.Sum(p => p.Messages.Count);
            Sends += people.Sum(p => p.Sends.Count);
            templates += people.Sum(p => p.Sends.Count(s => s.IsTemplate));
            unconfirmed += people.Sum(p => p.Sends.Count(s => s.Told.Count == 0));
            repeats += families.Sum(f => f.Repeats);
            Changes += families.Sum(f => f.IdentityChanges);
            statuses += player.Statuses;
            persons += people.Count;
        }

        public override string ToString() =>
            $"{persons} persons, {Messages} messages ({repeats} repeated), {Changes} identity changes, {Sends} sends "
            + $"({templates} templates, {unconfirmed} unconfirmed), {statuses} statuses; refused: "
            + string.Join(", ", Refusals.OrderBy(r => r.Key).Select(r => $"{r.Value} x {r.Key}"));
    }
}
