using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Drafts;

[Collection(nameof(MovedTime))]
public sealed class DraftTests(MovedTime product)
{
    [Fact]
    public async Task A_draft_is_its_authors_alone_the_latest_words_count_and_empty_ends_it()
    {
        var (aiko, bo) = (Browser.NewPerson("agent", "Aiko"), Browser.NewPerson("agent", "Bo"));
        var office = await product.OfficeAsync(agents: [aiko, bo]);
        var thread = await office.HearAsync(Office.NewCustomer());
        using var first = await Browser.OfAsync(product, aiko);
        using var second = await Browser.OfAsync(product, aiko);
        using var others = await Browser.OfAsync(product, bo);
        var now = product.Now;

        (await SaveAsync(first, "Hello 🙂", now.AddSeconds(-10))).Status.ShouldBe(204);
        (await ListAsync(second)).ShouldHaveSingleItem()!["text"]!.ToString().ShouldBe("Hello 🙂");
        (await ListAsync(others)).ShouldBeEmpty();

        (await SaveAsync(second, "Hello again", now.AddSeconds(-5))).Status.ShouldBe(204);
        (await SaveAsync(first, "too late", now.AddSeconds(-8))).Status.ShouldBe(204);
        (await ListAsync(first)).ShouldHaveSingleItem()!["text"]!.ToString().ShouldBe("Hello again");
        (await SaveAsync(first, "", now.AddSeconds(-8))).Status.ShouldBe(204);
        (await ListAsync(first)).ShouldHaveSingleItem();

        // A browser whose clock is an hour ahead keeps nobody's words out.
        (await SaveAsync(first, "from the future", now.AddHours(1))).Status.ShouldBe(204);
        product.Clock.Advance(TimeSpan.FromSeconds(1));
        (await SaveAsync(second, "", product.Now)).Status.ShouldBe(204);
        (await ListAsync(first)).ShouldBeEmpty();

        // Words from before it ended, which come late, do not begin it anew; new ones do.
        (await SaveAsync(first, "sent already", product.Now.AddSeconds(-30))).Status.ShouldBe(204);
        (await ListAsync(second)).ShouldBeEmpty();
        product.Clock.Advance(TimeSpan.FromSeconds(1));
        (await SaveAsync(first, "begun again", product.Now)).Status.ShouldBe(204);
        (await ListAsync(second)).ShouldHaveSingleItem();

        (await SaveAsync(first, new string('x', 20_001), now)).Status.ShouldBe(400);
        var stranger = await product.OfficeAsync();
        var foreign = await stranger.HearAsync(Office.NewCustomer());
        (await first.PutAsync($"drafts/{foreign.Id}/reply", new { text = "x" })).Status.ShouldBe(404);
        (await office.AskAsync("drafts")).Status.ShouldBe(403);

        Task<Answer> SaveAsync(Browser browser, string text, DateTimeOffset at) =>
            browser.PutAsync($"drafts/{thread.Id}/reply", new { text, changedAt = at });

        static async Task<JsonNode?[]> ListAsync(Browser browser) =>
            [.. (await browser.GetAsync("drafts")).Body!["items"]!.AsArray()];
    }
}
