using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Media;

/// <summary>Files: uploading what is to be sent, reading what came or went.</summary>
public static class MediaEndpoints
{
    // A little more than the largest file, for the form around it.
    private static readonly long MaxRequestBytes = SendableFiles.LargestOfAll + 64 * 1024;

    // A picture is looked at in memory; what is larger lies on disk meanwhile.
    private const int MaxInMemory = 512 * 1024;

    public static void MapMedia(this RouteGroupBuilder api)
    {
        api.MapPost("/media", Upload)
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes))
            .WithFormOptions(multipartBodyLengthLimit: MaxRequestBytes)
            .Needs(Permission.Reply)
            .WithName("uploadMedia");
        api.MapGet("/media/{id}", Download).Needs(Permission.Read).WithName("getMedia");
    }

    /// <param name="as">The type of message that it is for, or <c>voice</c>; absent: what it is by its content.</param>
    /// <param name="name">Its name, where the body is the file alone.</param>
    private static async Task<Results<Created<UploadedView>, ProblemHttpResult>> Upload(
        ClaimsPrincipal user,
        HttpRequest request,
        string? @as,
        string? name,
        IMediaStore store,
        MediaIndex index,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        if (@as is not null && SendableFiles.Of(@as) is null)
            return Problems.BadRequest("as must be image, video, audio, voice, document or sticker.");
        try
        {
            var (body, told) = await OpenAsync(request, cancellation);
            if (body is null)
                return Problems.BadRequest("The form holds no file.");
            await using var file = new FileBufferingReadStream(body, MaxInMemory, MaxRequestBytes, Path.GetTempPath);
            await file.DrainAsync(cancellation);
            var facts = FileType.Inspect(file);
            var sendable = SendableAs(@as, request.ContentType, facts);
            if (sendable.Refuse(facts, file.Length) is { } refused)
                return refused;
            var account = user.Caller().Account;
            var media = new StoredMedia(
                await store.PutAsync(account, file, cancellation),
                facts!.MimeType,
                file.Length,
                FileNames.Clean(told ?? name)
            );
            await index.AddAsync(account, media, clock.GetUtcNow());
            return TypedResults.Created(
                $"/api/v1/media/{media.Sha256}",
                new UploadedView(media.Sha256, media.MimeType, media.Size, sendable.Type)
            );
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == 413)
        {
            var largest = SendableFiles.Of(@as ?? "document")!;
            return largest.TooLarge(largest.MaxBytes);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return Problems.BadRequest("The file cannot be read: " + broken.Message);
        }
    }

    // Where nobody says, the content does; but what is called a picture, film or sound and is none is refused as that.
    private static SendableFiles SendableAs(string? wanted, string? contentType, FileFacts? facts)
    {
        if (wanted is not null)
            return SendableFiles.Of(wanted)!;
        var told = contentType?.Split('/')[0];
        if (told is "image" or "video" or "audio" && facts?.MimeType.StartsWith(told, StringComparison.Ordinal) != true)
            return SendableFiles.Of(told)!;
        return (facts is null ? null : SendableFiles.ByContent(facts.MimeType)) ?? SendableFiles.Of("document")!;
    }

    // Null: a form without a file.
    private static async Task<(Stream? Body, string? Name)> OpenAsync(
        HttpRequest request,
        CancellationToken cancellation
    )
    {
        if (!request.HasFormContentType)
            return (request.Body, null);
        var form = await request.ReadFormAsync(cancellation);
        return form.Files.Count == 0 ? (null, null) : (form.Files[0].OpenReadStream(), form.Files[0].FileName);
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
                FileNameStar = FileNames.Clean(media.FileName) ?? "file",
            }.ToString();
        return TypedResults.Stream(file, media.MimeType, enableRangeProcessing: true);
    }
}

/// <param name="Id">To be named as <c>image.id</c>, <c>video.id</c>... of a message.</param>
/// <param name="As">What it may be sent as: image, video, audio, voice, document or sticker.</param>
public sealed record UploadedView(string Id, string MimeType, long Size, string As);
