using Orleans.Concurrency;
using Threadkeep.Accounts;

namespace Threadkeep.Assignment;

/// <summary>
/// Gives out an account's tickets by its rules, and lets the waiting ones go to whoever becomes free. Key: account. It holds no truth: what
/// waits, and who has what, is in PostgreSQL.
/// </summary>
[Alias("IAssignmentGrain")]
public interface IAssignmentGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that it runs, now and after its silo's death.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Something may have to be done: look at everything at once.</summary>
    [Alias("Wake"), OneWay]
    Task Wake();

    /// <summary>This thread's ticket has become nobody's.</summary>
    [Alias("Nudge"), OneWay]
    Task Nudge(ThreadId thread);
}
