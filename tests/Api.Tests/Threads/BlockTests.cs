using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Threads;

/// <summary>Customers whom somebody blocks (SPEC.md CO11): here at once, at Meta when it allows.</summary>
[Collection(nameof(RealTime))]
public sealed class BlockTests(RealTime product)
{
    private const string Reason = """{"reason":"Abusive"}""";

    private static Task<Answer> BlockAsync(Office office, SeenThread thread) =>
        office.CallAsync(HttpMethod.Put, $"threads/{thread.Id}/block", Reason);

    private static Task<Answer> UnblockAsync(Office office, SeenThread thread) =>
        office.CallAsync(HttpMethod.Delete, $"threads/{thread.Id}/block");

    private static async Task<JsonNode[]> BlocksAsync(Office office) =>
        [.. (await office.AskAsync("blocks")).Body!["items"]!.AsArray().Select(i => i!)];

    [Fact]
    public async Task What_a_blocked_customer_writes_is_kept_and_moves_nothing_until_the_block_is_taken_back()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer, "before");
        var at = thread.LastActivityAt;
        // The Sandbox has not heard of the customer, as Meta has not of somebody who wrote long ago.
        var blocked = await BlockAsync(office, thread);
        blocked.Status.ShouldBe(200, blocked.Body?.ToJsonString());
        var block = blocked.Body!["block"]!;
        (block["reason"]!.ToString(), block["atMeta"]!.ToString()).ShouldBe(("Abusive", "refused"));
        (blocked.Body["ticket"]!["status"]!.ToString(), (int)blocked.Body["unread"]!).ShouldBe(("closed", 0));
        (await BlocksAsync(office)).Single()["id"]!.ToString().ShouldBe(thread.Id);
        (await BlockAsync(office, thread)).Body!["block"]!["at"]!.ToString().ShouldBe(block["at"]!.ToString());

        await office.HearAsync(customer, "let me in", product.Now.AddSeconds(2));
        thread = await office.AgainAsync(thread);
        (thread.Unread, thread.Ticket!.Status, thread.LastActivityAt).ShouldBe((0, "closed", at));
        (await office.MessagesAsync(thread)).Select(m => m.Text).ShouldBe(["before", "let me in"]);
        (await office.CountAsync("tickets")).ShouldBe(1);
        var sent = await office.SendAsync(thread, Office.TextBody("never"));
        (sent.Status, sent.Code).ShouldBe((409, "customer_blocked"));

        (await UnblockAsync(office, thread)).Body!["block"].ShouldBeNull();
        (await UnblockAsync(office, thread)).Status.ShouldBe(200);
        thread = await office.HearAsync(customer, "thank you");
        (thread.Unread, thread.Ticket!.Status).ShouldBe((1, "new"));
        (await BlocksAsync(office)).ShouldBeEmpty();
        (await office.EventsAsync(thread)).ShouldBe(
            [
                "session_opened",
                "ticket_opened",
                "customer_blocked",
                "ticket_changed",
                "customer_unblocked",
                "ticket_opened",
            ],
            ignoreOrder: true
        );
        (await office.CountAsync("audit_log", "action in ('customer.blocked', 'customer.unblocked')")).ShouldBe(2);
    }

    [Fact]
    public async Task Who_wrote_within_24_hours_is_blocked_at_Meta_too_and_whoever_did_not_when_they_write()
    {
        var office = await product.OfficeAsync();
        var (recent, silent) = (Office.NewCustomer(), Office.NewCustomer());
        var thread = await office.HearOnPhoneAsync(recent, "hello");
        (await BlockAsync(office, thread)).Body!["block"]!["atMeta"]!.ToString().ShouldBe("blocked");
        await office.OnPhoneAsync(recent, new JsonObject { ["text"] = "in vain" });

        var other = await office.HearAsync(silent);
        var refused = (await BlockAsync(office, other)).Body!["block"]!;
        refused["atMeta"]!.ToString().ShouldBe("refused");
        await office.OnPhoneAsync(silent, new JsonObject { ["text"] = "here I am" });
        await Eventually.IsTrueAsync(
            "Meta blocks who writes",
            async () =>
                (await office.AskAsync($"threads/{other.Id}")).Body!["block"]!["atMeta"]!.ToString() == "blocked"
        );
        (await office.MessagesAsync(other)).Select(m => m.Text).ShouldBe(["Hello", "here I am"]);
        (await office.MessagesAsync(thread)).Select(m => m.Text).ShouldBe(["hello"]);

        (await UnblockAsync(office, thread)).Status.ShouldBe(200);
        await office.HearOnPhoneAsync(recent, "back again");
        (await office.MessagesAsync(thread)).Select(m => m.Text).ShouldBe(["hello", "back again"]);
    }

    [Fact]
    public async Task What_waited_for_its_time_is_not_sent_to_somebody_who_is_blocked_meanwhile()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var later = Uri.EscapeDataString(product.Now.AddHours(1).ToString("O"));
        var accepted = await office.PostAsync(
            $"threads/{thread.Id}/messages?sendAt={later}",
            Office.TextBody("later"),
            Guid.NewGuid().ToString()
        );
        accepted.Status.ShouldBe(202, accepted.Body?.ToJsonString());
        (await BlockAsync(office, thread)).Status.ShouldBe(200);
        var message = await office.MessageAsync(accepted.Id);
        (message.Status, message.Error!.Code).ShouldBe(("failed", "customer_blocked"));
        (await office.SentAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"reason":" "}""")]
    [InlineData("""{"reason":"a\u0000b"}""")]
    public async Task A_block_needs_a_reason(string json)
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var answer = await office.CallAsync(HttpMethod.Put, $"threads/{thread.Id}/block", json);
        (answer.Status, answer.Code).ShouldBe((422, "reason_missing"));
    }
}
