using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Webhooks;

/// <summary>
/// Meta's front door. 200 means committed: every item of the body is in its thread or in the leftovers. 503 means repeat it;
/// what is stored already costs nothing then. The body is read once, checked as it came, and only then understood.
/// </summary>
public static partial class WebhookEndpoints
{
    /// <summary>Meta sends at most 3 MB (Cloud API, "Delivery semantics").</summary>
    private const int MaxBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private static readonly Meter Meter = new("Threadkeep.Webhooks");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "threadkeep.webhooks.refused",
        description: "Webhooks without a valid signature"
    );

    private static int partition;

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var hooks = routes.MapGroup("/webhooks/whatsapp").AllowAnonymous().ExcludeFromDescription();
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
        LeftoverStore leftovers,
        IClusterClient cluster,
        TimeProvider clock,
        ILogger<AppSecrets> logger,
        string? appKey
    )
    {
        if (await ReadAsync(context) is not { } body)
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        try
        {
            var signature = context.Request.Headers["X-Hub-Signature-256"].ToString();
            if (await apps.SignerAsync(appKey, body, signature) is not { } signer)
            {
                Refused.Add(1);
                return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
            }
            var now = clock.GetUtcNow();
            var committed = await DeliverAsync(body, signer, leftovers, cluster, now).WaitAsync(Deadline, clock);
            if (committed)
                return TypedResults.Ok();
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogFailed(logger, failed);
        }
        context.Response.Headers.RetryAfter = "2";
        return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> DeliverAsync(
        Memory<byte> body,
        string signer,
        LeftoverStore leftovers,
        IClusterClient cluster,
        DateTimeOffset now
    )
    {
        body = JsonCleaner.Clean(body);
        WebhookBody parsed;
        try
        {
            parsed = WebhookParser.Parse(body);
        }
        catch (JsonException unreadable)
        {
            await LeaveAsync(leftovers, signer, "unreadable", unreadable.Message, body.ToArray(), now);
            return true;
        }
        foreach (var other in parsed.Others)
            await LeaveAsync(leftovers, signer, "event", other.Field, other.Raw, now);
        // Each host takes the partitions in turn, so that one number's traffic spreads over the silos.
        var mine = (int)((uint)Interlocked.Increment(ref partition) % GrainKeys.PhoneNumberPartitions);
        var results = await Task.WhenAll(
            parsed.Numbers.Select(n =>
                cluster
                    .GetGrain<IPhoneNumberGrain>(GrainKeys.PhoneNumber(n.PhoneNumberId, mine))
                    .Deliver(WebhookItems.ToDelivery(n, signer, now))
            )
        );
        return Array.TrueForAll(results, r => r != DeliveryResult.TryAgain);
    }

    private static Task LeaveAsync(
        LeftoverStore leftovers,
        string signer,
        string kind,
        string detail,
        byte[] item,
        DateTimeOffset now
    ) =>
        leftovers.AddAsync(
            new Leftover
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
            }
        );

    // Null: too large.
    private static async Task<Memory<byte>?> ReadAsync(HttpContext context)
    {
        var length = context.Request.ContentLength;
        if (length > MaxBytes)
            return null;
        var body = new ArrayBufferWriter<byte>((int)Math.Max(length ?? 0, 4_096));
        int read;
        while ((read = await context.Request.Body.ReadAsync(body.GetMemory(4_096))) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > MaxBytes)
                return null;
        }
        return System.Runtime.InteropServices.MemoryMarshal.AsMemory(body.WrittenMemory);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook must be repeated")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
