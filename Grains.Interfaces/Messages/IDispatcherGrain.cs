using Orleans.Concurrency;
using Threadkeep.Accounts;

namespace Threadkeep.Messages;

/// <summary>Pace and order in which one channel's messages leave. Key: <see cref="GrainKeys.Channel"/>. Holds no truth: the queue is in SQL.</summary>
[Alias("IDispatcherGrain")]
public interface IDispatcherGrain : IGrainWithStringKey
{
    /// <summary>This thread has something to send. A lost nudge costs seconds: the queue is polled.</summary>
    [Alias("Nudge"), OneWay]
    Task Nudge(ThreadId thread);

    /// <summary>Tells Meta that a customer's message has been read and, if so, that an answer is being written. Lost where Meta is out of reach.</summary>
    [Alias("Sign"), OneWay]
    Task Sign(string wamid, bool typing);

    /// <summary>Makes sure that the channel's dispatcher lives and will be woken again after its silo's death.</summary>
    [Alias("Start")]
    Task Start();
}
