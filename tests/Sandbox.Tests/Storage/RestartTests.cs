using System.Net;
using System.Net.Http.Json;
using Threadkeep.Sandbox.Tests.Support;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Storage;

public sealed class RestartTests : IDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => data.Delete(recursive: true);

    [Fact]
    public async Task Chats_requests_media_and_templates_are_found_again()
    {
        var first = await StartAsync(dataDirectory: data.FullName);
        await using var receiver = first.Receiver;
        await first.WriteAsync("447700900123", """{"name":"Ann","type":"image","text":"look"}""");
        var wamid = await first.SendTextAsync("447700900123", "thanks");
        await receiver.StatusesUntilAsync(wamid, "delivered");
        using (
            var paused = await first.Control.PostAsJsonAsync(
                "/control/templates/order_update/status",
                new { status = "PAUSED" }
            )
        )
            paused.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await first.PostAsync($"{Number}/deregister", "{}")).Status.ShouldBe(200);
        // Once both webhooks are settled nothing moves any more.
        var before = await Eventually.GetAsync(
            () => first.ControlAsync($"/chats/{Number}/447700900123"),
            chat => chat["items"]!.AsArray().All(item => item!["status"]!.ToString() == "delivered")
        );
        await first.StopAsync();
        // What a kill in the middle of a write leaves behind.
        await File.AppendAllTextAsync(Path.Combine(data.FullName, "journal.jsonl"), """{"t":"messages","id":"wam""");

        var second = await StartAsync(dataDirectory: data.FullName, receiver: receiver);
        var after = await second.ControlAsync($"/chats/{Number}/447700900123");
        after["items"]!.ToJsonString().ShouldBe(before["items"]!.ToJsonString());
        after["windowEnd"]!.ToString().ShouldBe(before["windowEnd"]!.ToString());
        (await second.ControlAsync("/sent"))["items"]![0]!["wamid"]!.ToString().ShouldBe(wamid);
        var mediaId = after["items"]![0]!["content"]!["id"]!.ToString();
        var url = (await second.GetAsync(mediaId)).Body["url"]!.ToString();
        (await second.Graph.GetByteArrayAsync(url)).Length.ShouldBeGreaterThan(1000);
        var templates = (await second.GetAsync($"{Waba}/message_templates?name=order_update")).Body["data"]!.AsArray();
        templates.Select(t => t!["status"]!.ToString()).ShouldBe(["PAUSED", "PAUSED"]);
        (await second.GetAsync($"{Number}?fields=status")).Body["status"]!.ToString().ShouldBe("DISCONNECTED");
        await second.StopAsync();
    }

    [Fact]
    public async Task Webhooks_that_were_refused_go_on_after_a_restart()
    {
        var first = await StartAsync(dataDirectory: data.FullName);
        await using var receiver = first.Receiver;
        await first.FaultsAsync("""{"webhooks":{"hold":true}}""");
        await first.WriteAsync(Yui, """{"text":"hello"}""");
        (await first.ControlAsync("/webhooks"))["pending"]!.GetValue<int>().ShouldBe(1);
        await first.StopAsync();
        receiver.All.ShouldBeEmpty();

        var second = await StartAsync(dataDirectory: data.FullName, receiver: receiver);
        var post = (await receiver.UntilAsync(r => r.Length == 1)).Single();
        post.Messages.Single()["text"]!["body"]!.ToString().ShouldBe("hello");
        await Eventually.GetAsync(() => second.ControlAsync("/webhooks"), l => l["pending"]!.GetValue<int>() == 0);
        await second.StopAsync();
    }
}
