using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Notices.Push;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Notices;

/// <summary>Pushes as a browser gets them: from a push service that is played here and looks at what real ones look at.</summary>
[Collection(nameof(MovedTime))]
public sealed class PushTests(MovedTime product) : IAsyncLifetime
{
    private readonly PushService service = new();

    public ValueTask InitializeAsync() => service.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    private static async Task<JsonNode> PushAsync(Browser browser) => (await browser.GetAsync("me/push")).Body!;

    private async Task<PushBrowser> SubscribeAsync(Browser browser, string place)
    {
        var device = new PushBrowser();
        (await browser.PostAsync("me/push", device.Subscription(service.Address + place))).Status.ShouldBe(204);
        return device;
    }

    private Task<Pushed> UntilAsync(string place, int count = 1) => service.UntilAsync(place, count);

    [Fact]
    public async Task A_message_is_pushed_to_the_persons_browser_encrypted_signed_and_without_words_unless_they_want_them()
    {
        var aoi = Browser.NewPerson("agent", "Aoi");
        var office = await product.OfficeAsync(agents: [aoi]);
        using var hers = await Browser.OfAsync(product, aoi);
        using var device = await SubscribeAsync(hers, "words");
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer, "My card is 4111");
        var pushed = await UntilAsync("words");

        var key = (await PushAsync(hers))["publicKey"]!.ToString();
        pushed.VerifiesWith(key, service.Address, product.Now);
        (pushed.Encoding, pushed.Ttl, pushed.Topic.Length).ShouldBe(("aes128gcm", "3600", 32));
        var told = JsonNode.Parse(device.Read(pushed.Body))!;
        told["title"]!.ToString().ShouldBe("1 new WhatsApp message");
        told["path"]!.ToString().ShouldStartWith($"/inbox/open/{thread.Id}?message=");
        told.ToJsonString().ShouldNotContain("4111");
        told.ToJsonString().ShouldNotContain("Yui");
        await Eventually.IsTrueAsync(
            "it is done with",
            async () =>
                await office.CountAsync("push_jobs") == 0
                && (await PushAsync(hers))["browsers"]![0]!["usedAt"] is not null
        );

