using Threadkeep.People;

namespace Threadkeep.Webhooks;

/// <summary>Meta's front door: its handshake, and what it posts (<see cref="WebhookReceiver"/>).</summary>
public static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        // Straight from the router: sessions, keys and the limits of people are none of Meta's, and a request delegate is spared
        // the binding and checking of arguments.
        var hooks = routes.MapGroup("/webhooks/whatsapp").Needs(Permission.Anyone).ExcludeFromDescription();
        hooks.ShortCircuit();
        hooks.MapGet("/{appKey?}", Handshake);
        RequestDelegate receive = ActivatorUtilities
            .CreateInstance<WebhookReceiver>(routes.ServiceProvider)
            .ReceiveAsync;
        hooks.MapPost("/{appKey?}", receive);
    }

    private static async Task<IResult> Handshake(HttpRequest request, AppSecrets apps, string? appKey)
    {
        var query = request.Query;
        return
            query["hub.mode"] == "subscribe"
            && query["hub.verify_token"].ToString() is { Length: > 0 } token
            && await apps.IsVerifyTokenAsync(appKey, token)
            ? TypedResults.Text(query["hub.challenge"].ToString(), "text/plain")
            : TypedResults.StatusCode(403);
    }
}
