using System.ComponentModel.DataAnnotations;
using Orleans.Configuration;

namespace Threadkeep.Hosting;

/// <summary>Where a silo stops taking more. Without these, overload shows as time-outs everywhere; with them as refusals that are repeated.</summary>
public sealed class SiloLimits
{
    /// <summary>Processor use in percent above which the silo turns Api hosts away (50 to 100).</summary>
    [Range(50, 100)]
    public int CpuPercent { get; set; } = 95;

    /// <summary>Memory use in percent above which it does the same (50 to 100).</summary>
    [Range(50, 100)]
    public int MemoryPercent { get; set; } = 90;

    /// <summary>Calls that may wait for one grain (100 to 1,000,000): a thread whose commit takes its time gathers them.</summary>
    [Range(100, 1_000_000)]
    public int CallsPerGrain { get; set; } = 5_000;

    /// <summary>Calls that may be at work in one stateless worker (100 to 1,000,000): a number's router holds a webhook until all is committed.</summary>
    [Range(100, 1_000_000)]
    public int CallsPerWorker { get; set; } = 20_000;

    public void Apply(LoadSheddingOptions shedding)
    {
        shedding.LoadSheddingEnabled = true;
        shedding.CpuThreshold = CpuPercent;
        shedding.MemoryThreshold = MemoryPercent;
    }

    public void Apply(SiloMessagingOptions messaging)
    {
        messaging.MaxEnqueuedRequestsSoftLimit = CallsPerGrain / 2;
        messaging.MaxEnqueuedRequestsHardLimit = CallsPerGrain;
        messaging.MaxEnqueuedRequestsSoftLimit_StatelessWorker = CallsPerWorker / 2;
        messaging.MaxEnqueuedRequestsHardLimit_StatelessWorker = CallsPerWorker;
    }
}
