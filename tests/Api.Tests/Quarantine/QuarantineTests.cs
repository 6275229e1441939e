using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Quarantine;

/// <summary>What rules and supervisors hide (SPEC.md ME4), looked for behind every door that could tell.</summary>
[Collection(nameof(RealTime))]
public sealed class QuarantineTests(RealTime product)
{
    private const string Secret = "tsuwabuki";
    private const string Phishing = $"{Secret} https://paypal.com.check.example/login";
    private const string Because = """{"reason":"To see whether it is harmless"}""";

    private static Task<Answer> DoAsync(Office office, SeenMessage message, string act, string json = Because) =>
        office.PostAsync($"threads/{message.Id[..32]}/messages/{message.Id}/{act}", json);

    // The doors that people and programs read conversations by.
    private async Task<string> EverythingAsync(Office office, SeenThread thread)
    {
        string[] doors =
        [
            "threads?limit=50",
            $"threads/{thread.Id}",
            $"threads/{thread.Id}/messages?include=events",
            $"threads/{thread.Id}/messages?order=desc",
            "views/open/threads",
            "views/quarantined/threads",
            $"search?q={Secret}",
            $"threads?q={Secret}",
            "quarantine",
            $"contacts/{thread.Contact.Id}/timeline",
        ];
        var all = "";
        foreach (var door in doors)
        {
            using var answer = await office.Http.GetAsync(door);
            all += await answer.Content.ReadAsStringAsync();
        }
        return all;
    }

    // Search follows by itself: what is told last is found when everything before it is.
    private static async Task IndexedAsync(Office office, SeenThread thread)
    {
        var mark = "m" + Guid.NewGuid().ToString("N")[..12];
        (
            await office.PostAsync($"threads/{thread.Id}/notes", $$"""{"text":"{{mark}}"}""", Guid.NewGuid().ToString())
        ).Status.ShouldBeOneOf(200, 201, 202);
        await Eventually.IsTrueAsync(
            "the index is there",
            async () => (await office.AskAsync($"search?q={mark}")).Body!["items"]!.AsArray().Count > 0
        );
    }

    [Fact]
    public async Task Rules_with_gaps_are_refused_and_domains_are_taken_however_they_are_written()
    {
        var office = await product.OfficeAsync();
        foreach (
            var rules in new[]
            {
                """{"own":[null]}""",
                """{"own":[{"name":null,"words":["x"],"effect":"mark"}]}""",
                """{"own":[{"name":"a","words":[null],"effect":"mark"}]}""",
            }
        )
            (await office.PostAsync("content-rules/test", rules)).Status.ShouldBe(422, rules);
        var kept = await office.CallAsync(
            HttpMethod.Put,
            "content-rules",
            """{"version":0,"blockedDomains":[null,".bad.example","*.worse.example","https://worst.example/path"]}"""
        );
        kept.Status.ShouldBe(200);
        kept.Body!["blockedDomains"]!
            .AsArray()
            .Select(d => d!.ToString())
            .ShouldBe(["bad.example", "worse.example", "worst.example"]);
    }

