using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Demo;

/// <summary>The two doors of the demo: the Sandbox's control API and the product's REST.</summary>
public sealed class DemoClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly HttpClient control;
    private readonly HttpClient product;
    private readonly TimeProvider time;

    public DemoClient(Connection connection, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connection);
        this.time = time;
        control = new HttpClient { BaseAddress = connection.SandboxControl };
        product = new HttpClient { BaseAddress = connection.Api };
        product.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", connection.ApiKey);
    }

    /// <summary>An answer: its status and its JSON, null where it has none.</summary>
    public sealed record Answer(HttpStatusCode Status, JsonNode? Body)
    {
        public string? Code => (Body as JsonObject)?["code"]?.ToString();
    }

    public async Task WriteAsync(string waId, JsonObject message)
    {
        var answer = await AskAsync(control, HttpMethod.Post, $"customers/{waId}/messages", message);
        if (answer.Status != HttpStatusCode.OK)
            throw new DemoException(
                $"The Sandbox refused a customer's message with {(int)answer.Status}: {answer.Body?["error"]}"
            );
    }

    /// <summary>A call to the product. 503 means that nothing was done or that it is safe to repeat: it is repeated.</summary>
    public Task<Answer> AskAsync(HttpMethod method, string path, JsonObject? body = null, string? key = null) =>
        UntilAsync(
            async () => await AskAsync(product, method, path, body, key),
            answer => answer.Status != HttpStatusCode.ServiceUnavailable,
            () => $"The product answered 503 to {method} {path} for too long."
        );

    /// <summary>Reads until <paramref name="enough"/>, or fails with the sentence after a minute and a half.</summary>
    public async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> enough, Func<string> sentence)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(enough);
        ArgumentNullException.ThrowIfNull(sentence);
        using var deadline = new CancellationTokenSource(Patience, time);
        using var ticks = new PeriodicTimer(Pause, time);
        while (true)
        {
            var now = await read();
            if (enough(now))
                return now;
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new DemoException(sentence());
            }
        }
    }

    public void Dispose()
    {
        control.Dispose();
        product.Dispose();
    }

    private static async Task<Answer> AskAsync(
        HttpClient client,
        HttpMethod method,
        string path,
        JsonObject? body,
        string? key = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                throw new DemoException($"{client.BaseAddress} does not take the apiKey of the connection file.");
            return new Answer(answer.StatusCode, ParseOrNull(text));
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            throw new DemoException($"{client.BaseAddress} cannot be reached: {failure.GetBaseException().Message}");
        }
    }

    private static JsonNode? ParseOrNull(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
