using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Messages;

/// <summary>Scenario S11: every type that a customer can send, and one that nobody knows.</summary>
[Collection(nameof(RealTime))]
public sealed class InboundTypesTests(RealTime product)
{
    /// <param name="Moves">It moves the end of the session.</param>
    /// <param name="Unread">Somebody should look at it.</param>
    /// <param name="Text">What is shown as its words.</param>
    /// <param name="Shows">A path into <c>content</c> with what must stand there.</param>
    private sealed record Kind(
        string Type,
        string Json,
        bool Moves = true,
        bool Unread = true,
        string? Text = null,
        string? Shows = null
    );

    // {0} is the wamid of the customer's first message.
    private static readonly Kind[] Kinds =
    [
        new("text", """{"text":{"body":"Is it open?"}}""", Text: "Is it open?"),
        new("image", """{"image":{"caption":"broken","mime_type":"image/jpeg","id":"1"}}""", Text: "broken"),
        new("video", """{"video":{"caption":"see","mime_type":"video/mp4","id":"2"}}""", Text: "see"),
        new("audio", """{"audio":{"mime_type":"audio/ogg; codecs=opus","id":"3","voice":true}}""", Shows: "voice=true"),
        new("voice", """{"voice":{"mime_type":"audio/ogg","id":"4"}}""", Shows: "voice=true"),
        new("document", """{"document":{"filename":"../\u202ebill.pdf","mime_type":"application/pdf","id":"5"}}"""),
        new("sticker", """{"sticker":{"mime_type":"image/webp","id":"6","animated":true}}""", Shows: "animated=true"),
        new(
            "location",
            """{"location":{"latitude":38.7139,"longitude":-9.1394,"name":"Rossio","address":"Praça"}}""",
            Text: "Rossio",
            Shows: "location.sensible=true"
        ),
        new("location", """{"location":{"latitude":200,"longitude":"x"}}""", Shows: "location.sensible=false"),
        new(
            "contacts",
            """{"contacts":[{"name":{"formatted_name":"Ana Sá"},"phones":[{"phone":"+351 910 000 003","wa_id":"351910000003"}]},{"name":7},"x"]}""",
            Text: "Ana Sá",
            Shows: "contacts.0.phones.0.waId=351910000003"
        ),
        new(
            "interactive",
            """{"interactive":{"type":"button_reply","button_reply":{"id":"yes","title":"Yes"}}}""",
            Text: "Yes",
            Shows: "answer.kind=button"
        ),
        new(
            "interactive",
            """{"interactive":{"type":"list_reply","list_reply":{"id":"row-7","title":"Friday","description":"10:00"}}}""",
            Text: "Friday",
            Shows: "answer.description=10:00"
        ),
        new(
            "interactive",
            """{"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"t\",\"day\":\"fri\"}"}}}""",
            Text: "Sent",
            Shows: "answer.values.0.value=fri"
        ),
        new("interactive", """{"interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{{"}}}"""),
        new("button", """{"button":{"payload":"STOP","text":"Stop"}}""", Text: "Stop", Shows: "answer.id=STOP"),
        new(
            "order",
            """{"order":{"catalog_id":"700","text":"thanks","product_items":[{"product_retailer_id":"sku1","quantity":"2","item_price":3.5,"currency":"EUR"}]}}""",
            Text: "thanks",
            Shows: "order.items.0.quantity=2"
        ),
        new(
            "text",
            """{"text":{"body":"hi"},"referral":{"source_url":"https://fb.me/a","source_type":"ad","headline":"Summer sale"}}""",
            Text: "hi",
            Shows: "referral.headline=Summer sale"
        ),
        new(
            "text",
            """{"text":{"body":"joke"},"context":{"frequently_forwarded":true}}""",
            Text: "joke",
            Shows: "forwarded=often"
        ),
        new(
            "text",
            """{"text":{"body":"this one"},"context":{"id":"wamid.gone","referred_product":{"product_retailer_id":"sku1"}}}""",
            Text: "this one",
            Shows: "product.productId=sku1"
        ),
        new("request_welcome", "{}", Unread: false),
        new(
            "reaction",
            """{"reaction":{"message_id":"{0}","emoji":"👍"}}""",
            Moves: false,
            Unread: false,
            Text: "👍",
            Shows: "reaction.emoji=👍"
        ),
        new(
            "edit",
            """{"edit":{"original_message_id":"{0}","message":{"type":"text","text":{"body":"Is it open today?"}}}}""",
            Moves: false,
            Unread: false,
            Text: "Is it open today?"
        ),
        new("revoke", """{"revoke":{"original_message_id":"{0}"}}""", Moves: false, Unread: false),
        new(
            "system",
            """{"system":{"body":"Security code changed","type":"customer_identity_changed"}}""",
            Moves: false,
            Unread: false,
            Text: "Security code changed",
            Shows: "event=customer_identity_changed"
        ),
        new(
            "unsupported",
            """{"errors":[{"code":131051,"title":"Message type unknown"}],"unsupported":{"type":"poll_creation"}}""",
            Shows: "unsupported.type=poll_creation"
        ),
        new(
            "image",
            """{"errors":[{"code":131052,"title":"Media download error"}]}""",
            Shows: "unsupported.code=131052"
        ),
        new(
            "unsupported",
            """{"errors":[{"code":131060,"title":"This message is currently unavailable."}]}""",
            Shows: "unsupported.code=131060"
        ),
        new("hologram", """{"hologram":{"depth":3}}"""),
        new("text", """{"text":"not an object"}"""),
    ];

