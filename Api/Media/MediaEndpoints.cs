using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>Files: uploading what is to be sent, reading what came or went.</summary>
public static class MediaEndpoints
{
    /// <summary>Meta's limit for pictures (Cloud API, "Media types").</summary>
    private const int MaxPictureBytes = 5 * 1024 * 1024;

    // A little more than a file, for the form around it.
    private const long MaxRequestBytes = MaxPictureBytes + 64 * 1024;
    private static readonly string[] Sendable = ["image/jpeg", "image/png"];

    public static void MapMedia(this RouteGroupBuilder api)
    {
        api.MapPost("/media", Upload).DisableAntiforgery().Needs(Permission.Reply).WithName("uploadMedia");
        api.MapGet("/media/{id}", Download).Needs(Permission.Read).WithName("getMedia");
    }

    private static async Task<Results<Created<UploadedView>, ProblemHttpResult>> Upload(
        ClaimsPrincipal user,
        HttpRequest request,
        IMediaStore store,
        MediaIndex index,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        byte[]? bytes;
        string? name;
        try
        {
            (bytes, name) = await ReadAsync(request, cancellation);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return Problems.BadRequest("The form cannot be read: " + broken.Message);
        }
        if (bytes is null || bytes.Length > MaxPictureBytes)
            return Problems.Of(
                413,
                "media_too_large",
                "Pictures may have at most 5 MB.",
                more: ("maxBytes", MaxPictureBytes)
            );
        if (FileType.Sniff(bytes) is not { } type || !Sendable.Contains(type))
            return Problems.Of(
                415,
                "media_type_not_allowed",
                "WhatsApp takes JPEG and PNG pictures.",
                more: ("allowed", Sendable)
            );
        var account = user.Caller().Account;
        var media = new StoredMedia(await store.PutAsync(account, bytes, cancellation), type, bytes.Length, name);
        await index.AddAsync(account, media, clock.GetUtcNow());
        return TypedResults.Created(
            $"/api/v1/media/{media.Sha256}",
            new UploadedView(media.Sha256, media.MimeType, media.Size)
        );
    }

    // Null bytes: too many.
    private static async Task<(byte[]? Bytes, string? Name)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellation
    )
    {
        if (request.ContentLength > MaxRequestBytes)
            return (null, null);
        var stream = request.Body;
        string? name = null;
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(cancellation);
            if (form.Files.Count == 0)
                return ([], null);
            stream = form.Files[0].OpenReadStream();
            name = Path.GetFileName(form.Files[0].FileName);
        }
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (bytes.Length + read > MaxRequestBytes)
                return (null, name);
            bytes.Write(buffer, 0, read);
        }
        return (bytes.ToArray(), name is { Length: > 200 } ? name[..200] : name);
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Download(
        ClaimsPrincipal user,
        string id,
        IMediaStore store,
        MediaIndex index,
        HttpResponse response
    )
    {
        var scope = user.Caller().Scope;
        if (
            id.Length != 64
            || !id.All(char.IsAsciiHexDigitLower)
            || await index.FindAsync(scope, id) is not { } media
            || store.Open(scope.Account, id) is not { } file
        )
            return Problems.NotFound("file");
        // The content never changes under its hash, but who may see it can: the browser keeps it, nobody in between.
        response.Headers.CacheControl = "private, max-age=86400, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        if (!FileType.IsPicture(media.MimeType))
            response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
            {
                FileNameStar = media.FileName ?? "file",
            }.ToString();
        return TypedResults.Stream(file, media.MimeType, enableRangeProcessing: true);
    }
}

/// <param name="Id">To be named as <c>image.id</c> of a message.</param>
public sealed record UploadedView(string Id, string MimeType, long Size);
