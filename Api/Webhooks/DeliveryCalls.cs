using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Hosting;

namespace Threadkeep.Webhooks;

/// <summary>
/// Hands deliveries to a number's routers. Each host takes the partitions in turn, so that one number's traffic spreads over the
/// silos; one whose silo keeps silent is left out for a while.
/// </summary>
public sealed class DeliveryCalls(IClusterClient cluster, ClusterCalls calls, TimeProvider clock)
{
    private static readonly TimeSpan LeftOut = TimeSpan.FromSeconds(10);

    private readonly long[] silentAt = new long[GrainKeys.PhoneNumberPartitions];
    private int turn;

    /// <summary>Delivers within the deadline; what a silo's end interrupts is handed to another partition.</summary>
    /// <param name="interrupted">Called when a silo went away under it, and it is going to be handed over again.</param>
    /// <exception cref="TimeoutException">No router answered in time.</exception>
    public Task<DeliveryResult> DeliverAsync(string phoneNumberId, Delivery delivery, Action interrupted)
    {
        var partition = 0;
        return calls.AskAsync(
            () =>
            {
                partition = Next();
                return cluster
                    .GetGrain<IPhoneNumberGrain>(GrainKeys.PhoneNumber(phoneNumberId, partition))
                    .Deliver(delivery);
            },
            result => result == DeliveryResult.TryAgain,
            () => Volatile.Write(ref silentAt[partition], clock.GetTimestamp()),
            interrupted
        );
    }

    private int Next()
    {
        var partition = 0;
        for (var n = 0; n < GrainKeys.PhoneNumberPartitions; n++)
        {
            partition = (int)((uint)Interlocked.Increment(ref turn) % GrainKeys.PhoneNumberPartitions);
            var silent = Volatile.Read(ref silentAt[partition]);
            if (silent == 0 || clock.GetElapsedTime(silent) > LeftOut)
                break;
        }
        return partition;
    }
}