    private static Said Say(Kind kind, string waId, string first, DateTimeOffset at) =>
        Hook.Text(
            waId,
            null,
            at,
            type: kind.Type,
            more: JsonNode.Parse(kind.Json.Replace("{0}", first, StringComparison.Ordinal))!.AsObject()
        );

    [Fact]
    public async Task S11_no_type_is_silent_and_none_blocks_the_next()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var began = product.Now.AddMinutes(-4);
        var first = "";
        var said = new List<Said>();
        foreach (var kind in Kinds)
        {
            said.Add(Say(kind, waId, first, began.AddSeconds(said.Count)));
            first = first.Length == 0 ? said[0].Wamid : first;
            (await office.HookAsync(said[^1])).ShouldBe(200, kind.Json);
        }
        var thread = await office.ThreadAsync(waId);
        var messages = await office.MessagesAsync(thread);

        messages.Select(m => m.Wamid).ShouldBe(said.Select(s => s.Wamid));
        for (var n = 1; n < Kinds.Length; n++)
        {
            var (kind, seen) = (Kinds[n], messages[n]);
            (seen.Type, seen.Text, seen.Late).ShouldBe((kind.Type, kind.Text, false), kind.Json);
            if (kind.Shows is { } shows)
                At(seen.Content, shows.Split('=')[0]).ShouldBe(shows.Split('=')[1], kind.Json);
        }
        (await office.LeftoversAsync()).ShouldBeEmpty();
        thread.Unread.ShouldBe(Kinds.Count(k => k.Unread));
        var last = Array.FindLastIndex(Kinds, k => k.Moves);
        thread
            .Session.EndsAt!.Value.ToUnixTimeSeconds()
            .ShouldBe(began.AddSeconds(last).AddHours(24).ToUnixTimeSeconds());
        // What was said about the first one stands on it, and what it said is kept.
        var told = messages[0];
        (told.Text, told.DeletedAt is not null).ShouldBe(("Is it open today?", true));
        told.Edited!["earlier"]![0]!["text"]!.ToString().ShouldBe("Is it open?");
        told.Reactions!.ShouldHaveSingleItem().Emoji.ShouldBe("👍");
        messages.Single(m => m.Type == "reaction").Quoted!.Id.ShouldBe(told.Id);
        messages.Single(m => m.Text == "this one").Quoted!.ShouldBe(new SeenQuoted("wamid.gone", null, null, null));
        messages.Single(m => m.Type == "document").Media!.FileName.ShouldBe("bill.pdf");
        // The raw event is there for whoever looks after the channels.
        var unknown = messages.Single(m => m.Type == "hologram");
        var raw = await office.AskAsync($"threads/{thread.Id}/messages/{unknown.Id}/event");
        raw.Body!["hologram"]!["depth"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Reactions_edits_and_system_events_alone_open_no_session_and_no_ticket()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        foreach (var kind in Kinds.Where(k => !k.Moves))
            (await office.HookAsync(Say(kind, waId, "wamid.elsewhere", product.Now))).ShouldBe(200);

        var thread = await office.ThreadAsync(waId);
        (thread.Session.Open, thread.Ticket, thread.Unread).ShouldBe((false, null, 0));
        // What they are about is not here: they are shown all the same.
        (await office.MessagesAsync(thread))
            .Select(m => m.Type)
            .ShouldBe(["reaction", "edit", "revoke", "system"]);
    }