        // More of the same is no news for five minutes; then it is, and takes the place of the first.
        await office.HearAsync(customer, "Hello?", product.Now.AddSeconds(1));
        await SaveAsync(hers, """{"messages":true,"unassigned":"team","events":[],"previews":true}""");
        product.Clock.Advance(TimeSpan.FromMinutes(6));
        await office.HearAsync(customer, "Are you there?");
        var second = JsonNode.Parse(device.Read((await UntilAsync("words", 2)).Body))!;
        second["tag"]!.ToString().ShouldBe(told["tag"]!.ToString());
        second["title"]!.ToString().ShouldBe("3 new WhatsApp messages");
        second["body"]!.ToString().ShouldBe($"Yui #{thread.Ticket!.Number}: Are you there?");
    }

    [Fact]
    public async Task A_browser_that_is_gone_is_forgotten_and_a_push_service_that_asks_for_patience_is_asked_later()
    {
        var aoi = Browser.NewPerson("agent", "Aoi");
        var office = await product.OfficeAsync(agents: [aoi]);
        using var hers = await Browser.OfAsync(product, aoi);
        service.Answer("gone", 410);
        service.Answer("busy", 429, retryAfter: 120);
        service.Answer("picky", 400);
        foreach (var place in new[] { "gone", "busy", "picky" })
            (await SubscribeAsync(hers, place)).Dispose();
        await office.HearAsync(Office.NewCustomer());
        foreach (var place in new[] { "gone", "busy", "picky" })
            await UntilAsync(place);
        await Eventually.IsTrueAsync(
            "one is gone and one waits",
            async () =>
                (await PushAsync(hers))["browsers"]!.AsArray().Count == 2
                && await office.CountAsync("push_jobs", $"due_at = '{product.Now.AddSeconds(120):O}'") == 1
                && await office.CountAsync("push_jobs") == 1
        );
        product.Clock.Advance(TimeSpan.FromSeconds(119));
        service.Answer("busy", 201);
        service.Count("busy").ShouldBe(1);
        product.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync("busy", 2);
        await Eventually.IsTrueAsync("nothing waits", async () => await office.CountAsync("push_jobs") == 0);

        // One that never comes back is given up with the hour.
        service.Answer("busy", 503);
        await office.HearAsync(Office.NewCustomer());
        await UntilAsync("busy", 3);
        product.Clock.Advance(TimeSpan.FromMinutes(61));
        await Eventually.IsTrueAsync("it is given up", async () => await office.CountAsync("push_jobs") == 0);
    }

    [Fact]
    public async Task In_quiet_hours_after_it_is_seen_and_after_signing_out_nothing_is_pushed_and_it_waits_in_the_console()
    {
        var (aoi, bea) = (Browser.NewPerson("agent", "Aoi"), Browser.NewPerson("agent", "Bea"));
        var office = await product.OfficeAsync(agents: [aoi, bea]);
        using var hers = await Browser.OfAsync(product, aoi);
        using var beas = await Browser.OfAsync(product, bea);
        using var device = await SubscribeAsync(hers, "quiet");
        using var other = await SubscribeAsync(beas, "bea");
        var from = product.Now.AddMinutes(-5).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        var to = product.Now.AddMinutes(5).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await SaveAsync(
            hers,
            "{\"messages\":true,\"unassigned\":\"team\",\"events\":[],\"timeZone\":\"UTC\",\"quietHours\":"
                + $"{{\"from\":\"{from}\",\"to\":\"{to}\",\"days\":[1,2,3,4,5,6,7]}}"
                + "}"
        );
        await office.HearAsync(Office.NewCustomer());
        await UntilAsync("bea");
        await Eventually.IsTrueAsync(
            "it waits",
            async () => (await hers.GetAsync("notices")).Body!["unseen"]!.GetValue<int>() == 1
        );
        await Eventually.IsTrueAsync("nothing is to be pushed", async () => await office.CountAsync("push_jobs") == 0);
        service.Count("quiet").ShouldBe(0);

        // Who is signed out hears nothing; a browser is only its own person's to remove.
        var id = (await PushAsync(hers))["browsers"]![0]!["id"];
        (await beas.DeleteAsync($"me/push/{id}")).Status.ShouldBe(404);
        (await beas.PostAsync("sign-out")).Status.ShouldBe(204);
        (await office.CountAsync("push_subscriptions")).ShouldBe(1);
        (await hers.DeleteAsync($"me/push/{id}")).Status.ShouldBe(204);
        (await office.CountAsync("push_subscriptions")).ShouldBe(0);
        (await hers.PostAsync("me/push", device.Subscription("ftp://127.0.0.1/"))).Code.ShouldBe(
            "push_endpoint_not_allowed"
        );
        (
            await hers.PostAsync(
                "me/push",
                new
                {
                    endpoint = service.Address,
                    keys = new { p256dh = Base64Url.EncodeToString(new byte[65]), auth = "AA" },
                }
            )
        ).Status.ShouldBe(400);
        (await office.AskAsync("me/push")).Status.ShouldBe(403);
        // The deployment has one key, and its private half is not to be read.
        (await product.Database.ScalarAsync<long>("select count(*) from threadkeep.deployment_keys")).ShouldBe(1);
    }

    private static async Task SaveAsync(Browser browser, string json)
    {
        var saved = await browser.PutAsync("me/notifications", JsonNode.Parse(json)!);
        saved.Status.ShouldBe(200, saved.Body?.ToJsonString());
    }

    /// <summary>What came to a push service.</summary>
    private sealed record Pushed(byte[] Body, string Authorization, string Encoding, string Ttl, string Topic)
    {
        // As RFC 8292 has it: the token is signed with the key that it names, is for this service and good for a day at most.
        public void VerifiesWith(string publicKey, string service, DateTimeOffset now)
        {
            Authorization.ShouldStartWith("vapid t=");
            var parts = Authorization["vapid t=".Length..].Split(", k=");
            parts[1].ShouldBe(publicKey);
            var token = parts[0].Split('.');
            using var key = ECDsa.Create(PushEncryption.ParametersOf(Base64Url.DecodeFromChars(publicKey)));
            key.VerifyData(
                    System.Text.Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"),
                    Base64Url.DecodeFromChars(token[2]),
                    HashAlgorithmName.SHA256,
                    DSASignatureFormat.IeeeP1363FixedFieldConcatenation
                )
                .ShouldBeTrue();
            var claims = JsonNode.Parse(Base64Url.DecodeFromChars(token[1]))!;
            claims["aud"]!.ToString().ShouldBe(service.TrimEnd('/'));
            claims["exp"]!
                .GetValue<long>()
                .ShouldBeInRange(now.ToUnixTimeSeconds(), now.AddDays(1).ToUnixTimeSeconds());
            claims["sub"]!.ToString().ShouldBe(RunningProduct.ConsoleAddress);
        }
    }

    private sealed class PushService : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, ConcurrentQueue<Pushed>> pushed = [];
        private readonly ConcurrentDictionary<string, (int Status, int? RetryAfter)> answers = [];
        private WebApplication? host;

        public string Address => host!.Urls.First() + "/";

        public void Answer(string place, int status, int? retryAfter = null) => answers[place] = (status, retryAfter);

        public int Count(string place) => pushed.TryGetValue(place, out var all) ? all.Count : 0;

        public async Task<Pushed> UntilAsync(string place, int count)
        {
            await Eventually.IsTrueAsync($"{count} pushes to {place}", () => Task.FromResult(Count(place) >= count));
            return pushed[place].ElementAt(count - 1);
        }

        public async ValueTask StartAsync()
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            host = builder.Build();
            host.MapPost(
                "/{place}",
                async (string place, HttpContext context) =>
                {
                    using var body = new MemoryStream();
                    await context.Request.Body.CopyToAsync(body);
                    var headers = context.Request.Headers;
                    pushed
                        .GetOrAdd(place, _ => [])
                        .Enqueue(
                            new Pushed(
                                body.ToArray(),
                                headers.Authorization.ToString(),
                                headers.ContentEncoding.ToString(),
                                headers["TTL"].ToString(),
                                headers["Topic"].ToString()
                            )
                        );
                    var (status, retryAfter) = answers.GetValueOrDefault(place, (201, null));
                    context.Response.StatusCode = status;
                    if (retryAfter is { } seconds)
                        context.Response.Headers.RetryAfter = seconds.ToString(
                            System.Globalization.CultureInfo.InvariantCulture
                        );
                }
            );
            await host.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (host is not null)
                await host.DisposeAsync();
        }
    }
}
