using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Threadkeep.WhatsApp.Messages;
using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.WhatsApp;

/// <summary>Meta's error body, or what stood in its place.</summary>
/// <param name="Code">Null where the answer was no Graph error.</param>
public sealed record GraphFailure(int HttpStatus, int? Code, string? Detail);

public enum PostResult
{
    Accepted,

    /// <summary>No byte of the message left this machine.</summary>
    NotSent,

    /// <summary>Meta answered with an error of its own: see <see cref="PostOutcome.Failure"/>.</summary>
    GraphError,

    /// <summary>It may or may not have been accepted.</summary>
    Unknown,
}

/// <summary>What became of one post to <c>/messages</c>.</summary>
public sealed record PostOutcome(PostResult Result, string? Wamid = null, GraphFailure? Failure = null);

/// <summary>A Graph call other than a message that did not work.</summary>
public sealed class GraphException(string message, GraphFailure? failure, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Meta's words; null where it could not be reached.</summary>
    public GraphFailure? Failure { get; } = failure;
}

/// <summary>A template as Meta lists it; <paramref name="Components"/> is its JSON.</summary>
public sealed record GraphTemplate(
    string Id,
    string Name,
    string Language,
    string Category,
    string Status,
    string ParameterFormat,
    string Components,
    string? Quality = null,
    string? Reason = null
);

/// <summary>The calls of Meta's Graph API that the product makes. Posts of messages are never repeated here: see <see cref="OnceContent"/>.</summary>
/// <param name="http">Its base address is the Graph API's, with the version.</param>
/// <param name="budget">What is left of the calls that manage accounts; null: nobody counts.</param>
public sealed partial class GraphClient(HttpClient http, TimeProvider clock, ManagementBudget? budget = null)
{
    private const int RateLimited = 80007;

