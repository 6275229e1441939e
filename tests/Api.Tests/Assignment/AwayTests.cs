using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Assignment;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Assignment;

[Collection(nameof(MovedTime))]
public sealed class AwayTests(MovedTime product)
{
    // The account's assignment, told to look now rather than within seconds.
    private Task LookAsync(Office office) =>
        product.Cluster.GetGrain<IAssignmentGrain>(office.Account.ToString("N")).Wake();

    private static async Task<JsonNode> TicketAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!;

    private static async Task<string?> OwnerAsync(Office office, SeenThread thread) =>
        (await TicketAsync(office, thread))["owner"]?["name"]?.ToString();

    private static async Task GiveAsync(Browser to, Office office, SeenThread thread)
    {
        var me = (await to.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        var ticket = (await TicketAsync(office, thread))["id"];
        (await to.PatchAsync($"tickets/{ticket}", new { ownerId = me })).Status.ShouldBe(200);
    }

    // Of tickets that went back; customers' messages are told as well.
    private static async Task<JsonNode[]> NoticesAsync(Browser browser) =>
        [
            .. (await browser.GetAsync("notices?limit=200")).Body!["items"]!
                .AsArray()
                .Where(n => n!["kind"]!.ToString() == "tickets_returned")
                .Select(n => n!),
        ];

    [Fact]
    public async Task Who_stays_away_hands_back_what_waits_on_us_and_takes_it_back_with_one_click()
    {
        var (aoi, bea, emma) = (
            Browser.NewPerson("agent", "Aoi"),
            Browser.NewPerson("agent", "Bea"),
            Browser.NewPerson("supervisor", "Emma")
        );
        var office = await product.OfficeAsync(agents: [aoi, bea, emma]);
        using var hers = await Browser.OfAsync(product, aoi);
        using var beas = await Browser.OfAsync(product, bea);
        using var boss = await Browser.OfAsync(product, emma);
        var settings = await boss.PutAsync(
            "assignment",
            new
            {
                version = 0,
                defaultCapacity = 5,
                awayMinutes = 20,
            }
        );
        settings.Body!["awayMinutes"]!.GetValue<int>().ShouldBe(20);
        var threads = new List<SeenThread>();
        for (var n = 0; n < 5; n++)
        {
            threads.Add(await office.HearAsync(Office.NewCustomer()));
            await GiveAsync(hers, office, threads[n]);
        }
        // Of these five one waits on the customer, and stays.
        await office.AcceptedAsync(threads[4], Office.TextBody("Here you are"));

        (await hers.PutAsync("me/availability", new { available = false })).Status.ShouldBe(204);
        product.Clock.Advance(TimeSpan.FromMinutes(19));
        await LookAsync(office);
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        await LookAsync(office);
        await Eventually.IsTrueAsync(
            "four tickets went back",
            async () => await office.CountAsync("tickets", "owner_id is null") == 4
        );
        (await OwnerAsync(office, threads[4])).ShouldBe("Aoi");
        (await office.EventsAsync(threads[0])).Count(e => e == "ticket_changed").ShouldBe(2);

        // She is told which, her supervisor how many, her colleague nothing.
        var told = (await NoticesAsync(hers)).ShouldHaveSingleItem()!;
        told["tickets"]!.AsArray().Count.ShouldBe(4);
        told["minutes"]!.GetValue<int>().ShouldBe(20);
        // Not a minute too early: the clock stands still between its steps.
        told["at"]!.GetValue<DateTimeOffset>().ShouldBe(product.Now, TimeSpan.FromMilliseconds(1));
        var counted = (await NoticesAsync(boss)).ShouldHaveSingleItem()!;
        (counted["count"]!.GetValue<int>(), counted["owner"]!["name"]!.ToString()).ShouldBe((4, "Aoi"));
        counted["tickets"]!.AsArray().ShouldBeEmpty();
        (await NoticesAsync(beas)).ShouldBeEmpty();
        (await boss.PostAsync($"notices/{counted["id"]}/seen")).Status.ShouldBe(204);
        (await NoticesAsync(boss)).ShouldBeEmpty();

        // Meanwhile Bea took one and only looked, took one and answered; a third is closed.
        await GiveAsync(beas, office, threads[1]);
        await GiveAsync(beas, office, threads[2]);
        await office.AcceptedAsync(threads[2], Office.TextBody("I help you"));
        var third = (await TicketAsync(office, threads[3]))["id"];
        (await beas.PatchAsync($"tickets/{third}", new { status = "closed" })).Status.ShouldBe(200);
        (await beas.PostAsync($"notices/{told["id"]}/take-back")).Status.ShouldBe(404);

        var back = await hers.PostAsync($"notices/{told["id"]}/take-back");
        (back.Body!["takenBack"]!.GetValue<int>(), back.Body["gone"]!.GetValue<int>()).ShouldBe((2, 2));
        (await OwnerAsync(office, threads[0])).ShouldBe("Aoi");
        (await OwnerAsync(office, threads[1])).ShouldBe("Aoi");
        (await OwnerAsync(office, threads[2])).ShouldBe("Bea");
        // The same click twice is one; whoever takes tickets is there.
        (await hers.PostAsync($"notices/{told["id"]}/take-back")).Body!["takenBack"]!.GetValue<int>().ShouldBe(2);
        (await NoticesAsync(hers)).ShouldBeEmpty();
        var seen = (await hers.GetAsync("availability")).Body!["items"]!.AsArray();
        seen.Single(p => p!["name"]!.ToString() == "Aoi")!["available"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_lost_connection_or_an_ended_session_is_not_being_away_and_coming_back_in_time_keeps_everything()
    {
        var aoi = Browser.NewPerson("agent", "Aoi");
        var office = await product.OfficeAsync(agents: [aoi]);
        var thread = await office.HearAsync(Office.NewCustomer());
        using (var browser = await Browser.OfAsync(product, aoi))
        {
            await GiveAsync(browser, office, thread);
            // Her feed breaks off, and she is signed out.
            using (await browser.Http.GetStreamAsync("live")) { }
            (await browser.PostAsync("sign-out")).Status.ShouldBe(204);
        }
        product.Clock.Advance(TimeSpan.FromHours(3));
        await LookAsync(office);
        using var again = await Browser.OfAsync(product, aoi);
        await again.PutAsync("me/availability", new { available = false });
        product.Clock.Advance(TimeSpan.FromMinutes(14));
        await LookAsync(office);
        await again.PutAsync("me/availability", new { available = true });
        product.Clock.Advance(TimeSpan.FromMinutes(14));
        // Away anew: the time begins anew.
        await again.PutAsync("me/availability", new { available = false });
        product.Clock.Advance(TimeSpan.FromMinutes(14));
        await LookAsync(office);
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        await LookAsync(office);
        await Eventually.IsTrueAsync("the ticket went back", async () => await OwnerAsync(office, thread) is null);
        // Nobody supervises: only she is told; and only now.
        var told = (await NoticesAsync(again)).ShouldHaveSingleItem()!;
        told["at"]!.GetValue<DateTimeOffset>().ShouldBe(product.Now, TimeSpan.FromMilliseconds(1));
        (await office.CountAsync("notices", "kind = 'tickets_returned'")).ShouldBe(1);
        foreach (var bad in new[] { 0, 481 })
            (
                await office.CallAsync(
                    HttpMethod.Put,
                    "assignment",
                    $$"""{"version":0,"defaultCapacity":5,"awayMinutes":{{bad}}}"""
                )
            ).Status.ShouldBe(400);
    }
}
