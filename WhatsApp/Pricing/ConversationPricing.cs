namespace Threadkeep.WhatsApp.Pricing;

/// <summary>A message that was delivered to a customer, as far as conversations go by it.</summary>
/// <param name="Category">marketing, utility, authentication; service for a message that is no template.</param>
public sealed record DeliveredMessage(DateTimeOffset At, string Category);

/// <summary>
/// Conversations, which Meta charged until 30 June 2025: 24 hours from the message that opened them, between one number and one
/// customer. A template opens one where none of its category is open; a free-form message where none is open at all. Conversations of
/// service are free since 1 November 2024; what of them was free before by the month was the WhatsApp Business account's as a whole and
/// is not known here: such are not charged either.
/// </summary>
public static class ConversationPricing
{
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    /// <summary>For each message whether it opened a conversation that is charged.</summary>
    /// <param name="delivered">Of one number and one customer, in the order of their times.</param>
    public static IReadOnlyList<bool> Charged(IEnumerable<DeliveredMessage> delivered)
    {
        var openUntil = new Dictionary<string, DateTimeOffset>();
        var charged = new List<bool>();
        foreach (var (at, category) in delivered)
        {
            var isOpen =
                category == PricingRules.Service
                    ? openUntil.Values.Any(until => at < until)
                    : openUntil.TryGetValue(category, out var end) && at < end;
            if (!isOpen)
                openUntil[category] = at + Lasts;
            charged.Add(!isOpen && category != PricingRules.Service);
        }
        return charged;
    }
}
