using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Regressions;

/// <summary>What an attack found about hidden messages: pages that lose some, versions that show, rules that are saved over each other.</summary>
[Collection(nameof(RealTime))]
public sealed class HiddenVersionsTests(RealTime product)
{
    private const string Because = """{"reason":"regression"}""";
    private const string Phishing = "https://paypal.com.check.example/login";

    private static Said Edit(RealTime product, string customer, string wamid, string text) =>
        Hook.Text(
            customer,
            null,
            product.Now,
            type: "edit",
            more: new JsonObject
            {
                ["edit"] = new JsonObject
                {
                    ["original_message_id"] = wamid,
                    ["message"] = new JsonObject
                    {
                        ["type"] = "text",
                        ["text"] = new JsonObject { ["body"] = text },
                    },
                },
            }
        );

    private static async Task<string> AllAsync(Office office, SeenThread thread)
    {
        var all = "";
        foreach (
            var door in new[] { $"threads/{thread.Id}", $"threads/{thread.Id}/messages?include=events", "threads" }
        )
            all += (await office.AskAsync(door)).Body!.ToJsonString();
        return all;
    }

    [Fact]
    public async Task Every_message_that_one_webhook_hides_is_on_one_of_the_pages()
    {
        var office = await product.OfficeAsync();
        var (one, other) = (Office.NewCustomer(), Office.NewCustomer());
        Said[] said =
        [
            .. Enumerable.Range(0, 6).Select(n => Hook.Text(n < 4 ? one : other, $"{Phishing}?{n}", product.Now)),
        ];
        (await office.HookAsync(said)).ShouldBe(200);
        var seen = new List<string>();
        var page = (await office.AskAsync("quarantine?limit=1")).Body!;
        while (true)
        {
            seen.AddRange(page["items"]!.AsArray().Select(i => i!["messageId"]!.ToString()));
            if (page["nextCursor"]?.ToString() is not { } cursor)
                break;
            seen.Count.ShouldBeLessThan(20);
            page = (await office.AskAsync($"quarantine?limit=1&cursor={cursor}")).Body!;
        }
        seen.Count.ShouldBe(6);
        seen.Distinct().Count().ShouldBe(6);
        (await office.AskAsync("quarantine?cursor=MX54")).Code.ShouldBe("bad_cursor");
    }

    [Fact]
    public async Task What_is_hidden_is_hidden_in_every_version_whenever_it_was_changed()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer, "harmless");
        var message = (await office.MessagesAsync(thread))[0];
        (await office.HookAsync(Edit(product, customer, message.Wamid!, "nasty-before"))).ShouldBe(200);
        (await AllAsync(office, thread)).ShouldContain("nasty-before");
        var path = $"threads/{thread.Id}/messages/{message.Id}";
        var hidden = await office.PostAsync($"{path}/quarantine", Because);
        (hidden.Body!["type"]!.ToString(), hidden.Body["text"], hidden.Body["edited"]).ShouldBe(
            ("quarantined", null, null)
        );
        (await office.HookAsync(Edit(product, customer, message.Wamid!, "nasty-after"))).ShouldBe(200);
        (await AllAsync(office, thread)).ShouldNotContain("nasty");

        // Whoever shows it shows what it became.
        var shown = await office.PostAsync($"{path}/release", Because);
        (shown.Status, shown.Body!["text"]!.ToString()).ShouldBe((200, "nasty-after"));
        shown.Body["edited"]!["earlier"]!
            .AsArray()
            .Select(e => e!["text"]!.ToString())
            .ShouldBe(["harmless", "nasty-before"]);
        (await office.AskAsync("quarantine")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_new_text_of_what_a_rule_hides_is_hidden_too_in_the_same_webhook_or_later()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var said = Hook.Text(customer, Phishing, product.Now);
        (await office.HookAsync(said, Edit(product, customer, said.Wamid, "harmless-now"))).ShouldBe(200);
        (await office.HookAsync(Edit(product, customer, said.Wamid, "harmless-later"))).ShouldBe(200);
        var thread = await office.ThreadAsync(customer);
        (await AllAsync(office, thread)).ShouldNotContain("harmless");
        (await office.MessagesAsync(thread)).ShouldAllBe(m => m.Type == "quarantined" && m.Text == null);
    }

    [Theory]
    [InlineData("http://3232235777/", "phishing_links")]
    [InlineData("http://0xC0A80101/login", "phishing_links")]
    [InlineData("http://[2001:db8::1]/login", "phishing_links")]
    [InlineData("paypa1。com", "lookalike_domains")]
    public async Task Links_are_links_however_their_addresses_are_written(string text, string rule)
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer(), text);
        var message = (await office.MessagesAsync(thread)).ShouldHaveSingleItem();
        message.Type.ShouldBe("quarantined");
        message.Data!["hidden"]!["rules"]![0]!.ToString().ShouldBe(rule);
    }

    [Fact]
    public async Task Rules_are_tried_on_messages_that_are_marked_already()
    {
        var office = await product.OfficeAsync();
        const string Rules = """{"version":0,"own":[{"name":"Rivals","words":["rivalcorp"],"effect":"mark"}]}""";
        (await office.CallAsync(HttpMethod.Put, "content-rules", Rules)).Status.ShouldBe(200);
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        await Testing.Eventually.IsTrueAsync(
            "a message is marked",
            async () =>
            {
                await office.HearAsync(customer, "rivalcorp");
                return (await office.MessagesAsync(thread))[^1].Data?["hidden"] is not null;
            }
        );
        var marked = (await office.MessagesAsync(thread))[^1];
        await Testing.Eventually.IsTrueAsync(
            "the trial finds it",
            async () =>
                (await office.PostAsync("content-rules/test", Rules)).Body!["caught"]!
                    .AsArray()
                    .SelectMany(c => c!["samples"]!.AsArray())
                    .Any(s => s!["messageId"]!.ToString() == marked.Id && s["text"]!.ToString() == "rivalcorp")
        );
    }

    [Fact]
    public async Task The_first_to_save_rules_is_not_written_over_by_whoever_did_not_see_them()
    {
        var office = await product.OfficeAsync();
        Task<Answer> Put(string json) => office.CallAsync(HttpMethod.Put, "content-rules", json);
        (await Put("""{"version":3,"cpf":"mark"}""")).Code.ShouldBe("rules_changed", "nobody has seen a version 3");
        var both = await Task.WhenAll(Put("""{"version":0,"cpf":"mark"}"""), Put("""{"version":0,"cnpj":"mark"}"""));
        both.Select(a => a.Status).Order().ShouldBe([200, 409]);
        (await Put("""{"version":0,"cpf":"mask"}""")).Code.ShouldBe("rules_changed");
        (await Put("""{"version":1,"cpf":"mask"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_body_that_is_missing_is_told_from_a_door_that_is()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer(), "take 4111 1111 1111 1111 please");
        var path = $"threads/{thread.Id}/messages/{(await office.MessagesAsync(thread))[0].Id}";
        (await office.PostAsync($"{path}/reveal")).Status.ShouldBe(200, "what is masked needs no reason");
        foreach (var act in new[] { "quarantine", "release" })
        {
            var answer = await office.PostAsync($"{path}/{act}");
            (answer.Status, answer.Code).ShouldBe((400, "bad_request"), act);
        }
        (await office.PostAsync($"{path}/quarantine", Because)).Status.ShouldBe(200);
        (await office.PostAsync($"{path}/reveal")).Code.ShouldBe("reason_missing");
        (await office.PostAsync($"approvals/{Guid.NewGuid():N}/approve")).Status.ShouldBe(404, "there is no such one");
    }
}
