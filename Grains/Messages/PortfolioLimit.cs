using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.Messages;

/// <summary>How many customers a portfolio may write to outside a session within 24 hours, and what says so. Pure.</summary>
public sealed record PortfolioLimit(int Customers, string Reason)
{
    /// <summary>The tier that Meta tells.</summary>
    public const string Tier = "messaging_limit";

    /// <summary>The business is not verified.</summary>
    public const string Unverified = "verify_business";

    /// <summary>The lower of Meta's tier and, for a business that is not verified, the operator's own limit; null: none.</summary>
    public static PortfolioLimit? Of(PortfolioPlan plan, int unverifiedPerDay)
    {
        var tier = MetaLimits.Customers(plan.MessagingLimit);
        // What Meta has not said is not held against anybody.
        var isUnverified =
            plan.Verification is { } word && !word.Equals("verified", StringComparison.OrdinalIgnoreCase);
        return isUnverified && !(tier <= unverifiedPerDay) ? new PortfolioLimit(unverifiedPerDay, Unverified)
            : tier is { } customers ? new PortfolioLimit(customers, Tier)
            : null;
    }
}
