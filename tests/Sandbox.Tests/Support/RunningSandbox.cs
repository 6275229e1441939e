using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Threadkeep.Sandbox.Tests.Support;

/// <summary>A Sandbox on a real port with a receiver for its webhooks; statuses come without delay.</summary>
public sealed class RunningSandbox : IAsyncDisposable
{
    public const string Number = "551122334455667";
    public const string Waba = "880011223344556";
    public const string Token = "test-token";
    public const string Secret = "test-app-secret";
    public const string Yui = "819012345678";

    private readonly WebApplication app;

    private RunningSandbox(WebApplication app, WebhookReceiver receiver)
    {
        this.app = app;
        Receiver = receiver;
        Control = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Graph = new HttpClient { BaseAddress = new Uri(app.Urls.First() + "/v25.0/") };
        Graph.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public WebhookReceiver Receiver { get; }
    public HttpClient Control { get; }
    public HttpClient Graph { get; }

    public static async Task<RunningSandbox> StartAsync(
        TimeProvider? time = null,
        string? dataDirectory = null,
        WebhookReceiver? receiver = null
    )
    {
        receiver ??= await WebhookReceiver.StartAsync();
        var app = SandboxHost.Build(
            [
                "--urls=http://127.0.0.1:0",
                $"--Sandbox:WebhookUrl={receiver.Url}",
                $"--Sandbox:AccessToken={Token}",
                $"--Sandbox:AppSecret={Secret}",
                $"--Sandbox:DataDirectory={dataDirectory}",
                // A clock that is moved by hand must not run out under a post that is on its way.
                $"--Sandbox:WebhookTimeoutSeconds={(time is null ? 1 : 60)}",
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                if (time is not null)
                    builder.Services.AddSingleton(time);
            }
        );
        await app.StartAsync();
        var sandbox = new RunningSandbox(app, receiver);
        await sandbox.FaultsAsync("{}");
        return sandbox;
    }

    /// <summary>Replaces the faults; statuses come at once unless told otherwise.</summary>
    public async Task FaultsAsync(string json)
    {
        var faults = JsonNode.Parse(json)!.AsObject();
        var statuses = faults["statuses"] as JsonObject ?? [];
        if (!statuses.ContainsKey("delayMs"))
            statuses["delayMs"] = 0;
        faults["statuses"] = statuses.DeepClone();
        using var answer = await Control.PutAsJsonAsync("/control/faults", faults);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A customer writes; the message's id.</summary>
    public async Task<string> WriteAsync(string waId, string json)
    {
        using var answer = await Control.PostAsync($"/control/customers/{waId}/messages", Json(json));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!["wamid"]!.ToString();
    }

    public async Task ControlPostAsync(string path, string json)
    {
        using var answer = await Control.PostAsync("/control/" + path, Json(json));
        ((int)answer.StatusCode).ShouldBeInRange(200, 299, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonNode> ControlAsync(string path) =>
        JsonNode.Parse(await Control.GetStringAsync("/control" + path))!;

    /// <summary>A Graph call with a JSON body.</summary>
    public async Task<(int Status, JsonNode Body)> PostAsync(string path, string json)
    {
        using var answer = await Graph.PostAsync(path, Json(json));
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public async Task<(int Status, JsonNode Body)> GetAsync(string path)
    {
        using var answer = await Graph.GetAsync(path);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>The business sends; members beside the usual ones in <paramref name="json"/>.</summary>
    public Task<(int Status, JsonNode Body)> SendAsync(string to, string json)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        body["messaging_product"] = "whatsapp";
        body["to"] = to;
        return PostAsync($"{Number}/messages", body.ToJsonString());
    }

    /// <summary>The business sends a text; the message's id.</summary>
    public async Task<string> SendTextAsync(string to, string text = "hello")
    {
        var (status, body) = await SendAsync(to, $$$"""{"type":"text","text":{"body":"{{{text}}}"}}""");
        status.ShouldBe(200, body.ToJsonString());
        return WamidOf(body);
    }

    public static string WamidOf(JsonNode body) => body["messages"]![0]!["id"]!.ToString();

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Stops the Sandbox and leaves the receiver for the next.</summary>
    public async Task StopAsync()
    {
        Control.Dispose();
        Graph.Dispose();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Receiver.DisposeAsync();
    }
}
