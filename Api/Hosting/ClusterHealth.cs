using Microsoft.Extensions.Diagnostics.HealthChecks;
using Threadkeep.Live;

namespace Threadkeep.Hosting;

/// <summary>Healthy where a silo answers a cheap call.</summary>
public sealed class ClusterHealth(IClusterClient cluster) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await cluster.GetGrain<ILiveFeedGrain>(0).Position().WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("No silo answers.", failed);
        }
    }
}
