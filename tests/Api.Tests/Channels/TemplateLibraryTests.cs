using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Channels;

/// <summary>Templates are made, reviewed, changed and deleted from here, and what may be sent follows. What agents see of it: <c>ScenarioS14Tests</c>.</summary>
[Collection(nameof(RealTime))]
public sealed class TemplateLibraryTests(RealTime product)
{
    internal const string Draft = """
        {"name":"order_ready","language":"en_US","category":"UTILITY","parameterFormat":"NAMED",
         "header":{"format":"TEXT","text":"Order {{number}}"},"body":"Hello {{first_name}}, it is ready.","footer":"Sakura",
         "buttons":[{"type":"QUICK_REPLY","text":"Thanks"},{"type":"URL","text":"Open","url":"https://x.example/{{1}}","example":"https://x.example/1"}],
         "samples":{"first_name":"Rita","header":"4711"}}
        """;

    internal static async Task<JsonNode?> FindAsync(Office office, string name) =>
        (await office.AskAsync("templates/library")).Body!["items"]!
            .AsArray()
            .FirstOrDefault(t => t!["template"]!["name"]!.ToString() == name);

    internal static async Task<Answer> CreateAsync(Office office, string draft)
    {
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        return await office.PostAsync("templates", $$"""{"channelId":"{{channel}}","template":{{draft}}}""");
    }

    [Fact]
    public async Task What_Meta_would_refuse_is_said_field_by_field_and_Meta_is_not_asked()
    {
        var office = await product.OfficeAsync();
        var refused = await CreateAsync(
            office,
            """
            {"name":"Order ready","language":"en_US","category":"UTILITY","parameterFormat":"POSITIONAL","body":"{{1}} hello","samples":{}}
            """
        );
        refused.Code.ShouldBe("template_invalid");
        refused.Body!["faults"]!
            .AsArray()
            .Select(f => $"{f!["field"]}: {f["code"]}")
            .ShouldBe(["name: name", "body: variable_at_edge", "samples.1: missing"]);
        (await FindAsync(office, "Order ready")).ShouldBeNull();
    }

    [Fact]
    public async Task It_is_changed_once_reviewed_and_deleted_for_good()
    {
        var office = await product.OfficeAsync();
        var id = (await CreateAsync(office, Draft)).Body!["id"]!.ToString();
        var changed = Draft.Replace("it is ready", "it waits for you");
        (await office.CallAsync(HttpMethod.Put, $"templates/{id}", changed)).Code.ShouldBe("template_in_review");
        await Eventually.IsTrueAsync(
            "the review has ended",
            async () => (await FindAsync(office, "order_ready"))!["status"]!.ToString() == "APPROVED"
        );
        (
            await office.CallAsync(HttpMethod.Put, $"templates/{id}", changed.Replace("UTILITY", "MARKETING"))
        ).Code.ShouldBe("template_category_fixed");
        (await office.CallAsync(HttpMethod.Put, $"templates/{id}", changed)).Status.ShouldBe(200);
        (await FindAsync(office, "order_ready"))!["template"]!["body"]!.ToString().ShouldContain("waits for you");
        // The same name and language once more is Meta's to refuse, in its words.
        var twice = await CreateAsync(office, Draft);
        twice.Code.ShouldBe("meta_refused");
        twice.Body!["detail"]!.ToString().ShouldContain("exists");
        (await office.CallAsync(HttpMethod.Delete, $"templates/{id}")).Status.ShouldBe(204);
        (await FindAsync(office, "order_ready")).ShouldBeNull();
        (await office.CallAsync(HttpMethod.Delete, $"templates/{id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Nobody_reaches_the_templates_of_another_account()
    {
        var office = await product.OfficeAsync();
        var id = (await CreateAsync(office, Draft)).Body!["id"]!.ToString();
        var other = await product.OfficeAsync();
        (await other.CallAsync(HttpMethod.Put, $"templates/{id}", Draft)).Status.ShouldBe(404);
        (await other.CallAsync(HttpMethod.Delete, $"templates/{id}")).Status.ShouldBe(404);
        (await FindAsync(other, "order_ready")).ShouldBeNull();
        (await FindAsync(office, "order_ready")).ShouldNotBeNull();
    }
}
