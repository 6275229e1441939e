using Microsoft.Extensions.Diagnostics.HealthChecks;
using Threadkeep.Threads;

namespace Threadkeep.Operations;

/// <summary>
/// Unhealthy where intents have waited for a minute and no statement has begun or ended: a statement's own time-outs are far
/// shorter, even with PostgreSQL away, so only a new process helps.
/// </summary>
public sealed class WriterHealth(CommitWriter commits, StatusWriter statuses) : IHealthCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            commits.Stalled < Longest && statuses.Stalled < Longest
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The writer does not move.")
        );
}
