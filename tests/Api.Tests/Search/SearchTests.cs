using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Search;

[Collection(nameof(RealTime))]
public sealed class SearchTests(RealTime product)
{
    private static async Task<(JsonObject[] Items, string? Next)> PageAsync(Office office, string q, string more = "")
    {
        var answer = await office.AskAsync($"search?q={Uri.EscapeDataString(q)}{more}");
        answer.Status.ShouldBe(200, answer.Body?.ToJsonString());
        return (
            [.. answer.Body!["items"]!.AsArray().Select(i => i!.AsObject())],
            answer.Body["nextCursor"]?.ToString()
        );
    }

    /// <summary>The texts that were found, marked as a reader sees them.</summary>
    private static async Task<string[]> FoundAsync(Office office, string q, string more = "&kind=message") =>
        [.. (await PageAsync(office, q, more)).Items.Select(Marked)];

    private static string Marked(JsonObject item)
    {
        var snippet = item["snippet"]!;
        var text = snippet["text"]!.ToString();
        foreach (var mark in snippet["highlights"]!.AsArray().Reverse())
        {
            var (start, length) = (mark!["start"]!.GetValue<int>(), mark["length"]!.GetValue<int>());
            text = text.Insert(start + length, "]").Insert(start, "[");
        }
        return text;
    }

    private static async Task<SeenThread> WrittenAsync(Office office, string waId, params string[] texts)
    {
        var at = DateTimeOffset.UtcNow.AddMinutes(-5);
        var said = texts.Select((t, n) => Hook.Text(waId, t, at.AddSeconds(n))).ToArray();
        (await office.HookAsync(said)).ShouldBe(200);
        await IndexedAsync(office);
        return await office.ThreadAsync(waId);
    }

    private static Task IndexedAsync(Office office) =>
        Eventually.IsTrueAsync(
            "all that was written can be found",
            async () =>
                await office.CountAsync(
                    "messages m",
                    "direction <> 2 and not exists (select from threadkeep.message_search s where s.account_id = m.account_id and s.thread_id = m.thread_id and s.seq = m.seq)"
                ) == 0
        );

    [Fact]
    public async Task Words_are_found_however_they_are_written_and_highlighted_where_they_stand()
    {
        var office = await product.OfficeAsync();
        await WrittenAsync(
            office,
            Office.NewCustomer(),
            "コーヒーメーカーを注文しました。配送はいつですか？",
            "ｺｰﾋｰ ＡＢＣ café Crème",
            "👍 か\u3099んばって！ URGENT: Delivery address",
            "100% _under_ back\\slash \"quoted\" 'single'",
            "\u202Eשלום\u202C hidden\u200Bjoiner"
        );

        foreach (
            var (q, found) in new[]
            {
                ("注文", "コーヒーメーカーを[注文]しました。配送はいつですか？"),
                ("配送", "コーヒーメーカーを注文しました。[配送]はいつですか？"),
                ("めーかー", "コーヒー[メーカー]を注文しました。配送はいつですか？"),
                ("abc", "ｺｰﾋｰ [ＡＢＣ] café Crème"),
                ("ＣＡＦＥ", "ｺｰﾋｰ ＡＢＣ [café] Crème"),
                ("creme", "ｺｰﾋｰ ＡＢＣ café [Crème]"),
                ("ガンバ", "👍 [か\u3099んば]って！ URGENT: Delivery address"),
                ("urg", "👍 か\u3099んばって！ [URG]ENT: Delivery address"),
                ("address delivery", "👍 か\u3099んばって！ URGENT: [Delivery] [address]"),
                ("👍", "[👍] か\u3099んばって！ URGENT: Delivery address"),
                ("100%", "[100%] _under_ back\\slash \"quoted\" 'single'"),
                ("_under_", "100% [_under_] back\\slash \"quoted\" 'single'"),
                ("back\\slash", "100% _under_ [back\\slash] \"quoted\" 'single'"),
                ("\"quoted\" 'single'", "100% _under_ back\\slash [\"quoted\"] ['single']"),
                ("שלום", "\u202E[שלום\u202C] hidden\u200Bjoiner"),
                ("hiddenjoiner", "\u202Eשלום\u202C [hidden\u200Bjoiner]"),
            }
        )
            (await FoundAsync(office, q)).ShouldBe([found], q);
        (await FoundAsync(office, "コーヒー")).ShouldBe([
            "[ｺｰﾋｰ] ＡＢＣ café Crème",
            "[コーヒー]メーカーを注文しました。配送はいつですか？",
        ]);
        (await FoundAsync(office, "送")).Length.ShouldBe(1, "one character");
        foreach (var q in new[] { "注送", "10%%", "xunderx", "%", "だいどころ", "注文 urgent", "; drop table", "*" })
            (await FoundAsync(office, q)).Length.ShouldBe(q == "%" ? 1 : 0, q);
    }

