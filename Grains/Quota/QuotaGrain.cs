using Threadkeep.Accounts;

namespace Threadkeep.Quota;

/// <summary>
/// Hands out the lowest free slot of the running period without asking PostgreSQL, and asks before it refuses.
/// It decides nothing for good: a slot counts only once a thread's commit holds it, where the unique index and the limit
/// are looked at again; so a second activation costs a repeat and never a conversation too many.
/// </summary>
[GrainType("quota")]
public sealed class QuotaGrain(QuotaStore store) : Grain, IQuotaGrain
{
    private readonly Dictionary<DateTimeOffset, QuotaSlots> periods = [];
    private QuotaPlan? plan;

    private AccountId Account => new(Guid.ParseExact(this.GetPrimaryKeyString(), "N"));

    public async Task<SlotResult> Draw(DateTimeOffset at, bool mayPassLimit, int? collided)
    {
        if (collided is not null)
            await SettingsChanged();
        var current = plan ??=
            await store.PlanAsync(Account) ?? throw new InvalidOperationException("No such account.");
        var period = QuotaPeriods.At(current.Anchors, at);
        var slots = await SlotsAsync(period.Start);
        if (!mayPassLimit && slots.Lowest > current.Limit)
        {
            // Released slots of other activations, or a limit raised meanwhile: look before refusing.
            await SettingsChanged();
            plan = current = await store.PlanAsync(Account) ?? current;
            slots = await SlotsAsync(period.Start);
            if (slots.Lowest > current.Limit)
                return new SlotResult(0, period.Start, period.End, current.Limit);
        }
        return new SlotResult(slots.Take(), period.Start, period.End, current.Limit);
    }

    public Task Return(DateTimeOffset periodStart, int slot)
    {
        if (periods.TryGetValue(periodStart, out var slots))
            slots.Return(slot);
        return Task.CompletedTask;
    }

    public Task SettingsChanged()
    {
        plan = null;
        periods.Clear();
        return Task.CompletedTask;
    }

    private async Task<QuotaSlots> SlotsAsync(DateTimeOffset periodStart)
    {
        if (periods.TryGetValue(periodStart, out var known))
            return known;
        // Old periods are asked for only by late statuses: two are plenty.
        if (periods.Count > 1)
            periods.Clear();
        return periods[periodStart] = new QuotaSlots(await store.UsedSlotsAsync(Account, periodStart));
    }
}
