using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Notices;

[Collection(nameof(MovedTime))]
public sealed class NoticeTests(MovedTime product)
{
    private static async Task<JsonNode[]> NoticesAsync(Browser browser, string query = "") =>
        [.. (await browser.GetAsync("notices" + query)).Body!["items"]!.AsArray().Select(n => n!)];

    private static async Task<string> IdOfAsync(Browser browser) =>
        (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();

    private static async Task<JsonNode> TicketAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!;

    private static async Task GiveAsync(Browser by, string to, Office office, SeenThread thread)
    {
        var ticket = (await TicketAsync(office, thread))["id"];
        (await by.PatchAsync($"tickets/{ticket}", new { ownerId = to })).Status.ShouldBe(200);
    }

    private static Task<JsonNode[]> UntilAsync(Browser browser, string what, int count) =>
        UntilAsync(browser, what, all => all.Length == count);

    private static async Task<JsonNode[]> UntilAsync(Browser browser, string what, Func<JsonNode[], bool> holds)
    {
        JsonNode[] seen = [];
        await Eventually.IsTrueAsync(
            what,
            async () =>
            {
                seen = await NoticesAsync(browser);
                return holds(seen);
            }
        );
        return seen;
    }

    private static string Kind(JsonNode notice) => notice["kind"]!.ToString();

    // Everything that is in the outbox has been told: what must not have been told can be looked for.
    private Task SettledAsync() =>
        Eventually.IsTrueAsync(
            "everything is told",
            async () =>
                await product.Database.ScalarAsync<bool>(
                    """
                    select not exists (
                        select from threadkeep.outbox o, threadkeep.outbox_consumers c
                        where c.name = 'notices' and (o.tx, o.id) > (c.tx, c.id))
                    """
                )
        );

    [Fact]
    public async Task Messages_of_a_thread_are_one_notice_to_its_owner_once_for_each_however_often_they_come()
    {
        var (aoi, bea) = (Browser.NewPerson("agent", "Aoi"), Browser.NewPerson("agent", "Bea"));
        var office = await product.OfficeAsync(agents: [aoi, bea]);
        using var hers = await Browser.OfAsync(product, aoi);
        using var beas = await Browser.OfAsync(product, bea);
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer, "Is it there?");
        // Nobody's: both.
        await UntilAsync(hers, "Aoi is told", 1);
        await UntilAsync(beas, "Bea is told", 1);

        await GiveAsync(hers, await IdOfAsync(hers), office, thread);
        var second = Hook.Text(customer, "Hello?", product.Now);
        for (var n = 0; n < 5; n++)
            (await office.HookAsync(second)).ShouldBe(200);
        (await office.HookAsync(Hook.Text(customer, "It is urgent", product.Now))).ShouldBe(200);
        var told = (
            await UntilAsync(hers, "three messages", all => all.Any(n => n["count"]!.GetValue<int>() == 3))
        ).ShouldHaveSingleItem();
        (Kind(told), told["text"]!.ToString()).ShouldBe(("message", "It is urgent"));
        told["thread"]!["id"]!.ToString().ShouldBe(thread.Id);
        told["thread"]!["customer"]!.ToString().ShouldBe("Yui");
        told["thread"]!["ticketNumber"]!.GetValue<int>().ShouldBe(thread.Ticket!.Number);
        // What somebody else has taken on needs nobody else; taking it oneself is no news.
        await SettledAsync();
        (await NoticesAsync(beas)).ShouldBeEmpty();
        (await hers.GetAsync("notices")).Body!["unseen"]!.GetValue<int>().ShouldBe(1);

        // Seen, and the next message is news again.
        (await hers.PostAsync("notices/seen", new { threadId = thread.Id })).Status.ShouldBe(204);
        (await NoticesAsync(hers)).ShouldBeEmpty();
        // The customer gets a name: the outbox tells of the last message once more, and nobody is.
        (await hers.PostAsync("contacts", new { familyName = "Sato", phone = "+" + customer })).Status.ShouldBe(201);
        await Eventually.IsTrueAsync(
            "the thread shows the name",
            async () => (await office.AgainAsync(thread)).Contact.Name == "Sato"
        );
        await SettledAsync();
        (await NoticesAsync(hers)).ShouldBeEmpty();
        product.Clock.Advance(TimeSpan.FromSeconds(1));
        await office.HearAsync(customer, "And now?");
        told = (await UntilAsync(hers, "the next message", 1))[0];
        told["count"]!.GetValue<int>().ShouldBe(1);
        (await NoticesAsync(hers, "?all=true")).Length.ShouldBe(2);
        (await hers.PostAsync($"notices/{told["id"]}/seen")).Status.ShouldBe(204);
        (await beas.PostAsync($"notices/{told["id"]}/seen")).Status.ShouldBe(404);
        var page = (await hers.GetAsync("notices?all=true&limit=1")).Body!;
        (await NoticesAsync(hers, $"?all=true&limit=1&cursor={page["nextCursor"]}")).ShouldHaveSingleItem()["count"]!
            .GetValue<int>()
            .ShouldBe(3);
        (await office.AskAsync("notices")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Mentions_given_tickets_and_failed_sends_are_told_and_nothing_of_a_channel_that_one_may_not_see()
    {
        var (aoi, bea, shut) = (
            Browser.NewPerson("agent", "Aoi"),
            Browser.NewPerson("agent", "Bea"),
            Browser.NewPerson("agent", "Shut")
        );
        var boss = Browser.NewPerson("admin", "Emma");
        var office = await product.OfficeAsync(agents: [aoi, bea, shut, boss]);
        using var hers = await Browser.OfAsync(product, aoi);
        using var beas = await Browser.OfAsync(product, bea);
        using var outside = await Browser.OfAsync(product, shut);
        using var emmas = await Browser.OfAsync(product, boss);
        (
            await emmas.PatchAsync(
                $"people/{await IdOfAsync(outside)}",
                new { allChannels = false, channelIds = Array.Empty<string>() }
            )
        ).Status.ShouldBe(200);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await UntilAsync(hers, "Aoi is told", 1);
        await SettledAsync();
        foreach (var browser in new[] { hers, beas, emmas })
            (await browser.PostAsync("notices/seen", new { })).Status.ShouldBe(204);

        var note = await CallWithKeyAsync(
            beas,
            $"threads/{thread.Id}/notes",
            new
            {
                text = "Please, @Aoi",
                mentions = new[] { await IdOfAsync(hers), await IdOfAsync(outside), await IdOfAsync(beas) },
            }
        );
        note.Status.ShouldBe(201);
        var mention = (await UntilAsync(hers, "Aoi is named", 1))[0];
        (Kind(mention), mention["by"]!["name"]!.ToString(), mention["text"]!.ToString()).ShouldBe(
            ("mention", "Bea", "Please, @Aoi")
        );
        mention["thread"]!["messageId"]!.ToString().ShouldBe(note.Body!["id"]!.ToString());
        await GiveAsync(beas, await IdOfAsync(hers), office, thread);
        (await UntilAsync(hers, "it is hers", 2)).Select(Kind).ShouldContain("assigned");

        await product.FaultsAsync("""{"statuses":{"failWith":131026}}""");
        var sent = await CallWithKeyAsync(
            hers,
            $"threads/{thread.Id}/messages",
            JsonNode.Parse(Office.TextBody("Does it arrive?"))!
        );
        sent.Status.ShouldBe(202, sent.Body?.ToJsonString());
        await office.UntilAsync(sent.Id, "failed");
        var told = await UntilAsync(hers, "it failed", 3);
        told.Single(n => Kind(n) == "send_failed")["thread"]!["messageId"]!.ToString().ShouldBe(sent.Id);

        await SettledAsync();
        (await NoticesAsync(beas)).ShouldBeEmpty();
        (await NoticesAsync(outside, "?all=true")).ShouldBeEmpty();
        (await office.CountAsync("notices", $"agent_id = '{Guid.Parse(await IdOfAsync(outside))}'")).ShouldBe(0);
        // Who is shut out later is not told any more either.
        (
            await emmas.PatchAsync(
                $"people/{await IdOfAsync(hers)}",
                new { allChannels = false, channelIds = Array.Empty<string>() }
            )
        ).Status.ShouldBe(200);
        (await hers.GetAsync("notices?all=true")).Body!.ToJsonString().ShouldNotContain(thread.Id);
    }

    [Fact]
    public async Task A_ticket_is_due_soon_then_overdue_and_a_session_closes_with_an_answer_owed_each_told_once()
    {
        var aoi = Browser.NewPerson("agent", "Aoi");
        var office = await product.OfficeAsync(agents: [aoi]);
        using var hers = await Browser.OfAsync(product, aoi);
        (
            await office.CallAsync(
                HttpMethod.Put,
                "sla",
                """{"version":0,"policies":[{"name":"Standard","targets":[{"priority":"normal","firstResponseMinutes":60}]}]}"""
            )
        ).Status.ShouldBe(200);
        var opened = product.Now;
        var thread = await office.HearAsync(Office.NewCustomer());
        await GiveAsync(hers, await IdOfAsync(hers), office, thread);
        product.Clock.Advance(TimeSpan.FromMinutes(46));
        var soon = await UntilAsync(hers, "due soon", all => all.Any(n => Kind(n) == "sla_due_soon"));
        var due = soon.Single(n => Kind(n) == "sla_due_soon");
        (due["clock"]!.ToString(), due["dueAt"]!.GetValue<DateTimeOffset>()).ShouldBe(
            ("first_response", opened.AddMinutes(60))
        );
        product.Clock.Advance(TimeSpan.FromMinutes(15));
        await office.Grain(thread).CheckSnooze();
        await UntilAsync(hers, "overdue", all => all.Any(n => Kind(n) == "sla_overdue"));
        product.Clock.Set(opened.AddHours(23));
        await office.Grain(thread).CheckAlarm();
        var closing = (await UntilAsync(hers, "closing", all => all.Any(n => Kind(n) == "session_closing"))).Single(n =>
            Kind(n) == "session_closing"
        );
        closing["dueAt"]!.GetValue<DateTimeOffset>().ShouldBe(opened.AddHours(24), TimeSpan.FromSeconds(1));
        (await office.CountAsync("notices", "kind <> 'message'")).ShouldBe(3);
    }

    [Fact]
    public async Task Quota_and_channels_are_told_to_admins_alone()
    {
        var (boss, aoi) = (Browser.NewPerson("admin", "Emma"), Browser.NewPerson("agent", "Aoi"));
        var office = await product.OfficeAsync(limit: 5, agents: [boss, aoi], templates: true);
        using var emmas = await Browser.OfAsync(product, boss);
        using var hers = await Browser.OfAsync(product, aoi);
        for (var n = 0; n < 4; n++)
        {
            var thread = await office.HearAsync(Office.NewCustomer(), at: product.Now.AddDays(-3));
            await office.AcceptedAsync(thread, Office.Template);
        }
        var told = await UntilAsync(emmas, "80 %", all => all.Any(n => Kind(n) == "quota"));
        told.Single(n => Kind(n) == "quota")["threshold"]!.GetValue<int>().ShouldBe(80);
        await product.Database.ScalarAsync<int>(
            $"""
            update threadkeep.channels set attention = 'token_invalid', attention_at = now() where account_id = '{office.Account}'
            returning 1
            """
        );
        told = await UntilAsync(emmas, "the channel", all => all.Any(n => Kind(n) == "channel_attention"));
        var channel = told.Single(n => Kind(n) == "channel_attention");
        (channel["channel"]!.ToString(), channel["reason"]!.ToString()).ShouldBe(("Reception", "token_invalid"));
        (await NoticesAsync(hers)).Select(Kind).ShouldBeSubsetOf(["message"]);
    }

    private static async Task<Answer> CallWithKeyAsync(Browser browser, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = System.Net.Http.Json.JsonContent.Create(body),
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await browser.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new Answer((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }
}
