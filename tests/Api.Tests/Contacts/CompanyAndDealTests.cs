using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Contacts;

[Collection(nameof(RealTime))]
public sealed class CompanyAndDealTests(RealTime product)
{
    private static async Task<JsonNode> MadeAsync(Office office, string path, string json)
    {
        var answer = await office.PostAsync(path, json);
        answer.Status.ShouldBe(201, answer.Body?.ToJsonString());
        return answer.Body!;
    }

    private static async Task<JsonArray> ItemsAsync(Office office, string path) =>
        (await office.AskAsync(path)).Body!["items"]!.AsArray();

    [Fact]
    public async Task A_company_and_a_deal_are_made_changed_found_and_associated()
    {
        var office = await product.OfficeAsync();
        var contact = (await MadeAsync(office, "contacts", """{"familyName":"田中"}"""))["id"]!.ToString();
        var company = await MadeAsync(
            office,
            "companies",
            """{"name":"株式会社アケボノ","domain":"akebono.example","phone":"03-1234-5678","city":"東京"}"""
        );
        company["phone"]!.ToString().ShouldBe("+81312345678");
        var deal = await MadeAsync(
            office,
            "deals",
            """{"name":"Spring order","amount":1250000.5,"currency":"JPY","closeDate":"2026-04-30"}"""
        );
        deal["stage"]!.ToString().ShouldBe("new");
        deal["closeDate"]!.ToString().ShouldBe("2026-04-30");
        deal["amount"]!.GetValue<decimal>().ShouldBe(1250000.5m);
        var (c, d) = (company["id"]!.ToString(), deal["id"]!.ToString());

        foreach (var path in new[] { $"contacts/{contact}/companies/{c}", $"contacts/{contact}/deals/{d}" })
        {
            // Said twice it is so once.
            (await office.CallAsync(HttpMethod.Put, path)).Status.ShouldBe(204);
            (await office.CallAsync(HttpMethod.Put, path)).Status.ShouldBe(204);
        }
        (await ItemsAsync(office, $"contacts/{contact}/companies")).Single()!["name"]!
            .ToString()
            .ShouldBe("株式会社アケボノ");
        (await ItemsAsync(office, $"deals/{d}/contacts")).Single()!["id"]!.ToString().ShouldBe(contact);
        (await ItemsAsync(office, $"contacts/{contact}/timeline"))
            .Select(i => i!["kind"]!.ToString())
            .ShouldBe(["deal_added", "company_added", "created"]);
        (await ItemsAsync(office, $"companies?q={Uri.EscapeDataString("ｱｹﾎﾞﾉ")}")).Count.ShouldBe(1);
        (await ItemsAsync(office, "deals?q=autumn")).ShouldBeEmpty();

        var won = await office.CallAsync(
            HttpMethod.Patch,
            $"deals/{d}",
            """{"version":1,"stage":"won","amount":null}"""
        );
        won.Body!["stage"]!.ToString().ShouldBe("won");
        won.Body["amount"].ShouldBeNull();
        won.Body["name"]!.ToString().ShouldBe("Spring order");
        var late = await office.CallAsync(HttpMethod.Patch, $"deals/{d}", """{"version":1,"stage":"lost"}""");
        (late.Status, late.Code).ShouldBe((409, "record_changed"));

        (await office.CallAsync(HttpMethod.Delete, $"contacts/{contact}/companies/{c}")).Status.ShouldBe(204);
        (await ItemsAsync(office, $"companies/{c}/contacts")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_belongs_to_a_merged_contact_is_the_others_until_that_is_taken_back()
    {
        var office = await product.OfficeAsync();
        var one = (await MadeAsync(office, "contacts", """{"familyName":"One"}"""))["id"]!.ToString();
        var two = (await MadeAsync(office, "contacts", """{"familyName":"Two"}"""))["id"]!.ToString();
        var deal = (await MadeAsync(office, "deals", """{"name":"Deal"}"""))["id"]!.ToString();
        await office.CallAsync(HttpMethod.Put, $"contacts/{one}/deals/{deal}");
        var merged = await office.PostAsync($"contacts/{one}/merge", $$"""{"intoId":"{{two}}"}""");
        (await ItemsAsync(office, $"contacts/{two}/deals")).Count.ShouldBe(1);
        (await ItemsAsync(office, $"deals/{deal}/contacts")).Single()!["id"]!.ToString().ShouldBe(two);
        await office.PostAsync($"merges/{merged.Body!["merges"]![0]!["id"]}/undo");
        (await ItemsAsync(office, $"contacts/{two}/deals")).ShouldBeEmpty();
        (await ItemsAsync(office, $"contacts/{one}/deals")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var office = await product.OfficeAsync();
        foreach (
            var (path, json, status) in new[]
            {
                ("companies", """{"name":" "}""", 400),
                ("companies", """{"domain":"example.com"}""", 400),
                ("companies", """{"name":"A","phone":"none"}""", 422),
                ("deals", """{"name":"A","amount":-1,"currency":"JPY"}""", 400),
                ("deals", """{"name":"A","amount":1}""", 400),
                ("deals", """{"name":"A","amount":0.00001,"currency":"JPY"}""", 400),
                ("deals", """{"name":"A","amount":1,"currency":"yen"}""", 400),
                ("deals", """{"name":"A","stage":"someday"}""", 400),
                ("deals", """{"name":"A","closeDate":"soon"}""", 400),
                ("deals", """{"name":"A","ownerId":"00000000000000000000000000000001"}""", 422),
            }
        )
        {
            (await office.PostAsync(path, json)).Status.ShouldBe(status, json);
            (await office.CountAsync(path)).ShouldBe(0);
        }
    }
}
