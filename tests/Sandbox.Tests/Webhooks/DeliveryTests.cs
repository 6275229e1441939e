using System.Net;
using System.Net.Http.Json;
using System.Text;
using Threadkeep.Sandbox.Tests.Support;
using Threadkeep.Sandbox.Webhooks;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Webhooks;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_customers_message_arrives_signed_and_in_ascii()
    {
        await using var sandbox = await StartAsync();
        var wamid = await sandbox.WriteAsync(Yui, """{"text":"荷物はいつ届きますか？ 😀"}""");
        var post = (await sandbox.Receiver.UntilAsync(r => r.Length == 1)).Single();

        post.Signature.ShouldBe(Signature.Of(Secret, post.Body));
        post.Body.ShouldAllBe(b => b < 0x7f);
        post.Text.ShouldContain(@"\u8377\u7269");
        var message = post.Messages.Single();
        message["id"]!.ToString().ShouldBe(wamid);
        message["from"]!.ToString().ShouldBe(Yui);
        message["text"]!["body"]!.ToString().ShouldBe("荷物はいつ届きますか？ 😀");
        var value = post.Values.Single();
        value["metadata"]!["phone_number_id"]!.ToString().ShouldBe(Number);
        value["contacts"]![0]!["wa_id"]!.ToString().ShouldBe(Yui);
        value["contacts"]![0]!["profile"]!["name"]!.ToString().ShouldBe("田中 結衣");
    }

    [Fact]
    public async Task Anything_but_200_is_repeated_with_the_same_bytes_until_it_is_200()
    {
        await using var sandbox = await StartAsync();
        sandbox.Receiver.AnswerWith(503, 204);
        var wamid = await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var posts = await sandbox.Receiver.UntilAsync(r => r.Length == 3);
        posts.ShouldAllBe(p => p.Text == posts[0].Text);

        var log = await Eventually.GetAsync(
            () => sandbox.ControlAsync("/webhooks"),
            l => l["pending"]!.GetValue<int>() == 0
        );
        var attempts = log["items"]![0]!["attempts"]!.AsArray();
        attempts.Select(a => a!["status"]!.GetValue<int>()).ShouldBe([503, 204, 200]);
        var chat = await sandbox.ControlAsync($"/chats/{Number}/{Yui}");
        var message = chat["items"]!.AsArray().Single()!;
        message["wamid"]!.ToString().ShouldBe(wamid);
        message["status"]!.ToString().ShouldBe("delivered");
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_gets_it_again()
    {
        await using var sandbox = await StartAsync();
        sandbox.Receiver.AnswerWith(WebhookReceiver.Silence);
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        await sandbox.Receiver.UntilAsync(r => r.Length == 2);
        var log = await Eventually.GetAsync(
            () => sandbox.ControlAsync("/webhooks"),
            l => l["pending"]!.GetValue<int>() == 0
        );
        var attempts = log["items"]![0]!["attempts"]!.AsArray();
        attempts[0]!["error"]!.ToString().ShouldBe("time-out");
        attempts[1]!["status"]!.GetValue<int>().ShouldBe(200);
    }

    [Fact]
    public void The_waits_between_repeats_double_up_to_a_minute() =>
        Enumerable
            .Range(1, 9)
            .Append(5000)
            .Select(attempts => RetrySchedule.WaitAfter(attempts).TotalSeconds)
            .ShouldBe([0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]);

    [Fact]
    public async Task Duplicates_are_the_same_bytes_again()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"webhooks":{"duplicate":2}}""");
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var posts = await sandbox.Receiver.UntilAsync(r => r.Length == 3);
        posts.Select(p => p.Text).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_puts_several_messages_into_one_notification()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"webhooks":{"batch":3}}""");
        foreach (var text in new[] { "1", "2", "3" })
            await sandbox.WriteAsync(Yui, $$"""{"text":"{{text}}"}""");
        var post = (await sandbox.Receiver.UntilAsync(r => r.Length == 1)).Single();
        post.Messages.Select(m => m["text"]!["body"]!.ToString()).ShouldBe(["1", "2", "3"]);
        post.Values.Single()["contacts"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reorder_posts_the_last_first()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"webhooks":{"reorder":true}}""");
        foreach (var text in new[] { "1", "2", "3", "4" })
            await sandbox.WriteAsync(Yui, $$"""{"text":"{{text}}"}""");
        var posts = await sandbox.Receiver.UntilAsync(r => r.Length == 4);
        posts.SelectMany(p => p.Messages).Select(m => m["text"]!["body"]!.ToString()).ShouldBe(["4", "3", "2", "1"]);
    }

    [Fact]
    public async Task A_dropped_one_is_never_posted_and_the_count_runs_down()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"webhooks":{"drop":1}}""");
        await sandbox.WriteAsync(Yui, """{"text":"lost"}""");
        await sandbox.WriteAsync(Yui, """{"text":"arrives"}""");
        var post = (await sandbox.Receiver.UntilAsync(r => r.Length >= 1)).Single();
        post.Messages.Single()["text"]!["body"]!.ToString().ShouldBe("arrives");
        var log = await sandbox.ControlAsync("/webhooks");
        log["items"]!.AsArray().Count(i => i!["state"]!.ToString() == "dropped").ShouldBe(1);
        (await sandbox.ControlAsync("/faults"))["webhooks"]!["drop"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_raw_body_is_signed_and_sent_as_it_is()
    {
        await using var sandbox = await StartAsync();
        var bytes = Encoding.UTF8.GetBytes("""{ "object":"x", "t":"日本" }""");
        using var content = new ByteArrayContent(bytes);
        using var answer = await sandbox.Control.PostAsync("/control/webhooks/raw", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var post = (await sandbox.Receiver.UntilAsync(r => r.Length == 1)).Single();
        post.Body.ShouldBe(bytes);
        post.Signature.ShouldBe(Signature.Of(Secret, bytes));
    }

    [Fact]
    public async Task A_new_callback_must_pass_the_handshake()
    {
        await using var sandbox = await StartAsync();
        await using var other = await WebhookReceiver.StartAsync();
        other.Challenge = "something else";
        using var refused = await sandbox.Control.PutAsJsonAsync("/control/webhooks/callback", new { url = other.Url });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        other.Challenge = null;
        using var taken = await sandbox.Control.PutAsJsonAsync("/control/webhooks/callback", new { url = other.Url });
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        await other.UntilAsync(r => r.Length == 1);
        sandbox.Receiver.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_account_that_is_not_subscribed_gets_nothing()
    {
        await using var sandbox = await StartAsync();
        using (var gone = await sandbox.Graph.DeleteAsync($"{Waba}/subscribed_apps"))
            gone.StatusCode.ShouldBe(HttpStatusCode.OK);
        await sandbox.WriteAsync(Yui, """{"text":"unheard"}""");
        (await sandbox.PostAsync($"{Waba}/subscribed_apps", "{}")).Status.ShouldBe(200);
        await sandbox.WriteAsync(Yui, """{"text":"heard"}""");
        var post = (await sandbox.Receiver.UntilAsync(r => r.Length >= 1)).Single();
        post.Messages.Single()["text"]!["body"]!.ToString().ShouldBe("heard");
    }
}
