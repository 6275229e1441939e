using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Operations;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Operations;

/// <summary>The operator's page of the Meta app (SPEC.md CH10): what is set, who may change it, and the check of the whole way.</summary>
[Collection(nameof(RealTime))]
public sealed class MetaAppTests(RealTime product)
{
    private static Dictionary<string, (string State, string? Code)> StepsOf(JsonNode check) =>
        check["steps"]!
            .AsArray()
            .ToDictionary(s => s!["step"]!.ToString(), s => (s!["state"]!.ToString(), s["code"]?.ToString()));

    // Walks once more, and what is found.
    private static async Task<JsonNode> CheckedAsync(Browser admin)
    {
        (await admin.PostAsync("meta-app/check")).Status.ShouldBe(202);
        JsonNode? check = null;
        await Eventually.IsTrueAsync(
            "the check is done",
            async () =>
            {
                check = (await admin.GetAsync("meta-app/check")).Body!;
                return check["state"]!.ToString() == "done";
            },
            TimeSpan.FromSeconds(60)
        );
        return check!;
    }

    [Fact]
    public async Task Operators_see_what_is_set_and_change_it_and_secrets_are_never_told()
    {
        var (person, clerk) = (Browser.NewPerson("admin"), Browser.NewPerson("supervisor"));
        var office = await product.OfficeAsync(agents: [person, clerk]);
        using var admin = await Browser.OfAsync(product, person);
        using var supervisor = await Browser.OfAsync(product, clerk);
        foreach (var door in new[] { "meta-app", "meta-app/check" })
        {
            (await office.AskAsync(door)).Status.ShouldBe(403, "keys are no people");
            (await supervisor.GetAsync(door)).Status.ShouldBe(403);
        }
        var before = (await admin.GetAsync("meta-app")).Body!;
        before["appId"]!.ToString().ShouldBe(RunningProduct.AppId);
        before["appSecretSet"]!.GetValue<bool>().ShouldBeTrue();
        before["mode"]!.ToString().ShouldBe("sandbox");
        before["address"].ShouldBeNull("these tests configure none");
        before.ToJsonString().ShouldNotContain(office.AppSecret);

        foreach (
            var (change, field) in new (object, string)[]
            {
                (new { appId = "an app" }, "appId"),
                (new { appId = RunningProduct.AppId, configurationId = "x" }, "configurationId"),
                (new { appId = RunningProduct.AppId, appSecret = "with a space" }, "appSecret"),
                (new { appId = RunningProduct.AppId, verifyToken = "short" }, "verifyToken"),
            }
        )
        {
            var refused = await admin.PutAsync("meta-app", change);
            (refused.Status, refused.Code, refused.Body!["field"]!.ToString()).ShouldBe(
                (422, "meta_app_invalid", field)
            );
        }
        (await admin.PutAsync("meta-app", new { })).Status.ShouldBe(400);
        // Said again as it is: secrets that are not named stay, and webhooks of the app are taken as before.
        var configuration = before["configurationId"]!.ToString();
        var said = new
        {
            appId = RunningProduct.AppId,
            configurationId = configuration,
            appSecret = office.AppSecret,
        };
        (await admin.PutAsync("meta-app", said)).Body!["configurationId"]!.ToString().ShouldBe(configuration);
        (await admin.PutAsync("meta-app", new { appId = RunningProduct.AppId })).Status.ShouldBe(200);
        (await admin.GetAsync("meta-app")).Body!.ToJsonString().ShouldBe(before.ToJsonString());
        await office.HearAsync(Office.NewCustomer());
        var audit = (await office.AskAsync("audit?action=meta_app.changed")).Body!["items"]!.AsArray();
        audit.Count.ShouldBe(2);
        audit.ToJsonString().ShouldNotContain(office.AppSecret);
    }

    [Fact]
    public async Task The_check_walks_the_whole_way_and_is_there_after_a_reload()
    {
        var person = Browser.NewPerson("admin", "Opal");
        var office = await product.OfficeAsync(agents: [person], firstConnectedAt: product.Now);
        using var admin = await Browser.OfAsync(product, person);
        var check = await CheckedAsync(admin);
        check["startedBy"]!.ToString().ShouldBe("Opal");
        var steps = StepsOf(check);
        steps.Keys.ShouldBe(["address", "handshake", "signature", "app", "permissions", "verification"]);
        steps["address"].ShouldBe(("failed", "address_missing"));
        steps["handshake"].ShouldBe(("skipped", "address_first"));
        steps["signature"].ShouldBe(("skipped", "address_first"));
        steps["app"].ShouldBe(("ok", "app_known"));
        // Other tests' accounts are looked at as well: only this one's is certain to be in order.
        foreach (var step in new[] { "permissions", "verification" })
            Blames(check, step).ShouldBeFalse();

        await product.FaultsAsync("""{"limits":{"unverified":true}}""");
        var unverified = await CheckedAsync(admin);
        StepsOf(unverified)["verification"].ShouldBe(("warning", "business_unverified"));
        Blames(unverified, "verification").ShouldBeTrue();
        await product.FaultsAsync("""{"tokenInvalid":true}""");
        var revoked = await CheckedAsync(admin);
        StepsOf(revoked)["permissions"].ShouldBe(("failed", "token_refused"));
        Blames(revoked, "permissions").ShouldBeTrue();
        await product.FaultsAsync("{}");

        bool Blames(JsonNode walked, string name) =>
            walked["steps"]!.AsArray().Single(s => s!["step"]!.ToString() == name) is var step
            && step!["state"]!.ToString() != "ok"
            && step["found"]?.ToString().Contains(office.Waba, StringComparison.Ordinal) == true;
    }

