using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>An answer, or that there was none: then the status is 0.</summary>
public sealed record HttpAnswer(int Status, JsonNode? Body)
{
    public string? Code => (string?)Body?["code"];

    /// <summary>Whether it says when to ask again.</summary>
    public bool SaysWhen { get; init; }

    /// <summary>A client that goes straight to this machine and has more patience than the product.</summary>
    public static HttpClient Client(int port) =>
        new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = TimeSpan.FromSeconds(40),
        };

    /// <summary>Sends it; a process that is killed meanwhile is no error of the test.</summary>
    public static async Task<HttpAnswer> OfAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new HttpAnswer((int)response.StatusCode, Parse(text))
            {
                SaysWhen = response.Headers.RetryAfter is not null,
            };
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            return new HttpAnswer(0, null);
        }
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null; // "Healthy"
        }
    }
}
