using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Hosting;

/// <summary>A machine that stops from one moment to the next (S1).</summary>
public sealed class EverythingKilledTests(OneSilo deployment) : ClusterTest(deployment), IClassFixture<OneSilo>
{
    [Fact]
    public async Task After_every_process_was_killed_under_traffic_everything_acknowledged_is_there_once()
    {
        await using var flow = MessageFlow.Start(Deployment);
        await flow.GoesOnAsync(300);
        var customers = Enumerable.Range(0, 20).Select(_ => Meta.NewCustomer()).ToArray();
        var promised = await Task.WhenAll(customers.Select(c => Sandbox.WriteAsync(c, "1")));

        await Deployment.KillPostgresAsync();
        Deployment.KillAll();
        await Deployment.StartPostgresAsync();
        Deployment.StartSandbox();
        Deployment.StartSilo();
        Deployment.StartApi();
        await Deployment.IsReadyAsync();

        await flow.GoesOnAsync(100);
        await flow.StopAsync();
        // The Sandbox had promised these to its customers: it goes on where it was killed, as Meta would.
        await Sandbox.HasNothingPendingAsync();
        (
            await Deployment.SingleAsync<long>(
                "select count(*) from threadkeep.messages where wamid = any(@promised)",
                new { promised }
            )
        ).ShouldBe(promised.Length);
        await flow.EverythingAcknowledgedIsThereOnceAsync();
    }
}
