using System.Diagnostics.Metrics;
using System.Text.Json;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Webhooks;

/// <summary>
/// Receives what Meta posts. 200 means committed: every item of the body is in its thread or in the leftovers. 503 means repeat it;
/// what is stored already costs nothing then. The body is read once, checked as it came, and only then understood; what it holds
/// takes a place at the gate until it is committed (<see cref="WebhookGate"/>).
/// </summary>
public sealed partial class WebhookReceiver(
    AppSecrets apps,
    SignatureFailures failures,
    WebhookGate gate,
    LeftoverStore leftovers,
    DeliveryCalls calls,
    IGrainFactory grains,
    TimeProvider clock,
    ILogger<WebhookReceiver> logger
)
{
    /// <summary>Numbers of one body that are called at the same time.</summary>
    private const int NumbersAtOnce = 16;

    private static readonly Meter Meter = new("Threadkeep.Webhooks");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "threadkeep.webhooks.refused",
        description: "Webhooks without a valid signature"
    );

    public async Task ReceiveAsync(HttpContext context)
    {
        var status = await AnswerAsync(context.Request);
        context.Response.StatusCode = status;
        context.Response.ContentLength = 0;
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "2";
    }

    private async Task<int> AnswerAsync(HttpRequest request)
    {
        var appKey = request.RouteValues["appKey"] as string;
        // Meta compresses nothing, and what it signs is the bytes as they came.
        if (request.Headers.ContentEncoding.Count > 0)
            return StatusCodes.Status415UnsupportedMediaType;
        var signature = request.Headers["X-Hub-Signature-256"].ToString();
        if (!WebhookSignature.IsWellFormed(signature))
            return NotSigned(appKey);
        if (gate.IsFull)
            return TurnAway();
        using var body = new HeldBody(gate);
        var read = await body.ReadAsync(request, clock);
        if (read == StatusCodes.Status503ServiceUnavailable)
            return TurnAway();
        if (read != StatusCodes.Status200OK)
            return read;
        try
        {
            if (await apps.SignerAsync(appKey, body.Bytes, signature) is not { } signer)
                return NotSigned(appKey);
            var now = clock.GetUtcNow();
            var (parsed, left) = Understand(body.Bytes, signer, now);
            if (gate.TryEnter(parsed.Count) is not { } place)
                return TurnAway();
            if (await DeliverAsync(parsed, left, signer, place, now).WaitAsync(ClusterCalls.Deadline, clock))
                return StatusCodes.Status200OK;
        }
        // A cancellation too: the caller's is not listened to here, so it is a silo's, which gave up placing a grain.
        catch (Exception failed)
        {
            LogFailed(logger, failed);
        }
        return StatusCodes.Status503ServiceUnavailable;
    }

    private int NotSigned(string? appKey)
    {
        Refused.Add(1);
        failures.Note(appKey);
        return StatusCodes.Status401Unauthorized;
    }

    private int TurnAway()
    {
        gate.NoteTurnedAway();
        return StatusCodes.Status503ServiceUnavailable;
    }

    // The items, and what belongs to no number: what is not JSON, and events that are not about messages.
    private static (WebhookBody Body, Leftover[] Left) Understand(Memory<byte> body, string signer, DateTimeOffset now)
    {
        body = JsonCleaner.Clean(body);
        try
        {
            var parsed = WebhookParser.Parse(body);
            // What names no account is nobody's.
            return (
                parsed,
                [
                    .. parsed
                        .Others.Where(o => o.WabaId.Length is 0 or > 64)
                        .Select(o => ToLeftover("event", o.Field, o.Raw)),
                ]
            );
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
    private async Task<bool> DeliverAsync(
        WebhookBody parsed,
        Leftover[] left,
        string signer,
        WebhookGate.Place place,
        DateTimeOffset now
    )
    {
        using var held = place;
        await leftovers.AddAsync(left);
        var committed = true;
        // A body of Meta's tells of one number, or of few; one of thousands waits for itself and not for everybody.
        foreach (var numbers in parsed.Numbers.Chunk(NumbersAtOnce))
        {
            var results = await Task.WhenAll(
                numbers.Select(n =>
                    calls.DeliverAsync(n.PhoneNumberId, WebhookItems.ToDelivery(n, signer, now), place.StepAside)
                )
            );
            committed &= Array.TrueForAll(results, r => r != DeliveryResult.TryAgain);
        }
        foreach (var told in parsed.Others.Where(o => o.WabaId.Length is > 0 and <= 64).GroupBy(o => o.WabaId))
            committed &= await TellAsync(told.Key, signer, [.. told], now) != DeliveryResult.TryAgain;
        return committed;
    }

    // Few and far between, and one grain an account, which takes them in turn.
    private async Task<DeliveryResult> TellAsync(string wabaId, string signer, OtherEvent[] told, DateTimeOffset now) =>
        await grains
            .GetGrain<IWabaGrain>(wabaId)
            .Tell(
                new AccountEvents(
                    signer,
                    [
                        .. told.Select(o => new AccountEvent(
                            o.Field,
                            o.Raw,
                            o.Time is { } seconds and > 0 and < 253_402_300_799
                                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                                : now,
                            now
                        )),
                    ]
                )
            );

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook must be repeated")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
