using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Bench.Yardsticks;

/// <summary>Stores one message with everything that a webhook's commit changes, without Orleans.</summary>
internal interface IMessageWriter
{
    /// <summary>Returns once it is committed.</summary>
    Task WriteAsync(WebhookMessage message, DateTimeOffset receivedAt);
}

/// <summary>A webhook endpoint that does a part of what the product does: what is left out shows what it costs.</summary>
internal static class Yardstick
{
    public static async Task<int> ServeAsync(string kind, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;
            o.ListenLocalhost(port);
        });
        var app = builder.Build();
        var secret = BenchSettings.Secret;
        var writer = new Lazy<Task<IMessageWriter?>>(() => MakeAsync(kind));
        app.MapGet("/ready", () => Results.Ok());
        app.MapPost(
            "/",
            async (HttpContext context) =>
            {
                var body = new byte[(int)context.Request.ContentLength!.Value];
                await context.Request.Body.ReadExactlyAsync(body);
                if (!WebhookSignature.IsValid(secret, body, context.Request.Headers["X-Hub-Signature-256"]))
                    return Results.StatusCode(401);
                if (await writer.Value is { } store)
                {
                    var parsed = WebhookParser.Parse(JsonCleaner.Clean(body));
                    var now = TimeProvider.System.GetUtcNow();
                    foreach (var message in parsed.Numbers.SelectMany(n => n.Messages))
                        await store.WriteAsync(message, now);
                }
                return Results.Ok();
            }
        );
        await app.RunAsync();
        return 0;
    }

    private static async Task<IMessageWriter?> MakeAsync(string kind) =>
        kind switch
        {
            "signature" => null,
            "group" => await GroupCommit.OpenAsync(),
            "naive" => await OneByOne.OpenAsync(),
            "hops" => await Hops.OpenAsync(),
            _ => throw new ArgumentException($"There is no yardstick {kind}."),
        };
}
