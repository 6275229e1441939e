using System.Collections.Immutable;
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

    /// <summary>Asks Meta to block the thread's customer, or not to any more, and tells the thread what it said to a block.</summary>
    [Alias("BlockAtMeta")]
    Task<MetaBlock> BlockAtMeta(ThreadId thread, bool block);

    /// <summary>The same for a block that Meta refused before, without an answer.</summary>
    [Alias("BlockLater"), OneWay]
    Task BlockLater(ThreadId thread);

    /// <summary>Makes sure that the channel's dispatcher lives and will be woken again after its silo's death.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Threads that wait because Meta takes only so many messages to one customer.</summary>
    [Alias("Holds")]
    Task<ImmutableArray<HeldThread>> Holds();
}

/// <summary>What Meta said to a block, or to its end.</summary>
/// <param name="Code">Why it refused; null: it did not, or could not be reached.</param>
[GenerateSerializer, Immutable, Alias("MetaBlock")]
public sealed record MetaBlock(
    [property: Id(0)] bool Done,
    [property: Id(1)] int? Code = null,
    [property: Id(2)] string? Detail = null
);

/// <summary>A thread that may not send yet.</summary>
/// <param name="Until">When its next message may leave.</param>
[GenerateSerializer, Immutable, Alias("HeldThread")]
public readonly record struct HeldThread([property: Id(0)] ThreadId Thread, [property: Id(1)] DateTimeOffset Until);
