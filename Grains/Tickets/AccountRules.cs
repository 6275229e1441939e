using System.Collections.Concurrent;
using Threadkeep.Accounts;

namespace Threadkeep.Tickets;

/// <summary>The ticket rules of accounts, one a silo. What an admin changes counts everywhere within <see cref="Kept"/>.</summary>
public sealed class AccountRules(TicketRulesStore store)
{
    /// <summary>By the system's clock: how long rules are gone by before they are read again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<AccountId, Entry> known = new();

    public ValueTask<TicketRules> OfAsync(AccountId account)
    {
        var now = Environment.TickCount64;
        if (known.TryGetValue(account, out var entry) && now - entry.ReadAt < Kept.TotalMilliseconds)
        {
            // One that failed is not kept.
            if (entry.Rules.IsCompletedSuccessfully)
                return new ValueTask<TicketRules>(entry.Rules.Result);
            if (!entry.Rules.IsCompleted)
                return new ValueTask<TicketRules>(entry.Rules);
        }
        var reading = store.LoadAsync(account);
        known[account] = new Entry(reading, now);
        return new ValueTask<TicketRules>(reading);
    }

    private sealed record Entry(Task<TicketRules> Rules, long ReadAt);
}
