using System.Text.Json.Nodes;
using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Messages;

/// <summary>A message to a customer, and a silo that dies over it or an answer that does not come (S5, S9): never lost, never twice.</summary>
[Collection(nameof(SharedSilo))]
public sealed class InterruptedSendTests(OneSilo deployment) : ClusterTest(deployment)
{
    [Fact]
    public async Task A_send_accepted_by_a_silo_that_was_killed_before_its_answer_leaves_once()
    {
        var (customer, thread) = await OpenThreadAsync();
        var silo = await Deployment.StandStillAtAsync("accepted");
        var lost = Rest.SendTextAsync(thread, "Yes.", "accepted-1");
        await silo.SaysAsync("standing still at accepted");

        Deployment.KillSilo();
        await Deployment.ReviveSiloAsync();

        var unanswered = await lost;
        // 202 where the new silo was there before the edge had asked for the last time.
        unanswered.Status.ShouldBeOneOf(0, 202, 503);
        if (unanswered.Status == 503)
            unanswered.Code.ShouldBe("unavailable");
        var repeated = await Rest.SendTextAsync(thread, "Yes.", "accepted-1");
        repeated.Status.ShouldBe(202);
        var id = (string)repeated.Body!["id"]!;
        await Rest.MessageBecomesAsync(thread, id, "delivered");
        var again = await Rest.SendTextAsync(thread, "Yes.", "accepted-1");
        ((string)again.Body!["id"]!).ShouldBe(id);
        (await OutboundAsync(thread)).ShouldHaveSingleItem();
        (await Sandbox.SentToAsync(customer)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_send_posted_by_a_silo_that_was_killed_before_it_wrote_that_down_is_settled_by_its_status()
    {
        var (customer, thread) = await OpenThreadAsync();
        var silo = await Deployment.StandStillAtAsync("posted");
        await Sandbox.SetFaultsAsync(new { statuses = new { hold = true } });
        var id = await SendAsync(thread, "posted-1");
        await silo.SaysAsync("standing still at posted");
        (await Sandbox.SentToAsync(customer)).ShouldHaveSingleItem();

        Deployment.KillSilo();
        await Deployment.ReviveSiloAsync();
        ((string)(await Rest.MessageAsync(thread, id))["status"]!).ShouldBeOneOf("sending", "unconfirmed");
        await Sandbox.ReleaseAsync();

        await Rest.MessageBecomesAsync(thread, id, "delivered");
        (await Sandbox.SentToAsync(customer)).ShouldHaveSingleItem();
        await TheNextLeavesAsync(customer, thread, "posted-2");
    }

    [Fact]
    public async Task A_send_whose_silo_was_killed_while_Meta_answered_is_settled_by_its_status()
    {
        var (customer, thread) = await OpenThreadAsync();
        await AcceptWithoutAnswerAsync(customer);
        var id = await SendAsync(thread, "midway-1");
        await Sandbox.HasSentAsync(customer, 1);

        Deployment.KillSilo();
        await Deployment.ReviveSiloAsync();
        await Sandbox.ReleaseAsync();

        await Rest.MessageBecomesAsync(thread, id, "delivered");
        (await Sandbox.SentToAsync(customer)).ShouldHaveSingleItem();
        await TheNextLeavesAsync(customer, thread, "midway-2");
    }

    [Fact]
    public async Task A_send_that_Meta_accepted_without_an_answer_is_unconfirmed_until_its_status_and_not_repeated()
    {
        var (customer, thread) = await OpenThreadAsync();
        await AcceptWithoutAnswerAsync(customer);
        var id = await SendAsync(thread, "silent-1");
        var next = await SendAsync(thread, "silent-2");

        await Rest.MessageBecomesAsync(thread, id, "unconfirmed");
        await Rest.MessageBecomesAsync(thread, next, "sent");
        (await Sandbox.SentToAsync(customer)).Count.ShouldBe(2, "each once");
        await Sandbox.ReleaseAsync();

        await Rest.MessageBecomesAsync(thread, id, "delivered");
        await Rest.MessageBecomesAsync(thread, next, "delivered");
        (await Sandbox.SentToAsync(customer)).Count.ShouldBe(2, "each once");
    }

    /// <summary>Meta takes the customer's next message and says nothing; its statuses wait.</summary>
    private Task AcceptWithoutAnswerAsync(string customer) =>
        Sandbox.SetFaultsAsync(
            new
            {
                messages = new[]
                {
                    new
                    {
                        match = new { to = customer },
                        times = 1,
                        action = "timeoutAfterAccept",
                    },
                },
                statuses = new { hold = true },
            }
        );

    private async Task<(string Customer, string Thread)> OpenThreadAsync()
    {
        var customer = Meta.NewCustomer();
        await Sandbox.IsDeliveredAsync(await Sandbox.WriteAsync(customer, "Hello"));
        return (customer, await Deployment.ThreadOfAsync(customer));
    }

    private async Task<string> SendAsync(string thread, string key)
    {
        var answer = await Rest.SendTextAsync(thread, key, key);
        answer.Status.ShouldBe(202);
        return (string)answer.Body!["id"]!;
    }

    // A thread that a crash left behind is not stuck.
    private async Task TheNextLeavesAsync(string customer, string thread, string key)
    {
        await Rest.MessageBecomesAsync(thread, await SendAsync(thread, key), "delivered");
        (await Sandbox.SentToAsync(customer)).Count.ShouldBe(2);
    }

    private async Task<JsonNode?[]> OutboundAsync(string thread) =>
        [
            .. (await Rest.GetAsync($"threads/{thread}/messages")).Body!["items"]!
                .AsArray()
                .Where(m => (string?)m!["direction"] == "outbound"),
        ];
}
