using Threadkeep.Accounts;

namespace Threadkeep.Messages;

/// <summary>
/// Meta's messaging limit of one business portfolio: how many different customers are written to outside a session within 24 hours,
/// over all numbers of it that the account has. Key: <see cref="GrainKeys.Portfolio"/>. Holds no truth: what was reached is counted from SQL.
/// </summary>
[Alias("IPortfolioGrain")]
public interface IPortfolioGrain : IGrainWithStringKey
{
    /// <summary>Asks for a customer, who counts from now on if granted.</summary>
    /// <param name="recipient">The same for the same person, whichever number writes to them.</param>
    [Alias("Reach")]
    Task<ReachResult> Reach(string recipient);

    /// <summary>Nothing left for this customer after all.</summary>
    [Alias("Unreach"), Orleans.Concurrency.OneWay]
    Task Unreach(string recipient);

    /// <summary>How many there are of how many.</summary>
    [Alias("Standing")]
    Task<PortfolioStanding> Standing();
}

/// <summary>Granted, or not before a time and why.</summary>
/// <param name="NotBefore">When one more may be reached, if nothing else changes; null: granted.</param>
/// <param name="Reason">messaging_limit or verify_business; null: granted.</param>
[GenerateSerializer, Immutable, Alias("ReachResult")]
public sealed record ReachResult(
    [property: Id(0)] DateTimeOffset? NotBefore = null,
    [property: Id(1)] string? Reason = null
);

/// <param name="Limit">Customers in 24 hours; null: no limit, or Meta has said none.</param>
/// <param name="Reached">Customers of the last 24 hours; 0 where nothing limits them.</param>
/// <param name="IsUnverified">The business is not verified, and that is what limits it.</param>
[GenerateSerializer, Immutable, Alias("PortfolioStanding")]
public sealed record PortfolioStanding(
    [property: Id(0)] int? Limit,
    [property: Id(1)] int Reached,
    [property: Id(2)] bool IsUnverified
);
