using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Threadkeep.WhatsApp;

/// <summary>A template as it is handed in; <paramref name="Components"/> is Meta's JSON.</summary>
public sealed record GraphTemplateText(
    string Name,
    string Language,
    string Category,
    string Format,
    JsonArray Components
);

/// <summary>Templates are made, changed and deleted; their samples are uploaded (Cloud API, "Templates", "Media").</summary>
public sealed partial class GraphClient
{
    /// <summary>Hands a template in for review; its id and the status it has for now.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<(string Id, string Status, string Category)> CreateTemplateAsync(
        string wabaId,
        string token,
        GraphTemplateText template,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(template);
        using var request = Request(HttpMethod.Post, $"{Escape(wabaId)}/message_templates", token);
        request.Content = JsonContent.Create(
            new JsonObject
            {
                ["name"] = template.Name,
                ["language"] = template.Language,
                ["category"] = template.Category,
                ["parameter_format"] = template.Format,
                ["components"] = template.Components.DeepClone(),
            }
        );
        using var answer = await CallAsync(request, cancellation);
        var root = answer.RootElement;
        return (
            root.GetProperty("id").ToString(),
            TextOf(root, "status") ?? "PENDING",
            TextOf(root, "category") ?? template.Category
        );
    }

    /// <summary>Replaces a template's parts as a whole, and its category.</summary>
    /// <exception cref="GraphException">Refused (approved ones: once a day), or out of reach.</exception>
    public async Task EditTemplateAsync(
        string templateId,
        string token,
        GraphTemplateText template,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(template);
        using var request = Request(HttpMethod.Post, Escape(templateId), token);
        request.Content = JsonContent.Create(
            new JsonObject { ["category"] = template.Category, ["components"] = template.Components.DeepClone() }
        );
        using var answer = await CallAsync(request, cancellation);
    }

    /// <summary>Deletes one language of a template. Its name cannot be used again for 30 days.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public Task DeleteTemplateAsync(
        string wabaId,
        string token,
        string templateId,
        string name,
        CancellationToken cancellation
    ) =>
        TellAsync(
            HttpMethod.Delete,
            $"{Escape(wabaId)}/message_templates?hsm_id={Escape(templateId)}&name={Escape(name)}",
            token,
            null,
            cancellation
        );

    /// <summary>Uploads a file to the app, as samples of templates and pictures of profiles need it. Returns Meta's handle.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<string> UploadToAppAsync(
        string appId,
        string token,
        byte[] file,
        string mimeType,
        string fileName,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        using var begin = Request(
            HttpMethod.Post,
            $"{Escape(appId)}/uploads?file_name={Escape(fileName)}&file_length={file.Length}&file_type={Escape(mimeType)}",
            token
        );
        using var session = await CallAsync(begin, cancellation);
        // The id is 'upload:…' and a path of its own.
        using var send = new HttpRequestMessage(
            HttpMethod.Post,
            "./" + session.RootElement.GetProperty("id").GetString()
        );
        send.Headers.Authorization = new AuthenticationHeaderValue("OAuth", token);
        send.Headers.Add("file_offset", "0");
        send.Content = new ByteArrayContent(file);
        send.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mimeType);
        using var answer = await CallAsync(send, cancellation);
        return answer.RootElement.GetProperty("h").GetString()!;
    }
}