    [Fact]
    public async Task Another_accounts_words_names_numbers_and_tickets_are_not_found()
    {
        var (mine, theirs) = (await product.OfficeAsync(), await product.OfficeAsync());
        var waId = Office.NewCustomer();
        var thread = await WrittenAsync(theirs, waId, "the secret plan 秘密計画");
        await WrittenAsync(mine, Office.NewCustomer(), "nothing");

        foreach (var q in new[] { "secret", "秘密", "秘", waId, "+" + waId })
        {
            (await PageAsync(mine, q)).Items.ShouldBeEmpty(q);
            (await PageAsync(theirs, q)).Items.ShouldNotBeEmpty(q);
        }
        // Every account counts its tickets by itself: theirs is not behind mine's number.
        foreach (var item in (await PageAsync(mine, $"{thread.Ticket!.Number}")).Items)
            item["threadId"]!.ToString().ShouldNotBe(thread.Id);
        (await PageAsync(mine, "secret", $"&channelId={thread.ChannelId}")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Customers_are_found_by_name_and_by_a_number_however_written_and_tickets_by_number()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        (await office.HookAsync(Hook.Text(waId, "Hello", product.Now, name: "ﾀﾅｶ 結衣"))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(Office.NewCustomer(), "Hello", product.Now, name: "林"))).ShouldBe(200);
        await IndexedAsync(office);
        var thread = await office.ThreadAsync(waId);
        var national = $"0{waId[2..]}";
        var parts = $"{national[..3]}-{national[3..7]}-{national[7..]}";

        foreach (
            var q in new[]
            {
                "タナカ",
                "結衣 たなか",
                waId,
                "+" + waId,
                $"+81 {parts[1..]}",
                $"+81 (0){parts[1..]}",
                national,
                parts,
                parts.Replace('-', 'ー'),
                string.Concat(parts.Select(c => (char)(c == '-' ? 'ー' : c + 0xFEE0))),
                waId[^6..],
            }
        )
        {
            var hit = (await PageAsync(office, q, "&kind=contact")).Items.ShouldHaveSingleItem(q);
            hit["kind"]!.ToString().ShouldBe("contact");
            hit["threadId"]!.ToString().ShouldBe(thread.Id, q);
            hit["snippet"]!["highlights"]!.AsArray().ShouldNotBeEmpty(q);
        }
        (await PageAsync(office, "林")).Items.ShouldHaveSingleItem()["contact"]!["name"]!.ToString().ShouldBe("林");

        foreach (var q in new[] { $"{thread.Ticket!.Number}", $"#{thread.Ticket.Number}" })
        {
            var ticket = (await PageAsync(office, q, "&kind=ticket")).Items.ShouldHaveSingleItem();
            ticket["ticket"]!["number"]!.GetValue<int>().ShouldBe(thread.Ticket.Number);
            ticket["threadId"]!.ToString().ShouldBe(thread.Id);
        }
        (await PageAsync(office, "99999999", "&kind=ticket")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_show_every_hit_once_newest_first_behind_customers_and_filters_hold()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var texts = Enumerable.Range(0, 11).Select(n => $"pages {n}").ToArray();
        var thread = await WrittenAsync(office, waId, texts);
        var caption = Hook.Text(
            waId,
            null,
            product.Now,
            type: "document",
            more: new JsonObject
            {
                ["document"] = new JsonObject
                {
                    ["id"] = "1",
                    ["mime_type"] = "application/pdf",
                    ["filename"] = "請求書_2026.pdf",
                },
            }
        );
        var card = Hook.Text(
            waId,
            null,
            product.Now.AddSeconds(1),
            type: "contacts",
            more: JsonNode
                .Parse(
                    """{"contacts":[{"name":{"formatted_name":"Grace Hopper"},"phones":[{"phone":"+1 202 555 0100"}]}]}"""
                )!
                .AsObject()
        );
        (await office.HookAsync(caption, card)).ShouldBe(200);
        await IndexedAsync(office);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var (items, next) = await PageAsync(
                office,
                "pages",
                "&limit=3" + (cursor is null ? "" : "&cursor=" + cursor)
            );
            seen.AddRange(items.Select(i => i["snippet"]!["text"]!.ToString()));
            cursor = next;
        } while (cursor is not null);
        seen.ShouldBe(texts.Reverse());

        // A page that the customer fills alone goes on with the messages.
        var (first, after) = await PageAsync(office, "yui", "&limit=1");
        first.ShouldHaveSingleItem()["kind"]!.ToString().ShouldBe("contact");
        (await PageAsync(office, "yui", "&limit=1&cursor=" + after)).Items.ShouldBeEmpty();

        (await FoundAsync(office, "請求書")).ShouldBe(["[請求書]_2026.pdf"]);
        (await FoundAsync(office, "hopper")).ShouldBe(["Grace [Hopper] +1 202 555 0100"]);
        (await FoundAsync(office, "pages", "&direction=outbound")).ShouldBeEmpty();
        (await FoundAsync(office, "pages", "&direction=inbound")).Length.ShouldBe(11);
        (await FoundAsync(office, "請求書", "&hasMedia=true")).Length.ShouldBe(1);
        (await FoundAsync(office, "pages", "&hasMedia=true")).ShouldBeEmpty();
        (await FoundAsync(office, "pages", $"&channelId={thread.ChannelId}")).Length.ShouldBe(11);
        (await FoundAsync(office, "pages", $"&channelId={Guid.NewGuid():N}")).ShouldBeEmpty();
        var all = await office.MessagesAsync(thread);
        string Time(int n) => Uri.EscapeDataString(all[n].At.ToString("o", null));
        (await FoundAsync(office, "pages", $"&from={Time(2)}&to={Time(4)}")).ShouldBe(["[pages] 3", "[pages] 2"]);

        // Opened in place: the page of the thread that ends before the hit.
        var hit = (await PageAsync(office, "pages 5", "&kind=message")).Items.ShouldHaveSingleItem();
        var before = await office.AskAsync($"threads/{thread.Id}/messages?limit=1&order=desc&before={hit["cursor"]}");
        before.Body!["items"]![0]!["text"]!.ToString().ShouldBe("pages 4");
        hit["messageId"]!.ToString().ShouldBe(all.Single(m => m.Text == "pages 5").Id);
    }