    [Fact]
    public async Task A_call_is_a_missed_call_in_the_thread_once_and_the_number_can_be_called_back()
    {
        var office = await product.OfficeAsync();
        var caller = Office.NewCustomer();
        var said = Hook.Text(caller, "before", product.Now.AddMinutes(-2));
        await office.HookAsync(said);
        foreach (
            var (direction, calledBy) in new[] { ("USER_INITIATED", caller), ("BUSINESS_INITIATED", "81300000000") }
        )
        foreach (var happening in new[] { "connect", "terminate" })
        {
            var value = Hook.Value(office.Number, [Hook.Text(caller, null, product.Now)]);
            value.Remove("messages");
            value["calls"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "wacid." + direction,
                    ["from"] = calledBy,
                    ["event"] = happening,
                    ["direction"] = direction,
                    ["timestamp"] = $"{product.Now.ToUnixTimeSeconds()}",
                }
            );
            var body = JsonNode.Parse(Hook.Body([value]))!;
            body["entry"]![0]!["id"] = office.Waba;
            body["entry"]![0]!["changes"]![0]!["field"] = "calls";
            (await office.HookAsync(Encoding.UTF8.GetBytes(body.ToJsonString()))).ShouldBe(200);
        }
        var thread = await office.ThreadAsync(caller);
        var calls = (await office.MessagesAsync(thread)).Where(m => m.Type == "call").ToArray();
        calls.ShouldHaveSingleItem().Content!["caller"]!.ToString().ShouldBe(caller);
        (thread.Unread, thread.Ticket is not null).ShouldBe((2, true));
        (await office.ThreadsAsync()).ShouldHaveSingleItem();
        (await office.LeftoversAsync()).ShouldBeEmpty();
        // Our own calls are no message of anybody's.
        (await office.CountAsync("channel_events", "kind = 'calls'")).ShouldBe(2);
    }

    [Fact]
    public async Task Who_came_by_an_advertisement_costs_nothing_for_72_hours_from_the_first_answer_on()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var ad = JsonNode.Parse("""{"referral":{"source_type":"ad","source_id":"1"}}""");
        var thread = await office.HearOnPhoneAsync(customer, more: new JsonObject { ["raw"] = ad });
        async Task<DateTimeOffset?> FreeUntilAsync() =>
            (await office.AskAsync($"threads/{thread.Id}")).Body!["session"]!["freeUntil"]?.GetValue<DateTimeOffset>();

        (await FreeUntilAsync()).ShouldBeNull("nobody has answered");
        await office.AcceptedAsync(thread, Office.TextBody("Welcome"));
        await Eventually.IsTrueAsync("a status has said what it costs", async () => await FreeUntilAsync() is not null);
        (await FreeUntilAsync())!.Value.ShouldBe(product.Now.AddHours(72), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_latest_reaction_counts_by_Metas_time_and_one_taken_back_is_gone()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var at = product.Now.AddMinutes(-3);
        var message = Hook.Text(waId, "Thanks", at);
        Said React(string? emoji, int second)
        {
            var reaction = new JsonObject { ["message_id"] = message.Wamid };
            if (emoji is not null)
                reaction["emoji"] = emoji;
            return Hook.Text(
                waId,
                null,
                at.AddSeconds(second),
                type: "reaction",
                more: new JsonObject { ["reaction"] = reaction }
            );
        }
        async Task<string[]> StandingAsync()
        {
            var thread = await office.ThreadAsync(waId);
            return [.. (await office.MessagesAsync(thread))[0].Reactions?.Select(r => r.Emoji) ?? []];
        }

        await office.HookAsync(message);
        await office.HookAsync(React("👍", 10), React("❤️", 30));
        await office.HookAsync(React("😮", 20)); // told late
        (await StandingAsync()).ShouldBe(["❤️"]);
        await office.HookAsync(React("", 40));
        (await StandingAsync()).ShouldBeEmpty();
        await office.HookAsync(React("🙏", 50), React(null, 60));
        (await StandingAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cards_places_buttons_and_edits_say_is_found()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        string[] words = ["Zanzibar pier", "Quintus Maximus", "Wednesday noon", "sku-4711x", "newest wording"];
        (string Type, string Json)[] all =
        [
            ("location", $$$$$$"""{"location":{"latitude":1,"longitude":1,"name":"{{{{{{words[0]}}}}}}"}}"""),
            ("contacts", $$$$$$"""{"contacts":[{"name":{"formatted_name":"{{{{{{words[1]}}}}}}"}}]}"""),
            (
                "interactive",
                $$$$$$"""{"interactive":{"type":"list_reply","list_reply":{"id":"1","title":"x","description":"{{{{{{words[2]}}}}}}"}}}"""
            ),
            ("order", $$$$$$"""{"order":{"product_items":[{"product_retailer_id":"{{{{{{words[3]}}}}}}"}]}}"""),
            (
                "edit",
                $$$$$$"""{"edit":{"original_message_id":"wamid.x","message":{"type":"text","text":{"body":"{{{{{{words[4]}}}}}}"}}}}"""
            ),
        ];
        foreach (var (type, json) in all)
            await office.HookAsync(
                Hook.Text(waId, null, product.Now, type: type, more: JsonNode.Parse(json)!.AsObject())
            );

        foreach (var word in words)
            await Eventually.IsTrueAsync(
                $"{word} is found",
                async () =>
                    (await office.AskAsync("search?kind=message&q=" + Uri.EscapeDataString(word))).Body!["items"]!
                        .AsArray()
                        .Count > 0
            );
    }

    private static string? At(JsonNode? node, string path)
    {
        foreach (var step in path.Split('.'))
            node = int.TryParse(step, out var index) ? node?[index] : node?[step];
        return node?.ToString();
    }
}
