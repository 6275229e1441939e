using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Templates;

/// <summary>Whatever a template asks for goes out with it, or is missed before Meta is asked.</summary>
[Collection(nameof(RealTime))]
public sealed class TemplateSendTests(RealTime product)
{
    [Fact]
    public async Task A_picture_above_a_link_and_a_code_below_and_each_is_missed_before_any_call()
    {
        var office = await product.OfficeAsync();
        var picture = await UploadAsync(office, MadeFiles.Jpeg);
        await ApprovedAsync(
            office,
            $$$"""
            {"name":"sale","language":"en_US","category":"MARKETING","parameterFormat":"NAMED",
             "header":{"format":"IMAGE","mediaId":"{{{picture}}}"},"body":"Hello {{name}}, look.",
             "buttons":[{"type":"QUICK_REPLY","text":"Stop"},{"type":"URL","text":"Open","url":"https://x.example/{{1}}","example":"https://x.example/1"},
              {"type":"COPY_CODE","example":"SAVE10"}],
             "samples":{"name":"Rita"}}
            """
        );
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        const string Body = """{"type":"body","parameters":[{"type":"text","parameter_name":"name","text":"Yui"}]}""";
        const string Link =
            """{"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"a?b=1"}]}""";
        const string Code =
            """{"type":"button","sub_type":"copy_code","index":"2","parameters":[{"type":"coupon_code","coupon_code":"SAVE25"}]}""";
        var header = HeaderOf("image", $$"""{"id":"{{picture}}"}""");
        var pdf = await UploadAsync(office, MadeFiles.Pdf);
        foreach (
            var (components, code) in new[]
            {
                ($"{Body},{Link},{Code}", "template_header_missing"),
                (
                    $"{HeaderOf("image", """{"link":"http://x.example/a.jpg"}""")},{Body},{Link},{Code}",
                    "template_header_missing"
                ),
                (
                    $"{HeaderOf("image", $$"""{"id":"{{new string('0', 64)}}"}""")},{Body},{Link},{Code}",
                    "media_not_found"
                ),
                ($"{HeaderOf("image", $$"""{"id":"{{pdf}}"}""")},{Body},{Link},{Code}", "media_type_not_allowed"),
                ($"{header},{Link},{Code}", "missing_variable"),
                ($"{header},{Body},{Code}", "missing_variable"),
                ($"{header},{Body},{Link}", "missing_variable"),
                ($"{header},{Body.Replace("Yui", @"a\nb")},{Link},{Code}", "invalid_message"),
            }
        )
            (await office.SendAsync(thread, SendOf("sale", components))).Code.ShouldBe(code, components);
        string Wrong(string part, string from, string to) =>
            $"{header},{Body},{Link},{Code}".Replace(part, part.Replace(from, to), StringComparison.Ordinal);
        foreach (
            var (components, place) in new[]
            {
                ($"{header},{Body},{Link},{Code},{Body}", "components[4]"),
                ($"{header},{Body},1", "components[2]"),
                (Wrong(Body, "\"body\"", "\"Body\""), "components[1].type"),
                (Wrong(Body, "\"type\":\"text\"", "\"type\":\"TEXT\""), "components[1].parameters[0].type"),
                (Wrong(Body, "\"parameter_name\":\"name\",", ""), "components[1].parameters[0].parameter_name"),
                (Wrong(Body, "\"name\"", "\"nmae\""), "components[1].parameters[0].parameter_name"),
                (Wrong(Body, "\"}]", "\"},{\"type\":\"text\"}]"), "components[1].parameters[1]"),
                (Wrong(Link, "\"1\"", "\"3\""), "components[2].index"),
                (Wrong(Link, "\"1\"", "\"01\""), "components[2].index"),
                (Wrong(Link, "\"1\"", "1.5"), "components[2].index"),
                (Wrong(Link, "\"index\":\"1\",", ""), "components[2].index"),
                (Wrong(Code, "\"2\"", "\"1\""), "components[3].index"),
                (Wrong(Link, "\"url\"", "\"URL\""), "components[2].sub_type"),
                (Wrong(Link, "\"url\"", "\"quick_reply\""), "components[2].sub_type"),
                (Wrong(Code, "\"type\":\"coupon_code\"", "\"type\":\"text\""), "components[3].parameters[0].type"),
                (Wrong(header, "\"type\":\"image\"", "\"type\":\"Image\""), "components[0].parameters[0].type"),
            }
        )
        {
            var refused = await office.SendAsync(thread, SendOf("sale", components));
            (refused.Status, refused.Code).ShouldBe((422, "template_component_wrong"), components);
            refused.Body!["place"]!.ToString().ShouldBe(place, components);
        }
        (await office.SentAsync()).ShouldBeEmpty();

        // An index may be a number, and a type that its content tells may be left out.
        var loose = Wrong(Link, "\"1\"", "1").Replace("\"type\":\"coupon_code\",", "", StringComparison.Ordinal);
        var sent = await office.AcceptedAsync(thread, SendOf("sale", loose));
        var message = await office.UntilAsync(sent, "sent", "delivered", "read");
        message.Media!.Id.ShouldBe(picture);
        var asked = JsonNode.Parse((await office.SentAsync()).Single()["body"]!.ToJsonString())!["template"]![
            "components"
        ]!;
        // Meta's own id, not ours.
        asked[0]!["parameters"]![0]!["image"]!["id"]!.ToString().ShouldNotBe(picture);
        asked[2]!["parameters"]![0]!["text"]!.ToString().ShouldBe("a?b=1");
    }

    [Fact]
    public async Task A_place_above_and_numbers_in_any_order()
    {
        var office = await product.OfficeAsync();
        await ApprovedAsync(
            office,
            """
            {"name":"where","language":"ja","category":"UTILITY","parameterFormat":"POSITIONAL","header":{"format":"LOCATION"},
             "body":"From {{2}} to {{1}} today.","samples":{"1":"Rossio","2":"Belém"}}
            """
        );
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        const string Body =
            """{"type":"body","parameters":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}""";
        (await office.SendAsync(thread, SendOf("where", Body, "ja"))).Code.ShouldBe("template_header_missing");
        var lost = HeaderOf("location", """{"latitude":200,"longitude":1}""");
        (await office.SendAsync(thread, SendOf("where", $"{lost},{Body}", "ja"))).Code.ShouldBe("invalid_message");
        var place = HeaderOf("location", """{"latitude":38.7139,"longitude":-9.1394,"name":"Rossio"}""");
        var sent = await office.AcceptedAsync(thread, SendOf("where", $"{place},{Body}", "ja"));
        (await office.UntilAsync(sent, "sent", "delivered", "read")).Text.ShouldBe("From two to one today.");
    }

    [Fact]
    public async Task What_is_known_of_the_customer_stands_in_it_and_what_is_not_is_missed_or_replaced()
    {
        var office = await product.OfficeAsync(templates: true);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var contact = (await office.AskAsync($"threads/{thread.Id}")).Body!["contact"]!["id"]!.ToString();
        var known = await office.AskAsync($"contacts/{contact}");
        (
            await office.CallAsync(
                HttpMethod.Patch,
                $"contacts/{contact}",
                $$"""{"version":{{known.Body!["version"]}},"givenName":"Zoë","language":"ja"}"""
            )
        ).Status.ShouldBe(200);
        var placeholders = (await office.AskAsync($"threads/{thread.Id}/placeholders")).Body!;
        placeholders["language"]!.ToString().ShouldBe("ja");
        ValueOf("contact.given_name").ShouldBe("Zoë");
        ValueOf("contact.email").ShouldBeNull();

        var missing = await office.SendAsync(thread, Order("{contact.email}"));
        missing.Code.ShouldBe("missing_variable");
        missing.Body!["placeholder"]!.ToString().ShouldBe("contact.email");
        foreach (var slip in new[] { "{contact.nmae|x}", "{{contact.name}}", "{contact.name|{agent.name}}" })
        {
            var refused = await office.SendAsync(thread, Order(slip));
            (refused.Status, refused.Code).ShouldBe((422, "placeholder_wrong"), slip);
            refused.Body!["placeholder"]!.ToString().ShouldStartWith("contact.n");
        }
        (await office.SentAsync()).ShouldBeEmpty();
        var sent = await office.AcceptedAsync(thread, Order("{Contact.Given_Name|there} {contact.email|and all}"));
        (await office.UntilAsync(sent, "sent", "delivered", "read")).Text!.ShouldContain("Zoë and all");
        // In what people write themselves braces are text.
        const string Braces = "{contact.nmae} {Contact.Name} {{x}}";
        var text = await office.AcceptedAsync(thread, Office.TextBody(Braces));
        (await office.UntilAsync(text, "sent", "delivered", "read")).Text.ShouldBe(Braces);
        var other = await product.OfficeAsync();
        (await other.AskAsync($"threads/{thread.Id}/placeholders")).Status.ShouldBe(404);

        string? ValueOf(string name) =>
            placeholders["items"]!.AsArray().Single(p => p!["name"]!.ToString() == name)!["value"]?.ToString();

        static string Order(string name) =>
            SendOf(
                "order_update",
                $$"""{"type":"body","parameters":[{"type":"text","text":"{{name}}"},{"type":"text","text":"4711"},{"type":"text","text":"now"}]}"""
            );
    }

    private static string HeaderOf(string type, string content) =>
        $$"""{"type":"header","parameters":[{"type":"{{type}}","{{type}}":{{content}} }]}""";

    private static string SendOf(string name, string components, string language = "en_US") =>
        $$"""{"type":"template","template":{"name":"{{name}}","language":{"code":"{{language}}" },"components":[{{components}}] } }""";

    private static async Task<string> UploadAsync(Office office, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        using var answer = await office.Http.PostAsync("media", content);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.ToString();
    }

    private static async Task ApprovedAsync(Office office, string template)
    {
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        var made = await office.PostAsync("templates", $$"""{"channelId":"{{channel}}","template":{{template}}}""");
        made.Status.ShouldBe(200, made.Body?.ToJsonString());
        await Eventually.IsTrueAsync(
            "the review has ended",
            async () =>
                (await office.AskAsync("templates/library")).Body!["items"]!
                    .AsArray()
                    .Any(t =>
                        t!["id"]!.ToString() == made.Body!["id"]!.ToString() && t["status"]!.ToString() == "APPROVED"
                    )
        );
    }
}
