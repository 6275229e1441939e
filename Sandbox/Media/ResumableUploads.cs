using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;
using Threadkeep.Sandbox.Graph;

namespace Threadkeep.Sandbox.Media;

/// <summary>
/// Files handed to the app and not to a number: samples of templates, pictures of profiles (Cloud API, "Media"). In memory: a session
/// that a restart ends is begun again.
/// </summary>
public sealed class ResumableUploads
{
    private readonly ConcurrentDictionary<string, Session> sessions = [];
    private readonly ConcurrentDictionary<string, Picture> pictures = [];

    /// <summary>A whole picture that was handed over.</summary>
    public sealed record Picture(string Name, string Type, byte[] Bytes);

    /// <param name="Length">Bytes that are to come.</param>
    /// <param name="Have">Bytes that came.</param>
    private sealed record Session(long Length, string Type, long Have);

    public string Begin(long length, string type)
    {
        var id = "upload:" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        sessions[id] = new Session(length, type, 0);
        return id;
    }

    /// <summary>How many bytes of it came; null: there is no such session.</summary>
    public long? OffsetOf(string id) => sessions.TryGetValue(id, out var session) ? session.Have : null;

    /// <summary>The file's handle; null: the session is unknown, or the bytes do not fit into it.</summary>
    public string? Add(string id, long offset, ReadOnlySpan<byte> bytes)
    {
        if (
            !sessions.TryGetValue(id, out var session)
            || offset != session.Have
            || offset + bytes.Length > session.Length
        )
            return null;
        sessions[id] = session with { Have = offset + bytes.Length };
        var hash = SHA256.HashData(bytes);
        var handle = "4::" + Convert.ToBase64String(hash);
        // Of what came in parts nothing is shown: only its handle is wanted.
        if (offset == 0 && bytes.Length == session.Length && session.Type is "image/jpeg" or "image/png")
            pictures[handle] = new Picture(Convert.ToHexStringLower(hash), session.Type, bytes.ToArray());
        return handle;
    }

    /// <summary>The picture that a handle names; null: it names none.</summary>
    public Picture? PictureOf(string handle) => pictures.GetValueOrDefault(handle);

    public Picture? PictureNamed(string name) => pictures.Values.FirstOrDefault(p => p.Name == name);
}

public static class ResumableUploadEndpoints
{
    private static readonly string[] Types = ["image/jpeg", "image/png", "video/mp4", "application/pdf"];

    public static void MapResumableUploads(this RouteGroupBuilder graph)
    {
        graph.MapPost("/{appId:digits}/uploads", Begin);
        graph.MapGet("/upload:{id}", Offset);
        graph
            .MapPost("/upload:{id}", AddAsync)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MediaRules.Max));
    }

    /// <summary>Pictures of profiles, where everybody can see them.</summary>
    public static void MapProfilePictures(this IEndpointRouteBuilder routes) =>
        routes.MapGet(
            "/profile-pictures/{name}",
            (string name, ResumableUploads uploads) =>
                uploads.PictureNamed(name) is { } picture
                    ? Results.Bytes(picture.Bytes, picture.Type)
                    : Results.NotFound()
        );

    private static IResult Begin(
        string appId,
        HttpRequest request,
        ResumableUploads uploads,
        IOptions<SandboxOptions> options
    )
    {
        if (appId != options.Value.AppId)
            return GraphError.NoSuchObject("POST", appId).ToResult();
        var type = request.Query["file_type"].ToString();
        if (!Types.Contains(type))
            return GraphError.Of(100, "file_type must be one of " + string.Join(", ", Types) + ".").ToResult();
        return
            long.TryParse(request.Query["file_length"], CultureInfo.InvariantCulture, out var length)
            && length is > 0 and <= MediaRules.Max
            ? GraphResult.Json(new JsonObject { ["id"] = uploads.Begin(length, type) })
            : GraphError.Of(100, "file_length must be the file's size in bytes.").ToResult();
    }

    private static IResult Offset(string id, ResumableUploads uploads) =>
        uploads.OffsetOf("upload:" + id) is { } have
            ? GraphResult.Json(new JsonObject { ["id"] = "upload:" + id, ["file_offset"] = have })
            : GraphError.NoSuchObject("GET", "upload:" + id).ToResult();

    private static async Task<IResult> AddAsync(string id, HttpRequest request, ResumableUploads uploads)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        var offset = long.TryParse(request.Headers["file_offset"], CultureInfo.InvariantCulture, out var at) ? at : 0;
        return uploads.Add("upload:" + id, offset, bytes.ToArray()) is { } handle
            ? GraphResult.Json(new JsonObject { ["h"] = handle })
            : GraphError.Of(100, "The bytes do not follow what is there.").ToResult();
    }
}
