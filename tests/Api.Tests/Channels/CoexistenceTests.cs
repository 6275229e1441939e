using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Channels;

/// <summary>A number that stays in the WhatsApp Business app as well (Cloud API, "Coexistence"): the Sandbox plays the app.</summary>
[Collection(nameof(RealTime))]
public sealed class CoexistenceTests(RealTime product)
{
    [Fact]
    public async Task What_is_written_on_the_phone_is_in_the_thread_as_an_answer_and_opens_no_session()
    {
        var office = await product.OfficeAsync();
        await ShareAsync(office, "{}");
        var customer = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(customer);
        var before = (await office.AskAsync($"threads/{thread.Id}")).Body!;
        var wamid = await WriteOnPhoneAsync(office, customer, """{"text":"From the phone <b>"}""");
        await Eventually.IsTrueAsync(
            "the echo is there",
            async () => (await office.MessagesAsync(thread)).Any(m => m.Text == "From the phone <b>")
        );
        // Meta says it again: it is there once.
        (await office.HookAsync(EchoBody(office, wamid, customer))).ShouldBe(200);
        var echo = (await office.MessagesAsync(thread)).Single(m => m.Text == "From the phone <b>");
        (echo.Direction, echo.Status).ShouldBe(("outbound", "sent"));
        var after = (await office.AskAsync($"threads/{thread.Id}")).Body!;
        after["unread"]!.GetValue<int>().ShouldBe(0);
        after["ticket"]!["status"]!.ToString().ShouldBe("waiting_on_contact");
        after["session"]!["endsAt"]!.ToString().ShouldBe(before["session"]!["endsAt"]!.ToString());
        (await office.SentAsync()).ShouldBeEmpty();

        // Somebody whom the business wrote to first: a thread without a session and without a ticket.
        var stranger = Office.NewCustomer();
        await WriteOnPhoneAsync(office, stranger, """{"text":"Hello first"}""");
        await Eventually.IsTrueAsync("the thread is there", async () => (await office.ThreadsAsync()).Length == 2);
        var begun = await office.ThreadAsync(stranger);
        var seen = (await office.AskAsync($"threads/{begun.Id}")).Body!;
        seen["session"]!["open"]!.GetValue<bool>().ShouldBeFalse();
        seen["ticket"].ShouldBeNull();
        (await office.SendAsync(begun, Office.TextBody("no"))).Code.ShouldBe("session_closed");
    }

    [Fact]
    public async Task History_comes_when_it_is_asked_for_once_with_its_real_times_and_moves_nothing()
    {
        var office = await product.OfficeAsync();
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        (await office.PostAsync($"channels/{channel}/history")).Code.ShouldBe("not_on_phone_app");
        var customer = Office.NewCustomer();
        var longAgo = product.Now.AddDays(-60).ToUnixTimeSeconds();
        var messages = Enumerable
            .Range(0, 25)
            .Select(n =>
                n % 2 == 0
                    ? $$"""{"from":"{{customer}}","id":"wamid.H{{customer}}{{n}}","timestamp":"{{longAgo + n}}","type":"text","text":{"body":"old {{n}}" },"history_context":{"status":"READ"} }"""
                    : $$"""{"from":"81300000000","to":"{{customer}}","id":"wamid.H{{customer}}{{n}}","timestamp":"{{longAgo + n}}","type":"text","text":{"body":"old {{n}}" },"history_context":{"status":"READ"} }"""
            );
        var hidden =
            $$"""{"from":"{{customer}}","id":"wamid.P{{customer}}","timestamp":"{{longAgo + 99}}","type":"text","text":{"body":"https://paypal.com.check.example/login" } }""";
        var history =
            $$"""{"history":[{"id":"{{customer}}","messages":[{{string.Join(',', messages.Append(hidden))}}]}]}""";
        await ShareAsync(office, history);
        (await office.ThreadsAsync()).ShouldBeEmpty();
        (await office.PostAsync($"channels/{channel}/history")).Status.ShouldBe(202);
        (await office.PostAsync($"channels/{channel}/history")).Code.ShouldBe("history_asked_already");
        await Eventually.IsTrueAsync(
            "all of it is there",
            async () => await office.CountAsync("messages", "data like '%history%'") == 26
        );
        var thread = await office.ThreadAsync(customer);
        var seen = await office.MessagesAsync(thread);
        seen.SkipLast(1).Select(m => m.Text).ShouldBe(Enumerable.Range(0, 25).Select(n => $"old {n}"));
        (seen[^1].Type, seen[^1].Text).ShouldBe(("quarantined", null), "rules hold for what is old, too");
        seen.Select(m => m.Direction).Take(2).ShouldBe(["inbound", "outbound"]);
        seen[1].Status.ShouldBe("read");
        seen.ShouldAllBe(m => !m.Late);
        var state = (await office.AskAsync($"threads/{thread.Id}")).Body!;
        (state["unread"]!.GetValue<int>(), state["ticket"], state["session"]!["open"]!.GetValue<bool>()).ShouldBe(
            (0, null, false)
        );
        // Nobody hears of what is old.
        (await office.CountAsync("notices")).ShouldBe(0);
        // The first message of today begins as ever.
        await office.HearOnPhoneAsync(customer, "today");
        var today = (await office.AskAsync($"threads/{thread.Id}")).Body!;
        (today["unread"]!.GetValue<int>(), today["session"]!["open"]!.GetValue<bool>()).ShouldBe((1, true));
    }

