using Orleans.Dashboard;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Operations;

/// <summary>
/// Orleans' own dashboard, for operators only. It would also show grains' state and the log, and read every reminder at once:
/// those doors are shut for everybody.
/// </summary>
public static class Dashboard
{
    public const string Path = "/dashboard";

    private static readonly string[] Shut = ["/GrainState", "/Trace", "/Reminders"];

    // Its page brings styles and a font of its own in the page itself; scripts still come from files only.
    private const string ContentSecurityPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; object-src 'none'; "
        + "base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    public static void MapDashboard(this IEndpointRouteBuilder routes) =>
        routes
            .MapOrleansDashboard(Path)
            .Needs(Permission.Operate)
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var http = context.HttpContext;
                    http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
                    return
                        http.Request.Path.StartsWithSegments(Path, out var rest)
                        && Shut.Any(door => rest.StartsWithSegments(door, StringComparison.OrdinalIgnoreCase))
                        ? Problems.NotFound("page")
                        : await next(context);
                }
            )
            .ExcludeFromDescription();
}
