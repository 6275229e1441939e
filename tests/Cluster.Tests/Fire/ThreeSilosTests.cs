using System.Globalization;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Fire;

/// <summary>
/// Three silos under steady load, and everything that happens to a cluster (S16, OP2): nothing acknowledged is lost, nothing is there
/// twice, and who must wait waits as briefly as the membership settings say (docs/adr/011-membership.md). Each test prints what it cost.
/// </summary>
public sealed class ThreeSilosTests(ThreeSilos deployment) : ClusterTest(deployment), IClassFixture<ThreeSilos>
{
    /// <summary>A killed silo's threads are back after so long at most.</summary>
    private static readonly TimeSpan Back = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_silo_that_is_killed_costs_its_own_threads_half_a_minute_and_the_others_nothing()
    {
        await using var load = await StartAsync();
        var writers = await Deployment.WritersAsync();
        var from = TimeProvider.System.GetUtcNow();
        var since = TimeProvider.System.GetTimestamp();

        Deployment.KillSilo(2);

        await load.GoesOnAsync();
        await load.EverybodyIsServedSinceAsync(since, newcomers: 6);
        Tell(load, "A silo is killed:", since);
        var others = load.Residents.Where(r => writers[r.Thread!] != Deployment.SiloRole(2)).ToList();
        others.Count.ShouldBeInRange(1, load.Residents.Count - 1, "threads are spread over the silos");
        load.Answers.Where(a => a.Kind is LoadKind.Webhook or LoadKind.Reply && a.IsRefusal && a.Begun >= since)
            .ShouldNotContain(a => others.Exists(r => r.WaId == a.WaId));
        foreach (var kind in new[] { LoadKind.Webhook, LoadKind.Reply })
            load.Residents.Max(r => load.ServedAgainAfter(kind, r, since)).ShouldBeLessThan(Back, $"{kind}");
        // New customers have no thread on any silo, but their tickets' numbers come from one grain, which may have been on the dead one.
        load.NewcomersSince(since).Max(n => n.Served ?? TimeSpan.Zero).ShouldBeLessThan(Back);
        await HoldsAsync(load);
        await AnswersLeftWithinAsync(Back, load, from);
    }

    // Whoever lets a channel's messages leave may have been on the dead silo.
    private async Task AnswersLeftWithinAsync(TimeSpan time, SteadyLoad load, DateTimeOffset from)
    {
        var posts = (await Sandbox.PostsAsync()).ToLookup(
            p => (string?)p!["bizOpaqueCallbackData"],
            p => p!["at"]!.GetValue<DateTimeOffset>()
        );
        var waits = load
            .Residents.SelectMany(r => r.Sends)
            .Where(s => s.Accepted >= from && posts.Contains(s.Id))
            .Select(s => posts[s.Id].Single() - s.Accepted)
            .Order()
            .ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{waits.Count} answers left, the last {waits[^1].TotalSeconds:f1} s after it was accepted"
            )
        );
        waits.Count.ShouldBeGreaterThanOrEqualTo(load.Residents.Count);
        waits[^1].ShouldBeLessThan(time);
    }

    [Fact]
    public async Task A_silo_that_is_stopped_or_joins_costs_no_webhook_a_refusal()
    {
        await using var load = await StartAsync();
        (await Deployment.WritersAsync()).Values.ShouldContain(Deployment.SiloRole(1));
        var since = TimeProvider.System.GetTimestamp();

        await Deployment.StopSiloAsync(1);

        await load.GoesOnAsync();
        Tell(load, "A silo is stopped:", since);
        RefusedWebhooks(load, since).ShouldBeEmpty();

        await Deployment.ForgetWritersAsync(); // of the silo before
        since = TimeProvider.System.GetTimestamp();

        await Deployment.ReviveSiloAsync(1);

        await Eventually.IsTrueAsync(
            "the new silo writes threads",
            async () => (await Deployment.WritersAsync()).ContainsValue(Deployment.SiloRole(1)),
            TimeSpan.FromSeconds(60)
        );
        await load.GoesOnAsync();
        Tell(load, "A silo joins:", since);
        RefusedWebhooks(load, since).ShouldBeEmpty();
        await HoldsAsync(load);
    }

    [Fact]
    public async Task PostgreSQL_that_goes_and_comes_leaves_nothing_to_repair()
    {
        await using var load = await StartAsync();
        var since = TimeProvider.System.GetTimestamp();

        await Deployment.StopPostgresAsync();
        await Eventually.IsTrueAsync(
            "webhooks are refused",
            () => Task.FromResult(RefusedWebhooks(load, since).Count > 0)
        );
        await Deployment.StartPostgresAsync();

        await load.GoesOnAsync();
        Tell(load, "PostgreSQL is stopped and started:", since);
        await HoldsAsync(load);
    }

    [Fact]
    public async Task Connections_that_are_cut_in_mid_commit_lose_nothing_and_double_nothing()
    {
        await using var load = await StartAsync();
        var since = TimeProvider.System.GetTimestamp();

        var cut = 0L;
        await Eventually.IsTrueAsync(
            "a hundred writers' connections are cut",
            async () => (cut += await Deployment.CutWritersAsync()) >= 100,
            TimeSpan.FromSeconds(60)
        );

        await load.GoesOnAsync();
        Tell(load, $"{cut} writers' connections are cut:", since);
        await HoldsAsync(load);
    }

    [Fact]
    public async Task An_Api_that_is_killed_leaves_nothing_half_done()
    {
        await using var load = await StartAsync();
        var since = TimeProvider.System.GetTimestamp();

        Deployment.KillApi();
        Deployment.StartApi();

        await load.GoesOnAsync();
        Tell(load, "The Api is killed and started:", since);
        await HoldsAsync(load);
    }

    private async Task<SteadyLoad> StartAsync()
    {
        await Deployment.NoteWritersAsync();
        var load = SteadyLoad.Start(Deployment);
        await load.GoesOnAsync(5);
        return load;
    }

    private async Task HoldsAsync(SteadyLoad load)
    {
        await load.StopAsync();
        await load.EverythingHoldsAsync(Deployment);
    }

    private static List<LoadAnswer> RefusedWebhooks(SteadyLoad load, long since) =>
        [.. load.Answers.Where(a => a.Kind == LoadKind.Webhook && a.IsRefusal && a.Begun >= since)];

    private static void Tell(SteadyLoad load, string what, long since) =>
        TestContext.Current.TestOutputHelper?.WriteLine(load.Report(what, since));
}
