using Microsoft.Extensions.Diagnostics.HealthChecks;
using Threadkeep.Operations;

namespace Threadkeep.Storage;

/// <summary>Healthy where a grain answers a cheap call: in a silo its own, at an Api host that of any silo.</summary>
public sealed class ClusterHealth(IGrainFactory grains) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>An Api host's call may fall on a silo that has just died: the next falls on another.</summary>
    private const int Tries = 2;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        for (var n = 1; ; n++)
        {
            try
            {
                await grains.GetGrain<IPulseGrain>(0).Beat().WaitAsync(Patience, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                if (n == Tries)
                    return HealthCheckResult.Unhealthy("No silo answers.", failed);
            }
        }
    }
}
