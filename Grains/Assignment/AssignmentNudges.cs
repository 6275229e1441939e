using System.Collections.Frozen;
using Threadkeep.Accounts;

namespace Threadkeep.Assignment;

/// <summary>
/// Tells an account's assignment that a ticket is nobody's: one-way, and only in accounts that have rules. Which those are is some seconds
/// old; what is missed the assignment finds by itself within seconds.
/// </summary>
public sealed class AssignmentNudges(IGrainFactory grains)
{
    private FrozenSet<AccountId> watched = [];

    /// <summary>The accounts that have rules.</summary>
    public void Watch(IReadOnlyList<AccountId> accounts) => watched = accounts.ToFrozenSet();

    public void TicketIsNobodys(AccountId account, ThreadId thread)
    {
        if (watched.Contains(account))
            grains.GetGrain<IAssignmentGrain>(account.ToString()).Nudge(thread).Ignore();
    }
}
