using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Quota;

public sealed class UserInitiatedTests(CountingAlways product) : IClassFixture<CountingAlways>
{
    [Fact]
    public async Task A_session_that_the_customer_began_counts_once_with_the_first_answer()
    {
        var office = await product.OfficeAsync(limit: 10, templates: true);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        async Task<int> UsedAsync() => (await office.QuotaAsync()).Used;
        async Task ReplyAsync(string json) =>
            await office.UntilAsync(await office.AcceptedAsync(thread, json), "sent", "delivered");
        (await UsedAsync()).ShouldBe(0, "unanswered, it counts nothing");

        await ReplyAsync(Office.TextBody("one"));
        (await UsedAsync()).ShouldBe(1);
        await ReplyAsync(Office.TextBody("two"));
        await ReplyAsync(Office.Template);
        (await UsedAsync()).ShouldBe(1);

        product.Clock.Advance(TimeSpan.FromHours(25));
        await office.OnPhoneAsync(thread.Customer.WaId!, new() { ["text"] = "a new session" });
        await Testing.Eventually.IsTrueAsync("it is open", async () => (await office.AgainAsync(thread)).Session.Open);
        await ReplyAsync(Office.TextBody("three"));
        (await UsedAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Where_the_first_answer_fails_the_next_one_counts()
    {
        var office = await product.OfficeAsync(limit: 10);
        var waId = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(waId);
        await product.FaultsAsync(
            $$"""{"messages":[{"match":{"to":"{{waId}}"},"times":1,"action":"error","code":131026}]}"""
        );

        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("one")), "failed");
        (await office.QuotaAsync()).Used.ShouldBe(0);
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("two")), "sent", "delivered");
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("three")), "sent", "delivered");

        (await office.QuotaAsync()).Used.ShouldBe(1);
    }

    [Fact]
    public async Task It_may_pass_the_limit_because_a_reply_is_never_refused()
    {
        var office = await product.OfficeAsync(limit: 1);
        for (var n = 0; n < 3; n++)
        {
            var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
            await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("Hi")), "sent", "delivered");
        }

        var quota = await office.QuotaAsync();
        (quota.Limit, quota.Used).ShouldBe((1, 3));
    }

    [Fact]
    public async Task A_first_answer_that_is_delivered_after_all_does_not_count_its_session_twice()
    {
        var office = await product.OfficeAsync(limit: 10);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        async Task<string> SentAsync(string text) =>
            (await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody(text)), "sent")).Wamid!;
        async Task<int> UsedAsync() => (await office.QuotaAsync()).Used;

        var one = await SentAsync("one");
        (await office.StatusesAsync(Hook.Status(one, "failed", product.Now, errorCode: 131026))).ShouldBe(200);
        (await UsedAsync()).ShouldBe(0);
        (await office.StatusesAsync(Hook.Status(one, "delivered", product.Now))).ShouldBe(200);
        (await UsedAsync()).ShouldBe(1);
        await SentAsync("two");
        (await UsedAsync()).ShouldBe(1, "the first counts again");

        var next = await office.HearOnPhoneAsync(Office.NewCustomer());
        thread = next;
        var three = await SentAsync("three");
        (await office.StatusesAsync(Hook.Status(three, "failed", product.Now, errorCode: 131026))).ShouldBe(200);
        await SentAsync("four");
        (await UsedAsync()).ShouldBe(2);
        (await office.StatusesAsync(Hook.Status(three, "delivered", product.Now))).ShouldBe(200);
        (await UsedAsync()).ShouldBe(2, "the fourth counts for the session already");
        (await office.StatusesAsync(Hook.Status(three, "read", product.Now))).ShouldBe(200);
    }
}
