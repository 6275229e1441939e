using System.Globalization;
using System.Net;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Messages;

public sealed class SendingTests
{
    [Fact]
    public async Task A_reply_is_answered_as_meta_does_and_goes_sent_delivered_read()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var (status, body) = await sandbox.SendAsync(
            "+81 90-1234-5678",
            """{"type":"text","text":{"body":"hi"},"biz_opaque_callback_data":"thread:1"}"""
        );
        status.ShouldBe(200);
        body["contacts"]![0]!["input"]!.ToString().ShouldBe("+81 90-1234-5678");
        body["contacts"]![0]!["wa_id"]!.ToString().ShouldBe(Yui);
        var wamid = WamidOf(body);
        wamid.ShouldStartWith("wamid.");

        await sandbox.Receiver.StatusesUntilAsync(wamid, "delivered");
        using (var opened = await sandbox.Control.PostAsync($"/control/chats/{Number}/{Yui}/open", null))
            opened.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var statuses = await sandbox.Receiver.StatusesUntilAsync(wamid, "read");
        statuses.Select(s => s["status"]!.ToString()).ShouldBe(["sent", "delivered", "read"], ignoreOrder: true);
        statuses.ShouldAllBe(s => s["biz_opaque_callback_data"]!.ToString() == "thread:1");
        var sent = statuses.First(s => s["status"]!.ToString() == "sent");
        sent["pricing"]!["pricing_model"]!.ToString().ShouldBe("PMP");
        sent["recipient_id"]!.ToString().ShouldBe(Yui);
    }

    [Theory]
    [InlineData("v19.0/")]
    [InlineData("v26.0/")]
    [InlineData("")]
    public async Task Any_version_and_none_is_taken(string version)
    {
        await using var sandbox = await StartAsync();
        using var answer = await sandbox.Graph.GetAsync(new Uri(sandbox.Control.BaseAddress!, version + Number));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Free_form_outside_24_hours_is_accepted_and_fails_later()
    {
        await using var sandbox = await StartAsync();
        var late = DateTimeOffset.UtcNow.AddHours(-24).AddSeconds(-5).ToUnixTimeSeconds();
        await sandbox.WriteAsync(Yui, $$"""{"text":"long ago","at":{{late}}}""");
        var wamid = await sandbox.SendTextAsync(Yui);
        var statuses = await sandbox.Receiver.StatusesUntilAsync(wamid, "failed");
        statuses.Single()["errors"]![0]!["code"]!.GetValue<int>().ShouldBe(131047);
    }

    [Fact]
    public async Task Who_came_by_an_advertisement_is_written_to_for_free_for_72_hours_from_the_first_answer()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(
            Yui,
            """{"text":"From the ad","raw":{"referral":{"source_type":"ad","source_id":"1"}}}"""
        );
        var before = DateTimeOffset.UtcNow;
        var first = (await sandbox.Receiver.StatusesUntilAsync(await sandbox.SendTextAsync(Yui), "sent")).First(s =>
            s["status"]!.ToString() == "sent"
        );
        first["pricing"]!["type"]!.ToString().ShouldBe("free_entry_point");
        first["conversation"]!["origin"]!["type"]!.ToString().ShouldBe("referral_conversion");
        var until = DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(first["conversation"]!["expiration_timestamp"]!.ToString(), CultureInfo.InvariantCulture)
        );
        until.ShouldBeInRange(before.AddHours(72).AddSeconds(-2), before.AddHours(72).AddSeconds(30));
        // The window for free text stays at 24 hours: it is the price alone that is another.
        var second = await sandbox.Receiver.StatusesUntilAsync(await sandbox.SendTextAsync(Yui), "sent");
        second.First(s => s["status"]!.ToString() == "sent")["conversation"]!["expiration_timestamp"]!
            .ToString()
            .ShouldBe(until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Who_stopped_marketing_gets_none_until_they_resume()
    {
        await using var sandbox = await StartAsync();
        const string Sale = """
            {"type":"template","template":{"name":"winter_sale","language":{"code":"en_US"},"components":[
             {"type":"header","parameters":[{"type":"image","image":{"link":"https://x.example/a.jpg"}}]},
             {"type":"body","parameters":[{"type":"text","parameter_name":"customer_name","text":"Yui"}]},
             {"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"a"}]},
             {"type":"button","sub_type":"copy_code","index":"1","parameters":[{"type":"coupon_code","coupon_code":"A"}]}]}}
            """;
        await sandbox.ControlPostAsync($"numbers/{Number}/preferences", $$"""{"waId":"{{Yui}}","value":"stop"}""");
        var told = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0].Values.Single();
        told["user_preferences"]![0]!["value"]!.ToString().ShouldBe("stop");
        var stopped = WamidOf((await sandbox.SendAsync(Yui, Sale)).Body);
        (await sandbox.Receiver.StatusesUntilAsync(stopped, "failed"))[0]["errors"]![0]!["code"]!
            .GetValue<int>()
            .ShouldBe(131050);
        await sandbox.ControlPostAsync($"numbers/{Number}/preferences", $$"""{"waId":"{{Yui}}","value":"resume"}""");
        await sandbox.Receiver.StatusesUntilAsync(WamidOf((await sandbox.SendAsync(Yui, Sale)).Body), "delivered");
    }

    [Fact]
    public async Task Free_form_within_24_hours_and_templates_outside_are_delivered()
    {
        await using var sandbox = await StartAsync();
        var inTime = DateTimeOffset.UtcNow.AddHours(-24).AddMinutes(1).ToString("O");
        await sandbox.WriteAsync(Yui, $$"""{"text":"just in time","at":"{{inTime}}"}""");
        await sandbox.Receiver.StatusesUntilAsync(await sandbox.SendTextAsync(Yui), "delivered");

        var (status, body) = await sandbox.SendAsync(
            "447700900123",
            """{"type":"template","template":{"name":"continue_conversation","language":{"code":"en_US"},"components":[{"type":"body","parameters":[{"type":"text","parameter_name":"customer_name","text":"Ann"}]}]}}"""
        );
        status.ShouldBe(200, body.ToJsonString());
        body["messages"]![0]!["message_status"]!.ToString().ShouldBe("accepted");
        var delivered = await sandbox.Receiver.StatusesUntilAsync(WamidOf(body), "delivered");
        delivered[0]["pricing"]!["category"]!.ToString().ShouldBe("utility");
    }

    [Fact]
    public async Task A_user_id_is_a_receiver_too()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello","userId":"JP.7Hq2","omitWaId":true}""");
        var inbound = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0];
        inbound.Text.ShouldNotContain(Yui);
        inbound.Messages.Single()["from_user_id"]!.ToString().ShouldBe("JP.7Hq2");

        var (status, body) = await sandbox.PostAsync(
            $"{Number}/messages",
            """{"messaging_product":"whatsapp","recipient":"JP.7Hq2","type":"text","text":{"body":"hi"}}"""
        );
        status.ShouldBe(200);
        body["contacts"]![0]!.ToJsonString().ShouldBe("""{"input":"JP.7Hq2","user_id":"JP.7Hq2"}""");
        var statuses = await sandbox.Receiver.StatusesUntilAsync(WamidOf(body), "sent");
        statuses[0]["recipient_id"].ShouldBeNull();
        statuses[0]["recipient_user_id"]!.ToString().ShouldBe("JP.7Hq2");
    }

    [Fact]
    public async Task A_national_number_gets_the_business_own_country_code()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.SendAsync("090-1234-5678", """{"type":"text","text":{"body":"hi"}}""");
        body["contacts"]![0]!["wa_id"]!.ToString().ShouldBe(Yui);
    }

    [Fact]
    public async Task A_link_that_cannot_be_fetched_fails_later()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var (status, body) = await sandbox.SendAsync(Yui, """{"type":"image","image":{"link":"file:///a.jpg"}}""");
        status.ShouldBe(200);
        var failed = await sandbox.Receiver.StatusesUntilAsync(WamidOf(body), "failed");
        failed.Single()["errors"]![0]!["code"]!.GetValue<int>().ShouldBe(131053);
    }

    [Fact]
    public async Task A_read_receipt_turns_the_customers_ticks_and_shows_typing()
    {
        await using var sandbox = await StartAsync();
        var wamid = await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var (status, body) = await sandbox.PostAsync(
            $"{Number}/messages",
            $$$"""{"messaging_product":"whatsapp","status":"read","message_id":"{{{wamid}}}","typing_indicator":{"type":"text"}}"""
        );
        status.ShouldBe(200);
        body["success"]!.GetValue<bool>().ShouldBeTrue();
        var chat = await sandbox.ControlAsync($"/chats/{Number}/{Yui}");
        chat["items"]![0]!["status"]!.ToString().ShouldBe("read");
        chat["typingUntil"].ShouldNotBeNull();
        (await sandbox.ControlAsync("/sent"))["count"]!.GetValue<int>().ShouldBe(0);
        (await sandbox.ControlAsync("/sent?include=receipts"))["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_reaction_yields_sent_only()
    {
        await using var sandbox = await StartAsync();
        var wamid = await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var (_, body) = await sandbox.SendAsync(
            Yui,
            $$$"""{"type":"reaction","reaction":{"message_id":"{{{wamid}}}","emoji":"👍"}}"""
        );
        await sandbox.Receiver.StatusesUntilAsync(WamidOf(body), "sent");
        // What is sent after it has been delivered: then nothing more is on the way for the reaction.
        var after = await sandbox.SendTextAsync(Yui);
        await sandbox.Receiver.StatusesUntilAsync(after, "delivered");
        var statuses = await sandbox.Receiver.StatusesUntilAsync(WamidOf(body), "sent");
        statuses.Length.ShouldBe(1);
        var chat = await sandbox.ControlAsync($"/chats/{Number}/{Yui}");
        chat["items"]![0]!["reactions"]![0]!["emoji"]!.ToString().ShouldBe("👍");
    }

    [Fact]
    public async Task All_requests_are_listed_accepted_or_not()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        var wamid = await sandbox.SendTextAsync(Yui);
        await sandbox.SendAsync(Yui, """{"type":"text","text":{}}""");
        await sandbox.SendAsync("447700900123", """{"type":"text","text":{"body":"x"}}""");

        var sent = await sandbox.ControlAsync($"/sent?phoneNumberId={Number}&to=%2B81%2090-1234-5678");
        sent["count"]!.GetValue<int>().ShouldBe(2);
        var items = sent["items"]!.AsArray();
        items[0]!["wamid"]!.ToString().ShouldBe(wamid);
        items[0]!["accepted"]!.GetValue<bool>().ShouldBeTrue();
        items[1]!["accepted"]!.GetValue<bool>().ShouldBeFalse();
        items[1]!["httpStatus"]!.GetValue<int>().ShouldBe(400);

        using (await sandbox.Control.DeleteAsync("/control/sent"))
            (await sandbox.ControlAsync("/sent"))["count"]!.GetValue<int>().ShouldBe(0);
    }
}
