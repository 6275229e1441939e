using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Hosting;

/// <summary>Two silos share the work; one dies and comes back (S16, OP2).</summary>
public sealed class TwoSilosTests(TwoSilos deployment) : ClusterTest(deployment), IClassFixture<TwoSilos>
{
    [Fact]
    public async Task When_one_of_two_silos_is_killed_under_traffic_the_other_takes_over_and_nothing_is_lost()
    {
        await using var flow = MessageFlow.Start(Deployment);
        await WritesAsync(0);
        await WritesAsync(1);
        await flow.GoesOnAsync(200);
        flow.Refusals.ShouldBeEmpty("both silos are well");

        var killed = TimeProvider.System.GetTimestamp();
        Deployment.KillSilo(1);
        // Membership needs up to 15 s to be sure; until then calls to the dead silo's grains are refused.
        await flow.GoesOnAsync(200);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Everybody was served again {TimeProvider.System.GetElapsedTime(killed).TotalSeconds:f1} s after the kill; "
                + $"refused: {string.Join(", ", flow.Refusals.Select(r => $"{r.Value} x {r.Key}"))}"
        );
        flow.Refusals.Keys.ShouldBeSubsetOf([503]);

        var refused = flow.Refusals.Values.Sum();
        await Deployment.ReviveSiloAsync(1);
        await WritesAsync(1);
        await flow.GoesOnAsync(200);
        await flow.StopAsync();
        flow.Refusals.Values.Sum().ShouldBe(refused, "a silo that joins disturbs nobody");
        await flow.EverythingAcknowledgedIsThereOnceAsync();

        // A writer's connection is made for the first commit.
        Task WritesAsync(int silo) =>
            Eventually.IsTrueAsync(
                $"silo {silo} commits messages",
                async () =>
                    await Deployment.SingleAsync<long>(
                        "select count(*) from pg_stat_activity where application_name = 'threadkeep-writer' and usename = @role",
                        new { role = Deployment.SiloRole(silo) }
                    ) > 0
            );
    }
}
