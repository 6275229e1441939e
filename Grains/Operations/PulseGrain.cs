using Orleans.Concurrency;
using Orleans.Dashboard;

namespace Threadkeep.Operations;

/// <summary>A stateless worker, so that a silo asks itself and an Api host any silo: a dead neighbour makes nobody unready.</summary>
[GrainType("pulse"), StatelessWorker(1), NoProfiling]
public sealed class PulseGrain : Grain, IPulseGrain
{
    public Task Beat() => Task.CompletedTask;
}
