using System.Collections.Concurrent;
using System.Diagnostics;
using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Overload;

/// <summary>One webhook of an <see cref="OpenLoad"/>.</summary>
/// <param name="At">Since the load began.</param>
public sealed record Shot(string Wamid, TimeSpan At, TimeSpan Took, HttpAnswer Answer);

/// <summary>Single-message webhooks of known customers: as fast as they are answered, or as fast as they are due.</summary>
public sealed class OpenLoad(Deployment deployment)
{
    private readonly string[] customers = [.. Enumerable.Range(0, 200).Select(_ => Meta.NewCustomer())];
    private readonly ConcurrentBag<string> acknowledged = [];
    private int next;

    /// <summary>Every wamid that was answered 200.</summary>
    public IReadOnlyCollection<string> Acknowledged => acknowledged;

    /// <summary>So many at a time, the next after the answer: what the product takes.</summary>
    public async Task<IReadOnlyList<Shot>> ClosedAsync(int lanes, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var shots = await Task.WhenAll(
            Enumerable
                .Range(0, lanes)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var mine = new List<Shot>();
                        while (clock.Elapsed < time)
                            mine.Add(await ShootAsync(clock));
                        return mine;
                    })
                )
        );
        return [.. shots.SelectMany(s => s)];
    }

    /// <summary>So many a second, whatever becomes of those before.</summary>
    public async Task<IReadOnlyList<Shot>> OpenAsync(double perSecond, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var shots = new List<Task<Shot>>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (clock.Elapsed < time && await timer.WaitForNextTickAsync())
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * perSecond) - shots.Count; due > 0; due--)
                shots.Add(Task.Run(() => ShootAsync(clock)));
        }
        return await Task.WhenAll(shots);
    }

    private async Task<Shot> ShootAsync(Stopwatch clock)
    {
        var message = Meta.NewMessage(customers[(uint)Interlocked.Increment(ref next) % customers.Length], "Hello");
        var at = clock.Elapsed;
        var answer = await deployment.Meta.AskAsync(message);
        if (answer.Status == 200)
            acknowledged.Add(message.Wamid);
        return new Shot(message.Wamid, at, clock.Elapsed - at, answer);
    }
}
