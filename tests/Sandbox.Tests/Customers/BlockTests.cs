using System.Text.Json.Nodes;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Customers;

public sealed class BlockTests
{
    private const string Silent = "818023456789";

    private static string Users(params string[] users) =>
        new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["block_users"] = new JsonArray([.. users.Select(u => new JsonObject { ["user"] = u })]),
        }.ToJsonString();

    [Fact]
    public async Task Who_is_blocked_writes_in_vain_and_gets_nothing_until_it_is_taken_back()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"before"}""");
        var (status, body) = await sandbox.PostAsync($"{Number}/block_users", Users(Yui));
        status.ShouldBe(200, body.ToJsonString());
        body["block_users"]!["added_users"]![0]!["wa_id"]!.ToString().ShouldBe(Yui);
        (await sandbox.GetAsync($"{Number}/block_users")).Body["data"]![0]!["wa_id"]!.ToString().ShouldBe(Yui);

        await sandbox.WriteAsync(Yui, """{"text":"while blocked"}""");
        var (refused, why) = await sandbox.SendAsync(Yui, """{"type":"text","text":{"body":"hello"}}""");
        (refused, (int)why["error"]!["code"]!).ShouldBe((400, 130403));

        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"{Number}/block_users")
        {
            Content = Json(Users(Yui)),
        };
        using var answer = await sandbox.Graph.SendAsync(delete);
        ((int)answer.StatusCode).ShouldBe(200);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("removed_users");
        await sandbox.WriteAsync(Yui, """{"text":"after"}""");
        var posts = await sandbox.Receiver.UntilAsync(r => r.Length == 2);
        posts.SelectMany(p => p.Messages).Select(m => m["text"]!["body"]!.ToString()).ShouldBe(["before", "after"]);
        (await sandbox.GetAsync($"{Number}/block_users")).Body["data"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_has_not_written_within_24_hours_cannot_be_blocked_and_the_others_are()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var (status, body) = await sandbox.PostAsync($"{Number}/block_users", Users(Silent, Yui));
        status.ShouldBe(400);
        ((int)body["error"]!["code"]!).ShouldBe(139100);
        body["block_users"]!["added_users"]!.AsArray().Single()!["wa_id"]!.ToString().ShouldBe(Yui);
        var failed = body["block_users"]!["failed_users"]!.AsArray().Single()!;
        failed["input"]!.ToString().ShouldBe(Silent);
        ((int)failed["errors"]![0]!["code"]!).ShouldBe(131047);
    }
}
