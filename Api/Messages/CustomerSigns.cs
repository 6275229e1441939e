using System.Collections.Concurrent;
using Threadkeep.Accounts;

namespace Threadkeep.Messages;

/// <summary>
/// Tells the customer that somebody has read what they wrote, or is writing an answer, where the account wants that. One-way and never
/// repeated: a sign that comes late says something wrong.
/// </summary>
public sealed class CustomerSigns(MessageQueries messages, IGrainFactory grains, TimeProvider clock)
{
    /// <summary>The sign goes out by itself after 25 seconds (Cloud API, "Sending"): often enough to be seen without a break.</summary>
    private static readonly TimeSpan TypingEvery = TimeSpan.FromSeconds(20);
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<ThreadId, DateTimeOffset> typing = new();

    /// <summary>Everything up to this message has been read.</summary>
    public async Task ReadAsync(AccountId account, ThreadId thread, int upToSeq)
    {
        if (await messages.SignOfReadingAsync(account, thread, upToSeq) is { } sign)
            await TellAsync(account, sign, typing: false);
    }

    /// <summary>Somebody is writing. Meta takes this only together with the read mark.</summary>
    public async Task TypesAsync(AccountId account, ThreadId thread)
    {
        var now = clock.GetUtcNow();
        if (typing.TryGetValue(thread, out var last) && now - last < TypingEvery)
            return;
        if (typing.Count > MostRemembered)
            typing.Clear();
        typing[thread] = now;
        if (await messages.SignOfTypingAsync(account, thread) is { } sign)
            await TellAsync(account, sign, typing: true);
    }

    private Task TellAsync(AccountId account, SignTarget sign, bool typing) =>
        grains
            .GetGrain<IDispatcherGrain>(GrainKeys.Channel(account, new ChannelId(sign.ChannelId)))
            .Sign(sign.Wamid, typing);
}