    [Fact]
    public async Task History_that_nobody_asked_for_is_in_the_log_alone_and_none_of_it_hides_what_arrives()
    {
        var office = await product.OfficeAsync();
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        var customer = Office.NewCustomer();
        var said = Hook.Text(customer, "as it was", product.Now.AddMinutes(-3));
        (await office.HookAsync(HistoryBody(office, customer, said))).ShouldBe(200);
        (await office.ThreadsAsync()).ShouldBeEmpty();
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
        var noted = (await office.AskAsync($"channels/{channel}/events")).Body!["items"]!.AsArray();
        noted.Select(e => e!["kind"]!.ToString()).ShouldBe(["history_unasked"]);

        // Asked for, it comes; and the message that came with it arrives all the same.
        await ShareAsync(office, "{}");
        (await office.PostAsync($"channels/{channel}/history")).Status.ShouldBe(202);
        (await office.HookAsync(HistoryBody(office, customer, said))).ShouldBe(200);
        var thread = await office.ThreadAsync(customer);
        (thread.Unread, thread.Ticket).ShouldBe((0, null));
        for (var times = 0; times < 2; times++)
            (await office.HookAsync(said)).ShouldBe(200);
        (await office.HookAsync(HistoryBody(office, customer, said))).ShouldBe(200);
        var message = (await office.MessagesAsync(thread)).ShouldHaveSingleItem();
        (message.Text, message.Data?["source"]).ShouldBe(("as it was", null));
        thread = await office.AgainAsync(thread);
        (thread.Unread, thread.Session.Open, thread.Ticket?.Status).ShouldBe((1, true, "new"));
        var read = await office.PostAsync($"threads/{thread.Id}/read", $$"""{"upTo":"{{message.Id}}"}""");
        read.Status.ShouldBeOneOf(200, 204);
        (await office.AgainAsync(thread)).Unread.ShouldBe(0);
    }

    [Fact]
    public async Task A_business_that_does_not_share_it_and_one_that_asks_too_late_are_told()
    {
        var office = await product.OfficeAsync();
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        await ShareAsync(office, $$"""{"since":"{{product.Now.AddDays(-2):O}}"}""");
        (await office.PostAsync($"channels/{channel}/history")).Code.ShouldBe("history_too_late");
        await ShareAsync(office, """{"declined":true}""");
        (await office.PostAsync($"channels/{channel}/history")).Status.ShouldBe(202);
        await Eventually.IsTrueAsync(
            "the log says so",
            async () =>
                (await office.AskAsync($"channels/{channel}/events")).Body!["items"]!
                    .AsArray()
                    .Any(e => e!["kind"]!.ToString() == "history" && e["detail"]!.ToString().Contains("2593109"))
        );
    }

    private Task ShareAsync(Office office, string json) =>
        product.ControlAsync(HttpMethod.Put, $"numbers/{office.Number}/phone-app", JsonNode.Parse(json)!.AsObject());

    private async Task<string> WriteOnPhoneAsync(Office office, string to, string json)
    {
        var call = JsonNode.Parse(json)!.AsObject();
        call["to"] = to;
        var answer = await product.ControlAsync(HttpMethod.Post, $"numbers/{office.Number}/phone-app/messages", call);
        return answer!["wamid"]!.ToString();
    }

    private static byte[] HistoryBody(Office office, string customer, Said said) =>
        System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {"object":"whatsapp_business_account","entry":[{"id":"{{office.Waba}}","changes":[{"field":"history","value":{
             "messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"{{office.Number}}"},
             "history":[{"metadata":{"phase":0,"chunk_order":1,"progress":100},"threads":[{"id":"{{customer}}",
              "messages":[{{said.Message.ToJsonString()}}] }] }] } }] }] }
            """
        );

    private static byte[] EchoBody(Office office, string wamid, string customer) =>
        System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {"object":"whatsapp_business_account","entry":[{"id":"{{office.Waba}}","changes":[{"field":"smb_message_echoes","value":{
             "messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"{{office.Number}}"},
             "message_echoes":[{"from":"1","to":"{{customer}}","id":"{{wamid}}","timestamp":"1790000000","type":"text","text":{"body":"again"} }] } }] }] }
            """
        );
}
