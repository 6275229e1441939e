using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Threadkeep.Sandbox.Tests.Support;

namespace Threadkeep.Sandbox.Tests.Demo;

/// <summary>The few REST calls of docs/api.md that the demo makes, over what the webhook receiver has got.</summary>
internal sealed class FakeProduct : IAsyncDisposable
{
    public const string ApiKey = "demo-key";
    private readonly RunningSandbox sandbox;
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, JsonObject> answers = [];
    private readonly ConcurrentDictionary<string, string> readUpTo = [];

    private FakeProduct(RunningSandbox sandbox, WebApplication app)
    {
        this.sandbox = sandbox;
        this.app = app;
        app.MapGet(
            "/api/v1/channels",
            () => Ok($$"""{"items":[{"id":"c1","phoneNumberId":"{{RunningSandbox.Number}}"}]}""")
        );
        app.MapGet("/api/v1/threads", (string q, string channelId) => Threads(q, channelId));
        app.MapGet("/api/v1/threads/{id}/messages", (string id) => Ok(Items(Messages(id).Reverse())));
        app.MapGet("/api/v1/threads/{id}/messages/{message}", (string message) => Ok(answers[message].ToJsonString()));
        app.MapPost("/api/v1/threads/{id}/messages", SendAsync);
        app.MapPost("/api/v1/threads/{id}/read", ReadAsync);
    }

    public string Url => app.Urls.First();

    public IReadOnlyDictionary<string, string> ReadUpTo => readUpTo;

    public static async Task<FakeProduct> StartAsync(RunningSandbox sandbox)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var product = new FakeProduct(sandbox, builder.Build());
        await product.app.StartAsync();
        return product;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // A thread's id is its customer's number here.
    private IEnumerable<JsonObject> Messages(string waId)
    {
        var inbound = sandbox
            .Receiver.All.SelectMany(r => r.Messages)
            .Where(m => m["from"]!.ToString() == waId)
            .Select(m => new JsonObject
            {
                ["id"] = "i-" + m["id"],
                ["wamid"] = m["id"]!.ToString(),
                ["direction"] = "inbound",
            });
        return inbound.Concat(
            answers.Values.Where(a => a["to"]!.ToString() == waId).Select(a => a.DeepClone().AsObject())
        );
    }

    private IResult Threads(string q, string channelId) =>
        Messages(q).Any() && channelId == "c1"
            ? Ok($$$"""{"items":[{"id":"{{{q}}}","customer":{"waId":"{{{q}}}"}}],"nextCursor":null}""")
            : Ok("""{"items":[],"nextCursor":null}""");

    private async Task<IResult> SendAsync(string id, HttpRequest request)
    {
        if (request.Headers.Authorization != "Bearer " + ApiKey)
            return Results.Unauthorized();
        var key = request.Headers["Idempotency-Key"].ToString();
        var body = (await request.ReadFromJsonAsync<JsonObject>())!;
        if (!answers.ContainsKey(key))
        {
            var (status, _) = await sandbox.SendAsync(id, body.ToJsonString());
            status.ShouldBe(200);
        }
        answers[key] = new JsonObject
        {
            ["id"] = key,
            ["to"] = id,
            ["direction"] = "outbound",
            ["text"] = body["text"]!["body"]!.ToString(),
            ["status"] = "sent",
        };
        return Results.Text($$"""{"id":"{{key}}","status":"queued"}""", "application/json", null, 202);
    }

    private async Task<IResult> ReadAsync(string id, HttpRequest request)
    {
        readUpTo[id] = (await request.ReadFromJsonAsync<JsonObject>())!["upTo"]!.ToString();
        return Ok("{}");
    }

    private static string Items(IEnumerable<JsonNode> items) =>
        new JsonObject { ["items"] = new JsonArray([.. items]) }.ToJsonString();

    private static IResult Ok(string json) => Results.Text(json, "application/json");
}