    [Fact]
    public async Task Rules_hold_for_whatever_is_shown_of_a_message()
    {
        var office = await product.OfficeAsync();
        (
            await office.CallAsync(
                HttpMethod.Put,
                "content-rules",
                $$"""{"version":0,"own":[{"name":"ours","words":["{{Secret}}","akebia"],"effect":"quarantine"}]}"""
            )
        ).Status.ShouldBe(200);
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        await Eventually.IsTrueAsync(
            "the rule counts",
            async () =>
            {
                await office.HearAsync(customer, "akebia");
                return (await office.MessagesAsync(thread))[^1].Type == "quarantined";
            }
        );
        (string Type, string Content)[] messages =
        [
            ("location", """{"latitude":1,"longitude":2,"name":"Here","address":"SECRET"}"""),
            ("contacts", """[{"name":{"formatted_name":"Ana"},"org":{"company":"SECRET"}}]"""),
            ("contacts", """[{"name":{"formatted_name":"Ana"},"urls":[{"url":"https://x.example/SECRET"}]}]"""),
            (
                "interactive",
                """{"type":"list_reply","list_reply":{"id":"1","title":"Friday","description":"SECRET"}}"""
            ),
            (
                "interactive",
                """{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":\"SECRET\"}"}}"""
            ),
            (
                "order",
                """{"catalog_id":"1","product_items":[{"product_retailer_id":"SECRET","quantity":1,"item_price":1,"currency":"EUR"}]}"""
            ),
            ("button", """{"payload":"SECRET","text":"Stop"}"""),
            ("document", """{"id":"1","mime_type":"text/plain","filename":"SECRET.txt"}"""),
            ("something_new", """{"inside":["SECRET"]}"""),
        ];
        foreach (var (type, content) in messages)
        {
            var more = new JsonObject
            {
                [type] = JsonNode.Parse(content.Replace("SECRET", Secret, StringComparison.Ordinal)),
            };
            (await office.HookAsync(Hook.Text(customer, null, product.Now, type: type, more: more))).ShouldBe(200);
            (await office.MessagesAsync(thread))[^1].Type.ShouldBe("quarantined", content);
        }
        var referred = new JsonObject
        {
            ["referral"] = new JsonObject { ["source_type"] = "ad", ["headline"] = Secret },
        };
        (await office.HookAsync(Hook.Text(customer, "Hi", product.Now, more: referred))).ShouldBe(200);
        (await office.MessagesAsync(thread))[^1].Type.ShouldBe("quarantined");
        (await EverythingAsync(office, thread)).ShouldNotContain(Secret, Case.Insensitive);
    }

    [Fact]
    public async Task What_a_rule_quarantines_is_nowhere_until_somebody_who_may_releases_it()
    {
        var person = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(agents: [person]);
        using var agent = await Browser.OfAsync(product, person);
        var thread = await office.HearAsync(Office.NewCustomer(), Phishing);
        var message = (await office.MessagesAsync(thread)).ShouldHaveSingleItem();
        (message.Type, message.Text).ShouldBe(("quarantined", null));
        message.Data!["hidden"]!["rules"]!.AsArray().Select(r => r!.ToString()).ShouldBe(["phishing_links"]);
        thread.LastMessage!.Type.ShouldBe("quarantined");
        (thread.Unread, thread.Ticket!.Status).ShouldBe((1, "new"));
        await IndexedAsync(office, thread);

        (await EverythingAsync(office, thread)).ShouldNotContain(Secret, Case.Insensitive);
        (
            await office.CountAsync(
                "messages",
                $"text like '%{Secret}%' or convert_from(raw, 'utf8') like '%{Secret}%'"
            )
        ).ShouldBe(0, "exports and whatever else reads messages read this");
        (await office.CountAsync("message_search", $"text like '%{Secret}%'")).ShouldBe(0);
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
        // Somebody hears that there is something, and not what.
        var notices = "";
        await Eventually.IsTrueAsync(
            "there is a notice of it",
            async () =>
                (notices = (await agent.GetAsync("notices")).Body!["items"]!.ToJsonString()).Contains(
                    thread.Id,
                    StringComparison.Ordinal
                )
        );
        notices.ShouldNotContain(Secret);
        var raw = await office.AskAsync($"threads/{thread.Id}/messages/{message.Id}/event");
        raw.Status.ShouldBe(404);

        // Who works with customers sees that there is something, and no more.
        var path = $"threads/{thread.Id}/messages/{message.Id}";
        var refused = await agent.PostAsync($"{path}/reveal", new { reason = "curious" });
        (refused.Status, refused.Code).ShouldBe((403, "not_allowed"));
        (await agent.PostAsync($"{path}/release", new { reason = "curious" })).Status.ShouldBe(403);
        (await agent.GetAsync("views/quarantined/threads")).Status.ShouldBe(404);
        (await agent.GetAsync("quarantine")).Status.ShouldBe(403);

        // Whoever may look says why, and it is written down.
        (await DoAsync(office, message, "reveal", "{}")).Code.ShouldBe("reason_missing");
        (await DoAsync(office, message, "reveal")).Body!["text"]!.ToString().ShouldBe(Phishing);
        (await office.MessagesAsync(thread))[0].Text.ShouldBeNull("to look is not to release");
        var listed = (await office.AskAsync("quarantine")).Body!["items"]!.AsArray().Single()!;
        listed["messageId"]!.ToString().ShouldBe(message.Id);
        (await office.AskAsync("views/quarantined/threads")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await office.AskAsync("views/counts")).Body!["counts"]!["quarantined"]!.GetValue<int>().ShouldBe(1);

        var released = await DoAsync(office, message, "release");
        (released.Body!["type"]!.ToString(), released.Body["text"]!.ToString()).ShouldBe(("text", Phishing));
        await Eventually.IsTrueAsync(
            "it is found",
            async () => (await office.AskAsync($"search?q={Secret}")).Body!["items"]!.AsArray().Count == 1
        );
        (await office.AskAsync("quarantine")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await DoAsync(office, message, "reveal")).Status.ShouldBe(404);
        (await office.CountAsync("audit_log", "action in ('message.revealed', 'message.released')")).ShouldBe(2);
    }

