using Threadkeep.Accounts;

namespace Threadkeep.Tickets;

/// <summary>Hands out ticket numbers from a block that PostgreSQL has reserved; what is left of a block when the grain ends is a gap.</summary>
[GrainType("ticket-number")]
public sealed class TicketNumberGrain(TicketStore store) : Grain, ITicketNumberGrain
{
    private const int Block = 100;

    private int next;
    private int end;

    public async Task<int> Next()
    {
        if (next == end)
        {
            var account = new AccountId(Guid.ParseExact(this.GetPrimaryKeyString(), "N"));
            next = await store.ReserveNumbersAsync(account, Block);
            end = next + Block;
        }
        return next++;
    }
}
