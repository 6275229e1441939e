using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Threads;

/// <summary>Two conversations of one number that are one person's (SPEC.md CO9): the one goes on in the other, and comes back.</summary>
[Collection(nameof(RealTime))]
public sealed class ThreadMergeTests(RealTime product)
{
    private static Task<Answer> MergeAsync(Office office, SeenThread from, SeenThread into) =>
        office.PostAsync($"threads/{from.Id}/merge", $$"""{"into":"{{into.Id}}"}""");

    private static Task<Answer> UnmergeAsync(Office office, SeenThread from) =>
        office.PostAsync($"threads/{from.Id}/unmerge");

    private static async Task<JsonNode> RawAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!;

    private static async Task<string?[]> TextsAsync(Office office, SeenThread thread) =>
        [.. (await office.MessagesAsync(thread)).Select(m => m.Text)];

    private static async Task<string> AnswerGoesToAsync(Office office, SeenThread thread, string address)
    {
        var id = await office.AcceptedAsync(thread, Office.TextBody("An answer"));
        await office.UntilAsync(id, "sent", "delivered", "read");
        var sent = (await office.SentAsync()).Single(s => s["bizOpaqueCallbackData"]?.ToString() == id);
        sent["body"]!["to"]!.ToString().ShouldBe(address);
        return sent["wamid"]!.ToString();
    }

    private async Task<(Office Office, string A, SeenThread Into, string B, SeenThread From)> TwoAsync()
    {
        var office = await product.OfficeAsync();
        var (a, b) = (Office.NewCustomer(), Office.NewCustomer());
        // A minute before: Meta stamps whole seconds.
        var at = product.Now.AddMinutes(-1).ToString("O");
        await office.OnPhoneAsync(a, new JsonObject { ["text"] = "a1", ["at"] = at });
        await Eventually.IsTrueAsync(
            "a1 has come",
            async () => await office.CountAsync("messages", "text = 'a1'") == 1
        );
        var into = await office.ThreadAsync(a);
        var from = await office.HearOnPhoneAsync(b, "b1");
        return (office, a, into, b, from);
    }

    [Fact]
    public async Task What_the_customer_writes_goes_on_in_the_other_conversation_and_after_undo_in_its_own()
    {
        var (office, a, into, b, from) = await TwoAsync();
        // Sent by the one that goes, and settled after it has gone.
        var earlier = await office.AcceptedAsync(from, Office.TextBody("from before"));
        await office.UntilAsync(earlier, "sent", "delivered", "read");
        var patch = await office.CallAsync(
            HttpMethod.Patch,
            $"tickets/{(await RawAsync(office, from))["ticket"]!["id"]}",
            """{"tags":["vip"]}"""
        );
        patch.Status.ShouldBe(200);

        var merged = await MergeAsync(office, from, into);
        merged.Status.ShouldBe(200, merged.Body?.ToJsonString());
        (merged.Body!["id"]!.ToString(), merged.Body["takesIn"]!.AsArray().Single()!.ToString()).ShouldBe(
            (into.Id, from.Id)
        );
        merged.Body["replyTo"]!["waId"]!.ToString().ShouldBe(b, "who wrote last");
        merged.Body["ticket"]!["tags"]!.AsArray().Single()!.ToString().ShouldBe("vip");
        (await MergeAsync(office, from, into)).Status.ShouldBe(200);

        // The list shows one, and the other says where it goes on.
        (await office.ThreadsAsync())
            .ShouldHaveSingleItem()
            .Id.ShouldBe(into.Id);
        var gone = await RawAsync(office, from);
        (gone["merged"]!["into"]!.ToString(), gone["ticket"]!["status"]!.ToString()).ShouldBe((into.Id, "closed"));
        (await TextsAsync(office, from)).ShouldBe(["b1", "from before"]);
        var refused = await office.SendAsync(from, Office.TextBody("never"));
        (refused.Status, refused.Code).ShouldBe((409, "thread_merged"));

        // Answers go to whoever wrote last, and statuses find what the other one sent.
        await AnswerGoesToAsync(office, into, b);
        await office.OnPhoneAsync(a, new JsonObject { ["text"] = "a2" });
        await UntilTextAsync(office, into, "a2");
        await AnswerGoesToAsync(office, into, a);
        await office.OnPhoneAsync(b, new JsonObject { ["text"] = "b2" });
        await UntilTextAsync(office, into, "b2");
        var wamid = (await office.MessageAsync(earlier)).Wamid!;
        (await office.StatusesAsync(Hook.Status(wamid, "read", product.Now, earlier))).ShouldBe(200);
        await office.UntilAsync(earlier, "read");
        (await office.AgainAsync(into)).Unread.ShouldBe(4);
        (await office.CountAsync("tickets")).ShouldBe(2);

        var undone = await UnmergeAsync(office, from);
        undone.Status.ShouldBe(200, undone.Body?.ToJsonString());
        (undone.Body!["merged"], (int)undone.Body["unread"]!).ShouldBe((null, 2));
        undone.Body["ticket"]!["status"]!.ToString().ShouldBe("waiting_on_us");
        (await UnmergeAsync(office, from)).Code.ShouldBe("thread_not_merged");
        var kept = await RawAsync(office, into);
        (kept["takesIn"], kept["replyTo"], (int)kept["unread"]!).ShouldBe((null, null, 2));
        kept["ticket"]!["tags"]!.AsArray().ShouldBeEmpty();
        await AnswerGoesToAsync(office, into, a);
        await AnswerGoesToAsync(office, from, b);
        await office.HearAsync(b, "b3", product.Now.AddSeconds(1));
        (await TextsAsync(office, from))[^1].ShouldBe("b3");
        (await TextsAsync(office, into)).ShouldContain("b2", "what came meanwhile stays");
        (await office.MessagesAsync(from, events: true)).Single(m => m.Type == "conversation_unmerged").Data![
            "messages"
        ]!
            .ToString()
            .ShouldBe("1");
        (await office.ThreadsAsync()).Length.ShouldBe(2);
        (await office.CountAsync("audit_log", "action in ('thread.merged', 'thread.unmerged')")).ShouldBe(2);
    }

