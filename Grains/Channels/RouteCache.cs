using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Channels;

/// <summary>How much a silo remembers of who is who.</summary>
public sealed class RoutingOptions
{
    /// <summary>Identities whose threads are remembered, two for most customers (1,000 to 10,000,000; about 200 bytes each).</summary>
    [Range(1_000, 10_000_000)]
    public int RememberedIdentities { get; set; } = 400_000;
}

/// <summary>
/// Who owns which identity, as a silo last saw it; no truth: each thread checks for itself, so a stale entry costs a second look.
/// One for all numbers and partitions of a silo, because a number's partitions are asked in turn. Bounded by two generations:
/// when the young one is full it becomes the old one, and whoever is not met again goes with it.
/// </summary>
public sealed class RouteCache(IOptions<RoutingOptions> options)
{
    private readonly int generation = options.Value.RememberedIdentities / 2;
    private readonly Lock turning = new();
    private volatile ConcurrentDictionary<RouteKey, KnownRoute> young = new();
    private volatile ConcurrentDictionary<RouteKey, KnownRoute> old = new();
    private int count;

    /// <summary>The route of a customer all of whose identities are known to lead to one thread; else null, and SQL decides.</summary>
    public IdentityRoute? Find(ChannelId channel, CustomerIdentity customer)
    {
        var byNumber = customer.WaId is { } waId ? Find(new RouteKey(channel, waId, IsNumber: true)) : null;
        if (customer.UserId is not { } userId)
            return byNumber?.ToRoute();
        var byUser = Find(new RouteKey(channel, userId, IsNumber: false));
        return byUser is not null && (customer.WaId is null || byNumber?.Thread == byUser.Thread)
            ? (byNumber ?? byUser).ToRoute()
            : null;
    }

    public void Remember(ChannelId channel, CustomerIdentity customer, IdentityRoute route)
    {
        if (route.ConflictsWith is not null || route.ByUserIdOnly || route.IsFormer)
            return;
        var known = new KnownRoute(route.Thread, route.Generation, default);
        if (customer.WaId is { } waId)
            Remember(new RouteKey(channel, waId, IsNumber: true), known with { Since = route.Since });
        if (customer.UserId is { } userId)
            Remember(new RouteKey(channel, userId, IsNumber: false), known);
    }

    private KnownRoute? Find(RouteKey key)
    {
        if (young.TryGetValue(key, out var route))
            return route;
        if (!old.TryGetValue(key, out route))
            return null;
        Remember(key, route);
        return route;
    }

    private void Remember(RouteKey key, KnownRoute route)
    {
        if (!young.TryAdd(key, route))
        {
            if (young.TryGetValue(key, out var before) && before != route)
                young[key] = route;
            return;
        }
        if (Interlocked.Increment(ref count) <= generation)
            return;
        lock (turning)
        {
            if (count <= generation)
                return;
            (old, young) = (young, new ConcurrentDictionary<RouteKey, KnownRoute>());
            count = 0;
        }
    }

    private readonly record struct RouteKey(ChannelId Channel, string Id, bool IsNumber);

    private sealed record KnownRoute(ThreadId Thread, int Generation, DateTimeOffset Since)
    {
        public IdentityRoute ToRoute() => new(Thread, Generation, Since: Since);
    }
}