    /// <summary>Posts one message.</summary>
    /// <param name="json">The complete body.</param>
    /// <param name="notAfter">It must not leave later than this.</param>
    public async Task<PostOutcome> PostMessageAsync(
        string phoneNumberId,
        string token,
        string json,
        DateTimeOffset notAfter,
        CancellationToken cancellation
    )
    {
        using var content = new OnceContent(json, notAfter, clock);
        using var request = Request(HttpMethod.Post, $"{phoneNumberId}/messages", token);
        request.Content = content;
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (response.IsSuccessStatusCode)
                return WamidOf(body) is { } wamid
                    ? new PostOutcome(PostResult.Accepted, wamid)
                    : new PostOutcome(PostResult.Unknown);
            var failure = FailureOf(response.StatusCode, body);
            return new PostOutcome(failure.Code is null ? PostResult.Unknown : PostResult.GraphError, Failure: failure);
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException or IOException)
        {
            return new PostOutcome(
                content.HasLeft ? PostResult.Unknown : PostResult.NotSent,
                Failure: new GraphFailure(0, null, failed.Message)
            );
        }
    }

    /// <summary>Marks a customer's message, and those before it, as read; with <paramref name="typing"/> the phone shows that somebody writes.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task MarkReadAsync(
        string phoneNumberId,
        string token,
        string wamid,
        bool typing,
        CancellationToken cancellation
    )
    {
        using var request = Request(HttpMethod.Post, $"{phoneNumberId}/messages", token);
        request.Content = JsonContent.Create(
            new
            {
                messaging_product = "whatsapp",
                status = "read",
                message_id = wamid,
                typing_indicator = typing ? new { type = "text" } : null,
            },
            options: new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }
        );
        using var answer = await CallAsync(request, cancellation);
    }

    /// <summary>Uploads a file and returns Meta's id for it, valid for 30 days.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<string> UploadMediaAsync(
        string phoneNumberId,
        string token,
        Stream file,
        string mimeType,
        string fileName,
        CancellationToken cancellation
    )
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("whatsapp"), "messaging_product");
        form.Add(new StringContent(mimeType), "type");
        var part = new StreamContent(file);
        part.Headers.ContentType = MediaTypeHeaderValue.Parse(mimeType);
        form.Add(part, "file", fileName);
        using var request = Request(HttpMethod.Post, $"{phoneNumberId}/media", token);
        request.Content = form;
        using var answer = await CallAsync(request, cancellation);
        return answer.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Where a file's bytes can be fetched for the next five minutes, and how many there are (-1 where Meta does not say).</summary>
    /// <exception cref="GraphException">Refused, gone, or out of reach.</exception>
    public async Task<(Uri Url, long Size)> MediaUrlAsync(
        string mediaId,
        string phoneNumberId,
        string token,
        CancellationToken cancellation
    )
    {
        using var request = Request(
            HttpMethod.Get,
            $"{Uri.EscapeDataString(mediaId)}?phone_number_id={phoneNumberId}",
            token
        );
        using var answer = await CallAsync(request, cancellation);
        var root = answer.RootElement;
        // A string in Meta's samples, a number elsewhere.
        var size = root.TryGetProperty("file_size", out var told) && long.TryParse(told.ToString(), out var n) ? n : -1;
        return (new Uri(root.GetProperty("url").GetString()!), size);
    }

    /// <summary>Fetches a file's bytes, at most <paramref name="maxBytes"/>; null where there are more.</summary>
    /// <exception cref="GraphException">Refused, gone, or out of reach.</exception>
    public async Task<byte[]?> DownloadAsync(Uri url, string token, long maxBytes, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
                throw new GraphException(
                    "The file could not be fetched.",
                    new GraphFailure((int)response.StatusCode, null, null)
                );
            if (response.Content.Headers.ContentLength > maxBytes)
                return null;
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            using var bytes = new MemoryStream();
            var buffer = new byte[81_920];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
            {
                if (bytes.Length + read > maxBytes)
                    return null;
                bytes.Write(buffer, 0, read);
            }
            return bytes.ToArray();
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException or IOException)
        {
            throw new GraphException("The file could not be fetched: " + failed.Message, null, failed);
        }
    }

    /// <summary>Every template of a WABA, page by page.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<IReadOnlyList<GraphTemplate>> TemplatesAsync(
        string wabaId,
        string token,
        CancellationToken cancellation
    )
    {
        const string Fields =
            "id,name,language,status,category,components,parameter_format,quality_score,rejected_reason";
        var all = new List<GraphTemplate>();
        string? after = null;
        do
        {
            var path = $"{wabaId}/message_templates?fields={Fields}&limit=100";
            if (after is not null)
                path += "&after=" + Uri.EscapeDataString(after);
            using var request = Request(HttpMethod.Get, path, token);
            using var page = await CallAsync(request, cancellation);
            foreach (var item in page.RootElement.GetProperty("data").EnumerateArray())
                all.Add(ToTemplate(item));
            after =
                page.RootElement.TryGetProperty("paging", out var paging)
                && paging.TryGetProperty("next", out _)
                && paging.TryGetProperty("cursors", out var cursors)
                    ? cursors.GetProperty("after").GetString()
                    : null;
        } while (after is not null);
        return all;
    }

    private static GraphTemplate ToTemplate(JsonElement item) =>
        new(
            item.GetProperty("id").ToString(),
            item.GetProperty("name").GetString()!,
            item.GetProperty("language").GetString()!,
            item.GetProperty("category").GetString()!,
            item.GetProperty("status").GetString()!,
            item.TryGetProperty("parameter_format", out var format)
                ? format.GetString()!.ToUpperInvariant()
                : "POSITIONAL",
            item.GetProperty("components").GetRawText(),
            item.TryGetProperty("quality_score", out var quality) ? TextOf(quality, "score") : null,
            TextOf(item, "rejected_reason") is { } reason and not "NONE" ? reason : null
        );

    private async Task<JsonDocument> CallAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        // Only calls that manage an account are counted; messages and files have limits of their own.
        var managed = budget is null ? null : ManagedObject(request.RequestUri!.OriginalString);
        if (managed is not null && budget!.RestsUntil(managed) is { } until)
            throw new GraphException(
                "Meta's limit of calls is used up.",
                new GraphFailure(0, RateLimited, $"Meta takes no more calls for this account until {until:u}.")
            );
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            var failure = response.IsSuccessStatusCode ? null : FailureOf(response.StatusCode, body);
            if (managed is not null)
                budget!.Note(managed, response.Headers, failure?.Code);
            if (failure is null)
                return JsonDocument.Parse(body);
            throw new GraphException($"Meta answered {failure.HttpStatus}: {failure.Detail}", failure);
        }
        catch (Exception failed)
            when (failed is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            throw new GraphException("Meta could not be reached: " + failed.Message, null, failed);
        }
    }

    // The id that a path begins with; null: it is no call that manages one.
    private static string? ManagedObject(string path)
    {
        var end = path.IndexOfAny(['/', '?']);
        var id = end < 0 ? path : path[..end];
        var edge = end < 0 ? "" : path[end..];
        return
            id.Length > 0
            && id.All(char.IsAsciiDigit)
            && !edge.StartsWith("/messages", StringComparison.Ordinal)
            && !edge.StartsWith("/media", StringComparison.Ordinal)
            && !edge.StartsWith("/block_users", StringComparison.Ordinal)
            ? id
            : null;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string token)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static string? WamidOf(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.GetProperty("messages")[0].GetProperty("id").GetString();
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or IndexOutOfRangeException
            )
        {
            return null;
        }
    }

    private static GraphFailure FailureOf(HttpStatusCode status, byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var error = answer.RootElement.GetProperty("error");
            var detail =
                error.TryGetProperty("error_data", out var data) && data.TryGetProperty("details", out var details)
                    ? details.GetString()
                    : null;
            return new GraphFailure(
                (int)status,
                error.GetProperty("code").GetInt32(),
                detail ?? error.GetProperty("message").GetString()
            );
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new GraphFailure((int)status, null, null);
        }
    }
}
