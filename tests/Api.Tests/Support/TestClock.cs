namespace Threadkeep.Api.Tests.Support;

/// <summary>
/// The product's clock in tests. Once stopped it shows what the test set and nothing else moves it; timers run in real time all
/// the same, so that polling goes on and nothing hangs. Orleans keeps the system's clock.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset? stoppedAt;

    /// <param name="stoppedAt">Null: it runs.</param>
    public TestClock(DateTimeOffset? stoppedAt = null) => this.stoppedAt = stoppedAt;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return stoppedAt ?? System.GetUtcNow();
    }

    /// <summary>Moves a stopped clock forward.</summary>
    public void Advance(TimeSpan by) => Set(GetUtcNow() + by);

    /// <summary>Sets a stopped clock; it never goes back.</summary>
    public void Set(DateTimeOffset to)
    {
        lock (gate)
        {
            stoppedAt.ShouldNotBeNull();
            to.ShouldBeGreaterThanOrEqualTo(stoppedAt.Value);
            stoppedAt = to;
        }
    }
}
