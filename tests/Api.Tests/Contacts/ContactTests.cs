using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Contacts;

[Collection(nameof(RealTime))]
public sealed class ContactTests(RealTime product)
{
    private static async Task<JsonNode> MadeAsync(Office office, string json)
    {
        var answer = await office.PostAsync("contacts", json);
        answer.Status.ShouldBe(201, answer.Body?.ToJsonString());
        return answer.Body!;
    }

    private static Task<Answer> ChangeAsync(Office office, string id, string json) =>
        office.CallAsync(HttpMethod.Patch, $"contacts/{id}", json);

    private static string[] Names(Answer list) =>
        [.. list.Body!["items"]!.AsArray().Select(c => c!["name"]!.ToString())];

    private static async Task<JsonNode> OfThreadAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}/contact")).Body!;

    [Fact]
    public async Task The_list_is_in_kana_order_folded_in_search_and_goes_page_by_page()
    {
        var office = await product.OfficeAsync();
        foreach (
            var (family, given, reading) in new[]
            {
                ("山田", "花子", "ヤマダ"),
                ("馬場", "一", "ばば"),
                ("阿部", "次郎", "アベ"),
                ("林", "健", "はやし"),
            }
        )
            await MadeAsync(
                office,
                $$"""{"familyName":"{{family}}","givenName":"{{given}}","familyReading":"{{reading}}"}"""
            );
        await MadeAsync(office, """{"familyName":"Ek","givenName":"Bö"}""");
        await MadeAsync(office, """{"phone":"090-1111-2222"}""");

        var all = await office.AskAsync("contacts");
        Names(all).ShouldBe(["Bö Ek", "阿部 次郎", "馬場 一", "林 健", "山田 花子", "+819011112222"]);

        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = await office.AskAsync($"contacts?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            page.Status.ShouldBe(200, page.Body?.ToJsonString());
            paged.AddRange(Names(page));
            cursor = page.Body!["nextCursor"]?.ToString();
        } while (cursor is not null);
        paged.ShouldBe(Names(all));

        Names(await office.AskAsync($"contacts?q={Uri.EscapeDataString("ﾔﾏﾀﾞ")}")).ShouldBe(["山田 花子"]);
        Names(await office.AskAsync($"contacts?q={Uri.EscapeDataString("やまだ 花")}")).ShouldBe(["山田 花子"]);
        Names(await office.AskAsync("contacts?q=bo")).ShouldBe(["Bö Ek"]);
        Names(await office.AskAsync("contacts?q=090-1111")).ShouldBe(["+819011112222"]);
        Names(await office.AskAsync($"contacts?q={Uri.EscapeDataString("100%_")}")).ShouldBeEmpty();
        (await office.AskAsync("contacts?cursor=bm9uZQ")).Code.ShouldBe("bad_cursor");
    }

    [Fact]
    public async Task What_somebody_writes_is_what_threads_show_and_the_profile_name_overwrites_nothing()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        thread.Contact.Name.ShouldBe("Yui");
        var before = (await OfThreadAsync(office, thread))["contact"]!;

        var changed = await ChangeAsync(
            office,
            before["id"]!.ToString(),
            """
            {"version":1,"familyName":"田中","givenName":"結衣","familyReading":"たなか","givenReading":"ゆい","honorific":"様",
             "language":"ja","timeZone":"Asia/Tokyo","email":"yui@example.com","lifecycle":"customer","note":"常連"}
            """
        );
        changed.Status.ShouldBe(200, changed.Body?.ToJsonString());
        var after = await office.AgainAsync(thread);
        after.Contact.Name.ShouldBe("田中 結衣");
        after.Version.ShouldBeGreaterThan(thread.Version);
        after.Customer.ProfileName.ShouldBe("Yui");
        // By its reading as well, at once.
        (
            await office.AskAsync($"threads?q={Uri.EscapeDataString("タナカ")}")
        ).Body!["items"]!.AsArray().Select(t => t!["id"]!.ToString()).ShouldBe([thread.Id]);

        (await office.HookAsync(Hook.Text(customer, "New name", product.Now, name: "結衣🌸"))).ShouldBe(200);
        var renamed = await office.AgainAsync(thread);
        renamed.Contact.Name.ShouldBe("田中 結衣");
        renamed.Customer.ProfileName.ShouldBe("結衣🌸");
        (await OfThreadAsync(office, thread))["contact"]!["profileName"]!.ToString().ShouldBe("結衣🌸");

        // Two editors: the second is told, and nothing of theirs is written.
        var late = await ChangeAsync(office, before["id"]!.ToString(), """{"version":1,"note":"Late"}""");
        (late.Status, late.Code).ShouldBe((409, "contact_changed"));
        var emptied = await ChangeAsync(
            office,
            before["id"]!.ToString(),
            """{"version":2,"honorific":null,"note":" "}"""
        );
        emptied.Body!["honorific"].ShouldBeNull();
        emptied.Body["note"].ShouldBeNull();
        emptied.Body["email"]!.ToString().ShouldBe("yui@example.com");
    }

    [Fact]
    public async Task A_customer_whom_nobody_wrote_about_is_in_the_list_by_their_profile_name()
    {
        var office = await product.OfficeAsync();
        (await office.HookAsync(Hook.Text(Office.NewCustomer(), "Hi", product.Now, name: "ｻｸﾗ"))).ShouldBe(200);
        await Eventually.IsTrueAsync(
            "the customer is in the list",
            async () => Names(await office.AskAsync($"contacts?q={Uri.EscapeDataString("さくら")}")) is ["ｻｸﾗ"]
        );
    }

    [Fact]
    public async Task Odd_input_is_kept_as_it_is_or_refused_with_the_field_named()
    {
        var office = await product.OfficeAsync();
        var odd = await MadeAsync(
            office,
            new JsonObject
            {
                ["familyName"] = "‏محمد‏",
                ["givenName"] = "🎁\u202eabc",
                ["note"] = string.Concat(Enumerable.Repeat("長い🙂\n", 2_000)),
            }.ToJsonString()
        );
        odd["givenName"]!.ToString().ShouldBe("🎁\u202eabc");
        odd["note"]!.ToString().Length.ShouldBeGreaterThan(9_990);

        var phone = await office.PostAsync("contacts", """{"familyName":"A","mobilePhone":"call me"}""");
        (phone.Status, phone.Code).ShouldBe((422, "invalid_phone"));
        phone.Body!["field"]!.ToString().ShouldBe("mobilePhone");
        (await office.PostAsync("contacts", """{"familyName":"A","email":"nobody"}""")).Code.ShouldBe(
            "invalid_address"
        );
        foreach (
            var bad in new[]
            {
                """{"note":"only a note"}""",
                """{"familyName":"two\nlines"}""",
                """{"familyName":"A","timeZone":"Mars/Base"}""",
                """{"familyName":"A","language":"日本語"}""",
                $$"""{"familyName":"A","note":"{{new string('x', 10_001)}}"}""",
                """{"familyName":"A\u0000"}""",
            }
        )
            (await office.PostAsync("contacts", bad)).Status.ShouldBe(400, bad);
    }

    [Fact]
    public async Task A_limited_agent_sees_the_record_and_none_of_what_is_on_other_channels()
    {
        var admin = Browser.NewPerson("admin");
        var limited = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(agents: [admin, limited]);
        using var boss = await Browser.OfAsync(product, admin);
        using var agent = await Browser.OfAsync(product, limited);
        var self = (await agent.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        (
            await boss.PatchAsync($"people/{self}", new { allChannels = false, channelIds = Array.Empty<string>() })
        ).Status.ShouldBe(200);
        var thread = await office.HearAsync(Office.NewCustomer());
        var id = (await OfThreadAsync(office, thread))["contact"]!["id"]!.ToString();

        (await agent.GetAsync($"threads/{thread.Id}/contact")).Code.ShouldBe("not_visible");
        (await agent.GetAsync($"contacts/{id}")).Code.ShouldBe("not_visible");
        Names(await agent.GetAsync("contacts")).ShouldBeEmpty();
        (await agent.PatchAsync($"contacts/{id}", new { familyName = "X" })).Code.ShouldBe("not_visible");

        // Once it is a record it is everybody's; what was written on the hidden channel is not.
        (await ChangeAsync(office, id, """{"familyName":"田中"}""")).Status.ShouldBe(200);
        var seen = await agent.GetAsync($"contacts/{id}");
        seen.Status.ShouldBe(200);
        seen.Body!["profileName"].ShouldBeNull();
        (await agent.GetAsync($"contacts/{id}/threads")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await agent.GetAsync($"contacts/{id}/tickets")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await agent.GetAsync($"contacts/{id}/timeline")).Body!["items"]!
            .AsArray()
            .ShouldAllBe(i => i!["threadId"] == null);
        (await boss.GetAsync($"contacts/{id}/threads")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await boss.GetAsync($"contacts/{id}/tickets")).Body!["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_timeline_tells_what_happened_newest_first_page_by_page()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        await office.PostAsync($"threads/{thread.Id}/notes", """{"text":"Calls back"}""", Guid.NewGuid().ToString());
        var id = (await OfThreadAsync(office, thread))["contact"]!["id"]!.ToString();
        await ChangeAsync(office, id, """{"familyName":"田中"}""");
        await ChangeAsync(office, id, """{"familyName":"田村"}""");

        var items = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await office.AskAsync(
                $"contacts/{id}/timeline?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}"
            );
            page.Status.ShouldBe(200, page.Body?.ToJsonString());
            items.AddRange(page.Body!["items"]!.AsArray().Select(i => i!));
            cursor = page.Body["nextCursor"]?.ToString();
        } while (cursor is not null);

        items
            .Select(i => i["kind"]!.ToString())
            .ShouldBe(["changed", "changed", "note", "session_opened", "ticket_opened"], ignoreOrder: true);
        items[0]["data"]!["changes"]!["familyName"]!["from"]!.ToString().ShouldBe("田中");
        items.Select(i => i["at"]!.ToString()).ShouldBeInOrder(SortDirection.Descending);
        items.Select(i => i["id"]!.ToString()).ShouldBeUnique();
    }

    [Fact]
    public async Task Views_filter_by_and_show_properties_of_the_contact_that_a_thread_is_of()
    {
        var office = await product.OfficeAsync();
        var (hers, his) = (await office.HearAsync(Office.NewCustomer()), await office.HearAsync(Office.NewCustomer()));
        var own = (await OfThreadAsync(office, hers))["ownId"]!.ToString();
        var record = await MadeAsync(
            office,
            """{"familyName":"田中","familyReading":"たなか","lifecycle":"VIP","email":"a@example.com"}"""
        );
        var company = (await office.PostAsync("companies", """{"name":"Akebono"}""")).Id;
        await office.PostAsync($"contacts/{own}/merge", $$"""{"intoId":"{{record["id"]}}"}""");
        await office.CallAsync(HttpMethod.Put, $"contacts/{record["id"]}/companies/{company}");

        var view = await office.PostAsync(
            "views",
            """
            {"name":"VIP","filters":[{"property":"contact.lifecycle","operator":"anyOf","values":["vip"]},
              {"property":"contact.companies","operator":"anyOf","values":["Akebono"]},
              {"property":"contact.reading","operator":"contains","values":["なか"]}],
             "columns":["contact.email","contact.companies"],"sort":"contact.reading"}
            """
        );
        view.Status.ShouldBe(201, view.Body?.ToJsonString());
        var rows = (await office.AskAsync($"views/{view.Id}/threads")).Body!["items"]!.AsArray();
        rows.Single()!["id"]!.ToString().ShouldBe(hers.Id);
        rows[0]!["columns"]!["contact.email"]!.ToString().ShouldBe("a@example.com");
        rows[0]!["columns"]!["contact.companies"]![0]!.ToString().ShouldBe("Akebono");

        var rest = await office.PostAsync(
            "views",
            """{"name":"Rest","filters":[{"property":"contact.companies","operator":"unknown"}]}"""
        );
        (await office.AskAsync($"views/{rest.Id}/threads")).Body!["items"]!
            .AsArray()
            .Select(t => t!["id"]!.ToString())
            .ShouldBe([his.Id]);
    }
}
