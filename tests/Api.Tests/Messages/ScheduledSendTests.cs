using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Messages;

/// <summary>Messages that leave later: at a set time, or after the account's delay.</summary>
[Collection(nameof(MovedTime))]
public sealed class ScheduledSendTests(MovedTime product)
{
    private static Task<Answer> LaterAsync(Office office, SeenThread thread, string json, DateTimeOffset at) =>
        office.PostAsync(
            $"threads/{thread.Id}/messages?sendAt={Uri.EscapeDataString(at.ToString("O"))}",
            json,
            Guid.NewGuid().ToString()
        );

    [Fact]
    public async Task A_scheduled_message_lets_others_pass_leaves_at_its_time_and_can_be_taken_back()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var at = product.Now.AddHours(2);
        var later = await LaterAsync(office, thread, Office.TextBody("later"), at);
        var never = await LaterAsync(office, thread, Office.TextBody("never"), at);
        (later.Status, never.Status).ShouldBe((202, 202));
        later.Body!["message"]!["leavesAt"]!.GetValue<DateTimeOffset>().ShouldBe(at, TimeSpan.FromMilliseconds(1));

        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("now")), "delivered");
        (await office.MessageAsync(later.Id)).ShouldSatisfyAllConditions(
            m => m.Status.ShouldBe("queued"),
            m => m.CanCancel.ShouldBeTrue()
        );
        // In the queue it leaves then, and does not wait before.
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!;
        var queue = (await office.AskAsync($"channels/{channel}/queue")).Body!;
        ((int)queue["total"]!, (int)queue["due"]!, queue["oldestAt"]).ShouldBe((2, 0, null));
        var waiting = queue["items"]![0]!;
        waiting["state"]!.ToString().ShouldBe("scheduled");
        waiting["since"]!.GetValue<DateTimeOffset>().ShouldBe(at, TimeSpan.FromMilliseconds(1));

        (await office.PostAsync($"threads/{thread.Id}/messages/{never.Id}/cancel")).Status.ShouldBe(200);
        product.Clock.Advance(TimeSpan.FromMinutes(126));

        await office.UntilAsync(later.Id, "delivered");
        (await office.SentAsync()).Select(s => s["body"]!["text"]!["body"]!.ToString()).ShouldBe(["now", "later"]);
        (await office.MessageAsync(never.Id)).Status.ShouldBe("cancelled");
    }

    [Fact]
    public async Task After_the_session_only_a_template_may_leave()
    {
        var office = await product.OfficeAsync(templates: true);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var after = product.Now.AddHours(25);

        var refused = await LaterAsync(office, thread, Office.TextBody("too late"), after);
        (refused.Status, refused.Code).ShouldBe((409, "schedule_after_session"));
        var template = await LaterAsync(office, thread, Office.Template, after);
        template.Status.ShouldBe(202);
        (await LaterAsync(office, thread, Office.Template, product.Now.AddDays(100))).Status.ShouldBe(400);
        // Whose time would that be?
        var bare = $"threads/{thread.Id}/messages?sendAt={after.UtcDateTime:s}";
        (await office.PostAsync(bare, Office.Template, Guid.NewGuid().ToString())).Status.ShouldBe(400);
        (await office.SentAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_people_send_waits_as_long_as_the_account_wants_and_what_programs_send_does_not()
    {
        var aiko = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(agents: [aiko]);
        (await office.CallAsync(HttpMethod.Patch, "account", """{"sendDelay":7}""")).Status.ShouldBe(400);
        (await office.CallAsync(HttpMethod.Patch, "account", """{"sendDelay":10}""")).Status.ShouldBe(200);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        using var browser = await Browser.OfAsync(product, aiko);

        using var request = new HttpRequestMessage(HttpMethod.Post, $"threads/{thread.Id}/messages");
        request.Headers.Add("Idempotency-Key", "hers");
        request.Content = new StringContent(Office.TextBody("wait"), Encoding.UTF8, "application/json");
        using var accepted = await browser.Http.SendAsync(request);
        var hers = JsonNode.Parse(await accepted.Content.ReadAsStringAsync())!["id"]!.ToString();
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("at once")), "delivered");
        (await office.MessageAsync(hers)).Status.ShouldBe("queued");
        product.Clock.Advance(TimeSpan.FromSeconds(11));
        await office.UntilAsync(hers, "delivered");
    }
}
