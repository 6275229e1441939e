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
        api.MapGet("/media/{id}/waveform", Waveform).Needs(Permission.Read).WithName("getWaveform");
    }

    /// <param name="as">The type of message that it is for, or <c>voice</c>; absent: what it is by its content.</param>
    /// <param name="name">Its name, where the body is the file alone.</param>
    private static async Task<Results<Created<UploadedView>, ProblemHttpResult>> Upload(
        ClaimsPrincipal user,
        HttpRequest request,
        string? @as,
        string? name,
        MediaIntake intake,
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
            var (media, scan) = await intake.TakeAsync(
                user.Caller().Account,
                file,
                facts!.MimeType,
                FileNames.Clean(told ?? name),
                uploaded: true,
                cancellation
            );
            if (MediaProblems.OfScan(scan, media) is { } closed)
                return closed;
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

    /// <param name="size"><c>thumb</c>: a picture made small for the thread; where it has none, the whole. Absent: the file.</param>
    /// <param name="name">What it is saved as: its name in the message that holds it. Others may know the same bytes by other names.</param>
    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Download(
        ClaimsPrincipal user,
        string id,
        string? size,
        string? name,
        MediaReader reader,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        if (size is not (null or "thumb"))
            return Problems.BadRequest("size must be thumb.");
        var (found, problem) = await reader.FindAsync(user.Caller().Scope, id, FileNames.Clean(name));
        if (found is not { } media)
            return problem!;
        var file = await reader.OpenAsync(user.Caller().Account, media, small: size == "thumb", cancellation);
        if (file is null)
            return Problems.NotFound("file");
        // The content never changes under its hash, but who may see it can: the browser keeps it, nobody in between.
        return Serve(response, media, file, name, "private, max-age=86400, immutable");
    }

    /// <summary>Hands a file out so that nothing of it runs.</summary>
    /// <param name="name">What it is saved as; null: as <c>file</c>.</param>
    /// <param name="keep">Who may keep it for how long: Cache-Control.</param>
    internal static FileStreamHttpResult Serve(
        HttpResponse response,
        StoredMedia media,
        OpenedFile file,
        string? name,
        string keep
    )
    {
        response.Headers.CacheControl = keep;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        if (!FileType.IsPicture(media.MimeType))
            response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
            {
                FileNameStar = FileNames.Clean(name) ?? "file",
            }.ToString();
        // Players ask for parts, and for those of the same file only (If-Range).
        return TypedResults.Stream(
            file.Content,
            file.MimeType,
            entityTag: new EntityTagHeaderValue($"\"{file.Tag}\""),
            enableRangeProcessing: true
        );
    }

    private static async Task<Results<Ok<WaveformView>, ProblemHttpResult>> Waveform(
        ClaimsPrincipal user,
        string id,
        MediaReader reader,
        Waveforms waveforms,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        var (media, problem) = await reader.FindAsync(user.Caller().Scope, id);
        if (media is null)
            return problem!;
        var drawn = await waveforms.OfAsync(user.Caller().Account, media, cancellation);
        response.Headers.CacheControl = "private, max-age=86400, immutable";
        return TypedResults.Ok(
            new WaveformView(
                [.. (drawn?.Peaks ?? []).Select(p => Math.Round(p / 255.0, 3))],
                Math.Round(drawn?.Seconds ?? 0, 2)
            )
        );
    }
}

/// <param name="Id">To be named as <c>image.id</c>, <c>video.id</c>... of a message.</param>
/// <param name="As">What it may be sent as: image, video, audio, voice, document or sticker.</param>
public sealed record UploadedView(string Id, string MimeType, long Size, string As);

/// <param name="Peaks">The loudest of each of its parts, 0 to 1; none: it is not drawn here.</param>
/// <param name="Seconds">Its length.</param>
public sealed record WaveformView(IReadOnlyList<double> Peaks, double Seconds);
