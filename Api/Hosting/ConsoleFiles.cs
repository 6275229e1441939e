using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Threadkeep.People;

namespace Threadkeep.Hosting;

/// <summary>The console's files, and its one page for every place that has a URL.</summary>
public static class ConsoleFiles
{
    // What the build has made beside each file (Web/compress.mjs), the smaller one first.
    private static readonly (string Encoding, string Suffix)[] Forms = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>Serves the directory that <c>Console:Directory</c> names; without one there is no console here.</summary>
    public static void MapConsole(this WebApplication app)
    {
        var directory = app.Configuration["Console:Directory"];
        if (directory is null || !File.Exists(Path.Combine(directory, "index.html")))
            return;
        var files = new PhysicalFileProvider(Path.GetFullPath(directory));
        app.UseWhen(
            IsBuilt,
            built =>
                built.Use(
                    (context, next) =>
                    {
                        TakeSmallest(context, files);
                        return next(context);
                    }
                )
        );
        app.UseStaticFiles(
            new StaticFileOptions
            {
                FileProvider = files,
                ContentTypeProvider = new TypesOfForms(),
                OnPrepareResponse = c => Describe(c.Context),
            }
        );
        app.Map("/api/{**rest}", () => Problems.NotFound("address")).Needs(Permission.Anyone).ExcludeFromDescription();
        app.MapFallbackToFile("index.html", new StaticFileOptions { FileProvider = files }).Needs(Permission.Anyone);
    }

    private static bool IsBuilt(HttpContext context) => context.Request.Path.StartsWithSegments("/assets");

    private static void TakeSmallest(HttpContext context, PhysicalFileProvider files)
    {
        var taken = context.Request.GetTypedHeaders().AcceptEncoding;
        foreach (var (encoding, suffix) in Forms)
        {
            var path = context.Request.Path + suffix;
            if (!taken.Any(t => t.Value == encoding && t.Quality is not 0) || !files.GetFileInfo(path).Exists)
                continue;
            context.Request.Path = path;
            return;
        }
    }

    private static void Describe(HttpContext context)
    {
        var headers = context.Response.Headers;
        // Built files carry a hash in their names; the page itself does not.
        headers.CacheControl = IsBuilt(context) ? "public, max-age=31536000, immutable" : "no-cache";
        if (!IsBuilt(context))
            return;
        headers.Vary = "Accept-Encoding";
        if (FormOf(context.Request.Path.Value!) is { } form)
            headers.ContentEncoding = form.Encoding;
    }

    private static (string Encoding, string Suffix)? FormOf(string path)
    {
        foreach (var form in Forms)
            if (path.EndsWith(form.Suffix, StringComparison.Ordinal))
                return form;
        return null;
    }

    /// <summary>A compressed file is of the type of what it holds.</summary>
    private sealed class TypesOfForms : IContentTypeProvider
    {
        private readonly FileExtensionContentTypeProvider types = new();

        public bool TryGetContentType(string subpath, out string contentType) =>
            types.TryGetContentType(
                FormOf(subpath) is { } form ? subpath[..^form.Suffix.Length] : subpath,
                out contentType!
            );
    }
}
