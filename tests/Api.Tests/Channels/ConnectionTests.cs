using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;
using Threadkeep.People;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Channels;

/// <summary>Numbers come to an account and leave it, as an admin's browser and Meta's pop-up do it.</summary>
[Collection(nameof(RealTime))]
public sealed class ConnectionTests(RealTime product)
{
    private const string Terms = "2026-11-28";

    [Fact]
    public async Task A_number_is_signed_up_connected_and_heard()
    {
        var (office, admin) = await OfficeAsync();
        var description = await admin.GetAsync("signup");
        description.Body!["available"]!.GetValue<bool>().ShouldBeTrue();
        description.Body["mode"]!.ToString().ShouldBe("sandbox");
        var meta = await PopUpAsync();

        var channel = await SignUpAsync(admin, meta);
        var ready = await StateAsync(admin, channel);
        ready["state"]!.ToString().ShouldBe("ready");
        ready["name"]!.ToString().ShouldBe("Night shift");
        // Nothing comes before it is connected.
        var early = await WriteAsync(meta, "Anybody there?");
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);
        var details = await StateAsync(admin, channel);
        details["state"]!.ToString().ShouldBe("connected");
        details["health"]!["status"]!.ToString().ShouldBe("CONNECTED");

        var late = await WriteAsync(meta, "And now?");
        await Eventually.IsTrueAsync(
            "the message is in a thread of the new number",
            async () => await office.CountAsync("messages", $"wamid = '{late}'") == 1
        );
        (await office.CountAsync("messages", $"wamid = '{early}'")).ShouldBe(0);
        // What people did is on record, the terms with their version.
        var audit = (await admin.GetAsync("audit?limit=50")).Body!["items"]!.AsArray();
        var actions = audit.Select(e => e!["action"]!.ToString()).ToList();
        foreach (var action in new[] { "whatsapp_terms.accepted", "channel.signed_up", "channel.connected" })
            actions.ShouldContain(action);
        audit.First(e => e!["action"]!.ToString() == "whatsapp_terms.accepted")!.ToJsonString().ShouldContain(Terms);
    }

    [Fact]
    public async Task A_sign_up_counts_once_for_whoever_began_it_and_only_for_what_Meta_lets_them_manage()
    {
        var (office, admin) = await OfficeAsync();
        var meta = await PopUpAsync();
        (await admin.PostAsync("signup", new { termsVersion = "of last year" })).Code.ShouldBe("terms_changed");
        (await office.PostAsync("signup", $$"""{"termsVersion":"{{Terms}}"}""")).Code.ShouldBe("people_only");

        var (_, stranger) = await OfficeAsync();
        var state = await BeginAsync(admin);
        (await FinishAsync(stranger, state, await CodeAsync(meta), meta)).Code.ShouldBe("signup_state_unknown");
        var code = await CodeAsync(meta);
        (await FinishAsync(admin, state, code, meta)).Status.ShouldBe(200);
        (await FinishAsync(admin, state, code, meta)).Code.ShouldBe("signup_state_unknown");
        (await FinishAsync(admin, await BeginAsync(admin), code, meta)).Code.ShouldBe("signup_code_refused");

        // The pop-up may say what it likes: the token is for another account.
        var other = await PopUpAsync();
        (await FinishAsync(admin, await BeginAsync(admin), await CodeAsync(meta), other)).Code.ShouldBe(
            "not_waba_admin"
        );
        var nowhere = meta with { Number = "1" };
        (await FinishAsync(admin, await BeginAsync(admin), await CodeAsync(meta), nowhere)).Code.ShouldBe("no_number");
    }

    [Fact]
    public async Task A_number_that_is_connected_is_in_the_way_here_by_name_and_elsewhere_without_a_word_of_whose()
    {
        var (_, admin) = await OfficeAsync();
        var meta = await PopUpAsync();
        var channel = await SignUpAsync(admin, meta);
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);
        (await admin.PatchAsync($"channels/{channel}", new { name = "夜間窓口" })).Status.ShouldBe(204);

        var here = await FinishAsync(admin, await BeginAsync(admin), await CodeAsync(meta), meta);
        here.Code.ShouldBe("number_connected_here");
        here.Body!["channelId"]!.ToString().ShouldBe(channel);
        here.Body["channelName"]!.ToString().ShouldBe("夜間窓口");

        var (_, other) = await OfficeAsync();
        var elsewhere = await FinishAsync(other, await BeginAsync(other), await CodeAsync(meta), meta);
        elsewhere.Code.ShouldBe("number_connected_elsewhere");
        elsewhere.Body!.ToJsonString().ShouldNotContain(channel);
        elsewhere.Body.ToJsonString().ShouldNotContain("夜間窓口");

        // Ready in two accounts, only one gets it.
        var shared = await PopUpAsync();
        var (first, second) = (await SignUpAsync(admin, shared), await SignUpAsync(other, shared));
        (await other.PostAsync($"channels/{second}/connect", new { })).Status.ShouldBe(204);
        (await admin.PostAsync($"channels/{first}/connect", new { })).Code.ShouldBe("number_connected_elsewhere");
        (await admin.DeleteAsync($"channels/{first}")).Status.ShouldBe(204);
        (await other.DeleteAsync($"channels/{second}")).Code.ShouldBe("channel_has_threads");
    }

    [Fact]
    public async Task Disconnected_threads_stay_nothing_is_sent_and_connecting_again_goes_on_with_them()
    {
        var (office, admin) = await OfficeAsync();
        var meta = await PopUpAsync();
        var channel = await SignUpAsync(admin, meta);
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);
        var customer = Office.NewCustomer();
        var heard = await WriteAsync(meta, "Hello", customer);
        await Eventually.IsTrueAsync(
            "the message is stored",
            async () => await office.CountAsync("messages", $"wamid = '{heard}'") == 1
        );
        var thread = await office.ThreadAsync(customer);
        var since = (await StateAsync(admin, channel))["firstConnectedAt"]!.ToString();

        (await admin.PostAsync($"channels/{channel}/disconnect")).Status.ShouldBe(204);
        (await StateAsync(admin, channel))["state"]!.ToString().ShouldBe("disconnected");
        (await office.MessagesAsync(thread)).ShouldHaveSingleItem();
        (await office.SendAsync(thread, Office.TextBody("Too late"))).Code.ShouldBe("channel_paused");
        (await SubscribedAsync(meta)).ShouldBeFalse();

        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);
        (await SubscribedAsync(meta)).ShouldBeTrue();
        var again = await WriteAsync(meta, "Still there?", customer);
        await Eventually.IsTrueAsync(
            "the next message is in the same thread",
            async () =>
                await office.CountAsync("messages", $"wamid = '{again}' and thread_id = '{Guid.Parse(thread.Id)}'") == 1
        );
        (await StateAsync(admin, channel))["firstConnectedAt"]!.ToString().ShouldBe(since);
    }

    [Fact]
    public async Task A_revoked_token_keeps_what_waits_and_signing_up_again_lets_it_leave()
    {
        var (office, admin) = await OfficeAsync();
        var meta = await PopUpAsync();
        var channel = await SignUpAsync(admin, meta);
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);
        var customer = Office.NewCustomer();
        var heard = await WriteAsync(meta, "Hello", customer);
        await Eventually.IsTrueAsync(
            "the message is stored",
            async () => await office.CountAsync("messages", $"wamid = '{heard}'") == 1
        );
        await product.ControlAsync(HttpMethod.Post, "dialog/revoke");
        var sent = await office.AcceptedAsync(await office.ThreadAsync(customer), Office.TextBody("Waiting"));
        await Eventually.IsTrueAsync(
            "the channel needs attention",
            async () => (await StateAsync(admin, channel))["attention"]?.ToString() == "token_invalid"
        );
        var second = await office.AcceptedAsync(await office.ThreadAsync(customer), Office.TextBody("Second"));
        (await office.MessageAsync(sent)).Status.ShouldBe("queued");
        // What others write meanwhile does not even ask Meta, and so leaves at once when there is a token.
        var other = Office.NewCustomer();
        var told = await WriteAsync(meta, "Hello too", other);
        await Eventually.IsTrueAsync(
            "the message is stored",
            async () => await office.CountAsync("messages", $"wamid = '{told}'") == 1
        );
        var behind = await office.AcceptedAsync(await office.ThreadAsync(other), Office.TextBody("Behind"));
        var steps = (await admin.PostAsync($"channels/{channel}/check")).Body!["steps"]!.AsArray();
        steps[0]!["step"]!.ToString().ShouldBe("token");
        steps[0]!["holds"]!.GetValue<bool>().ShouldBeFalse();

        (await FinishAsync(admin, await BeginAsync(admin), await CodeAsync(meta), meta)).Status.ShouldBe(200);
        (await StateAsync(admin, channel))["attention"].ShouldBeNull();
        await office.UntilAsync(behind, "sent", "delivered", "read");
        await office.UntilAsync(sent, "sent", "delivered", "read");
        await office.UntilAsync(second, "sent", "delivered", "read");
        // In the order in which they were written.
        var left = await product.ControlAsync(HttpMethod.Get, $"sent?phoneNumberId={meta.Number}&to={customer}");
        left!["items"]!.AsArray().Select(s => s!["body"]!["text"]!["body"]!.ToString()).ShouldBe(["Waiting", "Second"]);
    }

    [Fact]
    public async Task By_hand_each_part_is_checked_and_the_wrong_one_is_named()
    {
        var (_, admin) = await OfficeAsync();
        var meta = await PopUpAsync();
        var (waba, number, token, secret) = (
            meta.Waba,
            meta.Number,
            RunningProduct.AccessToken,
            RunningProduct.SecretOf(RunningProduct.App)
        );
        Task<Answer> AddAsync(string w, string n, string t, string s) =>
            admin.PostAsync(
                "channels",
                new
                {
                    wabaId = w,
                    phoneNumberId = n,
                    accessToken = t,
                    appSecret = s,
                }
            );
        (await AddAsync("x", number, token, secret)).Code.ShouldBe("waba_wrong");
        (await AddAsync(waba, number, "wrong", secret)).Code.ShouldBe("access_token_wrong");
        (await AddAsync(waba, number, token, "wrong")).Code.ShouldBe("app_secret_wrong");
        (await AddAsync("1", number, token, secret)).Code.ShouldBe("waba_wrong");
        (await AddAsync(waba, "1", token, secret)).Code.ShouldBe("phone_number_wrong");
        (await admin.GetAsync("channels")).Body!["items"]!.AsArray().Count.ShouldBe(1);

        var added = await AddAsync(waba, $" {number} ", token, secret);
        added.Status.ShouldBe(200, added.Body?.ToJsonString());
        var channel = added.Body!["channelIds"]![0]!.ToString();
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_WhatsApp_account_holds_25_connected_numbers_and_no_more()
    {
        var (office, admin) = await OfficeAsync();
        var meta = await PopUpAsync();
        var channel = await SignUpAsync(admin, meta);
        // 25 others of the same account, as if they had been signed up one by one.
        Task<int> OthersAsync(string change) =>
            product.Database.ScalarAsync<int>(
                $"with changed as ({change} returning 1) select count(*)::int from changed"
            );
        (
            await OthersAsync(
                $$"""
                insert into threadkeep.channels
                select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'state', 'connected',
                    'waba_id', '{{meta.Waba}}', 'phone_number_id', '77' || n || '{{meta.Number}}'))).*
                from threadkeep.channels c, generate_series(10, 34) n
                where c.account_id = '{{office.Account}}' and c.phone_number_id = '{{office.Number}}'
                """
            )
        ).ShouldBe(25);
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Code.ShouldBe("waba_full");
        (
            await OthersAsync(
                $"delete from threadkeep.channels where phone_number_id like '77%{meta.Number}' and phone_number_id <> '7710{meta.Number}'"
            )
        ).ShouldBe(24);
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);
        await OthersAsync($"delete from threadkeep.channels where phone_number_id = '7710{meta.Number}'");
    }

    [Fact]
    public async Task A_number_with_a_PIN_of_its_own_asks_for_it_and_one_that_is_not_verified_waits()
    {
        var (_, admin) = await OfficeAsync();
        var meta = await PopUpAsync();
        await GraphAsync(meta.Number, new { pin = "481516" });
        var channel = await SignUpAsync(admin, meta);
        (await admin.PostAsync($"channels/{channel}/connect", new { pin = "1" })).Status.ShouldBe(400);
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Code.ShouldBe("pin_wrong");
        (await admin.PostAsync($"channels/{channel}/connect", new { pin = "481516" })).Status.ShouldBe(204);
        // It is known from now on.
        (await admin.PostAsync($"channels/{channel}/disconnect")).Status.ShouldBe(204);
        (await admin.PostAsync($"channels/{channel}/connect", new { })).Status.ShouldBe(204);

        var unproved = await PopUpAsync(verify: false);
        var waiting = await SignUpAsync(admin, unproved);
        (await admin.PostAsync($"channels/{waiting}/connect", new { })).Code.ShouldBe("number_not_verified");
    }

    [Fact]
    public async Task What_customers_see_of_the_business_is_changed_at_Meta_within_its_limits()
    {
        var (_, admin) = await OfficeAsync();
        var channel = (await admin.GetAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        (await admin.PutAsync($"channels/{channel}/profile", new { about = new string('x', 140) })).Status.ShouldBe(
            400
        );
        (
            await admin.PutAsync($"channels/{channel}/profile", new { websites = new[] { "javascript:alert(1)" } })
        ).Status.ShouldBe(400);
        var put = await admin.PutAsync(
            $"channels/{channel}/profile",
            new
            {
                about = "毎日 9 時から",
                websites = new[] { "https://sakura.example" },
                vertical = "RETAIL",
            }
        );
        put.Status.ShouldBe(204, put.Body?.ToJsonString());
        var profile = (await StateAsync(admin, channel))["profile"]!;
        profile["about"]!.ToString().ShouldBe("毎日 9 時から");
        profile["websites"]![0]!.ToString().ShouldBe("https://sakura.example");
        profile["vertical"]!.ToString().ShouldBe("RETAIL");
        profile["pictureUrl"].ShouldBeNull();

        // A picture: looked at before Meta is asked, and the rest stays.
        async Task<string> UploadAsync(byte[] bytes)
        {
            using var content = new ByteArrayContent(bytes);
            using var answer = await admin.Http.PostAsync("media", content);
            return System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.ToString();
        }
        foreach (
            var (id, code) in new[]
            {
                (new string('0', 64), "media_not_found"),
                (await UploadAsync(MadeFiles.Pdf), "media_type_not_allowed"),
            }
        )
            (await admin.PutAsync($"channels/{channel}/profile", new { pictureId = id })).Code.ShouldBe(code);
        var pictureId = await UploadAsync(MadeFiles.Jpeg);
        (
            await admin.PutAsync($"channels/{channel}/profile", new { about = "毎日 9 時から", pictureId })
        ).Status.ShouldBe(204);
        var shown = (await StateAsync(admin, channel))["profile"]!;
        shown["about"]!.ToString().ShouldBe("毎日 9 時から");
        shown["websites"]![0]!.ToString().ShouldBe("https://sakura.example");
        using var anybody = new HttpClient();
        (await anybody.GetByteArrayAsync(shown["pictureUrl"]!.ToString())).ShouldBe(MadeFiles.Jpeg);

        var steps = (await admin.PostAsync($"channels/{channel}/check")).Body!["steps"]!.AsArray();
        steps
            .ToDictionary(s => s!["step"]!.ToString(), s => s!["holds"]!.GetValue<bool>())
            .ShouldBe(
                new Dictionary<string, bool>
                {
                    ["token"] = true,
                    ["number"] = true,
                    ["subscription"] = true,
                    ["webhook"] = false, // this deployment has no public address
                }
            );
    }

    [Fact]
    public async Task The_page_that_connects_may_load_the_script_of_the_sign_up_and_no_other_may()
    {
        using var client = new HttpClient { BaseAddress = product.ApiUrl };
        async Task<string> PolicyAsync(string path)
        {
            using var answer = await client.GetAsync(path);
            return string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        }
        (await PolicyAsync("/settings/channels/connect")).ShouldContain("/sdk.js");
        foreach (var other in new[] { "/settings/channels", "/inbox/open", "/settings/channels/connect/x", "/" })
            (await PolicyAsync(other)).ShouldNotContain("script-src");
    }

    // What an admin and a person at Meta's pop-up do -----------------------------------------------------------------

    private sealed record MetaNumber(string Waba, string Number);

    private async Task<(Office Office, Browser Admin)> OfficeAsync()
    {
        var person = Browser.NewPerson(Roles.Admin);
        var office = await product.OfficeAsync(agents: [person]);
        return (office, await Browser.OfAsync(product, person));
    }

    // A WhatsApp Business account and a number of it, as the pop-up makes them.
    private async Task<MetaNumber> PopUpAsync(bool verify = true)
    {
        var waba = (await DialogAsync("wabas", new { name = "Sakura" }))["wabaId"]!.ToString();
        var id = (
            await DialogAsync(
                "numbers",
                new
                {
                    wabaId = waba,
                    name = "Night shift",
                    phoneNumber = "+81 " + Office.NewCustomer()[2..],
                }
            )
        )["phoneNumberId"]!.ToString();
        if (!verify)
            return new MetaNumber(waba, id);
        var code = (await DialogAsync($"numbers/{id}/code", new { method = "SMS" }))["code"]!.ToString();
        await product.ControlAsync(HttpMethod.Post, $"dialog/numbers/{id}/verify", new JsonObject { ["code"] = code });
        return new MetaNumber(waba, id);
    }

    private async Task<string> CodeAsync(MetaNumber meta) =>
        (await DialogAsync("finish", new { wabaId = meta.Waba }))["code"]!.ToString();

    private static async Task<string> BeginAsync(Browser admin) =>
        (await admin.PostAsync("signup", new { termsVersion = Terms })).Body!["state"]!.ToString();

    private static Task<Answer> FinishAsync(Browser admin, string state, string code, MetaNumber meta) =>
        admin.PostAsync(
            "signup/finish",
            new
            {
                state,
                code,
                wabaId = meta.Waba,
                phoneNumberId = meta.Number,
            }
        );

    private async Task<string> SignUpAsync(Browser admin, MetaNumber meta)
    {
        var finished = await FinishAsync(admin, await BeginAsync(admin), await CodeAsync(meta), meta);
        finished.Status.ShouldBe(200, finished.Body?.ToJsonString());
        return finished.Body!["channelIds"]!.AsArray().ShouldHaveSingleItem()!.ToString();
    }

    private static async Task<JsonNode> StateAsync(Browser admin, string channel)
    {
        var answer = await admin.GetAsync($"channels/{channel}");
        answer.Status.ShouldBe(200, answer.Body?.ToJsonString());
        return answer.Body!;
    }

    private async Task<JsonNode> DialogAsync(string path, object body) =>
        (
            await product.ControlAsync(
                HttpMethod.Post,
                "dialog/" + path,
                System.Text.Json.JsonSerializer.SerializeToNode(body)
            )
        )!;

    private async Task<string> WriteAsync(MetaNumber meta, string text, string? customer = null)
    {
        var answer = await product.ControlAsync(
            HttpMethod.Post,
            $"customers/{customer ?? Office.NewCustomer()}/messages",
            new JsonObject { ["phoneNumberId"] = meta.Number, ["text"] = text }
        );
        return answer!["wamid"]!.ToString();
    }

    private async Task<bool> SubscribedAsync(MetaNumber meta) =>
        (await product.ControlAsync(HttpMethod.Get, "state"))!["numbers"]!
            .AsArray()
            .First(n => n!["phoneNumberId"]!.ToString() == meta.Number)!["subscribed"]!.GetValue<bool>();

    private async Task GraphAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(product.Control.BaseAddress!, "/v25.0/" + path)
        )
        {
            Content = System.Net.Http.Json.JsonContent.Create(body),
        };
        request.Headers.Authorization = new("Bearer", RunningProduct.AccessToken);
        using var answer = await product.Control.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }
}
