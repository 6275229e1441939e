using System.Text.RegularExpressions;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Signup;

namespace Threadkeep.Sandbox.Graph;

/// <summary>What all Graph calls share: the version in front of the path, the bearer, the answer to unknown objects.</summary>
public static partial class GraphApi
{
    private const string VersionItem = "graph-version";
    private const int RateLimited = 80007;

    /// <summary>Takes <c>/v25.0</c> off the path, so that every call works with any version and with none.</summary>
    public static IApplicationBuilder UseGraphVersions(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var match = VersionPrefix().Match(context.Request.Path.Value ?? "");
                if (match.Success)
                {
                    context.Items[VersionItem] = match.Groups[1].Value;
                    context.Request.Path = "/" + match.Groups[2].Value;
                }
                return next();
            }
        );

    /// <summary>Group of the Graph routes; each demands the bearer.</summary>
    public static RouteGroupBuilder MapGraph(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("")
            .AddEndpointFilter(
                async (call, next) =>
                    !MayCall(call.HttpContext) ? GraphError.BadToken.ToResult()
                    : MayManage(call.HttpContext) ? await next(call)
                    : GraphError.Of(RateLimited).ToResult()
            );

    /// <summary>What no route knows: Meta's answer for Graph paths, 404 for the page's.</summary>
    public static void MapGraphFallback(this IEndpointRouteBuilder routes) =>
        routes.MapFallback(
            (HttpContext context) =>
            {
                var first = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
                var isGraph = context.Items.ContainsKey(VersionItem) || (first is [var id, ..] && IsId(id));
                if (!isGraph)
                    return Results.NotFound();
                return MayCall(context)
                    ? GraphError.NoSuchObject(context.Request.Method, first.FirstOrDefault() ?? "").ToResult()
                    : GraphError.BadToken.ToResult();
            }
        );

    /// <summary>The version the caller named, for example <c>v25.0</c>, with a slash; empty where it named none.</summary>
    public static string VersionOf(HttpContext context) =>
        context?.Items[VersionItem] is string version ? version + "/" : "";

    public static bool MayCall(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.RequestServices.GetRequiredService<FaultBoard>().Current.TokenInvalid)
            return false;
        return context.Request.Headers.Authorization.ToString().Split(' ') is [("Bearer" or "OAuth"), var token]
            && context.RequestServices.GetRequiredService<SignupBook>().IsValid(token);
    }

    // Messages and files have limits of their own.
    private static bool MayManage(HttpContext context)
    {
        var parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var id, ..] || !IsId(id) || parts is [_, "messages" or "media", ..])
            return true;
        var (allowed, used) = context.RequestServices.GetRequiredService<LimitDesk>().TakeManagement(id);
        if (used is not null)
            context.Response.Headers["X-Business-Use-Case-Usage"] =
                $$"""{"{{id}}":[{"type":"whatsapp","call_count":{{used}},"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":{{(allowed ? 0 : 15)}}}]}""";
        return allowed;
    }

    private static bool IsId(string text) => text.All(char.IsAsciiDigit);

    [GeneratedRegex(@"^/(v\d+\.\d+)/(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPrefix();
}
