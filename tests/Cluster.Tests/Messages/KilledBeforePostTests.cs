using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Messages;

/// <summary>
/// A send of which nobody can know whether it left (S9). It is not repeated by itself: after the attempt's 30 s it is unconfirmed, and
/// after the grace period somebody decides.
/// </summary>
public sealed class KilledBeforePostTests(OneSilo deployment) : ClusterTest(deployment), IClassFixture<OneSilo>
{
    [Fact]
    public async Task A_send_whose_silo_was_killed_before_the_post_becomes_unconfirmed_and_leaves_only_when_sent_again()
    {
        var customer = Meta.NewCustomer();
        await Sandbox.IsDeliveredAsync(await Sandbox.WriteAsync(customer, "Hello"));
        var thread = await Deployment.ThreadOfAsync(customer);
        var silo = await Deployment.StandStillAtAsync("sending");
        var first = await Rest.SendTextAsync(thread, "One", "sending-1");
        first.Status.ShouldBe(202);
        var id = (string)first.Body!["id"]!;
        await silo.SaysAsync("standing still at sending");

        Deployment.KillSilo();
        await Deployment.ReviveSiloAsync();
        // Waits behind the first, so that texts leave in order; goes on once nobody is on the way with the first any more.
        var second = (string)(await Rest.SendTextAsync(thread, "Two", "sending-2")).Body!["id"]!;
        ((string)(await Rest.MessageAsync(thread, id))["status"]!).ShouldBe("sending");

        await Rest.MessageBecomesAsync(thread, id, "unconfirmed", TimeSpan.FromSeconds(60));
        await Rest.MessageBecomesAsync(thread, second, "delivered");
        (await TextsAsync()).ShouldBe(["Two"]);

        ((bool)(await Rest.MessageAsync(thread, id))["canSendAgain"]!).ShouldBeFalse();
        var early = await Rest.SendAgainAsync(thread, id, "sending-early");
        (early.Status, early.Code).ShouldBe((409, "not_resendable"));
        await Deployment.QueryAsync<int>(
            "update threadkeep.messages set unconfirmed_at = unconfirmed_at - interval '90 seconds' where status = 2"
        );
        ((bool)(await Rest.MessageAsync(thread, id))["canSendAgain"]!).ShouldBeTrue();
        (await TextsAsync()).ShouldBe(["Two"], "nothing is posted by itself");

        var again = await Rest.SendAgainAsync(thread, id, "sending-again");
        again.Status.ShouldBe(202);
        var repeated = await Rest.SendAgainAsync(thread, id, "sending-again");
        ((string)repeated.Body!["id"]!).ShouldBe((string)again.Body!["id"]!);
        await Rest.MessageBecomesAsync(thread, (string)again.Body!["id"]!, "delivered");
        (await TextsAsync()).ShouldBe(["Two", "One"]);
        ((string)(await Rest.MessageAsync(thread, id))["status"]!).ShouldBe("unconfirmed");

        async Task<string[]> TextsAsync() =>
            [.. (await Sandbox.SentToAsync(customer)).Select(s => (string)s!["body"]!["text"]!["body"]!)];
    }
}
