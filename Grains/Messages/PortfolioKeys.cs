using System.Collections.Concurrent;
using Threadkeep.Accounts;

namespace Threadkeep.Messages;

/// <summary>Which portfolio a channel is of, for a minute at a time: Meta is asked for it once an hour, and an account seldom moves.</summary>
public sealed class PortfolioKeys(PortfolioStore store, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ChannelId, (string? Portfolio, DateTimeOffset Until)> known = [];

    /// <summary>Null: the channel is gone.</summary>
    public async ValueTask<string?> OfAsync(AccountId account, ChannelId channel)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(channel, out var found) && now < found.Until)
            return found.Portfolio;
        var portfolio = await store.OfChannelAsync(account, channel);
        known[channel] = (portfolio, now + Kept);
        return portfolio;
    }
}
