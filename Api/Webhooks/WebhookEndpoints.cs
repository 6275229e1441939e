using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Webhooks;

/// <summary>
/// Meta's front door. 200 means committed: every item of the body is in its thread or in the leftovers. 503 means repeat it;
/// what is stored already costs nothing then. The body is read once, checked as it came, and only then understood; what it holds
/// takes a place at the gate until it is committed (<see cref="WebhookGate"/>).
/// </summary>
public static partial class WebhookEndpoints
{
    private static readonly Meter Meter = new("Threadkeep.Webhooks");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "threadkeep.webhooks.refused",
        description: "Webhooks without a valid signature"
    );

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        // Straight from the router: sessions, keys and the limits of people are none of Meta's.
        var hooks = routes.MapGroup("/webhooks/whatsapp").Needs(Permission.Anyone).ExcludeFromDescription();
        hooks.ShortCircuit();
        hooks.MapGet("/{appKey?}", Handshake);
        hooks.MapPost("/{appKey?}", Receive);
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

    private static async Task<IResult> Receive(
        HttpContext context,
        AppSecrets apps,
        WebhookGate gate,
        LeftoverStore leftovers,
        DeliveryCalls calls,
        TimeProvider clock,
        ILogger<AppSecrets> logger,
        string? appKey
    )
    {
        var request = context.Request;
        // Meta compresses nothing, and what it signs is the bytes as they came.
        if (request.Headers.ContentEncoding.Count > 0)
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var signature = request.Headers["X-Hub-Signature-256"].ToString();
        if (!WebhookSignature.IsWellFormed(signature))
            return NotSigned();
        if (gate.IsFull)
            return TurnAway(context, gate);
        using var body = new HeldBody(gate);
        var read = await body.ReadAsync(request, clock);
        if (read == StatusCodes.Status503ServiceUnavailable)
            return TurnAway(context, gate);
        if (read != StatusCodes.Status200OK)
            return TypedResults.StatusCode(read);
        try
        {
            if (await apps.SignerAsync(appKey, body.Bytes, signature) is not { } signer)
                return NotSigned();
            var now = clock.GetUtcNow();
            var (parsed, left) = Understand(body.Bytes, signer, now);
            if (gate.TryEnter(parsed.Count) is not { } place)
                return TurnAway(context, gate);
            if (
                await DeliverAsync(parsed, left, signer, place, leftovers, calls, now)
                    .WaitAsync(ClusterCalls.Deadline, clock)
            )
                return TypedResults.Ok();
        }
        // A cancellation too: the caller's is not listened to here, so it is a silo's, which gave up placing a grain.
        catch (Exception failed)
        {
            LogFailed(logger, failed);
        }
        return TryLater(context);
    }

    private static StatusCodeHttpResult NotSigned()
    {
        Refused.Add(1);
        return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
    }

    private static StatusCodeHttpResult TurnAway(HttpContext context, WebhookGate gate)
    {
        gate.NoteTurnedAway();
        return TryLater(context);
    }

    private static StatusCodeHttpResult TryLater(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "2";
        return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    // The items, and what belongs to no number: what is not JSON, and events that are not about messages.
    private static (WebhookBody Body, Leftover[] Left) Understand(Memory<byte> body, string signer, DateTimeOffset now)
    {
        body = JsonCleaner.Clean(body);
        try
        {
            var parsed = WebhookParser.Parse(body);
            return (parsed, [.. parsed.Others.Select(o => ToLeftover("event", o.Field, o.Raw))]);
        }
        catch (JsonException unreadable)
        {
            return (new WebhookBody([], []), [ToLeftover("unreadable", unreadable.Message, body.ToArray())]);
        }

        Leftover ToLeftover(string kind, string detail, byte[] item) =>
            new()
            {
                Id = Guid.CreateVersion7(now),
                AppKey = signer,
                PhoneNumberId = "",
                Kind = kind,
                Reason = kind,
                Detail = detail,
                Item = item,
                ReceivedAt = now,
                ExpiresAt = now + TimeSpan.FromDays(30),
            };
    }

    // Its place is given back when the work is done, not when somebody stops waiting for it: what goes on unseen counts too.
    private static async Task<bool> DeliverAsync(
        WebhookBody parsed,
        Leftover[] left,
        string signer,
        WebhookGate.Place place,
        LeftoverStore leftovers,
        DeliveryCalls calls,
        DateTimeOffset now
    )
    {
        using var held = place;
        await leftovers.AddAsync(left);
        var results = await Task.WhenAll(
            parsed.Numbers.Select(n =>
                calls.DeliverAsync(n.PhoneNumberId, WebhookItems.ToDelivery(n, signer, now), place.StepAside)
            )
        );
        return Array.TrueForAll(results, r => r != DeliveryResult.TryAgain);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook must be repeated")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