    [Fact]
    public async Task A_supervisor_puts_away_by_hand_what_no_rule_found_and_the_index_forgets_it()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer(), $"harmless {Secret}");
        await Eventually.IsTrueAsync(
            "it is found",
            async () => (await office.AskAsync($"search?q={Secret}")).Body!["items"]!.AsArray().Count == 1
        );
        var message = (await office.MessagesAsync(thread))[0];
        (await DoAsync(office, message, "quarantine", """{"reason":""}""")).Code.ShouldBe("reason_missing");
        var hidden = await DoAsync(office, message, "quarantine");
        (hidden.Body!["type"]!.ToString(), hidden.Body["text"]).ShouldBe(("quarantined", null));
        (await DoAsync(office, message, "quarantine")).Status.ShouldBe(200);
        await Eventually.IsTrueAsync(
            "it is not found any more",
            async () => (await office.AskAsync($"search?q={Secret}")).Body!["items"]!.AsArray().Count == 0
        );
        (await EverythingAsync(office, thread)).ShouldNotContain(Secret, Case.Insensitive);
        (await office.AgainAsync(thread)).Version.ShouldBeGreaterThan(thread.Version, "consoles are told");

        (await DoAsync(office, message, "release")).Body!["text"]!.ToString().ShouldBe($"harmless {Secret}");
        var own = await office.AcceptedAsync(thread, Office.TextBody("ours"));
        var ours = await office.PostAsync($"threads/{thread.Id}/messages/{own}/quarantine", Because);
        (ours.Status, ours.Code).ShouldBe((422, "not_hideable"));
    }

    [Fact]
    public async Task A_card_is_masked_and_whoever_works_with_customers_may_look()
    {
        var person = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(agents: [person]);
        using var agent = await Browser.OfAsync(product, person);
        var thread = await office.HearAsync(Office.NewCustomer(), "take 4111 1111 1111 1111 please");
        var message = (await office.MessagesAsync(thread)).ShouldHaveSingleItem();
        (message.Type, message.Text).ShouldBe(("text", "take •••• •••• •••• 1111 please"));
        (await office.AskAsync($"threads/{thread.Id}/messages/{message.Id}/event"))
            .Body!.ToJsonString()
            .ShouldNotContain("4111");
        var shown = await agent.PostAsync($"threads/{thread.Id}/messages/{message.Id}/reveal", new { });
        shown.Body!["text"]!.ToString().ShouldBe("take 4111 1111 1111 1111 please");
        (await office.CountAsync("audit_log", "action = 'message.revealed'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_runs_is_put_away_by_its_name_or_by_what_is_in_it()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var program = new byte[128];
        (program[0], program[1]) = ((byte)'M', (byte)'Z');
        foreach (var name in new[] { "setup.exe", "bill.pdf" })
            await office.OnPhoneAsync(
                customer,
                new JsonObject
                {
                    ["type"] = "document",
                    ["media"] = new JsonObject
                    {
                        ["mimeType"] = "application/pdf",
                        ["base64"] = Convert.ToBase64String([.. program, (byte)name.Length]),
                        ["fileName"] = name,
                    },
                }
            );
        await Eventually.IsTrueAsync(
            "both are put away",
            async () => await office.CountAsync("messages", "type = 'quarantined' and media_sha256 <> ''") == 2,
            TimeSpan.FromSeconds(15)
        );
        var thread = await office.ThreadAsync(customer);
        (await office.MessagesAsync(thread)).ShouldAllBe(m => m.Media == null && m.Type == "quarantined");
        var file = await product.Database.ScalarAsync<string>(
            $"select media_sha256 from threadkeep.messages where account_id = '{office.Account}' and media_sha256 <> '' limit 1"
        );
        (await office.AskAsync($"media/{file}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Whoever_has_revealed_a_picture_sees_it_and_nobody_else_does()
    {
        var person = Browser.NewPerson("supervisor");
        var office = await product.OfficeAsync(agents: [person]);
        using var supervisor = await Browser.OfAsync(product, person);
        var picture = new JsonObject
        {
            ["mimeType"] = "image/png",
            ["base64"] = Convert.ToBase64String([.. MadeFiles.Png, .. Guid.NewGuid().ToByteArray()]),
        };
        var customer = Office.NewCustomer();
        var wamid = await office.OnPhoneAsync(customer, new JsonObject { ["type"] = "image", ["media"] = picture });
        await Eventually.IsTrueAsync(
            "the picture is there",
            async () => await office.CountAsync("messages", $"wamid = '{wamid}' and media_sha256 <> ''") == 1
        );
        var message = (await office.MessagesAsync(await office.ThreadAsync(customer)))[0];
        (await DoAsync(office, message, "quarantine")).Status.ShouldBe(200);
        var path = $"threads/{message.Id[..32]}/messages/{message.Id}";
        (await supervisor.GetAsync($"{path}/revealed-file")).Code.ShouldBe("not_allowed");

        var revealed = await supervisor.PostAsync($"{path}/reveal", new { reason = "To see whether it is harmless" });
        var url = revealed.Body!["fileUrl"]!.ToString();
        using var opened = await supervisor.Http.GetAsync(new Uri(product.ApiUrl, url));
        ((int)opened.StatusCode, opened.Content.Headers.ContentType!.MediaType).ShouldBe((200, "image/png"));
        (opened.Headers.CacheControl!.NoStore, opened.Headers.GetValues("X-Content-Type-Options").Single()).ShouldBe(
            (true, "nosniff")
        );
        // Somebody else's look is not theirs.
        (await office.AskAsync($"{path}/revealed-file")).Code.ShouldBe("not_allowed");
        (await office.AskAsync($"media/{message.Media!.Id}")).Status.ShouldBe(404);
        (await office.CountAsync("audit_log", "action = 'message.revealed'")).ShouldBe(1);
        (await DoAsync(office, message, "release")).Status.ShouldBe(200);
        (await supervisor.GetAsync($"{path}/revealed-file")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_bytes_of_a_file_that_was_put_away_are_saved_under_the_name_that_the_other_message_gives_them()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var bytes = Encoding.ASCII.GetBytes($"@echo off\r\nrem {Guid.NewGuid()}");
        foreach (var name in new[] { "prices.bat", "prices.txt" })
        {
            var wamid = await office.OnPhoneAsync(
                customer,
                new JsonObject
                {
                    ["type"] = "document",
                    ["media"] = new JsonObject
                    {
                        ["mimeType"] = "text/plain",
                        ["base64"] = Convert.ToBase64String(bytes),
                        ["fileName"] = name,
                    },
                }
            );
            await Eventually.IsTrueAsync(
                $"{name} is there",
                async () => await office.CountAsync("messages", $"wamid = '{wamid}' and media_sha256 <> ''") == 1
            );
        }
        var messages = await office.MessagesAsync(await office.ThreadAsync(customer));
        messages.Select(m => m.Media?.FileName).ShouldBe([null, "prices.txt"]);
        var file = messages[1].Media!.Id;

        using var named = await office.OpenAsync($"{file}?name=..%2Fprices.txt");
        named.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("prices.txt");
        using var bare = await office.OpenAsync(file!);
        bare.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("file");
    }

    [Fact]
    public async Task Rules_are_changed_by_admins_tried_on_what_was_written_and_count_for_what_comes()
    {
        var person = Browser.NewPerson("supervisor");
        var office = await product.OfficeAsync(agents: [person]);
        using var supervisor = await Browser.OfAsync(product, person);
        var thread = await office.HearAsync(Office.NewCustomer(), "I hate Rivalcorp");
        await IndexedAsync(office, thread);
        const string Rules = """
            {"version":0,"own":[{"name":"Rivals","words":["rivalcorp"],"effect":"quarantine"}],"errorCodes":[131051],"paymentCards":"off"}
            """;
        var tried = (await office.PostAsync("content-rules/test", Rules)).Body!;
        var caught = tried["caught"]!.AsArray().Single()!;
        (caught["rule"]!.ToString(), caught["count"]!.GetValue<int>()).ShouldBe(("own:Rivals", 1));
        caught["samples"]![0]!["text"]!.ToString().ShouldBe("I hate Rivalcorp");
        (await office.MessagesAsync(thread))[0].Type.ShouldBe("text", "trying changes nothing");
        (await supervisor.GetAsync("content-rules")).Body!["version"]!.GetValue<int>().ShouldBe(0);
        (await supervisor.PostAsync("content-rules/test", new { })).Status.ShouldBe(403);

        (await office.CallAsync(HttpMethod.Put, "content-rules", Rules)).Status.ShouldBe(200);
        (await office.CallAsync(HttpMethod.Put, "content-rules", Rules)).Code.ShouldBe("rules_changed");
        await Eventually.IsTrueAsync(
            "the rule counts",
            async () =>
            {
                await office.HearAsync(thread.Customer.WaId!, "rivalcorp again");
                return (await office.MessagesAsync(thread))[^1].Type == "quarantined";
            }
        );
        var coded = Hook.Text(
            thread.Customer.WaId,
            null,
            product.Now,
            type: "unsupported",
            more: new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = 131051 }) }
        );
        (await office.HookAsync(coded)).ShouldBe(200);
        (await office.MessagesAsync(thread)).Single(m => m.Wamid == coded.Wamid).Type.ShouldBe("quarantined");

        foreach (
            var (json, code) in new[]
            {
                ("""{"own":[{"name":"","words":["a"],"effect":"mark"}]}""", "invalid_rules"),
                ("""{"own":[{"name":"A","pattern":"(","effect":"mark"}]}""", "invalid_pattern"),
                ("""{"own":[{"name":"A","pattern":"(a)\\1","effect":"mark"}]}""", "invalid_pattern"),
                ("""{"executables":"mask"}""", "invalid_rules"),
                ("""{"cpf":"loud"}""", "invalid_rules"),
            }
        )
        {
            var answer = await office.CallAsync(HttpMethod.Put, "content-rules", json);
            (answer.Status, answer.Code).ShouldBe((422, code), json);
        }
    }
}
