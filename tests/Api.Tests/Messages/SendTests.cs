using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Messages;

[Collection(nameof(MovedTime))]
public sealed class SendTests(MovedTime product)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(90);

    private Task FaultAsync(SeenThread thread, string rule, string statuses = "{}") =>
        FaultAsync(product, thread, rule, statuses);

    internal static async Task FaultAsync(
        RunningProduct product,
        SeenThread thread,
        string rule,
        string statuses = "{}"
    ) =>
        await product.FaultsAsync(
            $$"""
            {"messages":[{"match":{"to":"{{thread.Customer.WaId}}"},{{rule}} }],
             "statuses":{{statuses}} }
            """
        );

    internal static string ImageBody(string id, string caption) =>
        new JsonObject
        {
            ["type"] = "image",
            ["image"] = new JsonObject { ["id"] = id, ["caption"] = caption },
        }.ToJsonString();

    internal static async Task<(int Status, JsonNode Body)> UploadAsync(
        Office office,
        byte[] bytes,
        string type = "image/png"
    )
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await office.Http.PostAsync("media", content);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    // Idempotency ---------------------------------------------------------------------------------------------

    [Fact]
    public async Task The_same_key_with_another_body_or_in_another_thread_is_a_mistake()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var other = await office.HearOnPhoneAsync(Office.NewCustomer());
        await office.AcceptedAsync(thread, Office.TextBody("one"), "key");

        foreach (var (at, text) in new[] { (thread, "two"), (other, "one") })
        {
            var refused = await office.SendAsync(at, Office.TextBody(text), "key");
            (refused.Status, refused.Code).ShouldBe((422, "idempotency_key_reused"));
        }
        var without = await office.PostAsync($"threads/{thread.Id}/messages", Office.TextBody("three"));
        (without.Status, without.Code).ShouldBe((422, "idempotency_key_missing"));
        await Eventually.IsTrueAsync("the one is sent", async () => (await office.SentAsync()).Length == 1);
        // Keys belong to an account: another one's are its own.
        var neighbour = await product.OfficeAsync();
        var theirs = await neighbour.HearOnPhoneAsync(Office.NewCustomer());
        await neighbour.AcceptedAsync(theirs, Office.TextBody("mine"), "key");
    }

    // What Meta answers ---------------------------------------------------------------------------------------

    [Theory]
    [InlineData(131026, "not_on_whatsapp")]
    [InlineData(131050, "user_stopped_marketing")]
    [InlineData(131031, "account_restricted")]
    [InlineData(131009, "meta_error")]
    public async Task A_refusal_fails_the_message_under_our_own_code_and_lets_the_next_go(int metaCode, string code)
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await FaultAsync(thread, $""" "times":1,"action":"error","code":{metaCode} """);

        var first = await office.AcceptedAsync(thread, Office.TextBody("refused"));
        var second = await office.AcceptedAsync(thread, Office.TextBody("goes"));

        var failed = await office.UntilAsync(first, "failed");
        (failed.Error!.Code, failed.Error.MetaCode, failed.CanSendAgain).ShouldBe((code, metaCode, true));
        failed.StatusTimes.Failed.ShouldNotBeNull();
        await office.UntilAsync(second, "delivered");
        (await office.SentAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_pair_rate_refusal_holds_the_thread_and_is_tried_again_later()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await FaultAsync(thread, """ "times":2,"action":"error","code":131056 """);

        var first = await office.AcceptedAsync(thread, Office.TextBody("one"));
        var second = await office.AcceptedAsync(thread, Office.TextBody("two"));
        await Eventually.IsTrueAsync("it was refused", async () => (await office.SentAsync()).Length == 1);
        await office.UntilAsync(first, "queued");
        product.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.IsTrueAsync("it was refused again", async () => (await office.SentAsync()).Length == 2);
        await office.UntilAsync(first, "queued");
        // The second wait is four times as long, as Meta wants it.
        product.Clock.Advance(TimeSpan.FromSeconds(17));

        await office.UntilAsync(first, "delivered");
        await office.UntilAsync(second, "delivered");
        (await office.SentAsync())
            .Select(s => (s["body"]!["text"]!["body"]!.ToString(), s["accepted"]!.GetValue<bool>()))
            .ShouldBe([("one", false), ("one", false), ("one", true), ("two", true)]);
    }

    [Fact]
    public async Task What_Meta_refuses_for_an_hour_fails_and_no_longer_holds_the_thread()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await FaultAsync(thread, """ "times":1,"action":"error","code":131056 """);
        var first = await office.AcceptedAsync(thread, Office.TextBody("one"));
        await Eventually.IsTrueAsync("it was refused", async () => (await office.SentAsync()).Length == 1);
        await office.UntilAsync(first, "queued");

        product.Clock.Advance(TimeSpan.FromMinutes(61));
        var second = await office.AcceptedAsync(thread, Office.TextBody("two"));

        (await office.UntilAsync(first, "failed")).Error!.Code.ShouldBe("expired_in_queue");
        await office.UntilAsync(second, "delivered");
        (await office.SentAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_token_holds_what_is_sent_says_so_on_the_channel_and_does_not_stop_what_comes()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        async Task<string?> AttentionAsync() =>
            (await office.AskAsync("channels")).Body!["items"]![0]!["attention"]?.ToString();
        await product.FaultsAsync("""{"tokenInvalid":true}""");

        var id = await office.AcceptedAsync(thread, Office.TextBody("waits"));
        await Eventually.IsTrueAsync("the channel says so", async () => await AttentionAsync() == "token_invalid");
        await office.UntilAsync(id, "queued");
        (await office.HookAsync(Hook.Text(thread.Customer.WaId, "still heard", product.Now))).ShouldBe(200);
        (await office.AgainAsync(thread)).Unread.ShouldBe(2);

        await product.FaultsAsync("{}");
        product.Clock.Advance(TimeSpan.FromSeconds(31));
        await office.UntilAsync(id, "delivered");
        (await AttentionAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("closeBeforeAccept")]
    [InlineData("closeAfterAccept")]
    [InlineData("status500")]
    public async Task A_send_of_unknown_outcome_is_not_repeated_until_a_person_decides(string action)
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await FaultAsync(thread, $""" "times":1,"action":"{action}" """, """{"hold":true}""");

        var id = await office.AcceptedAsync(thread, Office.TextBody("perhaps"));
        await office.UntilAsync(id, "unconfirmed");
        // What follows goes on; nothing is posted twice by itself, whatever time passes and whoever forgets.
        product.Clock.Advance(Grace - TimeSpan.FromSeconds(1));
        await product.CollectAsync();
        var early = await office.PostAsync($"threads/{thread.Id}/messages/{id}/send-again", key: "again");
        (early.Status, early.Code).ShouldBe((409, "not_resendable"));
        (await office.MessageAsync(id)).CanSendAgain.ShouldBeFalse();
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("next")), "sent");
        (await office.SentAsync()).Length.ShouldBe(2);

        product.Clock.Advance(TimeSpan.FromSeconds(1));
        (await office.MessageAsync(id)).CanSendAgain.ShouldBeTrue();
        var again = await office.PostAsync($"threads/{thread.Id}/messages/{id}/send-again", key: "again");
        again.Status.ShouldBe(202);
        again.Id.ShouldNotBe(id);
        (await office.PostAsync($"threads/{thread.Id}/messages/{id}/send-again", key: "again")).Id.ShouldBe(again.Id);
        var repeated = await office.UntilAsync(again.Id, "sent");
        repeated.Text.ShouldBe("perhaps");
        (await office.MessageAsync(id)).Status.ShouldBe("unconfirmed");
        (await office.SentAsync()).Length.ShouldBe(3);
        var cancelled = await office.PostAsync($"threads/{thread.Id}/messages/{again.Id}/send-again", key: "third");
        (cancelled.Status, cancelled.Code).ShouldBe((409, "not_resendable"), "it was sent");
    }

    [Fact]
    public async Task What_is_still_queued_can_be_taken_back_and_what_left_cannot()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await FaultAsync(thread, """ "times":1,"action":"error","code":131056 """);
        var first = await office.AcceptedAsync(thread, Office.TextBody("one"));
        var second = await office.AcceptedAsync(thread, Office.TextBody("two"));
        await Eventually.IsTrueAsync("it was refused", async () => (await office.SentAsync()).Length == 1);
        await office.UntilAsync(first, "queued");
        (await office.MessageAsync(second)).CanCancel.ShouldBeTrue();

        var cancelled = await office.PostAsync($"threads/{thread.Id}/messages/{second}/cancel");
        (cancelled.Status, cancelled.Body!["status"]!.ToString()).ShouldBe((200, "cancelled"));
        product.Clock.Advance(TimeSpan.FromSeconds(5));
        await office.UntilAsync(first, "delivered");

        foreach (var id in new[] { first, second })
        {
            var refused = await office.PostAsync($"threads/{thread.Id}/messages/{id}/cancel");
            (refused.Status, refused.Code).ShouldBe((409, "not_cancellable"));
        }
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("three")), "delivered");
        (await office.SentAsync())
            .Select(s => s["body"]!["text"]!["body"]!.ToString())
            .ShouldBe(["one", "one", "three"]);
    }

    // What is refused before any call -------------------------------------------------------------------------

    [Fact]
    public async Task What_cannot_be_sent_as_it_is_is_refused_with_a_code_and_without_a_call()
    {
        var office = await product.OfficeAsync(templates: true);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        static string Template(string name, string parameters = "[]") =>
            $$$"""
                {"type":"template","template":{"name":"{{{name}}}","language":{"code":"en_US"},
                 "components":[{"type":"body","parameters":{{{parameters}}}}]}}
                """;

        foreach (
            var (code, body) in new[]
            {
                ("media_not_found", """{"type":"audio","audio":{"id":"1"}}"""),
                ("text_too_long", Office.TextBody(new string('x', 4_097))),
                ("text_too_long", ImageBody(new string('0', 64), new string('x', 1_025))),
                ("media_not_found", ImageBody(new string('0', 64), "nowhere")),
                ("invalid_message", Office.TextBody("   ")),
                ("invalid_message", "not json"),
                ("template_not_found", Template("unheard_of")),
                ("missing_variable", Template("continue_conversation")),
                ("missing_variable", Template("order_update", """[{"type":"text","text":"Grace"}]""")),
            }
        )
        {
            var refused = await office.SendAsync(thread, body);
            (refused.Status, refused.Code).ShouldBe((422, code), body[..Math.Min(body.Length, 80)]);
        }
        var missing = await office.SendAsync(thread, Template("continue_conversation"));
        missing.Body!["variable"]!.ToString().ShouldBe("customer_name");

        await product.ControlAsync(
            HttpMethod.Post,
            "templates/continue_conversation/status",
            new JsonObject { ["status"] = "PAUSED" }
        );
        (await office.PostAsync("templates/sync")).Status.ShouldBe(200);
        var paused = await office.SendAsync(thread, Office.Template);
        await product.ControlAsync(
            HttpMethod.Post,
            "templates/continue_conversation/status",
            new JsonObject { ["status"] = "APPROVED" }
        );
        (paused.Status, paused.Code).ShouldBe((422, "template_not_approved"));

        await office.UntilAsync(
            await office.AcceptedAsync(thread, Office.TextBody(new string('x', 4_096))),
            "delivered"
        );
        (await office.SentAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Files_too_large_or_of_another_kind_are_refused()
    {
        var office = await product.OfficeAsync();
        var png = Convert.FromBase64String(InboundMediaTests.Png);

        var (status, body) = await UploadAsync(office, [.. png, .. new byte[5 * 1024 * 1024]]);
        (status, body["code"]!.ToString()).ShouldBe((413, "media_too_large"));
        body["maxBytes"]!.GetValue<int>().ShouldBe(5 * 1024 * 1024);

        // The type is taken from the bytes: what is called a picture and is none is refused.
        (status, body) = await UploadAsync(office, "<script>"u8.ToArray());
        (status, body["code"]!.ToString()).ShouldBe((415, "media_type_not_allowed"));
        (status, _) = await UploadAsync(office, png, "text/html");
        status.ShouldBe(201);
    }

    [Fact]
    public async Task A_file_of_another_account_cannot_be_sent()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var (_, file) = await UploadAsync(other, Convert.FromBase64String(InboundMediaTests.Png));

        var refused = await office.SendAsync(thread, ImageBody(file["id"]!.ToString(), "not mine"));

        (refused.Status, refused.Code).ShouldBe((422, "media_not_found"));
    }

    [Fact]
    public async Task On_a_disconnected_channel_nothing_is_accepted()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.Database.ExecuteAsync(
            $"update threadkeep.channels set state = 'disconnected' where account_id = '{office.Account}'"
        );

        var refused = await office.SendAsync(thread, Office.TextBody("Hi"));

        (refused.Status, refused.Code).ShouldBe((409, "channel_paused"));
        (await office.SentAsync()).ShouldBeEmpty();
    }

    // Statuses ------------------------------------------------------------------------------------------------

    [Fact]
    public async Task A_failure_told_later_fails_the_message_and_a_delivery_after_it_wins()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var id = await office.AcceptedAsync(thread, Office.TextBody("Hi"));
        var wamid = (await office.UntilAsync(id, "sent")).Wamid!;

        (await office.StatusesAsync(Hook.Status(wamid, "failed", product.Now, errorCode: 131049))).ShouldBe(200);
        var failed = await office.MessageAsync(id);
        (failed.Status, failed.Error!.Code, failed.CanSendAgain).ShouldBe(("failed", "ecosystem_limit", true));

        (await office.StatusesAsync(Hook.Status(wamid, "delivered", product.Now))).ShouldBe(200);
        var delivered = await office.MessageAsync(id);
        (delivered.Status, delivered.Error, delivered.CanSendAgain).ShouldBe(("delivered", null, false));
    }

    [Fact]
    public async Task A_status_that_claims_the_id_of_another_channels_message_moves_nothing()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var id = await office.AcceptedAsync(thread, Office.TextBody("Hi"));
        var wamid = (await office.UntilAsync(id, "sent")).Wamid!;

        (await other.StatusesAsync(Hook.Status(wamid, "read", product.Now, callback: id))).ShouldBe(200);

        (await office.MessageAsync(id)).Status.ShouldBe("sent");
        (await other.LeftoversAsync()).ShouldHaveSingleItem().Kind.ShouldBe("status");
        // A status never makes a customer.
        (await other.ThreadsAsync()).ShouldBeEmpty();
    }
}
