using System.Net;
using System.Net.Http.Json;
using Threadkeep.Sandbox.Tests.Support;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Templates;

public sealed class TemplateTests
{
    [Theory]
    [InlineData(
        "order_update",
        "ja",
        """{"type":"text","text":"x"}""",
        400,
        132000,
        "(1) does not match the expected number of params (3)"
    )]
    [InlineData("order_update", "pt_PT", "", 404, 132001, "template name (order_update) does not exist in pt_PT")]
    [InlineData(
        "continue_conversation",
        "ja",
        """{"type":"text","parameter_name":"other","text":"x"}""",
        400,
        132012,
        "other"
    )]
    [InlineData(
        "continue_conversation",
        "ja",
        """{"type":"image","image":{"id":"1"}}""",
        400,
        132012,
        "received image"
    )]
    [InlineData(
        "continue_conversation",
        "ja",
        """{"type":"text","parameter_name":"customer_name","text":"a\nb"}""",
        400,
        132018,
        "new-line"
    )]
    public async Task Parameters_are_checked_against_the_template(
        string name,
        string language,
        string parameters,
        int status,
        int code,
        string details
    )
    {
        await using var sandbox = await StartAsync();
        var answer = await SendAsync(sandbox, name, language, parameters);
        answer.Status.ShouldBe(status);
        answer.Body["error"]!["code"]!.GetValue<int>().ShouldBe(code);
        answer.Body["error"]!["error_data"]!["details"]!.ToString().ShouldContain(details);
    }

    [Theory]
    [InlineData("PAUSED", 400, 132015)]
    [InlineData("DISABLED", 400, 132016)]
    [InlineData("REJECTED", 404, 132001)]
    public async Task Only_approved_ones_can_be_sent_and_the_change_is_told(string status, int http, int code)
    {
        await using var sandbox = await StartAsync();
        using var set = await sandbox.Control.PostAsJsonAsync(
            "/control/templates/continue_conversation/status",
            new { status, language = "ja" }
        );
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        var told = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0].Values.Single();
        told["event"]!.ToString().ShouldBe(status);
        told["message_template_name"]!.ToString().ShouldBe("continue_conversation");

        var parameters = """{"type":"text","parameter_name":"customer_name","text":"x"}""";
        var answer = await SendAsync(sandbox, "continue_conversation", "ja", parameters);
        answer.Status.ShouldBe(http);
        answer.Body["error"]!["code"]!.GetValue<int>().ShouldBe(code);
    }

    [Fact]
    public async Task The_list_comes_in_pages()
    {
        await using var sandbox = await StartAsync();
        var names = new List<string>();
        var path = $"{Waba}/message_templates?limit=4&fields=name,language,status";
        var pages = 0;
        while (path is not null)
        {
            var (status, body) = await sandbox.GetAsync(path);
            status.ShouldBe(200);
            names.AddRange(body["data"]!.AsArray().Select(t => $"{t!["name"]} {t["language"]} {t["status"]}"));
            path = body["paging"]!["next"]?.ToString();
            pages++;
        }
        pages.ShouldBe(2);
        names.Count.ShouldBe(8);
        names.Distinct().Count().ShouldBe(8);
        names.ShouldContain("order_update ja APPROVED");
    }

    [Fact]
    public async Task A_new_template_is_reviewed_edited_sent_and_deleted()
    {
        await using var sandbox = await StartAsync();
        var create = """
            {"name":"thanks","language":"ja","category":"UTILITY","components":[{"type":"BODY","text":"こんにちは、{{1}}様。"}]}
            """;
        var (status, body) = await sandbox.PostAsync($"{Waba}/message_templates", create);
        status.ShouldBe(200, body.ToJsonString());
        body["status"]!.ToString().ShouldBe("PENDING");
        var id = body["id"]!.ToString();
        (await sandbox.PostAsync($"{Waba}/message_templates", create)).Body["error"]!["error_subcode"]!
            .GetValue<int>()
            .ShouldBe(2388024);
        (await SendAsync(sandbox, "thanks", "ja", """{"type":"text","text":"x"}""")).Status.ShouldBe(404);

        var approved = await sandbox.Receiver.UntilAsync(r => r.Length >= 1);
        approved[0].Values.Single()["event"]!.ToString().ShouldBe("APPROVED");
        (await SendAsync(sandbox, "thanks", "ja", """{"type":"text","text":"x"}""")).Status.ShouldBe(200);

        var edit = """{"components":[{"type":"BODY","text":"ありがとうございます。"}]}""";
        (await sandbox.PostAsync(id, edit)).Status.ShouldBe(200);
        (await sandbox.GetAsync(id)).Body["components"]![0]!["text"]!.ToString().ShouldBe("ありがとうございます。");

        using (var deleted = await sandbox.Graph.DeleteAsync($"{Waba}/message_templates?name=thanks"))
            deleted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await sandbox.GetAsync(id)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData(
        """{"name":"Bad Name","language":"ja","category":"UTILITY","components":[{"type":"BODY","text":"x"}]}"""
    )]
    [InlineData("""{"name":"x","language":"ja","category":"UTILITY","components":[]}""")]
    [InlineData(
        """{"name":"x","language":"ja","category":"UTILITY","components":[{"type":"BODY","text":"{{1}} x"}]}"""
    )]
    [InlineData(
        """{"name":"x","language":"ja","category":"UTILITY","components":[{"type":"BODY","text":"a {{2}} b"}]}"""
    )]
    public async Task Senseless_templates_are_refused(string template)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.PostAsync($"{Waba}/message_templates", template);
        status.ShouldBe(400);
        body["error"]!["code"]!.GetValue<int>().ShouldBe(100);
    }

    private static Task<(int Status, System.Text.Json.Nodes.JsonNode Body)> SendAsync(
        RunningSandbox sandbox,
        string name,
        string language,
        string parameters
    ) =>
        sandbox.SendAsync(
            Yui,
            $$$$"""{"type":"template","template":{"name":"{{{{name}}}}","language":{"code":"{{{{language}}}}"},"components":[{"type":"body","parameters":[{{{{parameters}}}}]}]}}"""
        );
}
