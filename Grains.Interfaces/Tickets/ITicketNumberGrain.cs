namespace Threadkeep.Tickets;

/// <summary>Numbers an account's tickets. Key: account id. Numbers rise and are never given twice; gaps are allowed.</summary>
[Alias("ITicketNumberGrain")]
public interface ITicketNumberGrain : IGrainWithStringKey
{
    [Alias("Next")]
    Task<int> Next();
}
