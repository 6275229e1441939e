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

    private static JsonObject Picture() =>
        new()
        {
            ["type"] = "image",
            ["text"] = "look",
            ["media"] = new JsonObject { ["mimeType"] = "image/png", ["base64"] = Png },
        };

    [Fact]
    public async Task A_picture_is_on_screen_while_Meta_is_out_of_order_and_its_file_follows_by_itself()
    {
        var office = await product.OfficeAsync();
        await product.FaultsAsync("""{"media":{"status503":true}}""");
        var waId = Office.NewCustomer();

        await office.OnPhoneAsync(waId, Picture());
        await Eventually.IsTrueAsync("the bubble is there", async () => (await office.ThreadsAsync()).Length == 1);
        var thread = await office.ThreadAsync(waId);
        var message = (await office.MessagesAsync(thread)).ShouldHaveSingleItem();
        (message.Type, message.Text, message.Media!.State, message.Media.Url).ShouldBe(
            ("image", "look", "pending", null)
        );
        await Eventually.IsTrueAsync(
            "it was tried in vain",
            async () => await office.CountAsync("media_jobs", "tries > 0") == 1
        );

        await product.FaultsAsync("{}");
        await Eventually.IsTrueAsync(
            "the file is there",
            async () => (message = await office.MessageAsync(message.Id)).Media!.State == "ready"
        );
        using var file = await office.Http.GetAsync(new Uri(product.ApiUrl, message.Media!.Url!));
        (await file.Content.ReadAsByteArrayAsync()).ShouldBe(Convert.FromBase64String(Png));
        file.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        file.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await office.CountAsync("media_jobs")).ShouldBe(0);
        (await office.AgainAsync(thread)).Version.ShouldBeGreaterThan(thread.Version);
    }

    [Fact]
    public async Task Text_goes_on_while_a_picture_waits()
    {
        var office = await product.OfficeAsync();
        await product.FaultsAsync("""{"media":{"status503":true}}""");
        var waId = Office.NewCustomer();
        await office.OnPhoneAsync(waId, Picture());

        var thread = await office.HearOnPhoneAsync(waId, "and a word");

        (await office.MessagesAsync(thread)).Select(m => m.Type).Order().ShouldBe(["image", "text"]);
        var sent = await office.AcceptedAsync(thread, Office.TextBody("thanks"));
        await office.UntilAsync(sent, "sent", "delivered");
    }

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
