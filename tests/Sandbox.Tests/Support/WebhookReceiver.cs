using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Threadkeep.Sandbox.Tests.Support;

/// <summary>Stands where the product's webhook is: keeps what comes and answers as told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly List<Received> received = [];
    private readonly ConcurrentQueue<int> answers = [];
    private TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebhookReceiver(WebApplication app) => this.app = app;

    public sealed record Received(byte[] Body, string Signature)
    {
        public string Text => Encoding.UTF8.GetString(Body);
        public JsonNode Json => JsonNode.Parse(Body)!;

        /// <summary>All values of the notification.</summary>
        public IEnumerable<JsonNode> Values =>
            Json["entry"]!.AsArray().SelectMany(e => e!["changes"]!.AsArray()).Select(c => c!["value"]!);

        public IEnumerable<JsonNode> Messages => Values.SelectMany(v => v["messages"]?.AsArray() ?? [])!;
        public IEnumerable<JsonNode> Statuses => Values.SelectMany(v => v["statuses"]?.AsArray() ?? [])!;
    }

    public string Url => app.Urls.First() + "/hook";

    /// <summary>What the handshake answers; null echoes the challenge.</summary>
    public string? Challenge { get; set; }

    public Received[] All
    {
        get
        {
            lock (gate)
                return [.. received];
        }
    }

    /// <summary>In place of a status: no answer until the caller gives up.</summary>
    public const int Silence = -1;

    /// <summary>Answers of the next posts; then 200 again.</summary>
    public void AnswerWith(params int[] statuses)
    {
        foreach (var status in statuses)
            answers.Enqueue(status);
    }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapGet("/hook", (HttpRequest r) => receiver.Challenge ?? r.Query["hub.challenge"].ToString());
        app.MapPost("/hook", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what came satisfies <paramref name="enough"/>.</summary>
    public async Task<Received[]> UntilAsync(Func<Received[], bool> enough)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        while (true)
        {
            Task next;
            Received[] now;
            lock (gate)
            {
                next = arrived.Task;
                now = [.. received];
            }
            if (enough(now))
                return now;
            try
            {
                await next.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Only these came: {string.Join("\n", now.Select(r => r.Text))}");
            }
        }
    }

    /// <summary>The statuses of a message, once <paramref name="last"/> is among them.</summary>
    public async Task<JsonNode[]> StatusesUntilAsync(string wamid, string last)
    {
        bool IsOf(JsonNode status) => status["id"]!.ToString() == wamid;
        var all = await UntilAsync(r =>
            r.SelectMany(x => x.Statuses).Any(s => IsOf(s) && s["status"]!.ToString() == last)
        );
        return [.. all.SelectMany(r => r.Statuses).Where(IsOf)];
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes);
        lock (gate)
        {
            received.Add(new Received(bytes.ToArray(), request.Headers["X-Hub-Signature-256"].ToString()));
            var waiting = arrived;
            arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.SetResult();
        }
        var status = answers.TryDequeue(out var next) ? next : 200;
        if (status != Silence)
            return Results.StatusCode(status);
        var gone = new TaskCompletionSource();
        await using (request.HttpContext.RequestAborted.Register(gone.SetResult))
            await gone.Task.WaitAsync(Eventually.Deadline);
        return Results.Empty;
    }
}
