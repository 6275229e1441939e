using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Messages;

/// <summary>Every type that can be sent, through REST to what Meta was asked for; and what is refused before any call.</summary>
[Collection(nameof(RealTime))]
public sealed class OutboundTypesTests(RealTime product)
{
    private const string Spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static async Task<Answer> UploadAsync(Office office, byte[] bytes, string query = "")
    {
        using var content = new ByteArrayContent(bytes);
        using var answer = await office.Http.PostAsync("media" + query, content);
        return new Answer((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    private static async Task<string> IdAsync(Office office, byte[] bytes, string query = "")
    {
        var answer = await UploadAsync(office, bytes, query);
        answer.Status.ShouldBe(201, answer.Body?.ToJsonString());
        return answer.Id;
    }

    [Fact]
    public async Task Files_are_known_by_their_content_and_told_apart()
    {
        var office = await product.OfficeAsync();
        foreach (
            var (bytes, mime, sentAs) in new[]
            {
                (MadeFiles.Jpeg, "image/jpeg", "image"),
                (MadeFiles.Png, "image/png", "image"),
                (MadeFiles.Mp4(), "video/mp4", "video"),
                (MadeFiles.Mp4("3gp5"), "video/3gpp", "video"),
                (MadeFiles.Mp4("M4A "), "audio/mp4", "audio"),
                (MadeFiles.Mp4("isom", "soun", "mp4a"), "audio/mp4", "audio"),
                (MadeFiles.Aac, "audio/aac", "audio"),
                (MadeFiles.Mp3, "audio/mpeg", "audio"),
                (MadeFiles.Amr, "audio/amr", "audio"),
                (MadeFiles.Opus(), "audio/ogg", "audio"),
                (MadeFiles.WebP(), "image/webp", "sticker"),
                (MadeFiles.WebP(animated: true, size: 300_000), "image/webp", "sticker"),
                (MadeFiles.Pdf, "application/pdf", "document"),
                ("a,b\n1,2\n"u8.ToArray(), "text/plain", "document"),
                (MadeFiles.Office("[Content_Types].xml", "xl/workbook.xml"), Spreadsheet, "document"),
                (MadeFiles.OldOffice("WordDocument"), "application/msword", "document"),
            }
        )
        {
            var answer = await UploadAsync(office, bytes);
            answer.Status.ShouldBe(201, $"{mime}: {answer.Body}");
            (answer.Body!["mimeType"]!.ToString(), answer.Body["as"]!.ToString()).ShouldBe((mime, sentAs));
        }
        foreach (
            var (bytes, query, status, code) in new[]
            {
                (MadeFiles.Mp4("qt  "), "", 415, "media_type_not_allowed"),
                (MadeFiles.Mp4("heic"), "?as=image", 415, "media_type_not_allowed"),
                (MadeFiles.Mp4(codec: "hvc1"), "", 415, "media_codec_not_allowed"),
                ("MZ\0\u0003\0\0"u8.ToArray(), "", 415, "media_type_not_allowed"),
                (MadeFiles.Office("word/document.xml", "word/vbaProject.bin"), "", 415, "media_type_not_allowed"),
                (MadeFiles.Office("anything.txt"), "", 415, "media_type_not_allowed"),
                (MadeFiles.Pdf, "?as=image", 415, "media_type_not_allowed"),
                (MadeFiles.WebP(500, 512), "", 422, "sticker_wrong_size"),
                (MadeFiles.WebP(size: 102_400), "", 413, "media_too_large"),
                (MadeFiles.WebP(animated: true, size: 512_000), "", 413, "media_too_large"),
                (MadeFiles.Opus(channels: 2), "", 422, "audio_not_mono_opus"),
                (MadeFiles.Mp3, "?as=voice", 415, "media_type_not_allowed"),
                ([.. MadeFiles.Mp4(), .. new byte[16 * 1024 * 1024]], "", 413, "media_too_large"),
                (MadeFiles.Pdf, "?as=novel", 400, "bad_request"),
            }
        )
        {
            var refused = await UploadAsync(office, bytes, query);
            (refused.Status, refused.Code).ShouldBe((status, code), $"{bytes.Length} bytes {query}: {refused.Body}");
        }
    }

    [Fact]
    public async Task A_document_larger_than_memory_should_hold_is_taken_and_one_over_the_limit_is_not()
    {
        var office = await product.OfficeAsync();
        var document = new byte[20 * 1024 * 1024];
        MadeFiles.Pdf.CopyTo(document, 0);

        var taken = await UploadAsync(office, document);

        (taken.Status, taken.Body!["size"]!.GetValue<long>()).ShouldBe((201, document.LongLength));
        using var back = await office.Http.GetAsync($"media/{taken.Id}", HttpCompletionOption.ResponseHeadersRead);
        back.Content.Headers.ContentLength.ShouldBe(document.LongLength);
        back.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        using var endless = new StreamContent(Stream.Null);
        endless.Headers.ContentLength = 101L * 1024 * 1024;
        using var request = new HttpRequestMessage(HttpMethod.Post, "media") { Content = endless };
        request.Headers.ExpectContinue = true;
        using var tooLarge = await office.Http.SendAsync(request);
        ((int)tooLarge.StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task Every_type_reaches_the_customer_in_the_order_it_was_sent()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(waId, "Hello?");
        var theirs = (await office.MessagesAsync(thread)).Single().Wamid!;
        var image = await IdAsync(office, MadeFiles.Png);
        var video = await IdAsync(office, MadeFiles.Mp4());
        var voice = await IdAsync(office, MadeFiles.Opus(), "?as=voice");
        var document = await IdAsync(office, MadeFiles.Pdf, "?name=..%2Fbill%E2%80%AE.pdf");
        var sticker = await IdAsync(office, MadeFiles.WebP());
        (string Type, string? Text, string Content)[] all =
        [
            ("text", "Hi", """{"body":"Hi"}"""),
            ("image", "a picture", $$"""{"id":"{{image}}","caption":"a picture"}"""),
            ("video", "a film", $$"""{"id":"{{video}}","caption":"a film"}"""),
            ("audio", null, $$"""{"id":"{{voice}}","voice":true}"""),
            ("document", null, $$"""{"id":"{{document}}"}"""),
            ("sticker", null, $$"""{"id":"{{sticker}}"}"""),
            ("location", "Shop", """{"latitude":35.68,"longitude":139.76,"name":"Shop","address":"Marunouchi 1"}"""),
            (
                "contacts",
                "Aoi Sato",
                """[{"name":{"formatted_name":"Aoi Sato","first_name":"Aoi"},"phones":[{"phone":"+81 90 1111 2222"}]}]"""
            ),
            (
                "interactive",
                "Confirm?",
                """{"type":"button","body":{"text":"Confirm?"},"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Yes"}},{"type":"reply","reply":{"id":"n","title":"No"}}]}}"""
            ),
            (
                "interactive",
                "Pick one",
                """{"type":"list","body":{"text":"Pick one"},"action":{"button":"Days","sections":[{"rows":[{"id":"r","title":"Friday"}]}]}}"""
            ),
            (
                "interactive",
                "Pay here",
                """{"type":"cta_url","body":{"text":"Pay here"},"action":{"name":"cta_url","parameters":{"display_text":"Pay","url":"https://shop.example/p/1"}}}"""
            ),
            (
                "interactive",
                "Where?",
                """{"type":"location_request_message","body":{"text":"Where?"},"action":{"name":"send_location"}}"""
            ),
            ("reaction", "👍", $$"""{"message_id":"{{theirs}}","emoji":"👍"}"""),
        ];
        var ids = new List<string>();
        foreach (var (type, _, content) in all)
            ids.Add(
                await office.AcceptedAsync(
                    thread,
                    $$"""{"type":"{{type}}","context":{"message_id":"{{theirs}}"},"{{type}}":{{content}} }"""
                )
            );
        foreach (var id in ids)
            await office.UntilAsync(id, "sent", "delivered");

        var sent = await office.SentAsync();
        sent.Select(s => s["type"]!.ToString()).ShouldBe(all.Select(a => a.Type));
        sent.ShouldAllBe(s => s["body"]!["context"]!["message_id"]!.ToString() == theirs);
        sent[3]["body"]!["audio"]!["voice"]!.GetValue<bool>().ShouldBeTrue();
        // The name that the file was uploaded under, without path and without what turns writing round.
        sent[4]["body"]!["document"]!["filename"]!.ToString().ShouldBe("bill.pdf");
        sent[6]["body"]!["location"]!["latitude"]!.GetValue<double>().ShouldBe(35.68);
        for (var n = 0; n < ids.Count; n++)
        {
            var seen = await office.MessageAsync(ids[n]);
            (seen.Type, seen.Text, seen.Quoted?.Wamid).ShouldBe((all[n].Type, all[n].Text, theirs));
        }
        var shown = await office.MessageAsync(ids[9]);
        shown.Content!["interactive"]!["sections"]![0]!["rows"]![0]!["title"]!.ToString().ShouldBe("Friday");
        (await office.MessageAsync(ids[6])).Content!["location"]!["sensible"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task What_no_phone_would_show_is_refused_without_a_call()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var other = await office.HearOnPhoneAsync(Office.NewCustomer(), "somebody else");
        var theirs = (await office.MessagesAsync(thread)).Single().Wamid;
        var strangers = (await office.MessagesAsync(other)).Single().Wamid;
        var image = await IdAsync(office, MadeFiles.Png);
        var long21 = new string('x', 21);
        static string Buttons(params string[] titles) =>
            new JsonObject
            {
                ["type"] = "interactive",
                ["interactive"] = new JsonObject
                {
                    ["type"] = "button",
                    ["body"] = new JsonObject { ["text"] = "?" },
                    ["action"] = new JsonObject
                    {
                        ["buttons"] = new JsonArray([
                            .. titles.Select(
                                (title, n) =>
                                    new JsonObject
                                    {
                                        ["type"] = "reply",
                                        ["reply"] = new JsonObject { ["id"] = $"{n}", ["title"] = title },
                                    }
                            ),
                        ]),
                    },
                },
            }.ToJsonString();
        static string List(int rows) =>
            new JsonObject
            {
                ["type"] = "interactive",
                ["interactive"] = new JsonObject
                {
                    ["type"] = "list",
                    ["body"] = new JsonObject { ["text"] = "?" },
                    ["action"] = new JsonObject
                    {
                        ["button"] = "b",
                        ["sections"] = new JsonArray(
                            new JsonObject
                            {
                                ["rows"] = new JsonArray([
                                    .. Enumerable
                                        .Range(0, rows)
                                        .Select(n => new JsonObject { ["id"] = $"{n}", ["title"] = "t" }),
                                ]),
                            }
                        ),
                    },
                },
            }.ToJsonString();
        foreach (
            var (code, body) in new[]
            {
                ("media_type_not_allowed", $$"""{"type":"video","video":{"id":"{{image}}"} }"""),
                ("invalid_message", $$"""{"type":"sticker","sticker":{"id":"{{image}}","caption":"no"} }"""),
                ("media_not_found", $$"""{"type":"document","document":{"id":"{{new string('0', 64)}}"} }"""),
                ("invalid_message", """{"type":"location","location":{"latitude":200,"longitude":1}}"""),
                ("invalid_message", """{"type":"contacts","contacts":[]}"""),
                ("invalid_message", """{"type":"contacts","contacts":[{"name":{}}]}"""),
                ("invalid_message", """{"type":"contacts","contacts":["?"]}"""),
                ("invalid_message", Buttons()),
                ("invalid_message", Buttons("1", "2", "3", "4")),
                ("invalid_message", Buttons("same", "same")),
                ("text_too_long", Buttons(long21)),
                ("invalid_message", List(0)),
                ("invalid_message", List(11)),
                (
                    "invalid_message",
                    """{"type":"interactive","interactive":{"type":"cta_url","body":{"text":"?"},"action":{"name":"cta_url","parameters":{"display_text":"x","url":"javascript:alert(1)"}}}}"""
                ),
                (
                    "invalid_message",
                    """{"type":"interactive","interactive":{"type":"flow","body":{"text":"?"},"action":{}}}"""
                ),
                ("invalid_message", $$"""{"type":"reaction","reaction":{"message_id":"{{theirs}}","emoji":"yes"} }"""),
                (
                    "message_not_found",
                    $$"""{"type":"reaction","reaction":{"message_id":"{{strangers}}","emoji":"👍"} }"""
                ),
                (
                    "message_not_found",
                    $$"""{"type":"text","text":{"body":"x"},"context":{"message_id":"{{strangers}}"} }"""
                ),
                ("unsupported_type", """{"type":"hologram","hologram":{}}"""),
            }
        )
        {
            var refused = await office.SendAsync(thread, body);
            (refused.Status is 422 or 415, refused.Code).ShouldBe((true, code), $"{refused.Status} {body}");
        }
        (await office.SentAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reaction_is_changed_and_taken_back_and_is_no_answer()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer(), "Thank you!");
        var theirs = (await office.MessagesAsync(thread)).Single();
        async Task ReactAsync(string emoji) =>
            await office.UntilAsync(
                await office.AcceptedAsync(
                    thread,
                    $$"""{"type":"reaction","reaction":{"message_id":"{{theirs.Wamid}}","emoji":"{{emoji}}"} }"""
                ),
                "sent"
            );
        async Task<string[]> StandingAsync() =>
            [.. (await office.MessageAsync(theirs.Id)).Reactions?.Select(r => $"{r.Direction} {r.Emoji}") ?? []];

        await ReactAsync("👍");
        (await StandingAsync()).ShouldBe(["outbound 👍"]);
        await ReactAsync("❤️");
        (await StandingAsync()).ShouldBe(["outbound ❤️"]);
        await ReactAsync("");
        (await StandingAsync()).ShouldBeEmpty();
        // The customer still waits for an answer.
        (await office.AgainAsync(thread)).Ticket!.Status.ShouldBe("new");
        (await office.CountAsync("threads", "answer_owed")).ShouldBe(1);
    }

    [Fact]
    public async Task The_customer_sees_that_somebody_reads_and_writes_only_where_the_account_wants_it()
    {
        var aiko = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(agents: [aiko]);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var message = (await office.MessagesAsync(thread)).Single();
        using var agent = await Browser.OfAsync(product, aiko);
        async Task ReadAndTypeAsync()
        {
            (await office.PostAsync($"threads/{thread.Id}/read", $$"""{"upTo":"{{message.Id}}"}""")).Status.ShouldBe(
                200
            );
            (await agent.PostAsync($"threads/{thread.Id}/presence", new { state = "typing" })).Status.ShouldBe(204);
        }
        await ReadAndTypeAsync();
        (await office.CallAsync(HttpMethod.Patch, "account", """{"readMarks":true}""")).Status.ShouldBe(200);
        await ReadAndTypeAsync();
        await Eventually.IsTrueAsync(
            "it is marked as read",
            async () => (await office.SentAsync(receipts: true)).Length > 0
        );
        var sent = (await office.SentAsync(receipts: true)).ShouldHaveSingleItem()["body"]!;
        (sent["status"]!.ToString(), sent["message_id"]!.ToString(), sent["typing_indicator"]).ShouldBe(
            ("read", message.Wamid, null)
        );

        (await office.CallAsync(HttpMethod.Patch, "account", """{"typingSigns":true}""")).Status.ShouldBe(200);
        var other = await office.HearOnPhoneAsync(Office.NewCustomer());
        for (var n = 0; n < 3; n++)
            await agent.PostAsync($"threads/{other.Id}/presence", new { state = "typing" });
        await Eventually.IsTrueAsync("it shows", async () => (await office.SentAsync(receipts: true)).Length > 1);
        // Once in a while is enough.
        (await office.SentAsync(receipts: true))[1]["body"]!["typing_indicator"]!["type"]!
            .ToString()
            .ShouldBe("text");
        (await office.SentAsync(receipts: true)).Length.ShouldBe(2);
    }
}
