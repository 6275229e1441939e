using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Channels;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Templates;

/// <summary>What customers say of marketing in WhatsApp is kept and respected (SPEC.md RE4).</summary>
[Collection(nameof(MovedTime))]
public sealed class MarketingTests(MovedTime product)
{
    private Task PreferAsync(Office office, string customer, string value) =>
        product.ControlAsync(
            HttpMethod.Post,
            $"numbers/{office.Number}/preferences",
            new JsonObject { ["waId"] = customer, ["value"] = value }
        );

    private static async Task<JsonNode?> MarketingAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}")).Body!["marketing"];

    private static Task UntilAsync(Office office, SeenThread thread, bool stopped) =>
        Eventually.IsTrueAsync(
            $"it is known that marketing is {(stopped ? "stopped" : "wanted")}",
            async () => await MarketingAsync(office, thread) is { } said && said["stopped"]!.GetValue<bool>() == stopped
        );

    // With a template of marketing, made and approved, that every test may send.
    private async Task<(Office Office, string Template)> OfficeAsync()
    {
        var office = await product.OfficeAsync(templates: true);
        var name = "sale_" + Guid.NewGuid().ToString("N")[..8];
        var created = await TemplateLibraryTests.CreateAsync(
            office,
            $$"""
            {"name":"{{name}}","language":"en_US","category":"MARKETING","parameterFormat":"NAMED","body":"Our sale has begun."}
            """
        );
        created.Status.ShouldBe(200, created.Body?.ToJsonString());
        await Eventually.IsTrueAsync(
            "the template is approved",
            async () => (await TemplateLibraryTests.FindAsync(office, name))?["status"]?.ToString() == "APPROVED"
        );
        return (
            office,
            new JsonObject
            {
                ["type"] = "template",
                ["template"] = new JsonObject
                {
                    ["name"] = name,
                    ["language"] = new JsonObject { ["code"] = "en_US" },
                },
            }.ToJsonString()
        );
    }

    [Fact]
    public async Task Who_stopped_marketing_gets_none_from_here_until_they_resume()
    {
        var (office, template) = await OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(customer);
        (await MarketingAsync(office, thread)).ShouldBeNull();
        // Accepted, and to leave when it is not wanted any more.
        var later = Uri.EscapeDataString(product.Now.AddHours(1).ToString("O"));
        var waiting = await office.PostAsync(
            $"threads/{thread.Id}/messages?sendAt={later}",
            template,
            Guid.NewGuid().ToString()
        );
        waiting.Status.ShouldBe(202, waiting.Body?.ToJsonString());
        await PreferAsync(office, customer, "stop");
        await UntilAsync(office, thread, stopped: true);
        var said = (await MarketingAsync(office, thread))!;
        said["source"]!.ToString().ShouldBe("whatsapp");
        said["at"]!.GetValue<DateTimeOffset>().ShouldBe(product.Now, TimeSpan.FromMinutes(1));

        var refused = await office.SendAsync(thread, template);
        (refused.Status, refused.Code).ShouldBe((422, "recipient_opted_out"));
        product.Clock.Advance(TimeSpan.FromMinutes(61));
        (await office.UntilAsync(waiting.Id, "failed")).Error!.Code.ShouldBe("recipient_opted_out");
        (await office.SentAsync()).ShouldBeEmpty();
        // What is no marketing goes out.
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("hi")), "sent", "delivered", "read");
        // It is in the thread, and nothing that the customer wrote.
        var line = (await office.MessagesAsync(thread)).Single(m => m.Type == "system");
        (line.Data!["marketing"]!.ToString(), (await office.AgainAsync(thread)).Unread).ShouldBe(("stopped", 1));

        await PreferAsync(office, customer, "resume");
        await UntilAsync(office, thread, stopped: false);
        await office.UntilAsync(await office.AcceptedAsync(thread, template), "sent", "delivered", "read");
    }

    [Fact]
    public async Task An_older_word_a_repeat_and_a_word_that_nobody_knows_change_nothing()
    {
        var (office, template) = await OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var at = product.Now.ToUnixTimeSeconds();
        byte[] stop = Said("marketing_messages", "stop", at);
        foreach (
            var body in new[]
            {
                stop,
                Said("marketing_messages", "resume", at - 60),
                Said("something_else", "resume", at + 1),
                Said("marketing_messages", "perhaps", at + 2),
                stop,
            }
        )
            (await office.HookAsync(body)).ShouldBe(200);
        (await MarketingAsync(office, thread))!["stopped"]!.GetValue<bool>().ShouldBeTrue();
        (await office.SendAsync(thread, template)).Code.ShouldBe("recipient_opted_out");
        (await office.MessagesAsync(thread)).Count(m => m.Type == "system").ShouldBe(4);

        byte[] Said(string category, string value, long time) =>
            Encoding.UTF8.GetBytes(
                $$$"""
                {"object":"whatsapp_business_account","entry":[{"id":"{{{office.Waba}}}","changes":[{"field":"user_preferences","value":{
                 "messaging_product":"whatsapp","metadata":{"phone_number_id":"{{{office.Number}}}"},"contacts":[{"wa_id":"{{{customer}}}"}],
                 "user_preferences":[{"wa_id":"{{{customer}}}","detail":"said","category":"{{{category}}}","value":"{{{value}}}","timestamp":{{{time}}}}]}}]}]}
                """
            );
    }
}
