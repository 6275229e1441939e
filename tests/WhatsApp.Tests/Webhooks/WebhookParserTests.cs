using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.WhatsApp.Tests.Webhooks;

public sealed class WebhookParserTests
{
    private const string Head = """
        "from":"351910000002","from_user_id":"PT.7Hq2","id":"wamid.A1","timestamp":"1790000000"
        """;

    [Theory]
    [InlineData("text", """{"text":{"body":"Is it open today?"}}""", "Is it open today?")]
    [InlineData(
        "image",
        """{"image":{"caption":"broken","mime_type":"image/jpeg","sha256":"S=","id":"9"}}""",
        "broken"
    )]
    [InlineData("image", """{"image":{"mime_type":"image/jpeg","sha256":"S=","id":"9"}}""", null)]
    [InlineData("video", """{"video":{"caption":"see","mime_type":"video/mp4","sha256":"S=","id":"9"}}""", "see")]
    [InlineData("audio", """{"audio":{"mime_type":"audio/ogg","sha256":"S=","id":"9","voice":true}}""", null)]
    [InlineData(
        "document",
        """{"document":{"caption":"bill","filename":"b.pdf","mime_type":"a/p","id":"9"}}""",
        "bill"
    )]
    [InlineData("sticker", """{"sticker":{"mime_type":"image/webp","sha256":"S=","id":"9","animated":false}}""", null)]
    [InlineData(
        "location",
        """{"location":{"latitude":38.7,"longitude":-9.1,"name":"Rossio","address":"P"}}""",
        "Rossio"
    )]
    [InlineData("location", """{"location":{"latitude":200,"longitude":"x","address":"Praça"}}""", "Praça")]
    [InlineData("contacts", """{"contacts":[{"name":{"formatted_name":"Ana"},"phones":[{"phone":"+351"}]}]}""", "Ana")]
    [InlineData(
        "edit",
        """{"edit":{"original_message_id":"wamid.A1","message":{"type":"text","text":{"body":"new"}}}}""",
        "new"
    )]
    [InlineData("reaction", """{"reaction":{"message_id":"wamid.OUT1","emoji":"\ud83d\udc4d"}}""", "👍")]
    [InlineData("reaction", """{"reaction":{"message_id":"wamid.OUT1"}}""", null)]
    [InlineData(
        "interactive",
        """{"interactive":{"type":"button_reply","button_reply":{"id":"y","title":"Yes"}}}""",
        "Yes"
    )]
    [InlineData(
        "interactive",
        """{"interactive":{"type":"list_reply","list_reply":{"id":"7","title":"Friday"}}}""",
        "Friday"
    )]
    [InlineData(
        "interactive",
        """{"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent"}}}""",
        "Sent"
    )]
    [InlineData("button", """{"button":{"payload":"STOP","text":"Stop"}}""", "Stop")]
    [InlineData("order", """{"order":{"catalog_id":"700","text":"thanks","product_items":[]}}""", "thanks")]
    [InlineData(
        "system",
        """{"system":{"body":"User changed","wa_id":"351910000009","type":"user_changed_number"}}""",
        "User changed"
    )]
    [InlineData("request_welcome", """{"x":1}""", null)]
    [InlineData("edit", """{"edit":{"original_message_id":"wamid.A1","message":{"type":"text"}}}""", null)]
    [InlineData("revoke", """{"revoke":{"original_message_id":"wamid.A1"}}""", null)]
    [InlineData("unsupported", """{"errors":[{"code":131051}],"unsupported":{"type":"poll_creation"}}""", null)]
    [InlineData("invented_tomorrow", """{"invented_tomorrow":{"what":[1,2,{"is":"this"}]}}""", null)]
    [InlineData("text", """{"text":"not an object"}""", null)]
    [InlineData("image", """{"image":[1,2]}""", null)]
    public void Every_type_becomes_a_message(string type, string content, string? text)
    {
        var message = Messages($$$"""[{{{{Head}}},"type":"{{{type}}}",{{{content[1..^1]}}}}]""").Single();
        message.Type.ShouldBe(type);
        message.Text.ShouldBe(text);
        message.ShouldSatisfyAllConditions(
            m => m.Wamid.ShouldBe("wamid.A1"),
            m => m.WaId.ShouldBe("351910000002"),
            m => m.UserId.ShouldBe("PT.7Hq2"),
            m => m.Timestamp.ShouldBe(1790000000),
            m => JsonDocument.Parse(m.Raw).RootElement.GetProperty("id").GetString().ShouldBe("wamid.A1")
        );
    }

