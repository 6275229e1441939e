using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Media;

/// <summary>
/// S6: media outage. Lookup answers 503 for ten minutes: the bubble is there at once, the file arrives by itself later; too large or expired says
/// so; a revoked token does not stop text.
/// </summary>
[Collection(nameof(MovedTime))]
public sealed class ScenarioS6Tests(MovedTime product)
{
    // Meta knows nothing of it.
    private const string GoneId = "1";

    private static async Task<SeenThread> ReceivedAsync(Office office, string waId)
    {
        await Eventually.IsTrueAsync("the bubble is there", async () => (await office.ThreadsAsync()).Length == 1);
        return await office.ThreadAsync(waId);
    }

    // And put off, by seconds: while it is tried it is due in two minutes. The clock may be moved only then.
    private Task TriedAsync(Office office, int times) =>
        Eventually.IsTrueAsync(
            $"it was tried {times} times",
            async () =>
                await office.CountAsync("media_jobs", $"tries >= {times} and due_at < '{product.Now.AddSeconds(90):O}'")
                == 1
        );

    private static async Task<SeenMessage> UntilAsync(Office office, SeenMessage message, string state)
    {
        await Eventually.IsTrueAsync(
            $"the file is {state}",
            async () => (message = await office.MessageAsync(message.Id)).Media!.State == state
        );
        // It is taken off the list once it is in the thread.
        await Eventually.IsTrueAsync("nothing waits", async () => await office.CountAsync("media_jobs") == 0);
        return message;
    }

    [Fact]
    public async Task S6_the_bubble_is_there_at_once_and_the_file_follows_by_itself_when_Meta_is_back()
    {
        var office = await product.OfficeAsync();
        await product.FaultsAsync("""{"media":{"status503":true}}""");
        var waId = Office.NewCustomer();

        await office.OnPhoneAsync(waId, InboundMediaTests.Picture());
        var thread = await ReceivedAsync(office, waId);
        var message = (await office.MessagesAsync(thread)).ShouldHaveSingleItem();
        (message.Type, message.Text, message.Media!.State, message.Media.Url).ShouldBe(
            ("image", "look", "pending", null)
        );
        // Ten minutes, in which text goes on.
        await TriedAsync(office, 1);
        for (var (minute, tries) = (0, 2); minute < 10; minute += 5, tries++)
        {
            product.Clock.Advance(TimeSpan.FromMinutes(5));
            await TriedAsync(office, tries);
            (await office.MessageAsync(message.Id)).Media!.State.ShouldBe("pending");
        }
        await office.HearOnPhoneAsync(waId, "and a word");
        (await office.MessagesAsync(thread)).Select(m => m.Type).Order().ShouldBe(["image", "text"]);
        var sent = await office.AcceptedAsync(thread, Office.TextBody("thanks"));
        await office.UntilAsync(sent, "sent", "delivered");
        var version = (await office.AgainAsync(thread)).Version;

        await product.FaultsAsync("{}");
        product.Clock.Advance(TimeSpan.FromMinutes(10));

        message = await UntilAsync(office, message, "ready");
        using var file = await office.Http.GetAsync(new Uri(product.ApiUrl, message.Media!.Url!));
        (await file.Content.ReadAsByteArrayAsync()).ShouldBe(Convert.FromBase64String(InboundMediaTests.Png));
        file.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await office.AgainAsync(thread)).Version.ShouldBeGreaterThan(version, "consoles hear of it");
    }

    [Theory]
    [InlineData("""{"media":{"size":104857601}}""", "too_large")]
    [InlineData("""{"media":{"damage":true}}""", "damaged")]
    public async Task S6_a_file_that_is_too_large_or_not_what_Meta_said_says_so(string faults, string state)
    {
        var office = await product.OfficeAsync();
        await product.FaultsAsync(faults);
        var waId = Office.NewCustomer();

        await office.OnPhoneAsync(waId, InboundMediaTests.Picture());

        var message = (await office.MessagesAsync(await ReceivedAsync(office, waId))).ShouldHaveSingleItem();
        (await UntilAsync(office, message, state)).Media!.Url.ShouldBeNull();
    }

    [Fact]
    public async Task S6_a_file_that_Meta_has_no_more_says_so()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var picture = new JsonObject
        {
            ["image"] = new JsonObject { ["id"] = GoneId, ["mime_type"] = "image/png" },
        };

        (await office.HookAsync(Hook.Text(waId, null, product.Now, type: "image", more: picture))).ShouldBe(200);

        var message = (await office.MessagesAsync(await office.ThreadAsync(waId))).ShouldHaveSingleItem();
        await UntilAsync(office, message, "failed");
    }

    [Fact]
    public async Task S6_a_revoked_token_does_not_stop_text_and_files_follow_once_it_is_mended()
    {
        var office = await product.OfficeAsync();
        await product.FaultsAsync("""{"tokenInvalid":true}""");
        var waId = Office.NewCustomer();

        await office.OnPhoneAsync(waId, InboundMediaTests.Picture());
        var thread = await ReceivedAsync(office, waId);
        await TriedAsync(office, 1);
        await office.HearOnPhoneAsync(waId, "and a word");

        var messages = await office.MessagesAsync(thread);
        messages.Select(m => m.Type).ShouldBe(["image", "text"], ignoreOrder: true);
        var picture = messages.Single(m => m.Type == "image");
        picture.Media!.State.ShouldBe("pending");

        await product.FaultsAsync("{}");
        product.Clock.Advance(TimeSpan.FromMinutes(10));
        await UntilAsync(office, picture, "ready");
    }
}
