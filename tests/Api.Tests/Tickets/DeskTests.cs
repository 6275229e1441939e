using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Tickets;

[Collection(nameof(MovedTime))]
public sealed class DeskTests(MovedTime product)
{
    private static async Task<JsonNode> OpenAsync(Office office, string json, string? key = null)
    {
        var made = await office.PostAsync("tickets", json, key ?? Guid.NewGuid().ToString());
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        return made.Body!;
    }

    private static async Task<string[]> InViewAsync(Office office, string view) =>
        [
            .. (await office.AskAsync($"views/{view}/threads")).Body!["items"]!
                .AsArray()
                .Select(t => t!["id"]!.ToString()),
        ];

    private static async Task<JsonNode[]> ItemsAsync(Office office, string thread) =>
        [
            .. (await office.AskAsync($"threads/{thread}/messages?include=events&limit=200")).Body!["items"]!
                .AsArray()
                .Select(m => m!),
        ];

    private static async Task<string> ContactAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["contact"]!["id"]!.ToString();

    [Fact]
    public async Task A_ticket_is_opened_by_REST_once_and_stands_in_views_beside_the_others()
    {
        var office = await product.OfficeAsync();
        var heard = await office.HearAsync(Office.NewCustomer());
        const string json = """
            {"subject":"棚卸しの確認","description":"Count the shelf\nbefore Friday 🎁","priority":"high","tags":["stock"]}
            """;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => office.PostAsync("tickets", json, "the-same-key"))
        );
        answers.Select(a => a.Status).Distinct().ShouldBe([201]);
        var id = answers.Select(a => a.Id).Distinct().ShouldHaveSingleItem();
        (await office.PostAsync("tickets", """{"subject":"Other"}""", "the-same-key")).Code.ShouldBe(
            "idempotency_key_reused"
        );

        var ticket = (await office.AskAsync($"tickets/{id}")).Body!;
        ticket["source"]!.ToString().ShouldBe("api");
        ticket["status"]!.ToString().ShouldBe("new");
        ticket["priority"]!.ToString().ShouldBe("high");
        ticket["threadId"].ShouldBeNull();
        ticket["whatsApp"].ShouldBeNull();
        ticket["contact"]!["id"].ShouldBeNull();
        (await office.CountAsync("tickets")).ShouldBe(2);
        (await office.CountAsync("contacts")).ShouldBe(1);
        (await ItemsAsync(office, id)).Select(m => m["type"]!.ToString()).ShouldBe(["ticket_opened", "note"]);

        (await InViewAsync(office, "open")).Order().ShouldBe(new[] { id, heard.Id }.Order());
        (await InViewAsync(office, "unassigned")).Order().ShouldBe(new[] { id, heard.Id }.Order());
        (await office.AskAsync("views/counts")).Body!["counts"]!["open"]!.GetValue<int>().ShouldBe(2);
        var source = await office.PostAsync(
            "views",
            """{"name":"v","filters":[{"property":"ticket.source","operator":"anyOf","values":["api","manual"]}]}"""
        );
        (await InViewAsync(office, source.Id)).ShouldBe([id]);
        // No conversation: it is not among those, and nothing can be sent.
        (await office.ThreadsAsync())
            .ShouldHaveSingleItem()
            .Id.ShouldBe(heard.Id);
        (await office.PostAsync($"threads/{id}/messages", Office.TextBody("x"), "k")).Code.ShouldBe("no_conversation");
    }

    [Fact]
    public async Task It_is_worked_on_as_any_other_with_notes_properties_and_an_SLA()
    {
        var office = await product.OfficeAsync();
        const string policy =
            """{"version":0,"policies":[{"name":"All","targets":[{"priority":"normal","firstResponseMinutes":60,"resolutionMinutes":120}]}]}""";
        (await office.CallAsync(HttpMethod.Put, "sla", policy)).Status.ShouldBe(200);
        var id = (await OpenAsync(office, """{"subject":"Call the carrier"}"""))["id"]!.ToString();
        var note = await office.PostAsync($"threads/{id}/notes", """{"text":"They call back"}""", "n");
        note.Status.ShouldBe(201, note.Body?.ToJsonString());
        (await office.PostAsync($"threads/{id}/notes", """{"text":"They call back"}""", "n")).Id.ShouldBe(note.Id);

        (await ChangeAsync("""{"status":"waiting_on_contact","version":1,"subject":"Carrier"}""")).Status.ShouldBe(200);
        (await ChangeAsync("""{"priority":"low","version":1}""")).Code.ShouldBe("ticket_changed");
        var ticket = (await office.AskAsync($"tickets/{id}")).Body!;
        ticket["firstResponseAt"].ShouldNotBeNull();
        (await ChangeAsync("""{"status":"closed"}""")).Status.ShouldBe(200);
        (await InViewAsync(office, "closed")).ShouldBe([id]);
        (await office.AskAsync("views/counts")).Body!["counts"]!["closed"]!.GetValue<int>().ShouldBe(1);

        Task<Answer> ChangeAsync(string json) => office.CallAsync(HttpMethod.Patch, $"tickets/{id}", json);
    }

    [Fact]
    public async Task It_goes_over_to_a_conversation_of_its_contact_with_all_that_was_written()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var stranger = await office.HearAsync(Office.NewCustomer());
        var contact = await ContactAsync(office, thread);
        var opened = await OpenAsync(
            office,
            $$"""{"subject":"Refund","contactId":"{{contact}}","description":"First","priority":"urgent","tags":["vip"]}"""
        );
        var id = opened["id"]!.ToString();
        (await office.PostAsync($"threads/{id}/notes", """{"text":"Second"}""", "n")).Status.ShouldBe(201);

        (await AttachAsync(stranger)).Code.ShouldBe("not_same_contact");
        (await AttachAsync(thread)).Code.ShouldBe("conversation_has_ticket");
        var old = (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!.ToString();
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{old}", """{"status":"closed"}""")).Status.ShouldBe(200);

        // Several at once, and again: it goes over once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AttachAsync(thread)));
        answers.Select(a => a.Status).Distinct().ShouldBe([200], answers[0].Body?.ToJsonString());
        (await AttachAsync(thread)).Status.ShouldBe(200);
        var after = (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!;
        after["id"]!.ToString().ShouldBe(id);
        after["number"]!.GetValue<int>().ShouldBe(opened["number"]!.GetValue<int>());
        after["priority"]!.ToString().ShouldBe("urgent");
        var items = await ItemsAsync(office, thread.Id);
        items
            .Where(m => m["direction"]!.ToString() == "note")
            .Select(m => m["text"]!.ToString())
            .ShouldBe(["First", "Second"]);
        items.Count(m => m["type"]!.ToString() == "ticket_attached").ShouldBe(1);
        (await InViewAsync(office, "open")).Order().ShouldBe(new[] { thread.Id, stranger.Id }.Order());
        (await office.AskAsync("views/counts")).Body!["counts"]!["closed"]!.GetValue<int>().ShouldBe(0);
        var all = await office.PostAsync("views", """{"name":"all"}""");
        (await InViewAsync(office, all.Id)).Length.ShouldBe(2);

        // From here it is the conversation's: its messages move it, its desk takes nothing any more.
        await office.AcceptedAsync(thread, Office.TextBody("Refunded"));
        (await office.AskAsync($"tickets/{id}")).Body!["status"]!.ToString().ShouldBe("waiting_on_contact");
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{id}", """{"status":"closed"}""")).Status.ShouldBe(200);
        (await office.PostAsync($"threads/{id}/notes", """{"text":"Late"}""", "late")).Status.ShouldBe(404);

        Task<Answer> AttachAsync(SeenThread to) =>
            office.PostAsync($"tickets/{id}/attach", $$"""{"threadId":"{{to.Id}}"}""");
    }

    [Fact]
    public async Task Where_there_is_no_conversation_one_is_begun_and_the_answer_comes_into_it()
    {
        var office = await product.OfficeAsync(templates: true);
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        var number = Office.NewCustomer();
        var contact = await office.PostAsync("contacts", $$"""{"familyName":"Abe","mobilePhone":"+{{number}}"}""");
        var without = await office.PostAsync("contacts", """{"familyName":"Nakano"}""");
        (await BeginAsync(without.Id)).Code.ShouldBe("contact_has_no_number");
        var id = (await OpenAsync(office, $$"""{"subject":"Call back","contactId":"{{contact.Id}}"}"""))[
            "id"
        ]!.ToString();

        var begun = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => BeginAsync(contact.Id)));
        begun.Select(b => b.Status).Distinct().ShouldBe([200], begun[0].Body?.ToJsonString());
        var thread = begun.Select(b => b.Id).Distinct().ShouldHaveSingleItem();
        (await office.PostAsync($"tickets/{id}/attach", $$"""{"threadId":"{{thread}}"}""")).Status.ShouldBe(200);
        (await office.PostAsync($"threads/{thread}/messages", Office.TextBody("x"), "t")).Code.ShouldBe(
            "session_closed"
        );
        (await office.PostAsync($"threads/{thread}/messages", Office.Template, "m")).Status.ShouldBe(202);

        var heard = await office.HearAsync(number, "Here I am");
        heard.Id.ShouldBe(thread);
        heard.Contact.Name.ShouldBe("Abe");
        (await office.AskAsync($"threads/{thread}")).Body!["ticket"]!["id"]!.ToString().ShouldBe(id);

        Task<Answer> BeginAsync(string whom) =>
            office.PostAsync("threads", $$"""{"channelId":"{{channel}}","contactId":"{{whom}}"}""");
    }

    [Fact]
    public async Task A_move_that_was_broken_off_is_finished_by_whoever_comes_next()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var old = (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!.ToString();
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{old}", """{"status":"closed"}""")).Status.ShouldBe(200);
        var contact = await ContactAsync(office, thread);
        var ids = new List<string>();
        for (var n = 0; n < 2; n++)
            ids.Add(
                (await OpenAsync(office, $$"""{"subject":"{{n}}","contactId":"{{contact}}","description":"d{{n}}"}"""))[
                    "id"
                ]!.ToString()
            );
        // As another activation that was killed after its first step has left it.
        foreach (var id in ids)
            await product.Database.ExecuteAsync(
                $"""
                update threadkeep.tickets set moving_to = '{thread.Id}' where id = '{id}';
                update threadkeep.threads set version = version + 1 where id = '{id}';
                """
            );
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{ids[0]}", """{"priority":"high"}""")).Status.ShouldBe(200);
        var first = (await office.AskAsync($"tickets/{ids[0]}")).Body!;
        first["threadId"]!.ToString().ShouldBe(thread.Id);
        first["priority"]!.ToString().ShouldBe("high");
        (await ItemsAsync(office, thread.Id)).Select(m => m["text"]?.ToString()).ShouldContain("d0");

        // The conversation has an open ticket now: the other one stays at its desk, and can be worked on.
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{ids[1]}", """{"priority":"low"}""")).Status.ShouldBe(200);
        var second = (await office.AskAsync($"tickets/{ids[1]}")).Body!;
        second["threadId"].ShouldBeNull();
        second["priority"]!.ToString().ShouldBe("low");
        (await office.CountAsync("tickets", "moving_to is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_sees_only_some_channels_sees_their_own_and_their_teams_and_nobodys_not()
    {
        var (boss, limited) = (Browser.NewPerson("admin"), Browser.NewPerson("agent"));
        var office = await product.OfficeAsync(agents: [boss, limited]);
        var heard = await office.HearAsync(Office.NewCustomer());
        using var admin = await Browser.OfAsync(product, boss);
        using var agent = await Browser.OfAsync(product, limited);
        var me = (await agent.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        var team = await admin.PostAsync("teams", new { name = "Stock", memberIds = new[] { me } });
        var narrowed = await admin.PatchAsync(
            $"people/{me}",
            new { allChannels = false, channelIds = Array.Empty<string>() }
        );
        narrowed.Status.ShouldBe(200, narrowed.Body?.ToJsonString());
        var nobodys = (await OpenAsync(office, """{"subject":"Nobody's"}"""))["id"]!.ToString();
        var mine = (await OpenAsync(office, $$"""{"subject":"Mine","ownerId":"{{me}}"}"""))["id"]!.ToString();
        var ours = (await OpenAsync(office, $$"""{"subject":"Ours","teamId":"{{team.Id}}"}"""))["id"]!.ToString();

        (await SeenAsync()).Order().ShouldBe(new[] { mine, ours }.Order());
        (await agent.GetAsync($"tickets/{nobodys}")).Code.ShouldBe("not_visible");
        (await agent.GetAsync($"threads/{nobodys}/messages")).Code.ShouldBe("not_visible");
        (await agent.GetAsync($"threads/{heard.Id}")).Code.ShouldBe("not_visible");
        (await agent.GetAsync($"threads/{ours}/messages")).Status.ShouldBe(200);
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{mine}", """{"ownerId":null}""")).Status.ShouldBe(200);
        (await SeenAsync()).ShouldBe([ours]);

        async Task<string[]> SeenAsync() =>
            [
                .. (await agent.GetAsync("views/open/threads")).Body!["items"]!
                    .AsArray()
                    .Select(t => t!["id"]!.ToString()),
            ];
    }
}
