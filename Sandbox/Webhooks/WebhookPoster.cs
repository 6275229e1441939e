using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;

namespace Threadkeep.Sandbox.Webhooks;

/// <summary>One signed post of a notification to the callback.</summary>
public sealed class WebhookPoster(
    IHttpClientFactory clients,
    WebhookTarget target,
    IOptions<SandboxOptions> options,
    TimeProvider time
)
{
    private readonly TimeSpan patience = TimeSpan.FromSeconds(options.Value.WebhookTimeoutSeconds);

    /// <param name="callbackUri">Null: the app's address.</param>
    public async Task<Attempt> PostAsync(byte[] body, string? callbackUri, CancellationToken stopping)
    {
        var at = time.GetUtcNow();
        var started = time.GetTimestamp();
        var (status, error) = await TryAsync(body, callbackUri, stopping);
        return new Attempt(at, status, error, (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the answer away is an attempt that failed.")]
    private async Task<(int? Status, string? Error)> TryAsync(
        byte[] body,
        string? callbackUri,
        CancellationToken stopping
    )
    {
        using var timeOut = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeOut.Token, stopping);
        var callback = target.Current;
        try
        {
            using var client = clients.CreateClient(WebhookTarget.ClientName);
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(
                HttpMethod.Post,
                callbackUri is null ? callback.Url : new Uri(callbackUri)
            )
            {
                Content = content,
            };
            request.Headers.Add("X-Hub-Signature-256", Signature.Of(callback.AppSecret, body));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("facebookexternalua", null));
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return ((int)answer.StatusCode, null);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (null, "time-out");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (null, failure.GetBaseException().Message);
        }
    }
}
