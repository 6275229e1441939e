using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Numbers;

namespace Threadkeep.Sandbox.Media;

/// <summary>Graph calls on files: upload, look-up, download, delete.</summary>
public static class MediaEndpoints
{
    // The largest file and the form around it.
    private const long MaxRequest = MediaRules.Max + 1024 * 1024;

    public static void MapMedia(this RouteGroupBuilder graph)
    {
        var routes = graph
            .MapGroup("")
            .AddEndpointFilter(async (call, next) => await TroubleAsync(call.HttpContext) ?? await next(call));
        routes
            .MapPost("/{phoneNumberId:digits}/media", UploadAsync)
            .DisableAntiforgery()
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxRequest))
            .WithFormOptions(multipartBodyLengthLimit: MaxRequest);
        routes.MapGet("/whatsapp_business/attachments", DownloadAsync);
    }

    /// <summary>What <c>GET /{media_id}</c> answers.</summary>
    /// <param name="size">What it is said to have, bytes; null: what it has.</param>
    public static IResult Describe(MediaItem item, MediaUrls urls, long? size)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(urls);
        return GraphResult.Json(
            new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["url"] = urls.Of(item),
                ["mime_type"] = item.MimeType,
                ["sha256"] = item.Sha256,
                ["file_size"] = (size ?? item.Size).ToString(CultureInfo.InvariantCulture),
                ["id"] = item.Id,
            }
        );
    }

    /// <summary>The faults of media calls, before each of them; null where all is well.</summary>
    public static async Task<IResult?> TroubleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var board = context.RequestServices.GetRequiredService<FaultBoard>();
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        if (board.Current.Media.DelayMs is > 0 and var ms)
            await Task.Delay(TimeSpan.FromMilliseconds(ms), time, context.RequestAborted);
        await board.WaitWhileAsync(set => set.Media.Hold, context.RequestAborted);
        return board.Current.Media.Status503 ? GraphError.Of(2).ToResult() : null;
    }

    private static async Task<IResult> UploadAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        MediaStore media
    )
    {
        if (numbers.Find(phoneNumberId) is null)
            return GraphError.NoSuchObject("POST", phoneNumberId).ToResult();
        if (!request.HasFormContentType)
            return GraphError.Of(100, "The request must be multipart/form-data.").ToResult();
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (form["messaging_product"] != "whatsapp")
            return GraphError.MissingProduct.ToResult();
        if (form.Files.GetFile("file") is not { } file)
            return GraphError.Of(100, "The parameter file is required.").ToResult();
        var type = form["type"].ToString() is { Length: > 0 } given ? given : file.ContentType;
        if (MediaRules.MaxOf(type) is not { } max)
            return new GraphError(
                400,
                100,
                $"(#100) Param file must be a file with one of the following types: {MediaRules.AllowedList}. Received file of type '{type}'."
            ).ToResult();
        if (file.Length > max)
            return GraphError.Of(131053, $"file: a file of type {type} may hold at most {max} bytes.").ToResult();
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        var item = await media.AddAsync(phoneNumberId, type, bytes.ToArray(), fromCustomer: false);
        return GraphResult.Json(new JsonObject { ["id"] = item.Id });
    }

    private static async Task<IResult> DownloadAsync(
        string? mid,
        long? ext,
        string? hash,
        MediaStore media,
        MediaUrls urls,
        FaultBoard faults
    )
    {
        if (faults.TakeFailedDownload() || mid is null || ext is null || hash is null)
            return Results.NotFound();
        if (!urls.IsValid(mid, ext.Value, hash) || media.Find(mid) is not { } item)
            return Results.NotFound();
        var bytes = await media.ReadAsync(item);
        return Results.Bytes(faults.Current.Media.Damage ? [.. bytes, 0] : bytes, item.MimeType);
    }
}
