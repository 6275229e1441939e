using Orleans.Metadata;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Hosting;

/// <summary>
/// References to the grains that the hot path calls. <c>IGrainFactory.GetGrain</c> reads the interface's attributes by reflection each
/// time, which at thousands of calls a second costs as much as the decision that they carry; here they are read once.
/// </summary>
public sealed class GrainReferences(
    IGrainFactory grains,
    GrainInterfaceTypeResolver interfaces,
    GrainInterfaceTypeToGrainTypeResolver types
)
{
    private readonly GrainInterfaceType threadInterface = interfaces.GetGrainInterfaceType(typeof(IThreadGrain));

    /// <summary>The thread's only writer.</summary>
    public IThreadGrain Thread(AccountId account, ThreadId thread) =>
        (IThreadGrain)
            grains.GetGrain(
                GrainId.Create(types.GetGrainType(threadInterface), GrainKeys.Thread(account, thread)),
                threadInterface
            );
}