    [Fact]
    public async Task Merged_and_taken_back_while_messages_arrive_nothing_is_lost_or_doubled_and_order_holds()
    {
        const int Count = 40;
        var (office, a, into, b, from) = await TwoAsync();
        var start = product.Now.AddMinutes(-1);
        var arrive = new[] { a, b }.Select(async customer =>
        {
            for (var n = 0; n < Count; n++)
            {
                var said = Hook.Text(customer, $"{customer}-{n:00}", start.AddSeconds(n));
                // Now and then Meta repeats what it was told is stored.
                foreach (var _ in Enumerable.Range(0, n % 5 == 0 ? 2 : 1))
                    (await office.HookAsync(said)).ShouldBe(200);
            }
        });
        var turns = Task.Run(async () =>
        {
            for (var n = 0; n < 3; n++)
            {
                (await MergeAsync(office, from, into)).Status.ShouldBe(200);
                (await UnmergeAsync(office, from)).Status.ShouldBe(200);
            }
            (await MergeAsync(office, from, into)).Status.ShouldBe(200);
        });
        await Task.WhenAll([.. arrive, turns]);

        var there = await TextsAsync(office, into);
        string?[] all = [.. there, .. await TextsAsync(office, from)];
        var expected = new[] { a, b }.SelectMany(c => Enumerable.Range(0, Count).Select(n => $"{c}-{n:00}"));
        all.Where(t => t!.Contains('-')).ShouldBe(expected, ignoreOrder: true);
        foreach (var customer in new[] { a, b })
            there.Where(t => t!.StartsWith(customer, StringComparison.Ordinal)).ShouldBeInOrder();
        there.Count(t => t!.StartsWith(a, StringComparison.Ordinal)).ShouldBe(Count);
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
        (await office.ThreadsAsync()).ShouldHaveSingleItem().Id.ShouldBe(into.Id);
    }

    [Fact]
    public async Task Two_that_are_merged_into_each_other_at_once_are_merged_once_and_go_on()
    {
        var (office, a, into, b, from) = await TwoAsync();
        var both = await Task.WhenAll(MergeAsync(office, from, into), MergeAsync(office, into, from));
        both.Select(x => x.Status).ShouldBe([200, 409], ignoreOrder: true);
        both.Single(x => x.Status == 409).Code.ShouldBe("merge_target_merged");
        (await office.HookAsync(Hook.Text(a, "a2", product.Now), Hook.Text(b, "b2", product.Now))).ShouldBe(200);
        var left = (await office.ThreadsAsync()).ShouldHaveSingleItem();
        (await TextsAsync(office, left)).ShouldBeSubsetOf(["a1", "b1", "a2", "b2"]);
        (await TextsAsync(office, left)).Count(t => t!.EndsWith('2')).ShouldBe(2);
    }

