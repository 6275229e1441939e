using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Threadkeep.Bench.Load;

/// <summary>The REST door, as a program with an API key uses it.</summary>
internal static class Door
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public static async Task<JsonElement> GetAsync(Uri api, string path)
    {
        using var answer = await SendAsync(api, path);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>False where there is no such address.</summary>
    public static async Task<bool> AnswersAsync(Uri api, string path)
    {
        using var answer = await SendAsync(api, path);
        return answer.StatusCode != HttpStatusCode.NotFound;
    }

    /// <summary>Reads an address again and again, one after the other; the first few do not count.</summary>
    /// <param name="paths">Addresses in turn.</param>
    public static async Task<Latencies> MeasureAsync(Uri api, IReadOnlyList<string> paths, int times)
    {
        var ticks = new List<long>();
        for (var n = -5; n < times; n++)
        {
            var took = await TimeAsync(api, paths[(n + 5) % paths.Count]);
            if (n >= 0)
                ticks.Add(took);
        }
        return new Latencies(ticks);
    }

    /// <summary>Reads an address once.</summary>
    /// <returns>How long it took, in ticks of the stopwatch.</returns>
    public static async Task<long> TimeAsync(Uri api, string path)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await SendAsync(api, path);
        await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode
            ? Stopwatch.GetTimestamp() - begun
            : throw new InvalidOperationException($"{path} answers {(int)answer.StatusCode}.");
    }

    private static async Task<HttpResponseMessage> SendAsync(Uri api, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BenchSettings.ApiKey);
        return await Http.SendAsync(request);
    }
}