    [Fact]
    public void A_file_is_named_with_what_is_known_of_it()
    {
        Content("document", """{"filename":"../b.pdf","mime_type":"application/pdf","sha256":"S=","id":"900"}""")
            .Media.ShouldBe(new WebhookMedia("900", "application/pdf", "S=", "../b.pdf"));
        Content("image", """{"mime_type":"image/png","id":"900"}""")
            .Media.ShouldBe(new WebhookMedia("900", "image/png", null, null));
        Content("image", """{"mime_type":"image/png"}""").Media.ShouldBeNull(); // nothing to fetch
    }

    [Fact]
    public void Replies_reactions_and_number_changes_name_what_they_belong_to()
    {
        Messages($$$"""[{{{{Head}}},"type":"text","context":{"from":"1","id":"wamid.OUT1"},"text":{"body":"x"}}]""")
            .Single()
            .ContextWamid.ShouldBe("wamid.OUT1");
        Messages($$$"""[{{{{Head}}},"type":"text","context":{"forwarded":true},"text":{"body":"x"}}]""")
            .Single()
            .ContextWamid.ShouldBeNull();
        Content("reaction", """{"message_id":"wamid.OUT1","emoji":""}""").ContextWamid.ShouldBe("wamid.OUT1");
        var change = Content("system", """{"wa_id":"351910000009","user_id":"PT.8Kp3"}""");
        (change.BecomesWaId, change.BecomesUserId).ShouldBe(("351910000009", "PT.8Kp3"));
        Content("system", """{"new_wa_id":"351910000009"}""").BecomesWaId.ShouldBe("351910000009");
        // A customer who merely writes such a field does not change anybody's number.
        Content("text", """{"body":"x","wa_id":"1","user_id":"2"}""").BecomesWaId.ShouldBeNull();
    }

    [Fact]
    public void People_and_messages_pair_by_id_never_by_position()
    {
        var messages = Events(
            """
            "contacts":[{"profile":{"name":"Ben"},"wa_id":"2","user_id":"U2"},{"profile":{"name":"Ann"},"wa_id":"1","user_id":"U1"},
                        {"profile":{"name":"Cy"},"user_id":"U3"}],
            "messages":[{"from":"1","id":"a","type":"text"},{"from_user_id":"U2","id":"b","type":"text"},
                        {"from_user_id":"U3","id":"c","type":"text"},{"from":"9","id":"d","type":"text"}]
            """
        ).Messages;
        messages
            .Select(m => (m.Wamid, m.WaId, m.UserId, m.ProfileName))
            .ShouldBe([
                ("a", "1", "U1", "Ann"),
                ("b", "2", "U2", "Ben"),
                ("c", null, "U3", "Cy"),
                ("d", "9", null, null),
            ]);
    }

    [Fact]
    public void A_message_without_id_or_sender_is_kept_as_unreadable_and_hides_none_of_its_neighbours()
    {
        var events = Events(
            """
            "contacts":[{"wa_id":"7","profile":{"name":"nobody's"}}],
            "messages":[{"from":"1","type":"text"},{"id":"x","type":"text"},{"id":12,"from":"1"},17,null,
                        {"id":"ok","from":"1"},{"id":"","from":"1"},{"id":"y","from":""}]
            """
        );
        events.Messages.Select(m => (m.Wamid, m.Type, m.Timestamp)).ShouldBe([("ok", "unknown", (long?)null)]);
        events.Unreadable.Count.ShouldBe(7);
    }