    [Fact]
    public async Task A_check_whose_host_went_away_is_shown_as_interrupted_and_another_may_begin()
    {
        var person = Browser.NewPerson("admin");
        await product.OfficeAsync(agents: [person]);
        using var admin = await Browser.OfAsync(product, person);
        async Task LeaveAsync(TimeSpan ago) =>
            await product.Database.ExecuteAsync(
                $"""
                insert into threadkeep.meta_app_checks (id, started_at, moved_at, started_by, steps)
                values ('{Guid.CreateVersion7()}', '{product.Now - ago:O}', '{product.Now - ago:O}', 'Gone', '[]')
                """
            );
        await LeaveAsync(TimeSpan.FromMinutes(3));
        (await admin.GetAsync("meta-app/check")).Body!["state"]!.ToString().ShouldBeOneOf("interrupted", "done");
        // One that moves stands in the way of a second: whoever asks is shown it.
        await LeaveAsync(TimeSpan.Zero);
        var shown = (await admin.PostAsync("meta-app/check")).Body!;
        (shown["state"]!.ToString(), shown["startedBy"]!.ToString()).ShouldBe(("running", "Gone"));
        await product.Database.ExecuteAsync(
            "update threadkeep.meta_app_checks set moved_at = moved_at - interval '5 minutes'"
        );
        (await admin.GetAsync("meta-app/check")).Body!["state"]!.ToString().ShouldBe("interrupted");
        (await CheckedAsync(admin))["startedBy"]!.ToString().ShouldNotBe("Gone");
    }

    [Fact]
    public async Task An_address_is_tried_as_Meta_uses_it()
    {
        var office = await product.OfficeAsync();
        var secret = office.AppSecret;
        var token = RunningProduct.VerifyTokenOf(RunningProduct.App);
        using (var ours = new PublicAddress(product.ApiUrl.ToString(), mustBePublic: false))
        {
            (await ours.AnswersAsync(default)).ShouldBe(
                new MetaAppStep("address", "warning", "address_not_https", product.ApiUrl + "webhooks/whatsapp")
            );
            (await ours.ShakesHandsAsync(token, default)).Code.ShouldBe("handshake_holds");
            (await ours.ShakesHandsAsync("another", default)).Code.ShouldBe("handshake_refused");
            (await ours.TakesSignedAsync(secret, default)).Code.ShouldBe("signature_holds");
            (await ours.TakesSignedAsync("another", default)).Code.ShouldBe("signature_refused");
        }
        using (var none = new PublicAddress(null, mustBePublic: true))
            (await none.AnswersAsync(default)).Code.ShouldBe("address_missing");
        using (var nobody = new PublicAddress("https://127.0.0.1:1", mustBePublic: true))
            (await nobody.AnswersAsync(default)).Code.ShouldBe("address_unreachable");

        // Somebody else's: it says yes to everything, over TLS that nobody trusts.
        await using var stranger = await StrangerAsync();
        using var plain = new PublicAddress(
            stranger.Urls.First(u => u.StartsWith("http:", StringComparison.Ordinal)),
            false
        );
        (await plain.ShakesHandsAsync(token, default)).Code.ShouldBe("handshake_takes_anything");
        (await plain.TakesSignedAsync(secret, default)).Code.ShouldBe("signature_unchecked");
        using var moved = new PublicAddress(stranger.Urls.First() + "/moved", false);
        (await moved.AnswersAsync(default)).Code.ShouldBe("address_redirects");
        using var tls = new PublicAddress(
            stranger.Urls.First(u => u.StartsWith("https", StringComparison.Ordinal)),
            true
        );
        (await tls.AnswersAsync(default)).Code.ShouldBe("certificate_invalid");
    }

    private static async Task<WebApplication> StrangerAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
        });
        var app = builder.Build();
        app.Run(context =>
        {
            if (context.Request.Path.StartsWithSegments("/moved"))
                context.Response.Redirect("/elsewhere");
            return context.Response.WriteAsync(context.Request.Query["hub.challenge"].ToString());
        });
        await app.StartAsync();
        return app;
    }
}
