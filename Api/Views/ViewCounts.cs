using System.Collections.Concurrent;
using System.Diagnostics;
using Threadkeep.Accounts;
using Threadkeep.Live;
using Threadkeep.Tickets;

namespace Threadkeep.Views;

/// <summary>
/// Counts of views, kept for each account: all browsers of this host share one query. A count is taken again when something of the
/// account changed since, or a minute has passed (time alone moves some); never more often than every second, nor for more than a
/// twentieth of the time.
/// </summary>
public sealed class ViewCounts(ViewQueries queries, CustomPropertyStore properties, LiveHub hub, TimeProvider clock)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(1);
    private const int Share = 20;
    private const int MostKept = 5_000;

    private readonly ConcurrentDictionary<(AccountId, string), Kept> kept = new();

    /// <summary>By name of the default views and by id of the views given.</summary>
    /// <param name="quarantined">The caller may see the view of quarantined messages.</param>
    public async Task<Dictionary<string, int>> OfAsync(
        Scope scope,
        AgentId? agent,
        IReadOnlyList<StoredView> views,
        bool quarantined
    )
    {
        var standard = (DefaultCounts)await AskAsync(scope, "", async now => await queries.CountAsync(scope, now));
        var sent = await CountAsync(scope, "sent", now => queries.CountAsync(scope, DefaultView.Sent, now));
        var counts = new Dictionary<string, int>
        {
            ["open"] = standard.Open,
            ["unassigned"] = standard.Unassigned,
            ["mine"] = agent is { } me ? standard.ByOwner.GetValueOrDefault(me.Value) : 0,
            ["mentions"] = agent is { } named ? standard.Mentions.GetValueOrDefault(named.Value) : 0,
            ["snoozed"] = standard.Snoozed,
            ["closing"] = standard.Closing,
            ["closed"] = standard.Closed,
            ["sent"] = sent,
        };
        if (quarantined)
            counts[DefaultViews.Quarantined] = await CountAsync(
                scope,
                DefaultViews.Quarantined,
                now => queries.CountAsync(scope, DefaultView.Quarantined, now)
            );
        var catalogue = await properties.CatalogueAsync(scope.Account, views.SelectMany(v => v.Definition.Keys));
        foreach (var view in views)
        {
            // One count serves everybody, unless the view asks who is looking.
            var asksMe = view.Definition.Filters.Any(f =>
                f.Values?.Any(v => v is ViewCondition.Me or ViewCondition.Mine) == true
            );
            var key = $"{view.Id:N}/{view.Version}/{(asksMe ? agent : null)}";
            counts[view.Id.ToString("N")] = await CountAsync(
                scope,
                key,
                now => queries.CountAsync(scope, agent, view.Definition, catalogue, now)
            );
        }
        return counts;
    }

    private async Task<int> CountAsync(Scope scope, string key, Func<DateTimeOffset, Task<int>> count) =>
        (int)await AskAsync(scope, key, async now => await count(now));

    private async Task<object> AskAsync(Scope scope, string key, Func<DateTimeOffset, Task<object>> take)
    {
        if (kept.Count > MostKept)
            kept.Clear();
        // Who sees only some channels shares with those who see the same.
        var seen = scope.Channels is null ? "" : string.Join(',', scope.Channels.Order());
        var account = scope.Account;
        var slot = kept.GetOrAdd((account, $"{key}/{seen}"), _ => new Kept());
        if (slot.IsGood(hub.ChangesOf(account), clock.GetUtcNow()))
            return slot.Value!;
        await slot.Turn.WaitAsync();
        try
        {
            // Read before the query: a change that comes while it runs makes it stale again.
            var changes = hub.ChangesOf(account);
            var now = clock.GetUtcNow();
            if (slot.IsGood(changes, now))
                return slot.Value!;
            var begun = Stopwatch.GetTimestamp();
            slot.Set(await take(now), changes, now, Stopwatch.GetElapsedTime(begun));
            return slot.Value!;
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    private sealed class Kept
    {
        private long changes;
        private DateTimeOffset at;
        private TimeSpan rest;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public object? Value { get; private set; }

        public bool IsGood(long changesNow, DateTimeOffset now)
        {
            var age = now - at;
            return Value is not null && age >= TimeSpan.Zero && (age < rest || age < Oldest && changes == changesNow);
        }

        public void Set(object value, long changesThen, DateTimeOffset now, TimeSpan took)
        {
            (Value, changes, at) = (value, changesThen, now);
            rest = took * Share > Least ? took * Share : Least;
        }
    }
}
