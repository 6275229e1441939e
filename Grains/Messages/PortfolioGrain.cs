using Microsoft.Extensions.Options;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.Messages;

/// <summary>
/// Keeps a portfolio within the messaging limit that Meta last told of. Who was reached is read from PostgreSQL once, when it is first
/// asked, and noted from then on; what it forgets it reads again. A second activation may let a few too many go: Meta then has the word.
/// </summary>
[GrainType("portfolio")]
public sealed class PortfolioGrain(PortfolioStore store, IOptions<DispatchOptions> options, TimeProvider clock)
    : Grain,
        IPortfolioGrain
{
    // A tier moves a few times a year; a person who has just verified their business should not wait long.
    private static readonly TimeSpan PlanKept = TimeSpan.FromSeconds(30);

    private PortfolioLimit? limit;
    private DateTimeOffset planUntil;
    private RecentCustomers? reached;

    private (AccountId Account, string Portfolio) Key => GrainKeys.ParsePortfolio(this.GetPrimaryKeyString());

    public async Task<ReachResult> Reach(string recipient)
    {
        var now = clock.GetUtcNow();
        if (await LimitAsync(now) is not { } limited)
            return new ReachResult();
        var known = await ReachedAsync(now);
        if (!known.Has(recipient, now) && known.CountAt(now) >= limited.Customers)
            return new ReachResult(known.FreeAt(now) ?? now + MetaLimits.TierWindow, limited.Reason);
        known.Note(recipient, now);
        return new ReachResult();
    }

    public Task Unreach(string recipient)
    {
        reached?.TakeBack(recipient);
        return Task.CompletedTask;
    }

    public async Task<PortfolioStanding> Standing()
    {
        var now = clock.GetUtcNow();
        if (await LimitAsync(now) is not { } limited)
            return new PortfolioStanding(null, 0, false);
        var known = await ReachedAsync(now);
        return new PortfolioStanding(
            limited.Customers,
            known.CountAt(now),
            limited.Reason == PortfolioLimit.Unverified
        );
    }

    private async Task<PortfolioLimit?> LimitAsync(DateTimeOffset now)
    {
        if (now >= planUntil)
        {
            var plan = await store.PlanAsync(Key.Account, Key.Portfolio);
            limit = PortfolioLimit.Of(plan, options.Value.UnverifiedPerDay);
            planUntil = now + PlanKept;
            // Without a limit nothing is noted: what is known from before would be too little one day.
            if (limit is null)
                reached = null;
        }
        return limit;
    }

    private async Task<RecentCustomers> ReachedAsync(DateTimeOffset now)
    {
        if (reached is not null)
            return reached;
        var found = new RecentCustomers(MetaLimits.TierWindow);
        foreach (
            var (recipient, at) in await store.ReachedAsync(
                Key.Account,
                Key.Portfolio,
                now - MetaLimits.TierWindow,
                now
            )
        )
            found.Note(recipient, at);
        return reached = found;
    }
}
