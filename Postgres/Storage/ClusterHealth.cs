using Microsoft.Extensions.Diagnostics.HealthChecks;
using Threadkeep.Live;
using Threadkeep.Operations;

namespace Threadkeep.Storage;

/// <summary>Healthy where a grain answers a cheap call: in a silo its own, at an Api host that of any silo.</summary>
public sealed class ClusterHealth(IGrainFactory grains) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await grains.GetGrain<IPulseGrain>(0).Beat().WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return await AnyOtherAsync(cancellationToken);
        }
    }

    // The call may have fallen on a silo that has just died, or on one of the version before, which has no pulse: any other will do.
    private async Task<HealthCheckResult> AnyOtherAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<ILiveFeedGrain>(0).Position().WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("No silo answers.", failed);
        }
    }
}
