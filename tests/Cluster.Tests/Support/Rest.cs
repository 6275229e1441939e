using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>The product's REST interface, called with the account's key.</summary>
public sealed class Rest(HttpClient api, string apiKey = Rest.ApiKey)
{
    public const string ApiKey = "tk_cluster_tests";

    public Task<HttpAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Sends a text; the answer's <c>id</c> names the message.</summary>
    public Task<HttpAnswer> SendTextAsync(string thread, string text, string key) =>
        SendAsync(
            HttpMethod.Post,
            $"threads/{thread}/messages",
            key,
            JsonContent.Create(new { type = "text", text = new { body = text } })
        );

    /// <summary>Sends a template that asks whether to go on with the conversation.</summary>
    /// <param name="lane">reply or bulk.</param>
    public Task<HttpAnswer> SendTemplateAsync(string thread, string key, string lane = "reply") =>
        SendAsync(
            HttpMethod.Post,
            $"threads/{thread}/messages?lane={lane}",
            key,
            JsonContent.Create(
                new
                {
                    type = "template",
                    template = new
                    {
                        name = "continue_conversation",
                        language = new { code = "en_US" },
                        components = new[]
                        {
                            new
                            {
                                type = "body",
                                parameters = new[]
                                {
                                    new
                                    {
                                        type = "text",
                                        parameter_name = "customer_name",
                                        text = "Grace",
                                    },
                                },
                            },
                        },
                    },
                }
            )
        );

    /// <summary>Everything up to this message has been read.</summary>
    public Task<HttpAnswer> MarkReadAsync(string thread, string upTo) =>
        SendAsync(HttpMethod.Post, $"threads/{thread}/read", content: JsonContent.Create(new { upTo }));

    public Task<HttpAnswer> SendAgainAsync(string thread, string message, string key) =>
        SendAsync(HttpMethod.Post, $"threads/{thread}/messages/{message}/send-again", key);

    public async Task<JsonNode> MessageAsync(string thread, string message)
    {
        var answer = await GetAsync($"threads/{thread}/messages/{message}");
        answer.Status.ShouldBe(200);
        return answer.Body!;
    }

    /// <summary>Waits until the message stands there.</summary>
    public async Task MessageBecomesAsync(string thread, string message, string status, TimeSpan? within = null)
    {
        JsonNode? last = null;
        try
        {
            await Eventually.IsTrueAsync(
                $"message {message} is {status}",
                async () =>
                {
                    last = (await GetAsync($"threads/{thread}/messages/{message}")).Body;
                    return (string?)last?["status"] == status;
                },
                within
            );
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; it is {last?.ToJsonString()}");
        }
    }

    /// <summary>The status of <c>/health/ready</c>.</summary>
    public async Task<int> HealthAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
        return (await HttpAnswer.OfAsync(api, request)).Status;
    }

    /// <summary>Opens the live feed.</summary>
    public async Task<StreamReader> LiveAsync()
    {
        using var request = Request(HttpMethod.Get, "live");
        var response = await api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Any other call, with a body.</summary>
    public Task<HttpAnswer> CallAsync(HttpMethod method, string path, object body) =>
        SendAsync(method, path, content: JsonContent.Create(body));

    private async Task<HttpAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? key = null,
        HttpContent? content = null
    )
    {
        using var request = Request(method, path);
        request.Content = content;
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await HttpAnswer.OfAsync(api, request);
    }

    private HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, $"/api/v1/{path}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", apiKey) },
        };
}
