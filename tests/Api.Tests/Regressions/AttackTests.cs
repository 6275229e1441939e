using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Regressions;

/// <summary>What a stranger's attack found, so that it stays mended.</summary>
[Collection(nameof(RealTime))]
public sealed class AttackTests(RealTime product)
{
    [Fact]
    public async Task A_late_message_of_an_unknown_former_owner_gets_a_thread_of_its_own()
    {
        var office = await product.OfficeAsync();
        var number = Office.NewCustomer();
        var now = product.Now;
        (await office.HookAsync(Hook.Text(number, "the new owner", now, userId: "JP.New"))).ShouldBe(200);
        (
            await office.HookAsync(Hook.Text(number, "the former one, late", now.AddMinutes(-10), userId: "JP.Former"))
        ).ShouldBe(200);

        var threads = await office.ThreadsAsync();
        threads.Length.ShouldBe(2);
        foreach (var thread in threads)
            (await office.MessagesAsync(thread)).Length.ShouldBe(1);
        (await office.LeftoversAsync()).ShouldBeEmpty();
        (await office.CountAsync("identity_conflicts")).ShouldBe(0);
    }

    [Fact]
    public async Task An_id_with_a_line_break_is_left_over_and_does_not_block_its_neighbours()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var odd = Hook.Text(customer, "odd", product.Now, wamid: "wamid.A\nB");
        for (var repeat = 0; repeat < 2; repeat++)
            (await office.HookAsync(odd, Hook.Text(customer, "fine", product.Now, wamid: "wamid.FINE"))).ShouldBe(200);
        (await office.MessagesAsync(await office.ThreadAsync(customer))).Length.ShouldBe(1);
        (await office.LeftoversAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_deep_message_does_not_hide_its_neighbours()
    {
        var office = await product.OfficeAsync();
        JsonNode deep = new JsonObject();
        for (var level = 0; level < 50; level++)
            deep = new JsonObject { ["in"] = deep };
        var (first, second) = (Office.NewCustomer(), Office.NewCustomer());
        var said = Hook.Text(first, null, product.Now, type: "deep", more: new JsonObject { ["deep"] = deep });
        (await office.HookAsync(said, Hook.Text(second, "fine", product.Now))).ShouldBe(200);
        (await office.MessagesAsync(await office.ThreadAsync(second))).Length.ShouldBe(1);
        (await office.MessagesAsync(await office.ThreadAsync(first))).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_status_of_an_unknown_message_stays_a_leftover_when_it_is_replayed()
    {
        var office = await product.OfficeAsync();
        (await office.StatusesAsync(Hook.Status("wamid.NOBODYS", "read", product.Now))).ShouldBe(200);
        var leftover = (await office.LeftoversAsync()).ShouldHaveSingleItem();
        var replay = await office.PostAsync($"leftovers/{leftover.Id}/replay");
        (replay.Status, replay.Code).ShouldBe((409, "replay_failed"));
    }

    [Fact]
    public async Task A_message_is_sent_again_once_whoever_asks()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"messages":[{"times":1,"action":"error","code":131026}]}""");
        var failed = await office.AcceptedAsync(thread, Office.TextBody("refused"));
        await office.UntilAsync(failed, "failed");

        var again = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(n => office.PostAsync($"threads/{thread.Id}/messages/{failed}/send-again", key: $"again-{n}"))
        );

        again.Count(a => a.Status == 202).ShouldBe(1);
        again.Where(a => a.Status != 202).ShouldAllBe(a => a.Code == "not_resendable");
        (await office.MessageAsync(failed)).CanSendAgain.ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_request_gets_the_same_answer_also_at_the_last_slot()
    {
        var office = await product.OfficeAsync(limit: 1, templates: true);
        (await office.HookAsync(Hook.Text("819000000001", "long ago", product.Now.AddHours(-26)))).ShouldBe(200);
        var thread = await office.ThreadAsync("819000000001");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => office.SendAsync(thread, Office.Template, key: "one"))
        );
        answers.ShouldAllBe(a => a.Status == 202);
        answers.Select(a => a.Id).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"type":"text","type":"text","text":{"body":"twice"}}""")]
    [InlineData("""{"type":"text","text":{"body":"twice","body":"twice"}}""")]
    public async Task A_body_that_says_something_twice_is_refused(string body)
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var refused = await office.SendAsync(thread, body);
        (refused.Status, refused.Code).ShouldBe((422, "invalid_message"));
    }

    [Theory]
    [InlineData("threads?q=%00")]
    [InlineData("templates?q=%00")]
    [InlineData("threads?cursor=LTkyMjMzNzIwMzY4NTQ3NzU4MDh-MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA")]
    public async Task Odd_questions_are_answered_400(string path)
    {
        var office = await product.OfficeAsync();
        (await office.AskAsync(path)).Status.ShouldBe(400);
    }
}
