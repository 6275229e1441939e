using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Notices.Push;

/// <summary>
/// Pushes notices to browsers, each at least once: the browser shows the same notice once. A push service that is out of reach or asks
/// for patience is asked again later, until the notice is an hour old; a browser that is gone is forgotten.
/// </summary>
public sealed partial class PushSender(
    PushStore jobs,
    PushText texts,
    PushIdentity identity,
    IOptions<PushOptions> options,
    TimeProvider clock,
    ILogger<PushSender> logger
) : BackgroundService
{
    private const int AtOnce = 20;

    /// <summary>How long a push service keeps what the browser cannot be given yet, in seconds: what is older is no news.</summary>
    private const int TimeToLive = 3_600;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient(PushAddresses.NewHandler(options.Value))
        {
            Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
            // What it says is of no interest, and may be anything.
            MaxResponseContentBufferSize = 64 * 1024,
        };
        while (!stoppingToken.IsCancellationRequested)
        {
            var rest = LookEvery;
            try
            {
                if (await jobs.TakeAsync(AtOnce, clock.GetUtcNow()) is { Count: > 0 } due)
                {
                    await Task.WhenAll(due.Select(job => PushAsync(http, job, stoppingToken)));
                    continue;
                }
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                // A line a minute: an outage is told by others, too.
                LogUnread(logger, failed.Message);
                rest = AfterOutage;
            }
            await Task.Delay(rest, clock, stoppingToken);
        }
    }

    private async Task PushAsync(HttpClient http, PushJob job, CancellationToken cancellation)
    {
        if (
            !job.IsSignedIn
            || clock.GetUtcNow() >= job.GiveUpAt
            || PushAddresses.Read(job.Endpoint, options.Value) is not { } endpoint
            || await texts.OfAsync(job) is not { } text
        )
        {
            await jobs.RemoveJobAsync(job, takenAt: null);
            return;
        }
        try
        {
            using var request = await RequestAsync(endpoint, job, text);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            await SettleAsync(job, answer);
        }
        catch (CryptographicException)
        {
            LogUnusable(logger, job.SubscriptionId);
            await ForgetAsync(job);
        }
        catch (Exception failed)
            when (failed is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            LogFailed(logger, job.SubscriptionId, job.Tries, failed.Message);
            await LaterAsync(job, null);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(Uri endpoint, PushJob job, PushedText text)
    {
        var content = new ByteArrayContent(
            PushEncryption.Encrypt(
                JsonSerializer.SerializeToUtf8Bytes(text, JsonSerializerOptions.Web),
                job.PublicKey,
                jobs.AuthOf(job)
            )
        );
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentEncoding.Add("aes128gcm");
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", await identity.AuthorizationAsync(endpoint));
        request.Headers.Add("TTL", TimeToLive.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", "high");
        // Of the same notice only the last one is kept for a browser that is off. 32 characters at most (RFC 8030).
        request.Headers.Add("Topic", job.NoticeId.ToString("N"));
        return request;
    }

    private async Task SettleAsync(PushJob job, HttpResponseMessage answer)
    {
        var now = clock.GetUtcNow();
        switch (answer.StatusCode)
        {
            case >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices:
                await jobs.RemoveJobAsync(job, now);
                break;
            // The subscription is over (RFC 8030).
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                await ForgetAsync(job);
                break;
            case HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                LogFailed(logger, job.SubscriptionId, job.Tries, answer.StatusCode.ToString());
                await LaterAsync(job, answer.Headers.RetryAfter);
                break;
            default:
                // It will not take this one, however often it is asked.
                LogRefused(logger, job.SubscriptionId, (int)answer.StatusCode);
                await jobs.RemoveJobAsync(job, takenAt: null);
                break;
        }
    }

    private Task ForgetAsync(PushJob job) =>
        jobs.RemoveAsync(new AccountId(job.AccountId), new AgentId(job.AgentId), job.SubscriptionId);

    private async Task LaterAsync(PushJob job, RetryConditionHeaderValue? asked)
    {
        var now = clock.GetUtcNow();
        var own = TimeSpan.FromSeconds(10) * Math.Pow(2, Math.Min(job.Tries - 1, 10));
        var pause = own < LongestPause ? own : LongestPause;
        // The push service's own word counts where it asks for more.
        if ((asked?.Delta ?? asked?.Date - now) is { } wanted && wanted > pause)
            pause = wanted;
        // Written so that an absurd wish cannot overflow.
        if (pause >= job.GiveUpAt - now)
            await jobs.RemoveJobAsync(job, takenAt: null);
        else
            await jobs.TryAgainAsync(job, now + pause);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What waits to be pushed could not be read ({Reason}); trying again in a minute"
    )]
    private static partial void LogUnread(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Browser {Id} was not pushed to at try {Try}: {Reason}")]
    private static partial void LogFailed(ILogger logger, Guid id, int @try, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The push service of browser {Id} refused with {Status}: it is given up"
    )]
    private static partial void LogRefused(ILogger logger, Guid id, int status);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What is kept of browser {Id} cannot be used (another master key, or no key): it is forgotten"
    )]
    private static partial void LogUnusable(ILogger logger, Guid id);
}
