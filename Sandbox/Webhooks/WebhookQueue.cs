using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Live;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Webhooks;

/// <summary>
/// Posts webhooks until each is answered with 200: at once, then after half a second, then with doubling waits up to
/// a minute, for seven days. Deliveries run side by side, so their order is not promised, as with Meta. What is
/// pending is in the journal and goes on after a restart.
/// </summary>
public sealed partial class WebhookQueue(
    Journal journal,
    WebhookPoster poster,
    NumberBook numbers,
    ChatBook chats,
    FaultBoard faults,
    LiveEvents live,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<WebhookQueue> log
) : IHostedService, IDisposable
{
    private const int Remembered = 500;
    private const int AttemptsRemembered = 20;

    private readonly Table<Delivery> pending = new("webhooks", d => d.Id, journal);
    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, Delivery> recent = [];
    private readonly SemaphoreSlim posts = new(64);

    public int PendingCount => pending.Count;

    /// <summary>The last deliveries, newest first.</summary>
    public Delivery[] Recent(int limit)
    {
        lock (gate)
            return [.. recent.Values.Reverse().Take(limit)];
    }

    /// <summary>Sends the updates as one notification; completes after the first post of it.</summary>
    public Task SendAsync(IReadOnlyList<WebhookUpdate> updates)
    {
        var wanted = updates.Where(u => numbers.FindWaba(u.WabaId)?.Subscribed ?? true).ToArray();
        // Numbers and accounts with an address of their own get notifications of their own.
        return Task.WhenAll(
            wanted
                .GroupBy(u => numbers.CallbackOf(u.Value.Child("metadata").Text("phone_number_id"), u.WabaId))
                .Select(alike =>
                    SendAsync(
                        MetaJson.ToBytes(Envelope.Of(alike)),
                        string.Join(", ", alike.Select(u => u.Summary)),
                        [.. alike.SelectMany(u => u.Wamids)],
                        alike.Key
                    )
                )
        );
    }

    /// <summary>Sends these bytes, whatever they are.</summary>
    /// <param name="callbackUri">Where to; null: to the app's address.</param>
    public Task SendAsync(byte[] body, string summary, string[] wamids, string? callbackUri = null)
    {
        var now = time.GetUtcNow();
        var dropped = faults.TakeWebhookDrop();
        var state = dropped ? Delivery.Dropped : Delivery.Pending;
        var copies = dropped ? 1 : 1 + Math.Max(0, faults.Current.Webhooks.Duplicate);
        var first = new List<Task>();
        for (var copy = 0; copy < copies; copy++)
        {
            var delivery = new Delivery(
                Guid.CreateVersion7().ToString(),
                now,
                body,
                summary,
                wamids,
                state,
                dropped ? null : now,
                0,
                [],
                callbackUri
            );
            Remember(delivery);
            if (dropped)
                continue;
            pending.Put(delivery);
            first.Add(Start(delivery, TimeSpan.FromMilliseconds(Math.Max(0, faults.Current.Webhooks.DelayMs))));
        }
        return Task.WhenAll(first);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Only once the Sandbox listens: a repeated picture message must find its media URL answering.
        lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var delivery in pending.All())
            {
                Remember(delivery);
                _ = Start(delivery, WaitUntil(delivery.NextAttemptAt));
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => posts.Dispose();

    private Task Start(Delivery delivery, TimeSpan wait)
    {
        var firstPost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Run(() => RunAsync(delivery, wait, firstPost));
        return firstPost.Task;
    }

    private async Task RunAsync(Delivery delivery, TimeSpan wait, TaskCompletionSource firstPost)
    {
        var stopping = lifetime.ApplicationStopping;
        try
        {
            while (delivery.State == Delivery.Pending)
            {
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, time, stopping);
                await faults.WaitWhileAsync(set => set.Webhooks.Hold, stopping);
                delivery = await PostAsync(delivery, stopping);
                firstPost.TrySetResult();
                wait = WaitUntil(delivery.NextAttemptAt);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: it stays pending in the journal.
        }
        catch (Exception failure)
        {
            LogLost(failure, delivery.Id);
        }
        finally
        {
            firstPost.TrySetResult();
        }
    }

    private async Task<Delivery> PostAsync(Delivery delivery, CancellationToken stopping)
    {
        await posts.WaitAsync(stopping);
        Attempt attempt;
        try
        {
            attempt = await poster.PostAsync(delivery.Body, delivery.CallbackUri, stopping);
        }
        finally
        {
            posts.Release();
        }
        var now = time.GetUtcNow();
        var next = delivery with
        {
            AttemptCount = delivery.AttemptCount + 1,
            Attempts = [.. delivery.Attempts.TakeLast(AttemptsRemembered - 1), attempt],
            NextAttemptAt = null,
        };
        if (attempt.Status == StatusCodes.Status200OK)
        {
            next = next with { State = Delivery.Delivered };
            pending.Remove(next.Id);
            foreach (var wamid in next.Wamids)
                chats.Advance(wamid, "delivered");
        }
        else if (now - next.CreatedAt >= RetrySchedule.Life)
        {
            next = next with { State = Delivery.Expired };
            pending.Remove(next.Id);
        }
        else
        {
            next = next with { NextAttemptAt = now + RetrySchedule.WaitAfter(next.AttemptCount) };
            pending.Put(next);
            if (next.AttemptCount == 1)
                LogRefused(next.Id, attempt.Status);
        }
        Remember(next);
        return next;
    }

    private TimeSpan WaitUntil(DateTimeOffset? at) => at is { } due ? due - time.GetUtcNow() : TimeSpan.Zero;

    private void Remember(Delivery delivery)
    {
        lock (gate)
        {
            recent[delivery.Id] = delivery;
            while (recent.Count > Remembered)
                recent.RemoveAt(0);
        }
        live.Tell(new LiveEvent("webhooks"));
    }

    [LoggerMessage(LogLevel.Information, "Webhook {Id} was answered with {Status}; it will be repeated")]
    private partial void LogRefused(string id, int? status);

    [LoggerMessage(LogLevel.Error, "Webhook {Id} is lost until the next start")]
    private partial void LogLost(Exception failure, string id);
}
