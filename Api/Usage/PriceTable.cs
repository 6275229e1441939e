using Threadkeep.WhatsApp.Pricing;

namespace Threadkeep.Usage;

/// <summary>An account's prices, to be asked for one.</summary>
public sealed class PriceTable
{
    private readonly Dictionary<(string Country, string Category), PriceRow[]> rows;

    public PriceTable(IReadOnlyList<PriceRow> prices)
    {
        rows = prices
            .GroupBy(p => (p.Country, p.Category))
            .ToDictionary(g => g.Key, g => g.OrderByDescending(p => p.ValidFrom).ToArray());
        Currency = prices.Count > 0 ? prices[0].Currency : null;
    }

    /// <summary>ISO 4217; null: there are no prices.</summary>
    public string? Currency { get; }

    /// <summary>The price that holds for a message; null: the card has none.</summary>
    /// <param name="country">ISO 3166-1; null: nobody knows.</param>
    public decimal? Find(string? country, string category, DateOnly day)
    {
        foreach (var like in PricingRules.PricedAs(category))
        {
            var price = (country is null ? null : On((country, like), day)) ?? On((RateCard.Elsewhere, like), day);
            if (price is not null)
                return price;
        }
        return null;
    }

    private decimal? On((string, string) key, DateOnly day) =>
        rows.TryGetValue(key, out var prices) ? Array.Find(prices, p => p.ValidFrom <= day)?.Price : null;
}