    [Fact]
    public async Task One_that_takes_in_another_is_merged_itself_and_every_customer_comes_out_at_the_end()
    {
        var (office, a, into, b, from) = await TwoAsync();
        var c = Office.NewCustomer();
        var last = await office.HearOnPhoneAsync(c, "c1");
        (await MergeAsync(office, from, into)).Status.ShouldBe(200);
        (await MergeAsync(office, from, last)).Code.ShouldBe("thread_already_merged");
        (await MergeAsync(office, into, last)).Status.ShouldBe(200);
        (await MergeAsync(office, last, into)).Code.ShouldBe("merge_target_merged");
        await office.OnPhoneAsync(b, new JsonObject { ["text"] = "b2" });
        await UntilTextAsync(office, last, "b2");
        await AnswerGoesToAsync(office, last, b);
        (await office.ThreadsAsync()).ShouldHaveSingleItem().Id.ShouldBe(last.Id);

        // Taken back in the middle, both customers go on there.
        (await UnmergeAsync(office, into)).Status.ShouldBe(200);
        (await RawAsync(office, last))["replyTo"].ShouldBeNull();
        (await RawAsync(office, into))["replyTo"]!["waId"]!.ToString().ShouldBe(b);
        await AnswerGoesToAsync(office, into, b);
        (await office.HookAsync(Hook.Text(b, "b3", product.Now), Hook.Text(a, "a3", product.Now))).ShouldBe(200);
        (await TextsAsync(office, into)).ShouldBeSubsetOf(["a1", "An answer", "a3", "b3"]);
        (await TextsAsync(office, into)).Length.ShouldBe(4);
        (await office.ThreadsAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_customer_who_shows_another_identity_while_merged_is_still_known()
    {
        var office = await product.OfficeAsync();
        var b = Office.NewCustomer();
        var (into, from) = (await office.HearAsync(Office.NewCustomer()), await office.HearAsync(b));
        (await MergeAsync(office, from, into)).Status.ShouldBe(200);
        var id = "JP." + Guid.NewGuid().ToString("N")[..16];
        (await office.HookAsync(Hook.Text(b, "with an id", product.Now, userId: id))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(null, "by id alone", product.Now, userId: id))).ShouldBe(200);
        (await office.ThreadsAsync()).ShouldHaveSingleItem();
        (await TextsAsync(office, into))[^2..].ShouldBe(["with an id", "by id alone"]);
        (await UnmergeAsync(office, from)).Status.ShouldBe(200);
        (await office.HookAsync(Hook.Text(null, "again", product.Now, userId: id))).ShouldBe(200);
        (await TextsAsync(office, from))[^1].ShouldBe("again");
    }

    [Fact]
    public async Task Only_conversations_of_one_number_and_one_account_are_merged_by_those_who_may()
    {
        var agent = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(agents: [agent]);
        var other = await product.OfficeAsync();
        var (into, stranger) = (
            await office.HearAsync(Office.NewCustomer()),
            await other.HearAsync(Office.NewCustomer())
        );
        var from = await office.HearAsync(Office.NewCustomer());
        (await MergeAsync(office, from, stranger)).Status.ShouldBe(404);
        (await MergeAsync(office, stranger, into)).Status.ShouldBe(404);
        (await MergeAsync(office, from, from)).Status.ShouldBe(400);
        // As if it were of another number of the account.
        var elsewhere = await office.HearAsync(Office.NewCustomer());
        await product.Database.ScalarAsync<int>(
            $"""
            with moved as (update threadkeep.threads set channel_id = gen_random_uuid()
                where id = '{Guid.ParseExact(elsewhere.Id, "N")}' returning 1)
            select count(*)::int from moved
            """
        );
        (await MergeAsync(office, elsewhere, into)).Code.ShouldBe("not_same_channel");
        using var browser = await Browser.OfAsync(product, agent);
        (await browser.PostAsync($"threads/{from.Id}/merge", new { into = into.Id })).Status.ShouldBe(403);
        var block = await office.CallAsync(HttpMethod.Put, $"threads/{into.Id}/block", """{"reason":"No"}""");
        block.Status.ShouldBe(200);
        var refused = await MergeAsync(office, from, into);
        (refused.Status, refused.Code).ShouldBe((409, "customer_blocked"));
        // Nothing is left of the attempt.
        (await RawAsync(office, from))["merged"]
            .ShouldBeNull();
        (await office.SendAsync(from, Office.TextBody("still here"))).Status.ShouldBe(202);
    }

    private static Task UntilTextAsync(Office office, SeenThread thread, string text) =>
        Eventually.IsTrueAsync($"{text} has come", async () => (await TextsAsync(office, thread)).Contains(text));
}