    [Fact]
    public void Group_messages_say_so() =>
        Messages($$$"""[{{{{Head}}},"type":"text","group_id":"g1","text":{"body":"x"}}]""")
            .Single()
            .GroupId.ShouldBe("g1");

    [Fact]
    public void Every_entry_and_change_is_read_and_gathered_by_number()
    {
        var first = Change("N1", """ "messages":[{"id":"a","from":"1"}] """);
        var second = Change("N2", """ "messages":[{"id":"b","from":"1"}] """);
        var third = Change("N1", """ "messages":[{"id":"c","from":"2"}],"statuses":[{"id":"o","status":"read"}] """);
        const string Account = """{"field":"account_update","value":{"event":"PARTNER_ADDED"}}""";
        const string NoNumber = """{"field":"messages","value":{"messages":[{"id":"lost","from":"1"}]}}""";
        var body = Parse(
            $$"""
            {"object":"whatsapp_business_account","entry":[
              {"id":"W1","changes":[{{first}},{{second}}]},
              {"id":"W1","changes":[{{third}},{{Account}},{{NoNumber}}]}]}
            """
        );
        body.Numbers.Select(n => n.PhoneNumberId).ShouldBe(["N1", "N2"]);
        body.Numbers[0].Messages.Select(m => m.Wamid).ShouldBe(["a", "c"]);
        body.Numbers[0].Statuses.Count.ShouldBe(1);
        // What names no number is kept as an event, not dropped.
        body.Others.Select(o => (o.Field, o.WabaId)).ShouldBe([("account_update", "W1"), ("messages", "W1")]);
    }

    [Fact]
    public void A_number_without_an_item_is_nobody_to_call_and_every_number_and_event_takes_a_place()
    {
        var empty = Change("N1", """ "messages":[],"statuses":{} """);
        var full = Change("N2", """ "messages":[{"id":"a","from":"1"},{"id":"b","from":"1"}] """);

        var body = Parse($$"""{"entry":[{"id":"W1","changes":[{{empty}},{{empty}},{{full}}]}]}""");

        body.Numbers.Select(n => n.PhoneNumberId).ShouldBe(["N2"]);
        body.Others.Select(o => o.Field).ShouldBe(["messages", "messages"]);
        body.Count.ShouldBe(2 + 1 + 2);
    }

    [Theory]
    [InlineData("sent")]
    [InlineData("delivered")]
    [InlineData("read")]
    [InlineData("played")]
    [InlineData("invented")]
    public void A_status_carries_its_stage_time_and_our_own_id(string stage)
    {
        var status = Events(
            $$$"""
            "statuses":[{"id":"wamid.OUT1","status":"{{{stage}}}","timestamp":"1790000001","recipient_user_id":"PT.7Hq2",
              "biz_opaque_callback_data":"conv:42","conversation":{"id":"c"},"pricing":{"billable":false}}]
            """
        )
            .Statuses.Single();
        (status.Wamid, status.Status, status.Timestamp, status.CallbackData, status.ErrorCode).ShouldBe(
            ("wamid.OUT1", stage, 1790000001, "conv:42", null)
        );
    }

    [Fact]
    public void A_failure_carries_Metas_code_and_words()
    {
        var failed = Status("""{"code":131047,"title":"Re-engagement","error_data":{"details":"24 hours"}}""");
        (failed.ErrorCode, failed.ErrorDetail).ShouldBe((131047, "24 hours"));
        Status("""{"code":"131047","title":"Re-engagement"}""").ErrorDetail.ShouldBe("Re-engagement");
        // A number that is no code must not become another code.
        Status("""{"code":4295098343}""").ErrorCode.ShouldBeNull();

        static WebhookStatus Status(string error) =>
            Events($$""" "statuses":[{"id":"w","status":"failed","errors":[{{error}}]}] """).Statuses.Single();
    }

