using Threadkeep.Accounts;
using Threadkeep.FirstContact;

namespace Threadkeep.Threads;

/// <summary>What is said by itself counts as any other message: where sessions that customers began count, it draws the session's slot.</summary>
public sealed partial class ThreadGrain
{
    private async ValueTask<DrawnSlot?> SlotForFirstContactAsync(
        ThreadState state,
        ChannelId channel,
        DateTimeOffset now,
        int? collided
    )
    {
        if (!FirstContactDecider.MaySpeak(state, channel))
            return null;
        if (now >= await services.Accounts.UserInitiatedUntilAsync(state.Account))
            return null;
        var drawn = await QuotaOf(state).Draw(now, true, collided);
        return drawn.Slot == 0 ? null : new DrawnSlot(drawn.PeriodStart, drawn.Slot);
    }

    // What nobody used, or cannot have; the slot that another has taken is not drawn again.
    private async Task<int?> GiveBackAsync(ThreadState state, DrawnSlot slot, CommitResult result)
    {
        if (result == CommitResult.SlotTaken)
            return slot.Slot;
        if (result != CommitResult.Unknown)
            await QuotaOf(state).Return(slot.PeriodStart, slot.Slot);
        return null;
    }
}
