using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Tickets;

[Collection(nameof(MovedTime))]
public sealed class MergeTests(MovedTime product)
{
    private static async Task<JsonNode> TicketAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!;

    private static string[] Tags(JsonNode ticket) => [.. ticket["tags"]!.AsArray().Select(t => t!.ToString())];

    private static Task<Answer> ChangeAsync(Office office, JsonNode ticket, string json) =>
        office.CallAsync(HttpMethod.Patch, $"tickets/{ticket["id"]}", json);

    private static Task<Answer> MergeAsync(Office office, JsonNode from, JsonNode into) =>
        office.PostAsync($"tickets/{from["id"]}/merge", $$"""{"into":"{{into["id"]}}"}""");

    // Two threads of one contact: two customers whose threads SQL says are one person's.
    private async Task<(Office, SeenThread From, SeenThread Into)> OneContactAsync()
    {
        var office = await product.OfficeAsync();
        var into = await office.HearAsync(Office.NewCustomer(), "First number");
        var from = await office.HearAsync(Office.NewCustomer(), "Second number");
        await product.Database.ScalarAsync<int>(
            $"""
            with t as (update threadkeep.tickets set contact_id = '{Guid.ParseExact(into.Contact.Id, "N")}'
                where account_id = '{office.Account}' and thread_id = '{Guid.ParseExact(from.Id, "N")}' returning 1)
            select count(*)::int from t
            """
        );
        return (office, from, into);
    }

    [Fact]
    public async Task A_ticket_goes_on_in_another_thread_with_tags_and_notes_and_comes_back()
    {
        var (office, from, into) = await OneContactAsync();
        var (gone, kept) = (await TicketAsync(office, from), await TicketAsync(office, into));
        var later = product.Now.AddHours(2).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        await ChangeAsync(
            office,
            gone,
            $$"""{"tags":["vip","返品"],"status":"waiting_on_contact","snoozedUntil":"{{later}}"}"""
        );
        await ChangeAsync(office, kept, """{"tags":["vip"]}""");
        await office.PostAsync($"threads/{from.Id}/notes", """{"text":"Paid in cash 🙂"}""", Guid.NewGuid().ToString());

        var merged = await MergeAsync(office, gone, kept);
        merged.Status.ShouldBe(200, merged.Body?.ToJsonString());
        merged.Body!["status"]!.ToString().ShouldBe("closed");
        merged.Body["mergedInto"]!["number"]!.ToString().ShouldBe(kept["number"]!.ToString());
        Tags(await TicketAsync(office, into)).ShouldBe(["vip", "返品"]);
        (await office.EventsAsync(from)).ShouldContain("ticket_merged");
        var told = (await office.MessagesAsync(into, events: true)).Single(m => m.Type == "ticket_absorbed").Data!;
        told["notes"]!.AsArray().ShouldHaveSingleItem()!["text"]!.ToString().ShouldBe("Paid in cash 🙂");
        told["otherThreadId"]!.ToString().ShouldBe(from.Id);
        // The same call again changes nothing more.
        (await MergeAsync(office, gone, kept)).Status.ShouldBe(200);
        (await office.EventsAsync(into)).Count(t => t == "ticket_absorbed").ShouldBe(1);
        (await MergeAsync(office, kept, gone)).Code.ShouldBe("merge_target_closed");

        var back = await office.PostAsync($"tickets/{gone["id"]}/unmerge");
        back.Status.ShouldBe(200, back.Body?.ToJsonString());
        back.Body!["status"]!.ToString().ShouldBe("waiting_on_contact");
        back.Body["snoozedUntil"]!
            .GetValue<DateTimeOffset>()
            .ShouldBe(DateTimeOffset.Parse(later, CultureInfo.InvariantCulture));
        back.Body["mergedInto"].ShouldBeNull();
        Tags(await TicketAsync(office, into)).ShouldBe(["vip"]);
        Tags(await TicketAsync(office, from)).ShouldBe(["vip", "返品"]);
        (await office.PostAsync($"tickets/{gone["id"]}/unmerge")).Code.ShouldBe("not_merged");
        // And once more, from the beginning.
        (await MergeAsync(office, gone, kept)).Status.ShouldBe(200);
        Tags(await TicketAsync(office, into)).ShouldBe(["vip", "返品"]);
    }

    [Fact]
    public async Task Of_two_people_who_merge_a_pair_crosswise_at_once_one_does()
    {
        var (office, one, other) = await OneContactAsync();
        for (var n = 0; n < 5; n++)
        {
            var (a, b) = (await TicketAsync(office, one), await TicketAsync(office, other));
            var answers = await Task.WhenAll(MergeAsync(office, a, b), MergeAsync(office, b, a));
            answers.Select(r => r.Status).Order().ShouldBe([200, 409]);
            answers.Single(r => r.Status == 409).Code.ShouldBeOneOf("merge_target_closed", "ticket_closed");
            var statuses = new[] { await TicketAsync(office, one), await TicketAsync(office, other) };
            statuses.Count(t => t["status"]!.ToString() == "closed").ShouldBe(1);
            var closed = statuses.Single(t => t["status"]!.ToString() == "closed");
            (await office.PostAsync($"tickets/{closed["id"]}/unmerge")).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task An_earlier_ticket_of_the_thread_is_taken_in_by_the_one_that_follows_it()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var earlier = await TicketAsync(office, thread);
        await ChangeAsync(office, earlier, """{"tags":["old"],"status":"closed"}""");
        await office.HearAsync(customer, "Again");
        var current = await TicketAsync(office, thread);
        for (var n = 0; n < 2; n++)
        {
            var merged = await MergeAsync(office, earlier, current);
            merged.Status.ShouldBe(200, merged.Body?.ToJsonString());
            merged.Body!["mergedInto"]!["id"]!.ToString().ShouldBe(current["id"]!.ToString());
            (await MergeAsync(office, earlier, current)).Status.ShouldBe(200);
            Tags(await TicketAsync(office, thread)).ShouldBe(["old"]);
            (await office.EventsAsync(thread)).Count(t => t == "ticket_absorbed").ShouldBe(n + 1);
            (await office.PostAsync($"tickets/{earlier["id"]}/unmerge")).Body!["mergedInto"].ShouldBeNull();
            Tags(await TicketAsync(office, thread)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Tickets_of_two_people_or_of_another_account_are_not_merged()
    {
        var office = await product.OfficeAsync();
        var one = await TicketAsync(office, await office.HearAsync(Office.NewCustomer()));
        var other = await TicketAsync(office, await office.HearAsync(Office.NewCustomer()));
        (await MergeAsync(office, one, other)).Code.ShouldBe("not_same_contact");
        (await MergeAsync(office, one, one)).Status.ShouldBe(400);
        var stranger = await product.OfficeAsync();
        (await MergeAsync(stranger, one, other)).Status.ShouldBe(404);
    }
}
