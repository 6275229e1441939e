using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Threadkeep.Sandbox.Tests.Support;

namespace Threadkeep.Sandbox.Tests.Signup;

/// <summary>Codes, tokens, and addresses of one account's own (Cloud API, "Onboarding", "Callback override").</summary>
public sealed class SignupTests
{
    private const string App = "100200300400501";

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private static async Task<JsonNode> DialogAsync(RunningSandbox sandbox, string path, object body)
    {
        using var answer = await sandbox.Control.PostAsJsonAsync("/control/dialog/" + path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private static async Task<JsonNode> GraphAsync(RunningSandbox sandbox, string path, object? body = null)
    {
        using var answer = body is null
            ? await sandbox.Graph.GetAsync(path)
            : await sandbox.Graph.PostAsJsonAsync(path, body);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static Task<JsonNode> ExchangeAsync(RunningSandbox sandbox, string code, string secret) =>
        GraphAsync(sandbox, $"oauth/access_token?client_id={App}&client_secret={secret}&code={code}");

    [Fact]
    public async Task A_code_is_exchanged_once_within_thirty_seconds_by_whoever_has_the_secret()
    {
        await using var sandbox = await RunningSandbox.StartAsync(time);
        var waba = new { wabaId = RunningSandbox.Waba };
        var code = (await DialogAsync(sandbox, "finish", waba))["code"]!.ToString();
        (await ExchangeAsync(sandbox, code, "wrong"))["error"].ShouldNotBeNull();
        var token = (await ExchangeAsync(sandbox, code, RunningSandbox.Secret))["access_token"]!.ToString();
        (await ExchangeAsync(sandbox, code, RunningSandbox.Secret))["error"]!["code"]!.GetValue<int>().ShouldBe(100);

        var by = Uri.EscapeDataString($"{App}|{RunningSandbox.Secret}");
        var facts = (await GraphAsync(sandbox, $"debug_token?input_token={token}&access_token={by}"))["data"]!;
        facts["is_valid"]!.GetValue<bool>().ShouldBeTrue();
        facts["granular_scopes"]![0]!["target_ids"]![0]!.ToString().ShouldBe(RunningSandbox.Waba);
        await DialogAsync(sandbox, "revoke", new { });
        facts = (await GraphAsync(sandbox, $"debug_token?input_token={token}&access_token={by}"))["data"]!;
        facts["is_valid"]!.GetValue<bool>().ShouldBeFalse();

        var old = (await DialogAsync(sandbox, "finish", waba))["code"]!.ToString();
        time.Advance(TimeSpan.FromSeconds(31));
        (await ExchangeAsync(sandbox, old, RunningSandbox.Secret))["error"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_number_is_proved_by_six_digits_and_wrong_old_and_too_many_have_their_own_answers()
    {
        await using var sandbox = await RunningSandbox.StartAsync(time);
        var number = new
        {
            wabaId = RunningSandbox.Waba,
            name = "Two",
            phoneNumber = "+81 3 1111 2222",
        };
        (
            await DialogAsync(
                sandbox,
                "numbers",
                new
                {
                    number.wabaId,
                    number.name,
                    number.phoneNumber,
                    trouble = "personal",
                }
            )
        )["error"]!.ToString().ShouldBe("personal");
        var id = (await DialogAsync(sandbox, "numbers", number))["phoneNumberId"]!.ToString();
        var register = new { messaging_product = "whatsapp", pin = "123456" };
        (await GraphAsync(sandbox, $"{id}/register", register))["error"]!["code"]!.GetValue<int>().ShouldBe(133006);

        // A machine answers: the code is made and never heard.
        (await DialogAsync(sandbox, $"numbers/{id}/code", new { method = "VOICE", trouble = "no_voice" }))["code"]
            .ShouldBeNull();
        var code = (await DialogAsync(sandbox, $"numbers/{id}/code", new { method = "SMS" }))["code"]!.ToString();
        async Task<string?> VerifyAsync(string digits) =>
            (await GraphAsync(sandbox, $"{id}/verify_code", new { code = digits }))["error"]
                ?["error_data"]?["details"]?.ToString();
        var wrong = code == "000000" ? "111111" : "000000";
        (await VerifyAsync(wrong))!.ShouldContain("wrong");
        time.Advance(TimeSpan.FromMinutes(11));
        (await VerifyAsync(code))!.ShouldContain("expired");

        code = (await DialogAsync(sandbox, $"numbers/{id}/code", new { method = "SMS" }))["code"]!.ToString();
        wrong = code == "000000" ? "111111" : "000000";
        for (var n = 0; n < 5; n++)
            await VerifyAsync(wrong);
        (await VerifyAsync(code))!.ShouldContain("Too many");

        code = (await DialogAsync(sandbox, $"numbers/{id}/code", new { method = "SMS" }))["code"]!.ToString();
        (await VerifyAsync(code)).ShouldBeNull();
        (await GraphAsync(sandbox, $"{id}/register", register))["success"]!.GetValue<bool>().ShouldBeTrue();
        // Taken now.
        (await DialogAsync(sandbox, "numbers", number))["error"]!
            .ToString()
            .ShouldBe("in_use");
        await GraphAsync(sandbox, $"{id}/request_code", new { code_method = "SMS" });
        (await GraphAsync(sandbox, $"{id}/request_code", new { code_method = "SMS" }))["error"]!["code"]!
            .GetValue<int>()
            .ShouldBe(136024);
    }

    [Fact]
    public async Task An_account_with_an_address_of_its_own_is_told_there_and_only_once_it_has_answered_the_handshake()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await using var own = await WebhookReceiver.StartAsync();
        var path = $"{RunningSandbox.Waba}/subscribed_apps";
        var nobody = new { override_callback_uri = "http://127.0.0.1:1/hook", verify_token = "x" };
        (await GraphAsync(sandbox, path, nobody))["error"].ShouldNotBeNull();
        var mine = new { override_callback_uri = own.Url, verify_token = "sandbox-verify-token" };
        (await GraphAsync(sandbox, path, mine))["success"]!.GetValue<bool>().ShouldBeTrue();
        await sandbox.Control.PostAsJsonAsync(
            $"/control/customers/{RunningSandbox.Yui}/messages",
            new { phoneNumberId = RunningSandbox.Number, text = "Hello" }
        );
        await own.UntilAsync(received => received.Length == 1);
        sandbox.Receiver.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_number_with_an_address_of_its_own_is_told_there_before_its_account_and_the_app()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await using var ofWaba = await WebhookReceiver.StartAsync();
        await using var ofNumber = await WebhookReceiver.StartAsync();
        Task<JsonNode> DirectAsync(string url) =>
            GraphAsync(
                sandbox,
                RunningSandbox.Number,
                new
                {
                    webhook_configuration = new { override_callback_uri = url, verify_token = "sandbox-verify-token" },
                }
            );
        async Task HearAsync() =>
            (
                await sandbox.Control.PostAsJsonAsync(
                    $"/control/customers/{RunningSandbox.Yui}/messages",
                    new { phoneNumberId = RunningSandbox.Number, text = "Hello" }
                )
            ).EnsureSuccessStatusCode();

        (await DirectAsync("http://127.0.0.1:1/hook"))["error"].ShouldNotBeNull("it must answer the handshake");
        (await DirectAsync("http://127.0.0.1/" + new string('x', 200)))["error"].ShouldNotBeNull();
        var waba = new { override_callback_uri = ofWaba.Url, verify_token = "sandbox-verify-token" };
        await GraphAsync(sandbox, $"{RunningSandbox.Waba}/subscribed_apps", waba);
        (await DirectAsync(ofNumber.Url.ToString()))["success"]!.GetValue<bool>().ShouldBeTrue();
        var told = (await GraphAsync(sandbox, $"{RunningSandbox.Number}?fields=webhook_configuration"))[
            "webhook_configuration"
        ]!.AsObject();
        told.Select(t => t.Key).ShouldBe(["application", "whatsapp_business_account", "phone_number"]);
        told["phone_number"]!.ToString().ShouldBe(ofNumber.Url.ToString());
        await HearAsync();
        await ofNumber.UntilAsync(received => received.Length == 1);
        ofWaba.All.ShouldBeEmpty();

        // Taken away again, the account's counts.
        (await DirectAsync(""))["success"]!
            .GetValue<bool>()
            .ShouldBeTrue();
        await HearAsync();
        await ofWaba.UntilAsync(received => received.Length == 1);
        ofNumber.All.Length.ShouldBe(1);
        sandbox.Receiver.All.ShouldBeEmpty();
    }
}
