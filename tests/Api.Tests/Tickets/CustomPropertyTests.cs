using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Tickets;

[Collection(nameof(MovedTime))]
public sealed class CustomPropertyTests(MovedTime product)
{
    private static async Task<JsonNode> DefineAsync(Office office, string json)
    {
        var made = await office.PostAsync("ticket-properties", json);
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        return made.Body!;
    }

    private static Task<Answer> SetAsync(Office office, string ticket, string id, string value, string more = "") =>
        office.CallAsync(HttpMethod.Patch, $"tickets/{ticket}", $$"""{"properties":{"{{id}}":{{value}}}{{more}}}""");

    private static async Task<(SeenThread Thread, string Ticket)> HearAsync(Office office)
    {
        var thread = await office.HearAsync(Office.NewCustomer());
        return (thread, (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!.ToString());
    }

    private static async Task<string[]> FoundAsync(Office office, string filters, string sort = "")
    {
        var view = await office.PostAsync("views", $$"""{"name":"v","filters":[{{filters}}]{{sort}}}""");
        view.Status.ShouldBe(201, view.Body?.ToJsonString());
        var page = await office.AskAsync($"views/{view.Id}/threads");
        page.Status.ShouldBe(200, page.Body?.ToJsonString());
        return [.. page.Body!["items"]!.AsArray().Select(t => t!["id"]!.ToString())];
    }

    private const string Reasons =
        """{"label":"理由","type":"choice","choices":[{"label":"破損"},{"label":"誤送"}],"askOnClose":true}""";

    [Fact]
    public async Task A_value_is_kept_told_and_changed_only_from_its_version()
    {
        var office = await product.OfficeAsync();
        var property = await DefineAsync(office, Reasons);
        var (id, broken) = (property["id"]!.ToString(), property["choices"]![0]!["id"]!.ToString());
        property["askOnClose"]!.GetValue<bool>().ShouldBeTrue();
        var (thread, ticket) = await HearAsync(office);

        (await SetAsync(office, ticket, id, $"\"{broken}\"", ",\"version\":1")).Status.ShouldBe(200);
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["properties"]![id]!
            .ToString()
            .ShouldBe(broken);
        var told = (await office.MessagesAsync(thread, events: true)).Last(m => m.Type == "ticket_changed");
        told.Data!["changes"]!["properties"]![id]!["to"]!.ToString().ShouldBe(broken);

        // The same again is no change; another from an old version is refused, and nothing of it is kept.
        (await SetAsync(office, ticket, id, $"\"{broken}\"", ",\"version\":1")).Status.ShouldBe(200);
        (await SetAsync(office, ticket, id, "null", ",\"version\":1")).Code.ShouldBe("ticket_changed");
        // The customer's next message leaves it.
        await office.HearAsync(thread.Customer.WaId!, "Hello?");
        var emptied = await SetAsync(office, ticket, id, "null", ",\"version\":2");
        emptied.Body!["properties"]!.AsObject().ShouldBeEmpty();
        emptied.Body!["version"]!.GetValue<int>().ShouldBe(3);
    }

    [Theory]
    [InlineData("text", "\"　返品 🎁 \"", "\"返品 🎁\"")]
    [InlineData("text", "\"a\\nb\"", null)]
    [InlineData("text", "7", null)]
    [InlineData("text", "\"\\ud800\"", null)]
    [InlineData("number", "12.50", "12.50")]
    [InlineData("number", "\"12\"", null)]
    [InlineData("number", "1e40", null)]
    [InlineData("date", "\"2026-02-28\"", "\"2026-02-28\"")]
    [InlineData("date", "\"2026-02-30\"", null)]
    [InlineData("date", "\"2026-02-28T00:00:00Z\"", null)]
    [InlineData("flag", "false", "false")]
    [InlineData("flag", "\"yes\"", null)]
    [InlineData("choice", "\"破損\"", null)]
    [InlineData("choices", "\"a\"", null)]
    public async Task A_value_that_does_not_fit_is_refused(string type, string value, string? kept)
    {
        var office = await product.OfficeAsync();
        var choices = type is "choice" or "choices" ? ",\"choices\":[{\"label\":\"破損\"}]" : "";
        var property = await DefineAsync(office, $$"""{"label":"x","type":"{{type}}"{{choices}}}""");
        var id = property["id"]!.ToString();
        var (_, ticket) = await HearAsync(office);
        var answer = await SetAsync(office, ticket, id, value);
        if (kept is null)
        {
            answer.Code.ShouldBe("property_value_invalid");
            answer.Body!["property"]!.ToString().ShouldBe(id);
            return;
        }
        answer.Status.ShouldBe(200, answer.Body?.ToJsonString());
        answer.Body!["properties"]![id]!.ToJsonString().ShouldBe(JsonNode.Parse(kept)!.ToJsonString());
    }

    [Fact]
    public async Task Views_filter_sort_and_show_them()
    {
        var office = await product.OfficeAsync();
        var reason = await DefineAsync(office, Reasons);
        var (r, broken, wrong) = (
            reason["id"]!.ToString(),
            reason["choices"]![0]!["id"]!.ToString(),
            reason["choices"]![1]!["id"]!.ToString()
        );
        var parts = await DefineAsync(
            office,
            """{"label":"Parts","type":"choices","choices":[{"label":"a"},{"label":"b"}]}"""
        );
        var (p, a, b) = (
            parts["id"]!.ToString(),
            parts["choices"]![0]!["id"]!.ToString(),
            parts["choices"]![1]!["id"]!.ToString()
        );
        var n = (await DefineAsync(office, """{"label":"Amount","type":"number"}"""))["id"]!.ToString();
        var d = (await DefineAsync(office, """{"label":"Due","type":"date"}"""))["id"]!.ToString();
        var f = (await DefineAsync(office, """{"label":"Paid","type":"flag"}"""))["id"]!.ToString();
        var t = (await DefineAsync(office, """{"label":"Order","type":"text"}"""))["id"]!.ToString();
        var (first, one) = await HearAsync(office);
        var (second, two) = await HearAsync(office);
        var (third, _) = await HearAsync(office);
        (
            await office.CallAsync(
                HttpMethod.Patch,
                $"tickets/{one}",
                $$"""{"properties":{"{{r}}":"{{wrong}}","{{p}}":["{{b}}","{{a}}"],"{{n}}":9,"{{d}}":"2026-03-01","{{f}}":true,"{{t}}":"A-1"} }"""
            )
        ).Status.ShouldBe(200);
        (
            await office.CallAsync(
                HttpMethod.Patch,
                $"tickets/{two}",
                $$"""{"properties":{"{{r}}":"{{broken}}","{{p}}":["{{b}}"],"{{n}}":10,"{{d}}":"2026-03-02","{{f}}":false} }"""
            )
        ).Status.ShouldBe(200);

        string Is(string id, string values) =>
            $$"""{"property":"property.{{id}}","operator":"anyOf","values":[{{values}}]}""";
        string Without(string id, string op) => $$"""{"property":"property.{{id}}","operator":"{{op}}"}""";
        (await FoundAsync(office, Is(r, $"\"{wrong}\""))).ShouldBe([first.Id]);
        (await FoundAsync(office, Is(r, $"\"{wrong}\",\"{broken}\""))).Order().ShouldBe(Ids(first, second));
        (await FoundAsync(office, Is(p, $"\"{a}\""))).ShouldBe([first.Id]);
        (await FoundAsync(office, Is(f, "\"false\""))).ShouldBe([second.Id]);
        (await FoundAsync(office, Is(t, "\"a-1\""))).ShouldBe([first.Id]);
        var not = Is(r, $"\"{wrong}\"").Replace("anyOf", "noneOf", StringComparison.Ordinal);
        (await FoundAsync(office, not)).Order().ShouldBe(Ids(second, third));
        (await FoundAsync(office, Without(f, "known"))).Order().ShouldBe(Ids(first, second));
        (await FoundAsync(office, Without(p, "unknown"))).ShouldBe([third.Id]);
        (await FoundAsync(office, Between(n, "10", null))).ShouldBe([second.Id]);
        (await FoundAsync(office, Between(d, null, "2026-03-01"))).ShouldBe([first.Id]);
        var byNumber =
            $$""","sort":"property.{{n}}","descending":false,"columns":["property.{{n}}","property.{{p}}"]""";
        (await FoundAsync(office, "", byNumber)).ShouldBe([first.Id, second.Id, third.Id]);
        // By the choices' places: the first choice comes first.
        var byChoice = $$""","sort":"property.{{r}}","descending":false""";
        (await FoundAsync(office, "", byChoice)).ShouldBe([second.Id, first.Id, third.Id]);
        var bad = await office.PostAsync("views", $$"""{"name":"v","filters":[{{Between(d, "soon", null)}}]}""");
        bad.Status.ShouldBe(400);

        static string[] Ids(params SeenThread[] threads) => [.. threads.Select(x => x.Id).Order()];
        static string Between(string id, string? from, string? to) =>
            new JsonObject
            {
                ["property"] = $"property.{id}",
                ["operator"] = "between",
                ["from"] = from,
                ["to"] = to,
            }.ToJsonString();
    }

    [Fact]
    public async Task A_view_of_an_archived_or_deleted_property_opens_and_says_so()
    {
        var office = await product.OfficeAsync();
        var id = (await DefineAsync(office, """{"label":"Paid","type":"flag"}"""))["id"]!.ToString();
        var key = $"property.{id}";
        var (thread, ticket) = await HearAsync(office);
        (await SetAsync(office, ticket, id, "true")).Status.ShouldBe(200);
        var view = await office.PostAsync(
            "views",
            $$"""{"name":"v","filters":[{"property":"{{key}}","operator":"anyOf","values":["false"]}],"columns":["{{key}}"],"sort":"{{key}}"}"""
        );

        (await office.CallAsync(HttpMethod.Delete, $"ticket-properties/{id}")).Code.ShouldBe("property_in_use");
        (await ArchiveAsync(1, true)).Status.ShouldBe(200);
        (await office.AskAsync($"views/{view.Id}")).Body!["missing"]!
            .AsArray()
            .ShouldHaveSingleItem()!
            .ToString()
            .ShouldBe(key);
        (await office.AskAsync($"views/{view.Id}/threads")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await office.AskAsync("views/counts")).Body!["counts"]![view.Id]!.GetValue<int>().ShouldBe(1);
        // What is archived is not set any more, and keeps its values.
        (await SetAsync(office, ticket, id, "false")).Code.ShouldBe("property_not_found");
        (await office.AskAsync($"tickets/{ticket}")).Body!["properties"]![id]!.GetValue<bool>().ShouldBeTrue();
        // The view's name can be changed with it still in it.
        (await office.CallAsync(HttpMethod.Patch, $"views/{view.Id}", """{"version":1,"name":"w"}""")).Status.ShouldBe(
            200
        );
        (await ArchiveAsync(2, false)).Status.ShouldBe(200);
        (await office.AskAsync($"views/{view.Id}/threads")).Body!["items"]!.AsArray().ShouldBeEmpty();

        (await ArchiveAsync(3, true)).Status.ShouldBe(200);
        (await office.CallAsync(HttpMethod.Delete, $"ticket-properties/{id}")).Status.ShouldBe(204);
        (await office.AskAsync($"views/{view.Id}")).Body!["missing"]!.AsArray().Count.ShouldBe(1);
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["properties"]!.AsObject().ShouldBeEmpty();
        (await office.CountAsync("audit_log", "action like 'ticket_property.%'")).ShouldBe(5);

        Task<Answer> ArchiveAsync(int version, bool archived) =>
            office.CallAsync(
                HttpMethod.Patch,
                $"ticket-properties/{id}",
                $$"""{"version":{{version}},"archived":{{(archived ? "true" : "false")}}}"""
            );
    }

    [Fact]
    public async Task Choices_that_are_left_out_are_archived_and_two_editors_do_not_undo_each_other()
    {
        var office = await product.OfficeAsync();
        var property = await DefineAsync(office, Reasons);
        var (id, second) = (property["id"]!.ToString(), property["choices"]![1]!["id"]!.ToString());
        var change = $$"""{"version":1,"choices":[{"label":"新"},{"id":"{{second}}","label":"誤配送"}]}""";
        var changed = await office.CallAsync(HttpMethod.Patch, $"ticket-properties/{id}", change);
        changed.Status.ShouldBe(200, changed.Body?.ToJsonString());
        changed.Body!["choices"]!
            .AsArray()
            .Select(c => (c!["label"]!.ToString(), c["archived"]!.GetValue<bool>()))
            .ShouldBe([("新", false), ("誤配送", false), ("破損", true)]);
        (await office.CallAsync(HttpMethod.Patch, $"ticket-properties/{id}", change)).Code.ShouldBe("property_changed");
        (await office.PostAsync("ticket-properties", Reasons)).Code.ShouldBe("name_taken");
    }

    [Fact]
    public async Task A_macro_may_set_them_and_not_what_is_none_of_their_values()
    {
        var office = await product.OfficeAsync();
        var id = (await DefineAsync(office, """{"label":"Amount","type":"number"}"""))["id"]!.ToString();
        (await office.PostAsync("macros", Macro("\"ten\""))).Code.ShouldBe("property_value_invalid");
        var made = await office.PostAsync("macros", Macro("10"));
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        var list = await office.AskAsync("macros");
        list.Body!["items"]![0]!["actions"]!["properties"]![id]!.GetValue<int>().ShouldBe(10);

        string Macro(string value) => $$"""{"name":"m","actions":{"properties":{"{{id}}":{{value}}} } }""";
    }
}
