using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Regressions;

/// <summary>What a stranger found in the workspace: two who edit the same, what is hidden, who is named.</summary>
[Collection(nameof(RealTime))]
public sealed class WorkspaceTests(RealTime product)
{
    private async Task<(Office, SetupAgent Agent, SetupAgent Admin)> OfficeOfTwoAsync()
    {
        var agent = Browser.NewPerson("agent");
        var admin = Browser.NewPerson("admin", "Boss");
        return (await product.OfficeAsync(agents: [agent, admin]), agent, admin);
    }

    private static async Task<string> IdAsync(Browser browser) =>
        (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();

    private static string[] Ids(JsonNode? ids) => [.. ids!.AsArray().Select(i => i!.ToString())];

    [Fact]
    public async Task Of_two_who_change_a_person_or_a_team_the_second_is_told_by_whom()
    {
        var (office, agent, admin) = await OfficeOfTwoAsync();
        using var boss = await Browser.OfAsync(product, admin);
        using var aiko = await Browser.OfAsync(product, agent);
        var me = await IdAsync(aiko);
        var team = await boss.PostAsync("teams", new { name = "Sales" });
        var before = (await boss.GetAsync($"people/{me}")).Body!;
        (await boss.GetAsync($"people/{me}")).Body!["version"]!.ToString().ShouldBe(before["version"]!.ToString());

        // By a program, and from the other side: the person's list of teams is the team's of people.
        (
            await office.CallAsync(HttpMethod.Patch, $"teams/{team.Id}", $$"""{"memberIds":["{{me}}"]}""")
        ).Status.ShouldBe(200);
        var late = await boss.PatchAsync(
            $"people/{me}",
            new { teamIds = Array.Empty<string>(), version = before["version"]!.ToString() }
        );
        (late.Status, late.Code).ShouldBe((409, "person_changed"));
        late.Body!["changedBy"]!.ToString().ShouldBe("tests");
        var now = (await boss.GetAsync($"people/{me}")).Body!;
        Ids(now["teamIds"]).ShouldBe([team.Id]);

        var lateToo = await boss.PatchAsync(
            $"teams/{team.Id}",
            new { name = "Sales 2", version = team.Body!["version"]!.ToString() }
        );
        (lateToo.Status, lateToo.Code).ShouldBe((409, "team_changed"));
        // From what is there now it goes, and what has no version goes as before.
        (
            await boss.PatchAsync(
                $"people/{me}",
                new { teamIds = Array.Empty<string>(), version = now["version"]!.ToString() }
            )
        ).Status.ShouldBe(200);
        (await boss.PatchAsync($"teams/{team.Id}", new { name = "Sales 3" })).Status.ShouldBe(200);
        // Two at once, from one version: one of them.
        var version = (await boss.GetAsync($"people/{me}")).Body!["version"]!.ToString();
        var both = await Task.WhenAll(
            boss.PatchAsync($"people/{me}", new { role = "supervisor", version }),
            boss.PatchAsync($"people/{me}", new { role = "viewer", version })
        );
        both.Select(b => b.Status).Order().ShouldBe([200, 409]);
    }

    [Fact]
    public async Task Assignment_settings_that_are_not_said_stay_as_they_are()
    {
        var office = await product.OfficeAsync();
        var first = await PutAsync("{}");
        first["defaultCapacity"]!.GetValue<int>().ShouldBe(20, "what counts until somebody sets another");
        first["awayMinutes"]!.GetValue<int>().ShouldBe(15);
        await PutAsync(
            """{"version":1,"defaultCapacity":7,"awayMinutes":30,"rules":[{"name":"All","method":"manual"}]}"""
        );
        foreach (var (version, body) in new[] { (2, """{"version":2}"""), (3, """{"version":3,"awayMinutes":40}""") })
        {
            var kept = await PutAsync(body);
            kept["version"]!.GetValue<int>().ShouldBe(version + 1);
            kept["defaultCapacity"]!.GetValue<int>().ShouldBe(7);
            kept["awayMinutes"]!.GetValue<int>().ShouldBe(version == 2 ? 30 : 40);
            kept["rules"]!.AsArray().Count.ShouldBe(1);
        }
        (await PutAsync("""{"version":4,"rules":[]}"""))["rules"]!.AsArray().ShouldBeEmpty();
        (await office.CallAsync(HttpMethod.Put, "assignment", "{}")).Code.ShouldBe("assignment_changed");

        async Task<JsonNode> PutAsync(string json)
        {
            var answer = await office.CallAsync(HttpMethod.Put, "assignment", json);
            answer.Status.ShouldBe(200, answer.Body?.ToJsonString());
            return answer.Body!;
        }
    }

    [Fact]
    public async Task A_number_of_a_customer_whom_one_may_not_see_tells_nothing_and_names_nobody()
    {
        var (office, agent, admin) = await OfficeOfTwoAsync();
        var (_, otherNumber) = await office.AddChannelAsync();
        using var boss = await Browser.OfAsync(product, admin);
        using var aiko = await Browser.OfAsync(product, agent);
        var (customer, later) = (Office.NewCustomer(), Office.NewCustomer());
        await HearHiddenAsync(customer);
        var hidden = await office.ThreadAsync(customer);
        var seen = await office.HearAsync(Office.NewCustomer());
        (
            await boss.PatchAsync(
                $"people/{await IdAsync(aiko)}",
                new { allChannels = false, channelIds = new[] { seen.ChannelId } }
            )
        ).Status.ShouldBe(200);

        // What the customers' own messages bring is done with: no record has their numbers.
        await Eventually.IsTrueAsync(
            "both customers were looked at",
            async () => await office.CountAsync("contacts", "not is_record and sort_key is not null") == 2
        );
        // One whose number is a hidden customer's, one whose number is nobody's, one who gets the hidden number later.
        var probe = await aiko.PostAsync("contacts", new { familyName = "Probe", mobilePhone = "+" + customer });
        var none = await aiko.PostAsync("contacts", new { familyName = "None", mobilePhone = "+" + later });
        var changed = await aiko.PostAsync("contacts", new { familyName = "Changed" });
        (await aiko.PatchAsync($"contacts/{changed.Id}", new { phone = "+" + customer })).Status.ShouldBe(200);
        (await office.AgainAsync(hidden)).Contact.Name.ShouldBe("Yui");
        await SaysNothingAsync(probe.Id, 1);
        await SaysNothingAsync(none.Id, 1);
        await SaysNothingAsync(changed.Id, 2);

        // Whoever sees the conversation is shown the record beside it. What customers write finds a record by itself (RE3), and the
        // record tells those of it who see the conversation.
        var shown = (await office.AskAsync($"threads/{hidden.Id}/contact")).Body!["contact"]!["matches"]!.AsArray();
        shown.Select(m => m!["id"]!.ToString()).ShouldContain(probe.Id);
        await HearHiddenAsync(later);
        var found = await office.ThreadAsync(later);
        await Eventually.IsTrueAsync(
            "the number is the record's",
            async () => (await office.AgainAsync(found)).Contact.Name == "None"
        );
        await SaysNothingAsync(none.Id, 1);
        var told = (await boss.GetAsync($"contacts/{none.Id}/timeline")).Body!["items"]!.AsArray();
        told.Select(i => i!["kind"]!.ToString()).ShouldContain("matched");

        // What one may see is found as ever.
        (
            await aiko.PostAsync("contacts", new { familyName = "Mine", phone = "+" + seen.Customer.WaId })
        ).Status.ShouldBe(201);
        (await office.AgainAsync(seen)).Contact.Name.ShouldBe("Mine");

        async Task HearHiddenAsync(string waId) =>
            (
                await office.HookAsync(Hook.Body([Hook.Value(otherNumber, [Hook.Text(waId, "hidden", product.Now)])]))
            ).ShouldBe(200);

        async Task SaysNothingAsync(string contact, int events)
        {
            var items = (await aiko.GetAsync($"contacts/{contact}/timeline")).Body!["items"]!.AsArray();
            items.Count.ShouldBe(events, items.ToJsonString());
            (await aiko.GetAsync($"contacts/{contact}")).Body!["merges"]!.AsArray().ShouldBeEmpty();
            (await aiko.GetAsync($"contacts/{contact}/threads")).Body!["items"]!.AsArray().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_a_program_does_is_told_by_the_name_of_its_key()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var ticket = (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!;
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{ticket}", """{"priority":"high"}""")).Status.ShouldBe(200);
        (await office.PostAsync($"threads/{thread.Id}/notes", """{"text":"Noted"}""", "n")).Status.ShouldBe(201);
        (await office.CallAsync(HttpMethod.Put, $"threads/{thread.Id}/block", """{"reason":"spam"}""")).Status.ShouldBe(
            200
        );
        var all = await office.MessagesAsync(thread, events: true);
        foreach (var type in new[] { "ticket_changed", "note", "customer_blocked" })
            all.Where(m => m.Type == type).ShouldAllBe(m => m.Data!["apiKey"]!.ToString() == "tests", type);
        all.Select(m => m.Type).ShouldContain("note");
        // Of what customers do, no key is named.
        all.Single(m => m.Type == "ticket_opened").Data!["apiKey"].ShouldBeNull();
    }

    [Fact]
    public async Task Notes_come_along_whole_with_a_merge_and_how_many_do_not_is_said()
    {
        var office = await product.OfficeAsync();
        var into = await office.HearAsync(Office.NewCustomer(), "First number");
        var from = await office.HearAsync(Office.NewCustomer(), "Second number");
        await product.Database.ExecuteAsync(
            $"""
            update threadkeep.tickets set contact_id = '{Guid.ParseExact(into.Contact.Id, "N")}'
            where account_id = '{office.Account}' and thread_id = '{Guid.ParseExact(from.Id, "N")}'
            """
        );
        // 52 notes; the newest is as long as one may be.
        await product.Database.ExecuteAsync(
            $"""
            insert into threadkeep.messages (account_id, thread_id, seq, channel_id, direction, type, text, at, received_at, late, time_doubtful)
            select m.account_id, m.thread_id, 1000 + n, m.channel_id, 3, 'note', case n when 52 then repeat('長', 10000) else 'note ' || n end,
                now(), now(), false, false
            from threadkeep.messages m, generate_series(1, 52) n
            where m.account_id = '{office.Account}' and m.thread_id = '{Guid.ParseExact(
                from.Id,
                "N"
            )}' and m.direction = 0
            """
        );
        var (gone, kept) = (await TicketAsync(from), await TicketAsync(into));

        var merged = await office.PostAsync($"tickets/{gone}/merge", $$"""{"into":"{{kept}}"}""");

        merged.Status.ShouldBe(200, merged.Body?.ToJsonString());
        merged.Body!["notesLeft"]!.GetValue<int>().ShouldBe(2);
        var told = (await office.MessagesAsync(into, events: true)).Single(m => m.Type == "ticket_absorbed").Data!;
        var notes = told["notes"]!.AsArray();
        notes.Count.ShouldBe(50);
        notes[0]!["text"]!.ToString().ShouldBe("note 3");
        notes[^1]!["text"]!.ToString().Length.ShouldBe(10_000);
        told["notesLeft"]!.GetValue<int>().ShouldBe(2);
        (await office.AskAsync($"tickets/{kept}")).Body!["notesLeft"]!.GetValue<int>().ShouldBe(0);

        async Task<string> TicketAsync(SeenThread thread) =>
            (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!.ToString();
    }
}
