using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Messages;

/// <summary>Takes accepted messages to the phone: sent, delivered, and read once somebody looks.</summary>
public sealed partial class StatusChain(
    ChatBook chats,
    CustomerBook customers,
    NumberBook numbers,
    FaultBoard faults,
    WebhookFeed feed,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<StatusChain> log
) : IHostedService
{
    /// <summary>Code of a free-form message outside the customer service window.</summary>
    public const int WindowClosed = 131047;

    private static readonly TimeSpan ToSent = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ToDelivered = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan ToRead = TimeSpan.FromMilliseconds(1500);

    /// <summary>Starts the way of a message just accepted. <paramref name="failWith"/> ends it as failed.</summary>
    public void Start(ChatMessage message, int? failWith) => _ = Task.Run(() => RunAsync(message, failWith));

    /// <summary>Somebody opened the chat: what has come so far is read.</summary>
    public void Read(string phoneNumberId, string waId)
    {
        foreach (var message in chats.Of(phoneNumberId, waId))
            if (!message.IsInbound && message.Status is "sent" or "delivered" && message.Type != "reaction")
                _ = Task.Run(() => ReadAsync(message));
    }

    /// <summary>Tells the business a status now, whatever the chain would say.</summary>
    public void Tell(ChatMessage message, string status, DateTimeOffset at, int? errorCode)
    {
        ArgumentNullException.ThrowIfNull(message);
        chats.Advance(message.Wamid, status, errorCode);
        if (numbers.Find(message.PhoneNumberId) is not { } number)
            return;
        // Nobody has this user id: the status can only repeat what the business wrote.
        var customer =
            customers.Find(message.WaId)
            ?? new Customer(message.WaId, message.WaId, message.WaId, HidesNumber: true, at);
        feed.Tell(OutgoingValue.Status(number, customer, message, status, at, errorCode));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A Sandbox that was stopped in between takes up where it was.
        lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var message in chats.All().Where(m => !m.IsInbound && m.Status is "accepted" or "sent"))
                Start(message, message.ErrorCode);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync(ChatMessage message, int? failWith)
    {
        try
        {
            await WaitAsync(ToSent);
            failWith ??= faults.Current.Statuses.FailWith;
            if (failWith is { } code)
            {
                Advance(message, "failed", code);
                return;
            }
            Advance(message, "sent");
            // Meta sends nothing more for a reaction.
            if (message.Type == "reaction")
                return;
            if (!faults.Current.Statuses.SkipDelivered)
            {
                await WaitAsync(ToDelivered);
                Advance(message, "delivered");
            }
            if (faults.Current.Statuses.AutoRead)
            {
                await WaitAsync(ToRead);
                Advance(message, "read");
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: the next start goes on.
        }
        catch (Exception failure)
        {
            LogBroken(failure, message.Wamid);
        }
    }

    private async Task ReadAsync(ChatMessage message)
    {
        try
        {
            await faults.WaitWhileAsync(set => set.Statuses.Hold, lifetime.ApplicationStopping);
            Advance(message, "read");
        }
        catch (OperationCanceledException)
        {
            // Stopping: the chat is read again when it is opened again.
        }
    }

    private async Task WaitAsync(TimeSpan usual)
    {
        var wait = faults.Current.Statuses.DelayMs is { } ms ? TimeSpan.FromMilliseconds(ms) : usual;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, lifetime.ApplicationStopping);
        await faults.WaitWhileAsync(set => set.Statuses.Hold, lifetime.ApplicationStopping);
    }

    // Only the step that moved the message tells: a chat opened early has said "read" already.
    private void Advance(ChatMessage message, string status, int? errorCode = null)
    {
        if (chats.Advance(message.Wamid, status, errorCode))
            Tell(message, status, time.GetUtcNow(), errorCode);
    }

    [LoggerMessage(LogLevel.Error, "The statuses of {Wamid} stopped")]
    private partial void LogBroken(Exception failure, string wamid);
}
