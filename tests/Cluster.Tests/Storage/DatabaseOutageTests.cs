using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Storage;

/// <summary>PostgreSQL goes and comes back (S1): nothing is to be repaired and nothing to be restarted.</summary>
public sealed class DatabaseOutageTests(OneSilo deployment) : ClusterTest(deployment), IClassFixture<OneSilo>
{
    [Fact]
    public async Task Without_PostgreSQL_everything_is_refused_and_with_it_everything_goes_on()
    {
        var customer = Meta.NewCustomer();
        await Sandbox.IsDeliveredAsync(await Sandbox.WriteAsync(customer, "1"));
        var thread = await Deployment.ThreadOfAsync(customer);
        var processes = Deployment.Processes.ToArray();
        await using var flow = MessageFlow.Start(Deployment);
        await flow.GoesOnAsync(100);

        await Deployment.StopPostgresAsync();
        // What is under way at that moment may have been committed; what begins now cannot be.
        (await Meta.PostAsync(Meta.NewMessage(Meta.NewCustomer(), "1"))).ShouldBe(503);
        var during = flow.Acknowledged;
        (await Meta.PostAsync(Meta.NewMessage(customer, "2"))).ShouldBe(503);
        var send = await Rest.SendTextAsync(thread, "Yes.", "outage-1");
        (send.Status, send.Code).ShouldBe((503, "unavailable"));
        (await Rest.GetAsync("threads")).Code.ShouldBe("unavailable");
        await Eventually.IsTrueAsync("the Api says that it is not ready", async () => await Rest.HealthAsync() == 503);
        await flow.IsRefusedAsync();
        flow.Acknowledged.ShouldBe(during, "nobody was told 200 without PostgreSQL");
        flow.Refusals.Keys.ShouldBe([503]);

        await Deployment.StartPostgresAsync();
        await Eventually.IsTrueAsync("the Api says that it is ready", async () => await Rest.HealthAsync() == 200);
        await flow.GoesOnAsync(100);
        await flow.StopAsync();

        var answer = await Rest.SendTextAsync(thread, "Yes.", "outage-1");
        answer.Status.ShouldBe(202);
        await Rest.MessageBecomesAsync(thread, (string)answer.Body!["id"]!, "delivered");
        (await Sandbox.SentToAsync(customer)).ShouldHaveSingleItem();
        processes.ShouldAllBe(p => !p.HasEnded);
        flow.Refusals.Keys.ShouldBe([503]);
        await flow.EverythingAcknowledgedIsThereOnceAsync();
    }
}