    [Fact]
    public void An_error_of_the_number_itself_is_kept() =>
        Events(""" "errors":[{"code":130429,"title":"Rate limit hit"}] """).Unreadable.Single().Kind.ShouldBe("error");

    [Theory]
    [InlineData("""{"billable":true,"pricing_model":"PMP","type":"regular","category":"utility"}""", "utility regular")]
    [InlineData(
        """{"billable":false,"type":"free_entry_point","category":"marketing"}""",
        "marketing free_entry_point"
    )]
    [InlineData("""{"billable":true,"pricing_model":"CBP","category":"service"}""", "service regular")]
    [InlineData("""{"billable":false,"pricing_model":"CBP","category":"service"}""", "service free")]
    [InlineData("""{"billable":true}""", null)]
    [InlineData("""{"category":"utility"}""", null)]
    [InlineData("""{"category":7,"type":[]}""", null)]
    [InlineData("\"free\"", null)]
    public void A_status_says_what_Meta_charges(string pricing, string? told)
    {
        var status = Events($$""" "statuses":[{"id":"w","status":"sent","pricing":{{pricing}}}] """).Statuses.Single();

        (status.Pricing is { } known ? $"{known.Category} {known.Type}" : null).ShouldBe(told);
    }

    [Fact]
    public void Statuses_without_id_or_stage_are_unreadable() =>
        Events(""" "statuses":[{"id":"w"},{"status":"sent"},{"id":1,"status":"sent"},"x"] """)
            .Unreadable.Count.ShouldBe(4);

