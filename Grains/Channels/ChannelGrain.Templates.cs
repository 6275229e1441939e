using System.Text.Json.Nodes;
using Threadkeep.Live;
using Threadkeep.Threads;
using Threadkeep.WhatsApp;

namespace Threadkeep.Channels;

/// <summary>Templates made here: Meta first, then our copy, which webhooks keep up with.</summary>
public sealed partial class ChannelGrain
{
    public async Task<TemplateResult> SubmitTemplate(TemplateSubmission submission)
    {
        var channel = await ChannelAsync();
        var token = tokens.Of(channel);
        var components = JsonNode.Parse(submission.Components)!.AsArray();
        try
        {
            if (submission.HeaderFile is { } file)
                SetSample(components, await UploadToAppAsync(channel, token, file));
            var text = new GraphTemplateText(
                submission.Name,
                submission.Language,
                submission.Category,
                submission.Format,
                components
            );
            var id = submission.GraphId;
            if (id is null)
                (id, _, _) = await graph.CreateTemplateAsync(channel.WabaId, token, text, CancellationToken.None);
            else
                await graph.EditTemplateAsync(id, token, text, CancellationToken.None);
            await FetchTemplatesAsync();
            return new TemplateResult(id);
        }
        catch (GraphException failed)
        {
            return new TemplateResult(null, GraphRefusal.Of(failed, ChannelRefusals.MetaRefused));
        }
    }

    public async Task<ChannelRefusal?> DeleteTemplate(string graphId, string name)
    {
        var channel = await ChannelAsync();
        try
        {
            await graph.DeleteTemplateAsync(channel.WabaId, tokens.Of(channel), graphId, name, CancellationToken.None);
            await FetchTemplatesAsync();
            return null;
        }
        catch (GraphException failed)
        {
            return GraphRefusal.Of(failed, ChannelRefusals.MetaRefused);
        }
    }

    // What Meta has taken counts, whether the list can be read at once or not.
    private async Task FetchTemplatesAsync()
    {
        try
        {
            await SyncTemplates();
        }
        catch (ChannelUnavailableException unreachable)
        {
            LogNotCaughtUp(logger, unreachable.Message);
        }
        await GrainFactory.TellAccountAsync(Key.Account, AccountHint.Templates);
    }

    // Samples of templates and pictures of profiles are handed to the app, and named by its handle.
    private async Task<string> UploadToAppAsync(ChannelRecord channel, string token, StoredMedia file)
    {
        await using var stream =
            await files.OpenAsync(channel.Account, file.Sha256, CancellationToken.None)
            ?? throw new GraphException("The file is gone from the media store.", new GraphFailure(404, 131053, null));
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        var app = await connections.AppAsync(channel.AppKey);
        return await graph.UploadToAppAsync(
            app.AppId,
            token,
            bytes.ToArray(),
            file.MimeType,
            file.FileName ?? "file",
            CancellationToken.None
        );
    }

    private static void SetSample(JsonArray components, string handle)
    {
        foreach (var component in components.OfType<JsonObject>())
            if (component["type"]?.ToString() == "HEADER")
                component["example"] = new JsonObject { ["header_handle"] = new JsonArray(handle) };
    }
}
