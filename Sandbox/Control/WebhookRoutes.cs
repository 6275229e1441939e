using System.Text;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Control;

/// <summary>Webhooks: what was posted, payloads of one's own, another callback.</summary>
public static class WebhookRoutes
{
    private const int DefaultShown = 50;
    private const long MaxRaw = 16 * 1024 * 1024;

    public static void MapWebhooks(this RouteGroupBuilder control)
    {
        control.MapGet("/webhooks", List);
        control
            .MapPost("/webhooks/raw", SendRawAsync)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxRaw));
        control.MapGet("/webhooks/callback", (WebhookTarget target) => new { url = target.Current.Url });
        control.MapPut("/webhooks/callback", ChangeCallbackAsync);
    }

    private static IResult List(WebhookQueue queue, int? limit, bool? bodies) =>
        Results.Ok(
            new
            {
                pending = queue.PendingCount,
                items = queue
                    .Recent(Math.Clamp(limit ?? DefaultShown, 1, 500))
                    .Select(d => new
                    {
                        d.Id,
                        d.CreatedAt,
                        d.State,
                        d.Summary,
                        d.Wamids,
                        d.NextAttemptAt,
                        d.AttemptCount,
                        d.Attempts,
                        Body = bodies == true ? Encoding.UTF8.GetString(d.Body) : null,
                    }),
            }
        );

    private static async Task<IResult> SendRawAsync(HttpRequest request, WebhookQueue queue)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        _ = queue.SendAsync(bytes.ToArray(), "raw", []);
        return Results.Accepted();
    }

    private static async Task<IResult> ChangeCallbackAsync(HttpRequest request, WebhookTarget target)
    {
        var body = await CustomerRoutes.BodyAsync(request);
        if (
            !Uri.TryCreate(body.Text("url"), UriKind.Absolute, out var url)
            || !url.Scheme.StartsWith("http", StringComparison.Ordinal)
        )
            return ControlApi.Bad("url must be an absolute http or https address.");
        var next = new WebhookTarget.Callback(
            url,
            body.Text("appSecret") ?? target.Current.AppSecret,
            body.Text("verifyToken") ?? target.Current.VerifyToken
        );
        var handshake = body.Flag("handshake") ?? true;
        var problem = await target.ChangeAsync(next, handshake, request.HttpContext.RequestAborted);
        return problem is null ? Results.Ok(new { url }) : ControlApi.Bad(problem);
    }
}
