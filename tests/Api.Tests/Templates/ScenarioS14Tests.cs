using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Channels;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Templates;

/// <summary>
/// S14: created here, approved, paused: picker and macros follow within seconds; a missing variable is refused before any call;
/// <c>O'Brien &lt;b&gt;</c> arrives unchanged.
/// </summary>
[Collection(nameof(RealTime))]
public sealed class ScenarioS14Tests(RealTime product)
{
    [Fact]
    public async Task S14_Made_here_approved_and_paused_the_picker_and_macros_follow_and_what_is_sent_arrives_unchanged()
    {
        var agent = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(templates: true, agents: [agent]);
        var name = "order_" + Guid.NewGuid().ToString("N")[..8];
        using var browser = await Browser.OfAsync(product, agent);
        using var stream = await browser.Http.GetStreamAsync("live");
        using var feed = new StreamReader(stream);
        var created = await TemplateLibraryTests.CreateAsync(
            office,
            TemplateLibraryTests.Draft.Replace("order_ready", name, StringComparison.Ordinal)
        );
        created.Status.ShouldBe(200, created.Body?.ToJsonString());
        (await TemplateLibraryTests.FindAsync(office, name))!["status"]!.ToString().ShouldBe("PENDING");
        var macro = new { name = "Ready", actions = new { template = name } };
        (await office.PostAsync("macros", System.Text.Json.JsonSerializer.Serialize(macro))).Status.ShouldBe(201);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var send = $$$"""
            {"type":"template","template":{"name":"{{{name}}}","language":{"code":"en_US"},"components":[
             {"type":"header","parameters":[{"type":"text","parameter_name":"number","text":"7"}]},
             {"type":"body","parameters":[{"type":"text","parameter_name":"first_name","text":"O'Brien <b>"}]},
             {"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"7"}]}]}}
            """;

        // Until it is reviewed, no agent is offered it, and what a macro would send is refused here.
        await UntilOfferedAsync(browser, name, offered: false);
        (await office.SendAsync(thread, send)).Code.ShouldBe("template_not_approved");
        // The webhook of its approval is all that tells, and open consoles hear of it.
        await UntilOfferedAsync(browser, name, offered: true);
        await UntilToldAsync(feed);
        (await browser.GetAsync("macros")).Body!["items"]![0]!["actions"]!["template"]!.ToString().ShouldBe(name);
        (await office.SendAsync(thread, send.Replace("\"O'Brien <b>\"", "\"\""))).Code.ShouldBe("missing_variable");
        (await office.SentAsync()).ShouldBeEmpty();
        var sent = await office.AcceptedAsync(thread, send);
        await office.UntilAsync(sent, "sent", "delivered", "read");
        (await office.SentAsync()).Single()["body"]!["template"]!["components"]![1]!["parameters"]![0]!["text"]!
            .ToString()
            .ShouldBe("O'Brien <b>");
        (await office.MessageAsync(sent)).Text!.ShouldContain("Hello O'Brien <b>, it is ready.");

        // Meta pauses it.
        await product.ControlAsync(
            HttpMethod.Post,
            $"templates/{name}/status",
            new JsonObject { ["status"] = "PAUSED", ["reason"] = "FIRST_PAUSE" }
        );
        await UntilOfferedAsync(browser, name, offered: false);
        await UntilToldAsync(feed);
        (await office.SendAsync(thread, send)).Code.ShouldBe("template_not_approved");
        (await office.SentAsync()).ShouldHaveSingleItem();
    }

    private static Task UntilOfferedAsync(Browser browser, string name, bool offered) =>
        Eventually.IsTrueAsync(
            $"{name} is {(offered ? "" : "not ")}offered",
            async () =>
                offered
                == (await browser.GetAsync("templates")).Body!["items"]!
                    .AsArray()
                    .Any(t => t!["name"]!.ToString() == name)
        );

    // The hint at which the console asks for the templates anew.
    private static async Task UntilToldAsync(StreamReader feed)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await feed.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains("templates", StringComparison.Ordinal))
                return;
        }
        throw new TimeoutException("The feed ended");
    }
}
