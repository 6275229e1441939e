using Microsoft.Extensions.Diagnostics.HealthChecks;
using Threadkeep.Threads;

namespace Threadkeep.Operations;

/// <summary>
/// Unhealthy where intents have waited for a minute and no statement has begun or ended: a statement's own time-outs are far
/// shorter, even with PostgreSQL away, so only a new process helps.
/// </summary>
public sealed class WriterHealth : IHealthCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>What arrives after an idle hour waits for an instant as well: only what still stands still is stuck.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(1);

    private readonly Func<TimeSpan>[] stalled;

    public WriterHealth(CommitWriter commits, StatusWriter statuses)
        : this(() => commits.Stalled, () => statuses.Stalled) { }

    /// <param name="stalled">For how long each writer has stood still.</param>
    internal WriterHealth(params Func<TimeSpan>[] stalled) => this.stalled = stalled;

    private bool IsStuck => Array.Exists(stalled, s => s() > Longest);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (IsStuck)
            await Task.Delay(SecondLook, cancellationToken);
        return IsStuck ? HealthCheckResult.Unhealthy("The writer does not move.") : HealthCheckResult.Healthy();
    }
}
