using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Assignment;

[Collection(nameof(MovedTime))]
public sealed class AvailabilityTests(MovedTime product)
{
    private static async Task<JsonNode> OfAsync(Browser browser, string name) =>
        (await browser.GetAsync("availability")).Body!["items"]!.AsArray().Single(p => p!["name"]!.ToString() == name)!;

    [Fact]
    public async Task Somebody_is_available_until_they_switch_and_colleagues_see_since_when()
    {
        var (aoi, emma) = (Browser.NewPerson("agent", "Aoi"), Browser.NewPerson("supervisor", "Emma"));
        var office = await product.OfficeAsync(agents: [aoi, emma, Browser.NewPerson("viewer", "Watcher")]);
        using var hers = await Browser.OfAsync(product, aoi);
        using var others = await Browser.OfAsync(product, emma);
        var before = await OfAsync(others, "Aoi");
        before["available"]!.GetValue<bool>().ShouldBeTrue();
        before["since"].ShouldBeNull();

        var at = product.Now;
        (await hers.PutAsync("me/availability", new { available = false })).Status.ShouldBe(204);
        product.Clock.Advance(TimeSpan.FromMinutes(5));
        // Said again it is no switch.
        (await hers.PutAsync("me/availability", new { available = false })).Status.ShouldBe(204);
        var away = await OfAsync(others, "Aoi");
        away["available"]!.GetValue<bool>().ShouldBeFalse();
        away["since"]!.GetValue<DateTimeOffset>().ShouldBe(at, TimeSpan.FromMilliseconds(1));
        // Whoever only reads along takes no tickets.
        (await others.GetAsync("availability")).Body!["items"]!.AsArray().Count.ShouldBe(2);

        // One's own switch is nobody's business; a supervisor's is recorded.
        (await office.CountAsync("audit_log", "action = 'person.work_changed'")).ShouldBe(0);
        var id = away["id"]!.ToString();
        (await others.PutAsync($"people/{id}/availability", new { available = true })).Status.ShouldBe(204);
        (await OfAsync(hers, "Aoi"))["available"]!.GetValue<bool>().ShouldBeTrue();
        (await office.CountAsync("audit_log", "action = 'person.work_changed'")).ShouldBe(1);
        (await hers.PutAsync($"people/{id}/availability", new { available = false })).Status.ShouldBe(403);
        (await others.PutAsync($"people/{Guid.NewGuid():N}/availability", new { available = true })).Status.ShouldBe(
            404
        );
    }

    [Fact]
    public async Task The_load_is_what_waits_on_us_and_the_capacity_the_accounts_or_ones_own()
    {
        var boss = Browser.NewPerson("admin", "Emma");
        var office = await product.OfficeAsync(agents: [boss]);
        using var emma = await Browser.OfAsync(product, boss);
        var id = (await OfAsync(emma, "Emma"))["id"]!.ToString();
        var threads = new List<SeenThread>();
        for (var n = 0; n < 4; n++)
        {
            threads.Add(await office.HearAsync(Office.NewCustomer()));
            await ChangeAsync(threads[n], new { ownerId = id });
        }
        await ChangeAsync(threads[0], new { status = "closed" });
        await ChangeAsync(threads[1], new { snoozedUntil = product.Now.AddHours(1) });
        await office.AcceptedAsync(threads[2], Office.TextBody("It waits on the customer now"));
        var seen = await OfAsync(emma, "Emma");
        (seen["load"]!.GetValue<int>(), seen["capacity"]!.GetValue<int>()).ShouldBe((1, 20));

        var settings = (await emma.GetAsync("assignment")).Body!;
        settings["defaultCapacity"]!.GetValue<int>().ShouldBe(20);
        (await emma.PutAsync("assignment", new { version = 0, defaultCapacity = 7 })).Body!["version"]!
            .GetValue<int>()
            .ShouldBe(1);
        (await OfAsync(emma, "Emma"))["capacity"]!.GetValue<int>().ShouldBe(7);
        // Of two who edit one version the second is told.
        (await emma.PutAsync("assignment", new { version = 0, defaultCapacity = 8 })).Code.ShouldBe(
            "assignment_changed"
        );
        (await emma.PutAsync($"people/{id}/capacity", new { capacity = 3 })).Status.ShouldBe(204);
        (await OfAsync(emma, "Emma"))["capacity"]!.GetValue<int>().ShouldBe(3);
        (await emma.PutAsync($"people/{id}/capacity", new { capacity = (int?)null })).Status.ShouldBe(204);
        (await OfAsync(emma, "Emma"))["ownCapacity"].ShouldBeNull();
        foreach (var bad in new[] { -1, 1001 })
        {
            (await emma.PutAsync($"people/{id}/capacity", new { capacity = bad })).Status.ShouldBe(400);
            (await emma.PutAsync("assignment", new { version = 1, defaultCapacity = bad })).Status.ShouldBe(400);
        }
        (await office.CountAsync("audit_log", "action in ('assignment.changed', 'person.work_changed')")).ShouldBe(3);

        async Task ChangeAsync(SeenThread thread, object change)
        {
            var ticket = (await emma.GetAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"];
            (await emma.PatchAsync($"tickets/{ticket}", change)).Status.ShouldBe(200);
        }
    }
}
