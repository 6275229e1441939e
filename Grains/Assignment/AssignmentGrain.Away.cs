using Threadkeep.Accounts;
using Threadkeep.Live;
using Threadkeep.Tickets;

namespace Threadkeep.Assignment;

/// <summary>Who stays away hands back what waits on us. Away is what somebody has said, never a connection that was lost.</summary>
public sealed partial class AssignmentGrain
{
    private async Task ReturnOfAwayAsync(AccountId account, int minutes)
    {
        var now = clock.GetUtcNow();
        foreach (var person in await away.DueAsync(account, now - TimeSpan.FromMinutes(minutes)))
        {
            var tickets = await away.TicketsAsync(account, person.Agent);
            if (tickets.Count > 0)
                await away.TellAsync(account, person, minutes, tickets, now);
            var all = true;
            foreach (var some in tickets.Chunk(AtOnce))
            {
                var results = await Task.WhenAll(
                    some.Select(t =>
                        RouteAsync(
                            account,
                            new ThreadId(t.Thread),
                            new RouteTicket
                            {
                                Ticket = t.Id,
                                Act = RouteAct.TakeAway,
                                Agent = person.Agent,
                                Reason = "away",
                            }
                        )
                    )
                );
                all &= !results.Contains(RouteResult.Unavailable);
            }
            // What could not be taken now is taken at the next look.
            if (all)
                await away.SetReturnedAsync(account, person, now);
            if (tickets.Count > 0)
                await GrainFactory.TellAccountAsync(account, AccountHint.Notices);
        }
    }
}
