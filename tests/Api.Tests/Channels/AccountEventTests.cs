using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Channels;

/// <summary>What Meta tells beside messages (Cloud API, "Other fields"): all of it is in the channel's log, and some of it counts.</summary>
[Collection(nameof(RealTime))]
public sealed class AccountEventTests(RealTime product)
{
    private static byte[] Body(Office office, string field, string value, long? time = null) =>
        Encoding.UTF8.GetBytes(
            $$"""
            {"object":"whatsapp_business_account","entry":[{"id":"{{office.Waba}}"{{(
                time is null ? "" : $",\"time\":{time}"
            )}},"changes":[{"field":"{{field}}","value":{{value}}}]}]}
            """
        );

    private static async Task<string> ChannelAsync(Office office) =>
        (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();

    private static async Task<JsonArray> EventsAsync(Office office) =>
        (await office.AskAsync($"channels/{await ChannelAsync(office)}/events?limit=200")).Body!["items"]!.AsArray();

    [Fact]
    public async Task Every_field_is_in_the_log_once_and_an_invented_one_too()
    {
        var office = await product.OfficeAsync();
        string[] fields =
        [
            "message_template_status_update",
            "phone_number_quality_update",
            "phone_number_name_update",
            "business_capability_update",
            "account_review_update",
            "account_alerts",
            "account_update",
            "security",
            "user_preferences",
            "smb_app_state_sync",
            "smb_message_echoes",
            "history",
            "flows",
            "business_username_updates",
            "partner_solutions",
            "payment_configuration_update",
            "automatic_events",
            "group_lifecycle_update",
            "group_participants_update",
            "group_settings_update",
            "group_status_update",
            "something_new",
        ];
        foreach (var field in fields)
        {
            var body = Body(office, field, """{"event":"X","text":"<b>\u0000"}""");
            (await office.HookAsync(body)).ShouldBe(200);
            (await office.HookAsync(body)).ShouldBe(200);
        }
        var events = await EventsAsync(office);
        events.Select(e => e!["kind"]!.ToString()).Order().ShouldBe(fields.Order());
        events[0]!["detail"]!.ToString().ShouldContain("<b>");
        (await office.LeftoversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_paused_template_cannot_be_sent_from_that_moment_on_and_an_older_word_does_not_undo_it()
    {
        var office = await product.OfficeAsync(templates: true);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var id = await product.Database.ScalarAsync<string>(
            $"select graph_id from threadkeep.templates where account_id = '{office.Account}' and name = 'continue_conversation' limit 1"
        );
        var now = product.Now.ToUnixTimeSeconds();
        string Told(string word) =>
            $$"""{"event":"{{word}}","message_template_id":{{id}},"message_template_name":"continue_conversation","message_template_language":"en_US","reason":null}""";
        (await office.HookAsync(Body(office, "message_template_status_update", Told("PAUSED"), now))).ShouldBe(200);
        (await office.SendAsync(thread, Office.Template)).Code.ShouldBe("template_not_approved");
        (await office.HookAsync(Body(office, "message_template_status_update", Told("APPROVED"), now - 60))).ShouldBe(
            200
        );
        (await office.SendAsync(thread, Office.Template)).Code.ShouldBe("template_not_approved");
        (
            await office.HookAsync(Body(office, "message_template_status_update", Told("UNPAUSED_BY_NOBODY"), now + 1))
        ).ShouldBe(200);
        (await office.HookAsync(Body(office, "message_template_status_update", Told("APPROVED"), now + 2))).ShouldBe(
            200
        );
        (await office.SendAsync(thread, Office.Template)).Status.ShouldBe(202);
    }

    [Fact]
    public async Task What_Meta_holds_against_the_account_stands_on_the_channel_and_how_long_webhooks_take()
    {
        var person = Browser.NewPerson("admin");
        var office = await product.OfficeAsync(agents: [person]);
        using var admin = await Browser.OfAsync(product, person);
        await office.HearAsync(Office.NewCustomer(), at: product.Now.AddMinutes(-2));
        const string Violation = """{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SCAM"}}""";
        (await office.HookAsync(Body(office, "account_update", Violation))).ShouldBe(200);

        var channel = (await admin.GetAsync($"channels/{await ChannelAsync(office)}")).Body!;
        var warning = channel["warnings"]!.AsArray().ShouldHaveSingleItem()!;
        (warning["kind"]!.ToString(), warning["what"]!.ToString()).ShouldBe(("violation", "SCAM"));
        channel["lastLagSeconds"]!.GetValue<double>().ShouldBeInRange(119, 180);

        // Who posts there without the app's secret is refused and counted.
        var before = channel["signatureFailures"]!.GetValue<int>();
        (await office.HookAsync(Body(office, "account_update", Violation), secret: "another")).ShouldBe(401);
        var after = (await admin.GetAsync($"channels/{await ChannelAsync(office)}")).Body!;
        after["signatureFailures"]!.GetValue<int>().ShouldBe(before + 1);
        after["lastSignatureFailureAt"]!.GetValue<DateTimeOffset>().ShouldBe(product.Now, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Another_accounts_secret_writes_nothing_into_this_ones_log()
    {
        var office = await product.OfficeAsync();
        var body = Body(office, "account_update", """{"event":"ACCOUNT_DELETED"}""");
        (
            await office.HookAsync(body, RunningProduct.SecretOf(RunningProduct.OtherApp), RunningProduct.OtherApp)
        ).ShouldBe(200);
        (await EventsAsync(office)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_customer_whose_id_changes_stays_in_the_thread()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        (await office.HookAsync(Hook.Text(customer, "Hello", product.Now, userId: "JP.before"))).ShouldBe(200);
        var thread = await office.ThreadAsync(customer);
        var update = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject { ["phone_number_id"] = office.Number },
            ["user_id_update"] = new JsonArray
            {
                new JsonObject
                {
                    ["detail"] = "User changed",
                    ["user_id"] = new JsonObject { ["previous"] = "JP.before", ["current"] = "JP.after" },
                    ["timestamp"] = $"{product.Now.ToUnixTimeSeconds()}",
                },
            },
        };
        (await office.HookAsync(Body(office, "user_id_update", update.ToJsonString()))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(null, "It is me", product.Now, userId: "JP.after"))).ShouldBe(200);
        (await office.MessagesAsync(thread)).Select(m => m.Text).ShouldContain("It is me");
        (await office.ThreadsAsync()).ShouldHaveSingleItem();
    }
}
