using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Tests.Support;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Messages;

public sealed class RefusalTests
{
    [Fact]
    public async Task Without_a_good_bearer_it_is_401_with_190()
    {
        await using var sandbox = await StartAsync();
        sandbox.Graph.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        var (status, body) = await sandbox.SendAsync(Yui, """{"type":"text","text":{"body":"x"}}""");
        status.ShouldBe(401);
        var error = Error(body);
        error["code"]!.GetValue<int>().ShouldBe(190);
        error["type"]!.ToString().ShouldBe("OAuthException");
        error["message"]!.ToString().ShouldBe("Invalid OAuth access token - Cannot parse access token");
        error["fbtrace_id"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("123/messages")]
    [InlineData("123/unheard_of")]
    [InlineData("123")]
    public async Task An_unknown_object_is_100_with_subcode_33(string path)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.PostAsync(path, """{"messaging_product":"whatsapp"}""");
        status.ShouldBe(400);
        var error = Error(body);
        error["code"]!.GetValue<int>().ShouldBe(100);
        error["error_subcode"]!.GetValue<int>().ShouldBe(33);
        error["type"]!.ToString().ShouldBe("GraphMethodException");
        error["message"]!
            .ToString()
            .ShouldStartWith("Unsupported post request. Object with ID '123' does not exist, cannot be loaded");
    }

    [Fact]
    public async Task The_product_must_be_named()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.PostAsync(
            $"{Number}/messages",
            """{"to":"819012345678","type":"text","text":{"body":"x"}}"""
        );
        status.ShouldBe(400);
        Error(body)["message"]!.ToString().ShouldBe("(#100) The parameter messaging_product is required.");
    }

    [Fact]
    public async Task A_number_that_is_not_registered_is_133010_until_it_is()
    {
        await using var sandbox = await StartAsync();
        (await sandbox.PostAsync($"{Number}/deregister", "{}")).Status.ShouldBe(200);
        var (status, body) = await sandbox.SendAsync(Yui, """{"type":"text","text":{"body":"x"}}""");
        status.ShouldBe(400);
        Error(body)["code"]!.GetValue<int>().ShouldBe(133010);

        var pin = """{"messaging_product":"whatsapp","pin":"123456"}""";
        (await sandbox.PostAsync($"{Number}/register", pin)).Status.ShouldBe(200);
        await sandbox.SendTextAsync(Yui);
    }

    [Fact]
    public async Task Text_may_have_4096_characters_and_a_caption_1024()
    {
        await using var sandbox = await StartAsync();
        await sandbox.SendTextAsync(Yui, new string('あ', 4096));
        await Refused(sandbox, Text(4097), "text.body");
        await Refused(sandbox, Image(1025), "image.caption");

        static string Text(int length) => $$$"""{"type":"text","text":{"body":"{{{new string('x', length)}}}"}}""";
        static string Image(int length) =>
            $$$"""{"type":"image","image":{"link":"https://example.com/a.jpg","caption":"{{{new string('x', length)}}}"}}""";
    }

    [Theory]
    [InlineData("""{"type":"image","image":{"id":"42"}}""", "image.id")]
    [InlineData("""{"type":"carrier_pigeon"}""", "carrier_pigeon")]
    [InlineData("""{"type":"location","location":{"latitude":"200","longitude":"0"}}""", "location.latitude")]
    [InlineData(
        """{"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[{"reply":{"id":"a","title":"123456789012345678901"}}]}}}""",
        "interactive.action.buttons.reply.title"
    )]
    [InlineData(
        """{"type":"interactive","interactive":{"type":"list","body":{"text":"x"},"action":{"button":"Choose","sections":[]}}}""",
        "interactive.action.sections"
    )]
    public async Task A_value_that_is_not_valid_is_131009_and_the_field_is_named(string message, string field)
    {
        await using var sandbox = await StartAsync();
        await Refused(sandbox, message, field);
    }

    private static async Task Refused(RunningSandbox sandbox, string message, string field)
    {
        var (status, body) = await sandbox.SendAsync(Yui, message);
        status.ShouldBe(400);
        Error(body)["code"]!.GetValue<int>().ShouldBe(131009);
        Error(body)["error_data"]!["details"]!.ToString().ShouldContain(field);
    }

    private static JsonNode Error(JsonNode body) => body["error"]!;
}
