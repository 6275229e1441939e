using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Usage;

/// <summary>Usage and prices through the doors (SPEC.md CO7, issue 6.9).</summary>
[Collection(nameof(MovedTime))]
public sealed class UsageTests(MovedTime product)
{
    private const string Card = """
        market,category,currency,price,valid from
        Japan,marketing,USD,0.086,2026-01-01
        Japan,utility,USD,0.0135,2026-01-01
        """;

    private static async Task<Answer> ImportAsync(HttpClient http, string card, string query = "")
    {
        using var content = new StringContent(card, Encoding.UTF8, "text/csv");
        using var answer = await http.PostAsync("prices" + query, content);
        var text = await answer.Content.ReadAsStringAsync();
        return new Answer((int)answer.StatusCode, JsonNode.Parse(text));
    }

    // What Meta says a message is charged as, with its delivery.
    private async Task ToldAsync(Office office, string messageId, string category, string type)
    {
        var message = await office.MessageAsync(messageId);
        var status = Hook.Status(message.Wamid!, "delivered", product.Now, messageId);
        status["pricing"] = new JsonObject
        {
            ["billable"] = type == "regular",
            ["pricing_model"] = "PMP",
            ["type"] = type,
            ["category"] = category,
        };
        (await office.StatusesAsync(status)).ShouldBe(200);
        await Eventually.IsTrueAsync(
            "what Meta charges it as is stored",
            async () =>
                await office.CountAsync("messages", $"price_category = '{category}' and price_type = '{type}'") == 1
        );
    }

    // Other tests move the clock too: the last two months, wherever it stands.
    private string Lately => $"from={product.Now.AddDays(-60):yyyy-MM-dd}&to={product.Now.AddDays(1):yyyy-MM-dd}";

    private async Task<JsonNode> UsageAsync(Office office, string query = "") =>
        (await office.AskAsync($"usage?{Lately}{query}")).Body!;

    [Fact]
    public async Task What_left_is_counted_by_day_number_template_and_person_and_priced_by_the_card()
    {
        var person = Browser.NewPerson("agent", "Aiko");
        var office = await product.OfficeAsync(templates: true, agents: [person]);
        using var aiko = await Browser.OfAsync(product, person);
        var open = await office.HearOnPhoneAsync(Office.NewCustomer());
        var reply = (
            await aiko.Http.PostAsync(
                $"threads/{open.Id}/messages",
                new StringContent(Office.TextBody("Hello"), Encoding.UTF8, "application/json")
                {
                    Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
                }
            )
        ).StatusCode;
        reply.ShouldBe(HttpStatusCode.Accepted);
        var closed = await office.HearAsync(Office.NewCustomer(), at: product.Now.AddHours(-30));
        var sent = await office.AcceptedAsync(closed, Office.Template);
        await office.UntilAsync(sent, "delivered");
        await Eventually.IsTrueAsync(
            "the reply is delivered too",
            async () => await office.CountAsync("messages", "direction = 1 and status = 4") == 2
        );
        await ToldAsync(office, sent, "marketing", "regular");

        var before = await UsageAsync(office);
        before["currency"].ShouldBeNull("no prices are loaded");
        before["total"]!["cost"].ShouldBeNull();
        (await ImportAsync(office.Http, Card)).Status.ShouldBe(200);

        var day = (await UsageAsync(office))["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((int)day["sent"]!, (int)day["delivered"]!, (int)day["conversations"]!).ShouldBe((2, 2, 1));
        ((int)day["charged"]!, (int)day["unpriced"]!, day["cost"]!.ToString()).ShouldBe((1, 0, "0.086"));
        day["categories"]!
            .AsArray()
            .Select(c => (c!["category"]!.ToString(), (int)c["charged"]!))
            .ShouldBe([("marketing", 1), ("service", 0)]);
        var numbers = (await UsageAsync(office, "&by=number"))["items"]!;
        numbers.AsArray().ShouldHaveSingleItem()!["name"]!.ToString().ShouldBe("Reception");
        var templates = (await UsageAsync(office, "&by=template"))["items"]!.AsArray();
        templates.Select(t => t!["key"]?.ToString()).ShouldBe([null, "continue_conversation/en_US"]);
        var people = (await UsageAsync(office, "&by=agent"))["items"]!.AsArray();
        people
            .Select(p => (p!["name"]?.ToString(), (int)p["sent"]!))
            .ShouldBe([(null, 1), ("Aiko", 1)], ignoreOrder: true);
        var file = await office.Http.GetStringAsync($"usage/export?{Lately}&by=template");
        file.ShouldContain("continue_conversation/en_US,,1,1,0,1,1,0,0.086,USD");
    }

    [Fact]
    public async Task A_card_with_one_wrong_row_changes_nothing_and_another_currency_is_refused()
    {
        var office = await product.OfficeAsync();
        (await ImportAsync(office.Http, Card)).Status.ShouldBe(200);

        var wrong = await ImportAsync(
            office.Http,
            Card.Replace("0.086", "0.09") + "\nAtlantis,utility,USD,1,2026-01-01"
        );
        (wrong.Status, wrong.Code).ShouldBe((422, "rate_card_invalid"));
        (wrong.Body!["faults"]![0]!["row"]!.GetValue<int>(), wrong.Body["faults"]![0]!["code"]!.ToString()).ShouldBe(
            (4, "market_unknown")
        );
        var euros = await ImportAsync(office.Http, Card.Replace("USD", "EUR"));
        (euros.Status, euros.Code).ShouldBe((409, "price_currency_differs"));

        var prices = await office.GetAsync<JsonObject>("prices");
        prices["items"]!
            .AsArray()
            .Select(p => p!["price"]!.ToString())
            .ShouldBe(["0.086", "0.0135"], ignoreOrder: true);
        (await office.CallAsync(HttpMethod.Delete, "prices")).Status.ShouldBe(204);
        (await ImportAsync(office.Http, Card.Replace("USD", "EUR"))).Status.ShouldBe(200);
        var audit = (await office.AskAsync("audit")).Body!["items"]!.AsArray().Select(a => a!["action"]!.ToString());
        audit
            .Where(a => a.StartsWith("prices", StringComparison.Ordinal))
            .ShouldBe(["prices.imported", "prices.removed", "prices.imported"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("by=week")]
    [InlineData("from=2026-03-02&to=2026-03-01")]
    [InlineData("from=2025-03-02&to=2026-03-01")]
    public async Task A_period_that_is_none_is_refused(string query)
    {
        var office = await product.OfficeAsync();

        (await office.AskAsync($"usage?{query}")).Code.ShouldBe("bad_request");
    }

    [Fact]
    public async Task Supervisors_change_no_prices()
    {
        var supervisor = Browser.NewPerson("supervisor");
        await product.OfficeAsync(agents: [supervisor]);
        using var two = await Browser.OfAsync(product, supervisor);

        (await ImportAsync(two.Http, Card)).Code.ShouldBe("not_allowed");
        (await two.DeleteAsync("prices")).Code.ShouldBe("not_allowed");
    }
}
