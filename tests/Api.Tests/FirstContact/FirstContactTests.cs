using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.FirstContact;

[Collection(nameof(RealTime))]
public sealed class FirstContactTests(RealTime product)
{
    private const string On = """
        {"version":0,"greeting":{"enabled":true,"text":"Ticket {ticket.number} 🙂"},"outOfHours":{"enabled":false,"text":""},
         "menu":{"enabled":true,"text":"What is it about?","buttons":[{"title":"返品","category":"returns"},{"title":"Other","category":"other"}]}}
        """;

    private static async Task<string> ChannelAsync(Office office) =>
        (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();

    private static async Task<Answer> PutAsync(Office office, string json) =>
        await office.CallAsync(HttpMethod.Put, $"channels/{await ChannelAsync(office)}/first-contact", json);

    [Fact]
    public async Task A_customer_is_greeted_once_whatever_is_delivered_again_and_a_tap_sorts_the_ticket()
    {
        var office = await product.OfficeAsync();
        var put = await PutAsync(office, On);
        put.Status.ShouldBe(200, put.Body?.ToJsonString());
        var customer = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(customer);
        var number = thread.Ticket!.Number;
        await Eventually.IsTrueAsync("both are sent", async () => (await office.SentAsync()).Length == 2);
        var sent = await office.SentAsync();
        sent[0]["body"]!["text"]!["body"]!.ToString().ShouldBe($"Ticket {number} 🙂");
        var button = sent[1]["body"]!["interactive"]!["action"]!["buttons"]![0]!["reply"]!;
        button["title"]!.ToString().ShouldBe("返品");

        // Storms of one and the same message, and more of them: nothing is said again.
        var hello = Hook.Text(customer, "Again", product.Now);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => office.HookAsync(hello)));
        var tap = new JsonObject
        {
            ["interactive"] = new JsonObject { ["type"] = "button_reply", ["button_reply"] = button.DeepClone() },
        };
        (await office.HookAsync(Hook.Text(customer, null, product.Now, type: "interactive", more: tap))).ShouldBe(200);
        (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["category"]!.ToString().ShouldBe("returns");
        (await office.CountAsync("messages", "direction = 1")).ShouldBe(2);
        (await office.AgainAsync(thread)).Ticket!.Status.ShouldBe("new");
        (await office.AgainAsync(thread)).LastMessage!.Text.ShouldNotBe("What is it about?");
    }

    [Fact]
    public async Task Of_two_admins_the_second_is_told_and_hours_in_use_stay()
    {
        var office = await product.OfficeAsync();
        (await PutAsync(office, On)).Body!["version"]!.GetValue<int>().ShouldBe(1);
        (await PutAsync(office, On)).Code.ShouldBe("first_contact_changed");
        var hours = await office.PostAsync("schedules", """{"name":"x","timeZone":"Asia/Tokyo","spans":[]}""");
        var away = $$"""
            {"version":1,"greeting":{"enabled":false,"text":""},"outOfHours":{"enabled":true,"text":"Later","scheduleId":"{{hours.Id}}"},
             "menu":{"enabled":false,"text":"","buttons":[]} }
            """;
        (await PutAsync(office, away)).Status.ShouldBe(200);
        (await office.CallAsync(HttpMethod.Delete, $"schedules/{hours.Id}")).Code.ShouldBe("schedule_in_use");
        // Hours that never open: it is said, once, also with the second message.
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        await office.HearAsync(customer, "Hello?");
        (await office.MessagesAsync(thread))
            .Where(m => m.Direction == "outbound")
            .ShouldHaveSingleItem()
            .Text.ShouldBe("Later");
        (await office.AskAsync($"channels/{await ChannelAsync(office)}/first-contact")).Body!["version"]!
            .GetValue<int>()
            .ShouldBe(2);
    }

    [Fact]
    public async Task A_tap_hands_the_ticket_to_a_team()
    {
        var office = await product.OfficeAsync();
        var team = await office.PostAsync("teams", """{"name":"Returns"}""");
        (await PutAsync(office, MenuOf(Guid.NewGuid().ToString("N")))).Code.ShouldBe("team_not_found");
        (await PutAsync(office, MenuOf(team.Id!))).Status.ShouldBe(200);
        var customer = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(customer);
        await Eventually.IsTrueAsync("the menu is sent", async () => (await office.SentAsync()).Length == 1);
        var reply = (await office.SentAsync())[0]["body"]!["interactive"]!["action"]!["buttons"]![0]!["reply"]!;
        var tap = new JsonObject
        {
            ["interactive"] = new JsonObject { ["type"] = "button_reply", ["button_reply"] = reply.DeepClone() },
        };
        (await office.HookAsync(Hook.Text(customer, null, product.Now, type: "interactive", more: tap))).ShouldBe(200);
        var ticket = (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!;
        ticket["team"]!["name"]!.ToString().ShouldBe("Returns");
        ticket["category"].ShouldBeNull();

        static string MenuOf(string team) =>
            $$"""
                {"version":0,"greeting":{"enabled":false,"text":""},"outOfHours":{"enabled":false,"text":""},
                 "menu":{"enabled":true,"text":"Which?","buttons":[{"title":"Returns","teamId":"{{team}}"}]} }
                """;
    }

    [Theory]
    [InlineData("""{"enabled":true,"text":" "}""", """{"enabled":false,"text":""}""")]
    [InlineData("""{"enabled":false,"text":""}""", """{"enabled":true,"text":"x"}""")]
    [InlineData(
        """{"enabled":false,"text":""}""",
        """{"enabled":true,"text":"x","buttons":[{"title":"a","category":""}]}"""
    )]
    [InlineData("""{"enabled":false,"text":""}""", """{"enabled":true,"text":"x","buttons":[{"title":"a"}]}""")]
    [InlineData(
        """{"enabled":false,"text":""}""",
        """{"enabled":true,"text":"x","buttons":[{"title":"a title that is too long","category":"x"}]}"""
    )]
    [InlineData(
        """{"enabled":false,"text":""}""",
        """{"enabled":true,"text":"x","buttons":[{"title":"a","category":"x"},{"title":"a","category":"y"}]}"""
    )]
    public async Task What_cannot_be_said_is_refused(string greeting, string menu)
    {
        var office = await product.OfficeAsync();
        var json =
            $$"""{"version":0,"greeting":{{greeting}},"outOfHours":{"enabled":false,"text":""},"menu":{{menu}}}""";
        (await PutAsync(office, json)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task What_would_go_out_as_it_stands_is_named()
    {
        var office = await product.OfficeAsync();
        var refused = await PutAsync(office, JsonOf("Your number is {ticket.nummer}"));
        (refused.Status, refused.Code).ShouldBe((422, "first_contact_placeholder"));
        refused.Body!["placeholder"]!.ToString().ShouldBe("{ticket.nummer}");
        (await PutAsync(office, JsonOf("{ticket.number}: we answer soon {…} {a}"))).Status.ShouldBe(200);

        static string JsonOf(string text) =>
            $$$"""
                {"version":0,"greeting":{"enabled":true,"text":"{{{text}}}"},"outOfHours":{"enabled":false,"text":""},
                "menu":{"enabled":false,"text":"","buttons":[]}}
                """;
    }
}