    [Fact]
    public async Task What_came_by_WhatsApp_can_be_left_out_or_asked_for_alone()
    {
        var office = await product.OfficeAsync();
        var heard = await WrittenAsync(office, Office.NewCustomer(), "rhubarb, please");
        const string json = """{"subject":"Shelf","description":"rhubarb is out"}""";
        var desk = await office.PostAsync("tickets", json, Guid.NewGuid().ToString());
        desk.Status.ShouldBe(201);
        await IndexedAsync(office);

        (await FoundAsync(office, "rhubarb")).Length.ShouldBe(2);
        (await FoundAsync(office, "rhubarb", "&source=other")).ShouldBe(["[rhubarb] is out"]);
        (await FoundAsync(office, "rhubarb", "&source=whatsapp&kind=message")).ShouldBe(["[rhubarb], please"]);
        foreach (
            var (number, source) in new[]
            {
                ($"{heard.Ticket!.Number}", "whatsapp"),
                (desk.Body!["number"]!.ToString(), "other"),
            }
        )
        {
            foreach (var asked in new[] { "whatsapp", "other" })
                (await PageAsync(office, number, $"&kind=ticket&source={asked}")).Items.Length.ShouldBe(
                    asked == source ? 1 : 0
                );
        }
        // Customers are found by their conversations.
        (await PageAsync(office, "yui", "&source=other")).Items.ShouldBeEmpty();
        (await PageAsync(office, "yui", "&source=whatsapp")).Items.ShouldNotBeEmpty();
        (await office.AskAsync("search?q=a&source=fax")).Code.ShouldBe("bad_request");
    }

