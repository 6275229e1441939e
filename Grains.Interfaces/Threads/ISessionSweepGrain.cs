namespace Threadkeep.Threads;

/// <summary>Finds session alarms whose reminder was lost and calls their threads. Key: shard, 0 to <see cref="Accounts.GrainKeys.SweepShards"/> - 1.</summary>
[Alias("ISessionSweepGrain")]
public interface ISessionSweepGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the shard's sweep runs, now and after its silo's death.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Looks once. Returns how many threads it called.</summary>
    [Alias("Sweep")]
    Task<int> Sweep();
}
