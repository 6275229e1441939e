using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Messages;

/// <summary>A customer's message and a silo that dies over it (S1, S5).</summary>
[Collection(nameof(SharedSilo))]
public sealed class KilledWhileReceivingTests(OneSilo deployment) : ClusterTest(deployment)
{
    [Fact]
    public async Task A_message_committed_by_a_silo_that_was_killed_before_its_answer_is_answered_for_in_the_end_and_there_once()
    {
        var silo = await Deployment.StandStillAtAsync("received");
        var customer = Meta.NewCustomer();
        var wamid = await Sandbox.WriteAsync(customer, "Is anybody there?");
        await silo.SaysAsync("standing still at received");
        (await StoredAsync()).ShouldBe(1, "it stands still after the commit");

        Deployment.KillSilo();
        await Deployment.ReviveSiloAsync();

        await Sandbox.IsDeliveredAsync(wamid);
        var answers = await Sandbox.AnswersToAsync(wamid);
        // The edge asks the silo that came back, within its deadline; where that is too late Meta repeats. Either way the last word is 200.
        answers[..^1].ShouldAllBe(status => status == null || status == 503);
        answers[^1].ShouldBe(200);
        (await StoredAsync()).ShouldBe(1);
        var thread = (await Rest.GetAsync($"threads?q={customer}")).Body!["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((int)thread["unread"]!).ShouldBe(1);
        (
            await Deployment.SingleAsync<long>(
                "select count(*) from threadkeep.tickets where thread_id = @id::uuid",
                new { id = await Deployment.ThreadOfAsync(customer) }
            )
        ).ShouldBe(1);

        Task<long> StoredAsync() =>
            Deployment.SingleAsync<long>(
                "select count(*) from threadkeep.messages where wamid = @wamid",
                new { wamid }
            );
    }
}
