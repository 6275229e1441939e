using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Live;

[Collection(nameof(RealTime))]
public sealed class LiveFeedTests(RealTime product)
{
    [Fact]
    public async Task A_change_is_told_within_a_second_and_only_to_its_own_account()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        await using var mine = await Feed.OpenAsync(office);
        await using var theirs = await Feed.OpenAsync(other);
        (await mine.NextAsync()).Type.ShouldBe("hello");
        (await theirs.NextAsync()).Type.ShouldBe("hello");

        var watch = Stopwatch.StartNew();
        var thread = await office.HearAsync(Office.NewCustomer());
        var told = await mine.NextAsync();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));

        told.Type.ShouldBe("thread");
        told.Data["id"]!.ToString().ShouldBe(thread.Id);
        told.Data["version"]!.GetValue<long>().ShouldBe(thread.Version);

        // The other account's next event is its own: nothing of ours came before it.
        var own = await other.HearAsync(Office.NewCustomer());
        var heard = await theirs.NextAsync();
        heard.Data["id"]!.ToString().ShouldBe(own.Id);
    }

    [Fact]
    public async Task A_status_is_told_as_well()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var sent = await office.AcceptedAsync(thread, Office.TextBody("Hi"));
        var wamid = (await office.UntilAsync(sent, "sent")).Wamid!;
        await using var feed = await Feed.OpenAsync(office);
        (await feed.NextAsync()).Type.ShouldBe("hello");
        var before = await office.AgainAsync(thread);

        (await office.StatusesAsync(Hook.Status(wamid, "read", product.Now))).ShouldBe(200);

        JsonNode told;
        do told = (await feed.NextAsync()).Data;
        while (told["version"]!.GetValue<long>() <= before.Version);
        told["version"]!.GetValue<long>().ShouldBe((await office.AgainAsync(thread)).Version);
    }

    [Fact]
    public async Task Versions_answers_for_the_accounts_own_threads_only()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var foreign = await other.HearAsync(Office.NewCustomer());

        var answer = await office.PostAsync(
            "threads/versions",
            $$"""{"ids":["{{thread.Id}}","{{foreign.Id}}","{{Guid.NewGuid():N}}"]}"""
        );

        answer.Status.ShouldBe(200);
        var versions = answer.Body!["versions"]!.AsObject();
        versions.Select(v => v.Key).ShouldBe([thread.Id]);
        versions[thread.Id]!.GetValue<long>().ShouldBe(thread.Version);
    }

    [Fact]
    public async Task Who_writes_in_a_thread_is_told_to_the_account_and_to_nobody_else()
    {
        var aiko = Browser.NewPerson("agent", "Aiko");
        var office = await product.OfficeAsync(agents: [aiko]);
        var other = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        using var browser = await Browser.OfAsync(product, aiko);
        await using var mine = await Feed.OpenAsync(office);
        await using var theirs = await Feed.OpenAsync(other);
        (await mine.NextAsync()).Type.ShouldBe("hello");
        (await theirs.NextAsync()).Type.ShouldBe("hello");

        var path = $"threads/{thread.Id}/presence";
        (await browser.PostAsync(path, new { state = "typing", asks = true })).Status.ShouldBe(204);

        var told = await mine.NextAsync();
        while (told.Type != "presence")
            told = await mine.NextAsync();
        told.Data["id"]!.ToString().ShouldBe(thread.Id);
        told.Data["person"]!["name"]!.ToString().ShouldBe("Aiko");
        told.Data["person"]!["state"]!.ToString().ShouldBe("typing");
        told.Data["person"]!["asks"]!.GetValue<bool>().ShouldBeTrue();
        var own = await other.HearAsync(Office.NewCustomer());
        (await theirs.NextAsync()).Data["id"]!.ToString().ShouldBe(own.Id);

        (await browser.PostAsync(path, new { state = "dancing" })).Status.ShouldBe(400);
        (await browser.PostAsync($"threads/{own.Id}/presence", new { state = "viewing" })).Status.ShouldBe(404);
        (await office.PostAsync(path, """{"state":"viewing"}""")).Status.ShouldBe(403);
    }

    private sealed class Feed : IAsyncDisposable
    {
        private readonly HttpClient http;
        private readonly IAsyncEnumerator<SseItem<string>> events;

        private Feed(HttpClient http, Stream stream)
        {
            this.http = http;
            events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        }

        public static async Task<Feed> OpenAsync(Office office)
        {
            var http = office.NewClient();
            return new Feed(http, await http.GetStreamAsync("live"));
        }

        public async Task<(string Type, JsonNode Data)> NextAsync()
        {
            (await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue("the feed ended");
            return (events.Current.EventType, JsonNode.Parse(events.Current.Data)!);
        }

        public ValueTask DisposeAsync()
        {
            http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
