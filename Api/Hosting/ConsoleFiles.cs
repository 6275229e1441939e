using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using Threadkeep.People;

namespace Threadkeep.Hosting;

/// <summary>The console's files, and its one page for every place that has a URL.</summary>
public static class ConsoleFiles
{
    /// <summary>Files are sent compressed: a console is opened on a phone too.</summary>
    public static void AddConsoleFiles(this IServiceCollection services)
    {
        services.AddResponseCompression(o =>
        {
            // Only what is the same for everybody is compressed (below), so that no length tells of a secret beside it.
            o.EnableForHttps = true;
            o.MimeTypes = ["text/javascript", "text/css", "image/svg+xml"];
            o.Providers.Add<BrotliCompressionProvider>();
            o.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Optimal);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Optimal);
    }

    /// <summary>Serves the directory that <c>Console:Directory</c> names; without one there is no console here.</summary>
    public static void MapConsole(this WebApplication app)
    {
        var directory = app.Configuration["Console:Directory"];
        if (directory is null || !File.Exists(Path.Combine(directory, "index.html")))
            return;
        var files = new PhysicalFileProvider(Path.GetFullPath(directory));
        app.UseWhen(IsBuilt, built => built.UseResponseCompression());
        app.UseStaticFiles(
            new StaticFileOptions
            {
                FileProvider = files,
                OnPrepareResponse = c =>
                    // Built files carry a hash in their names; the page itself does not.
                    c.Context.Response.Headers.CacheControl = IsBuilt(c.Context)
                        ? "public, max-age=31536000, immutable"
                        : "no-cache",
            }
        );
        app.Map("/api/{**rest}", () => Problems.NotFound("address")).Needs(Permission.Anyone).ExcludeFromDescription();
        app.MapFallbackToFile("index.html", new StaticFileOptions { FileProvider = files }).Needs(Permission.Anyone);
    }

    private static bool IsBuilt(HttpContext context) => context.Request.Path.StartsWithSegments("/assets");
}