    [Fact]
    public void Long_texts_are_cut_between_characters_and_kept_whole_in_the_raw_event()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 32_768)) + "x";
        var message = Content("text", $$"""{"body":"a{{text}}"}""");
        message.Text!.Length.ShouldBe(65_535); // the next character would end beyond the limit
        char.IsHighSurrogate(message.Text[^1]).ShouldBeFalse();
        Encoding.UTF8.GetString(message.Raw).ShouldContain(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("""{"a":1}{"b":2}""")]
    [InlineData(
        """{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"messages":[{"id":"\ud83d"}]}}]}]}"""
    )]
    public void What_is_no_JSON_is_said_to_be_none_and_nothing_else_is_thrown(string body)
    {
        try
        {
            WebhookParser.Parse(JsonCleaner.Clean(Encoding.UTF8.GetBytes(body)));
        }
        catch (JsonException) { }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("\"x\"")]
    [InlineData("{}")]
    [InlineData("""{"entry":{}}""")]
    [InlineData("""{"entry":[null,1,"x",[],{}]}""")]
    [InlineData("""{"entry":[{"changes":[]}]}""")]
    [InlineData("""{"entry":[{"id":{},"changes":"x"}]}""")]
    public void A_body_of_another_shape_is_empty(string body)
    {
        var parsed = Parse(body);
        parsed.Numbers.ShouldBeEmpty();
        parsed.Others.ShouldBeEmpty();
    }

    /// <summary>Found by fuzzing: each message read the whole list of contacts, and a body of 4 MB took minutes.</summary>
    [Fact]
    public async Task Contacts_pair_with_messages_by_id_however_many_there_are()
    {
        const int people = 9_000;
        // Contacts of nobody first, and then in the other order than the messages.
        var contacts = string.Join(
            ',',
            Enumerable
                .Range(0, 60_000)
                .Reverse()
                .Select(n =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$$"""{"wa_id":"{{{n}}}","profile":{"name":"N{{{n}}}"}}"""
                    )
                )
        );
        var messages = string.Join(
            ',',
            Enumerable
                .Range(0, people)
                .Select(n => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"w{{n}}","from":"{{n}}"}"""))
        );

        // Some tenths of a second; reading one list for each of the other is half a billion looks.
        var read = await Task.Run(() => Events($"\"contacts\":[{contacts}],\"messages\":[{messages}]").Messages)
            .WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        read.Count.ShouldBe(people);
        read.ShouldAllBe(m => m.ProfileName == "N" + m.WaId);
    }

    [Fact]
    public void Deep_nesting_and_huge_strings_are_refused_or_read()
    {
        foreach (var open in new[] { "[", "{\"a\":" })
        {
            var deep = string.Concat(Enumerable.Repeat(open, 100_000));
            Should.Throw<JsonException>(() => Parse(deep));
        }
        var huge = new string('a', 3_000_000);
        Should.NotThrow(() => Content("text", $$"""{"body":"{{huge}}"}"""));
        var manyUpdates = string.Join(
            ',',
            Enumerable
                .Range(0, 1000)
                .Select(n => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"w{{n}}","from":"{{n}}"}"""))
        );
        Messages($"[{manyUpdates}]").Count.ShouldBe(1000);
    }

    [Fact]
    public void Whatever_stands_where_there_was_something_else_only_JsonException_comes_out() =>
        Gen.Select(
                Gen.Int[0, Whole.Length - 1],
                Gen.Int[0, 40],
                Gen.Select(Gen.String, Junk, (a, b) => (a, b)),
                Gen.Bool
            )
            .Sample(
                (at, length, junk, plain) =>
                {
                    var put = plain ? junk.a : junk.b;
                    var body = Whole[..at] + put + Whole[Math.Min(Whole.Length, at + length)..];
                    try
                    {
                        WebhookParser.Parse(JsonCleaner.Clean(Encoding.UTF8.GetBytes(body)));
                    }
                    catch (JsonException) { }
                },
                iter: 5_000
            );

    [Theory]
    [InlineData("\\u202egnp.exe Rita\\u202c", "gnp.exe Rita")]
    [InlineData("\\u2066Rita\\u2069", "Rita")]
    [InlineData("\\u202e", null)]
    [InlineData("ر\\u200fيتا", "ر\u200fيتا")]
    public void A_name_turns_nothing_round_that_stands_beside_it(string told, string? name) =>
        Events(
            $$$"""
            "contacts":[{"profile":{"name":"{{{told}}}"},"wa_id":"351910000002"}],
            "messages":[{"from":"351910000002","id":"wamid.A","timestamp":"1790000000","type":"text","text":{"body":"hi"}}]
            """
        )
            .Messages.Single()
            .ProfileName.ShouldBe(name);

    private static readonly Gen<string> Junk = Gen.OneOf(
        "null",
        "{}",
        "[]",
        "[[[]]]",
        "1e400",
        "-1",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"\"",
        "99999999999999999999",
        "true",
        ",",
        ":",
        "\"id\":",
        "{\"id\":{\"id\":[]}}"
    );

    private static readonly string Whole = Body(
        $$$"""
        "contacts":[{"profile":{"name":"Rita"},"wa_id":"351910000002","user_id":"PT.7Hq2"}],
        "messages":[{{{{Head}}},"type":"image","context":{"id":"wamid.O"},"image":{"caption":"c","mime_type":"m","id":"9"}}],
        "statuses":[{"id":"wamid.OUT1","status":"failed","timestamp":"1790000001","errors":[{"code":1,"error_data":{"details":"d"}}]}],
        "errors":[{"code":130429}]
        """
    );

    private static WebhookMessage Content(string type, string content) =>
        Messages($$$"""[{{{{Head}}},"type":"{{{type}}}","{{{type}}}":{{{content}}}}]""").Single();

    private static IReadOnlyList<WebhookMessage> Messages(string messages) =>
        Events($"\"messages\":{messages}").Messages;

    private static NumberEvents Events(string value) => Parse(Body(value)).Numbers.Single();

    private static string Body(string value) =>
        $$"""{"object":"whatsapp_business_account","entry":[{"id":"880","changes":[{{Change("551122334455667", value)}}]}]}""";

    private static string Change(string number, string value) =>
        $$$"""{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"{{{number}}}"},{{{value}}}}}""";

    private static WebhookBody Parse(string body) =>
        WebhookParser.Parse(JsonCleaner.Clean(Encoding.UTF8.GetBytes(body)));
}
