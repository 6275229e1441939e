using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Media;

[Collection(nameof(RealTime))]
public sealed class InboundMediaTests(RealTime product)
{
    /// <summary>One white pixel.</summary>
    public const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

    internal static JsonObject Picture() =>
        new()
        {
            ["type"] = "image",
            ["text"] = "look",
            ["media"] = new JsonObject { ["mimeType"] = "image/png", ["base64"] = Png },
        };

    [Fact]
    public async Task Nothing_of_one_account_is_there_for_another()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        await office.OnPhoneAsync(waId, Picture());
        await Eventually.IsTrueAsync(
            "the file is there",
            async () => await office.CountAsync("messages", "media_state = 1") == 1
        );
        var thread = await office.ThreadAsync(waId);
        var message = (await office.MessagesAsync(thread)).Single();
        product.ThrowAt("left over");
        (await office.HookAsync(Hook.Text(waId, "left over", product.Now))).ShouldBe(200);
        product.ThrowAt(null);
        var leftover = (await office.LeftoversAsync()).ShouldHaveSingleItem();

        foreach (
            var path in new[]
            {
                $"threads/{thread.Id}",
                $"threads/{thread.Id}/messages",
                $"threads/{thread.Id}/messages/{message.Id}",
                $"media/{message.Media!.Id}",
            }
        )
            ((await other.AskAsync(path)).Status, (await office.AskAsync(path)).Status).ShouldBe((404, 200), path);
        (await other.SendAsync(thread, Office.TextBody("not mine"))).Status.ShouldBe(404);
        (await other.PostAsync($"threads/{thread.Id}/read", $$"""{"upTo":"{{message.Id}}"}""")).Status.ShouldBe(404);
        (await other.PostAsync($"threads/{thread.Id}/messages/{message.Id}/cancel")).Status.ShouldBe(404);
        (await other.PostAsync($"threads/{thread.Id}/messages/{message.Id}/send-again", key: "k")).Status.ShouldBe(404);
        (await other.PostAsync($"leftovers/{leftover.Id}/replay")).Status.ShouldBe(404);
        (await other.ThreadsAsync()).ShouldBeEmpty();
        (await other.LeftoversAsync()).ShouldBeEmpty();
        (await other.AskAsync("channels")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await office.LeftoversAsync()).ShouldHaveSingleItem().ReplayedAt.ShouldBeNull();
    }
}
