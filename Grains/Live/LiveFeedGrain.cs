using Orleans.Concurrency;
using Orleans.Dashboard;

namespace Threadkeep.Live;

/// <summary>
/// Spreads hints to the Api hosts. Every batch has the feed's next number; a host that sees a jump, or another epoch at its
/// renewal, tells its browsers to refetch. Lost hints cost seconds, never correctness.
/// </summary>
[GrainType("live-feed"), Reentrant, NoProfiling]
public sealed class LiveFeedGrain(TimeProvider clock) : Grain, ILiveFeedGrain
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(2);

    private readonly Guid epoch = Guid.NewGuid();
    private readonly Dictionary<ILiveObserver, DateTimeOffset> observers = [];
    private long number;

    public Task<FeedPosition> Subscribe(ILiveObserver observer)
    {
        observers[observer] = clock.GetUtcNow();
        return Task.FromResult(new FeedPosition(epoch, number));
    }

    public Task<FeedPosition> Position() => Task.FromResult(new FeedPosition(epoch, number));

    public Task Publish(ThreadHint[] hints)
    {
        number++;
        var now = clock.GetUtcNow();
        var position = new FeedPosition(epoch, number);
        foreach (var (observer, renewed) in observers.ToArray())
        {
            if (now - renewed > ForgottenAfter)
                observers.Remove(observer);
            else
                observer.Changed((int)this.GetPrimaryKeyLong(), position, hints).Ignore();
        }
        return Task.CompletedTask;
    }

    public Task Tell(Presence presence)
    {
        foreach (var observer in observers.Keys)
            observer.Told(presence).Ignore();
        return Task.CompletedTask;
    }

    public Task TellAccount(AccountHint hint)
    {
        foreach (var observer in observers.Keys)
            observer.AccountChanged(hint).Ignore();
        return Task.CompletedTask;
    }
}