    [Fact]
    public async Task A_commit_that_PostgreSQL_will_not_index_is_passed_over_alone()
    {
        var office = await product.OfficeAsync();
        await product.Database.ExecuteAsync(
            """
            create function threadkeep.refuse_poison() returns trigger language plpgsql as
            $$ begin if new.text like '%どくりんご%' then raise exception 'poison'; end if; return new; end $$;
            create trigger refuse_poison before insert on threadkeep.message_search
                for each row execute function threadkeep.refuse_poison();
            """
        );
        try
        {
            (
                await office.HookAsync([
                    .. Enumerable
                        .Range(0, 9)
                        .Select(n => Hook.Text(Office.NewCustomer(), n == 4 ? "ドクリンゴ" : "林檎", product.Now)),
                ])
            ).ShouldBe(200);
            await Eventually.IsTrueAsync(
                "the others are found",
                async () => (await FoundAsync(office, "林檎")).Length == 8
            );
            await WrittenAfterAsync();
        }
        finally
        {
            await product.Database.ExecuteAsync("drop function threadkeep.refuse_poison() cascade");
        }
        (await FoundAsync(office, "ドクリンゴ")).ShouldBeEmpty();

        async Task WrittenAfterAsync()
        {
            await office.HearAsync(Office.NewCustomer(), "そのあと");
            await Eventually.IsTrueAsync(
                "what came later is found",
                async () => (await FoundAsync(office, "そのあと")).Length == 1
            );
        }
    }

    [Fact]
    public async Task A_long_text_is_cut_around_the_hit_and_what_cannot_be_searched_is_refused()
    {
        var office = await product.OfficeAsync();
        var filler = string.Concat(Enumerable.Repeat("👍🏽よろしく。", 500));
        await WrittenAsync(office, Office.NewCustomer(), $"{filler}領収書{filler}");

        var snippet = (await PageAsync(office, "領収書")).Items.ShouldHaveSingleItem()["snippet"]!;
        var mark = snippet["highlights"]![0]!;
        var text = snippet["text"]!.ToString();
        text.Length.ShouldBeLessThanOrEqualTo(201);
        text.Substring(mark["start"]!.GetValue<int>(), mark["length"]!.GetValue<int>()).ShouldBe("領収書");
        (snippet["start"]!.GetValue<int>() + mark["start"]!.GetValue<int>()).ShouldBe(filler.Length);
        char.IsLowSurrogate(text[0]).ShouldBeFalse();
        char.IsHighSurrogate(text[^1]).ShouldBeFalse();

        foreach (
            var (path, code) in new[]
            {
                ("search", "query_missing"),
                ("search?q=%20%E3%80%80", "query_missing"),
                ("search?q=%E2%80%8F%00", "query_missing"),
                ("search?q=" + new string('a', 201), "query_too_long"),
                ("search?q=" + new string('a', 5_000), "query_too_long"),
                ("search?q=a+b+c+d+e+f+g+h+i+j+k", "query_too_long"),
                ("search?q=a&limit=0", "bad_request"),
                ("search?q=a&kind=company", "bad_request"),
                ("search?q=a&direction=up", "bad_request"),
                ("search?q=a&channelId=1", "bad_request"),
                ("search?q=a&from=yesterday", "bad_request"),
                ("search?q=a&cursor=guessed", "bad_cursor"),
                ("search?q=a&kind=contact&hasMedia=true", "bad_request"),
            }
        )
        {
            var answer = await office.AskAsync(path);
            answer.Status.ShouldBe(400, path);
            answer.Code.ShouldBe(code, path);
        }
        (await office.AskAsync("search?q=" + new string('a', 10_000))).Status.ShouldBe(
            414,
            "the web server's own limit"
        );
        // Whatever it holds, it is only text.
        foreach (var q in new[] { "\uFFFD\uFFFE", "%_\\%", "'); --", "\u202E\u0000x", "{{1}}", "👩‍👩‍👧‍👦", "\\" })
            (await PageAsync(office, q)).Items.ShouldBeEmpty(q);
    }
}
