using System.Globalization;
using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Fire;

/// <summary>A silo that stands still and goes on later, as a paused machine does (DESIGN.md, promises 1.4 and 4).</summary>
public sealed class FreezeTests(TwoHastySilos deployment) : ClusterTest(deployment), IClassFixture<TwoHastySilos>
{
    [Fact]
    public async Task A_silo_frozen_past_its_death_and_thawed_writes_nothing_twice_and_posts_nothing_twice()
    {
        await Deployment.NoteWritersAsync();
        await using var load = SteadyLoad.Start(
            Deployment,
            // Many sends, so that the freeze comes into the middle of some.
            new LoadPlan { AnswerEvery = 1, Pause = TimeSpan.FromMilliseconds(50) }
        );
        await load.GoesOnAsync(10);
        var frozen = Deployment.Silo(1);
        var writers = await Deployment.WritersAsync();
        var its = load.Residents.Where(r => writers[r.Thread!] == Deployment.SiloRole(1)).ToList();
        its.Count.ShouldBeInRange(1, load.Residents.Count - 1, "threads are spread over the silos");
        var since = TimeProvider.System.GetTimestamp();

        await frozen.SignalAsync("STOP");
        try
        {
            await Deployment.IsDeclaredDeadAsync(1);
            await load.GoesOnAsync();
            writers = await Deployment.WritersAsync();
            its.ShouldAllBe(r => writers[r.Thread!] == Deployment.SiloRole(0), "its threads are taken over");
        }
        finally
        {
            await frozen.SignalAsync("CONT");
        }
        // It finds itself declared dead, and ends.
        await frozen.EndsAsync();
        await load.GoesOnAsync();

        Say(load.Report("A silo is frozen, given up and thawed:", since));
        await load.StopAsync();
        await load.EverythingHoldsAsync(Deployment);
    }

    [Fact]
    public async Task A_writer_frozen_in_the_middle_of_its_message_keeps_its_lock_for_seconds_and_costs_nobody_an_answer()
    {
        await using var load = SteadyLoad.Start(Deployment);
        await load.GoesOnAsync();
        var locked = load.Residents[0];
        using var enough = new CancellationTokenSource();
        var locks = Deployment.WatchLocksAsync(enough.Token);
        var since = TimeProvider.System.GetTimestamp();

        using var half = await Deployment.FreezeInAsync(
            1,
            string.Create(
                CultureInfo.InvariantCulture,
                $"update threadkeep.threads set revision = revision where id = '{locked.Thread}'"
            )
        );
        await half.IsEndedAsync();

        var held = TimeProvider.System.GetElapsedTime(since);
        await load.GoesOnAsync();
        Say(
            load.Report(
                string.Create(CultureInfo.InvariantCulture, $"A lock is held for {held.TotalSeconds:f1} s:"),
                since
            )
        );
        await enough.CancelAsync();
        var (longest, query) = await locks;
        Say($"The longest wait for it: {longest.TotalSeconds:f2} s ({query})");
        longest.ShouldBeGreaterThan(TimeSpan.Zero, "somebody met it");
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(2), query);
        load.Answers.Where(a => a.Begun >= since).ShouldNotContain(a => a.IsRefusal);
        await load.StopAsync();
        await load.EverythingHoldsAsync(Deployment);
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
