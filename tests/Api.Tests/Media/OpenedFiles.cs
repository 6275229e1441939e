using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Media;

/// <summary>Files through the doors of REST.</summary>
internal static class OpenedFiles
{
    /// <summary>Uploads a file; its id.</summary>
    public static async Task<string> UploadAsync(this Office office, byte[] file, string? @as = null)
    {
        using var body = new ByteArrayContent(file);
        using var answer = await office.Http.PostAsync("media" + (@as is null ? "" : $"?as={@as}"), body);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(201, text);
        return JsonNode.Parse(text)!["id"]!.ToString();
    }

    /// <summary>Opens one, or a part of it.</summary>
    public static async Task<HttpResponseMessage> OpenAsync(
        this Office office,
        string path,
        RangeHeaderValue? range = null,
        string? ifRange = null,
        string? ifNoneMatch = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"media/{path}");
        request.Headers.Range = range;
        if (ifRange is not null)
            request.Headers.IfRange = new RangeConditionHeaderValue(ifRange);
        if (ifNoneMatch is not null)
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(ifNoneMatch));
        return await office.Http.SendAsync(request);
    }
}
