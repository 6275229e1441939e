namespace Threadkeep.WhatsApp.Pricing;

/// <summary>Messages to customers that Meta delivered on one day and that are alike in all that their price goes by.</summary>
/// <param name="Day">In the time zone of the WhatsApp Business account.</param>
/// <param name="Category">marketing, utility, authentication, service...: <see cref="PricingRules.Normal"/>.</param>
/// <param name="InsideWindow">They left inside a customer service window.</param>
/// <param name="ToldType">What Meta's own <c>pricing.type</c> said; null: it has said nothing.</param>
public sealed record DeliveredMessages(
    DateOnly Day,
    string Category,
    int Count,
    bool InsideWindow,
    string? ToldType = null
);

/// <summary>
/// What Meta charges and what is free, by date (Cloud API, "Pricing"). Pure; holds no prices. What Meta itself said of a message has the
/// last word; the rules are for messages that it has said nothing of.
/// </summary>
public static class PricingRules
{
    public const string Service = "service";
    public const string Utility = "utility";

    /// <summary>Before this day conversations were charged (<see cref="ConversationPricing"/>), from it on each delivered message.</summary>
    public static readonly DateOnly PerMessageFrom = new(2025, 7, 1);

    /// <summary>From this day on service messages cost as much as utility messages, and utility templates inside a window are not free any more.</summary>
    public static readonly DateOnly ServiceChargedFrom = new(2026, 10, 1);

    /// <summary>Service messages that are free for each number and calendar month, from <see cref="ServiceChargedFrom"/> on.</summary>
    public const int FreeServiceMessages = 1_000;

    private const string Regular = "regular";
    private const string FreeEntryPoint = "free_entry_point";

    /// <summary>How many of these messages are charged.</summary>
    /// <param name="serviceBefore">Messages of the same number and month that used up free ones before (<see cref="UsesAllowance"/>).</param>
    public static int Charged(DeliveredMessages messages, int serviceBefore)
    {
        if (messages.ToldType is { } told)
            return told == Regular ? messages.Count : 0;
        if (messages.Day < PerMessageFrom)
            return 0;
        var serviceIsFree = messages.Day < ServiceChargedFrom;
        return messages.Category switch
        {
            Service when serviceIsFree => 0,
            Service => messages.Count - Math.Clamp(FreeServiceMessages - serviceBefore, 0, messages.Count),
            Utility when serviceIsFree && messages.InsideWindow => 0,
            _ => messages.Count,
        };
    }

    /// <summary>Whether they use up the number's free service messages of the month; what is free by its entry point does not.</summary>
    public static bool UsesAllowance(DeliveredMessages messages) =>
        messages.Category == Service && messages.Day >= ServiceChargedFrom && messages.ToldType != FreeEntryPoint;

    /// <summary>
    /// The categories whose prices may stand for this one, the first that has a price counts: service messages are charged at the rate of
    /// utility, Marketing Messages Lite at that of marketing.
    /// </summary>
    public static IReadOnlyList<string> PricedAs(string category) =>
        category switch
        {
            Service => [Service, Utility],
            "marketing_lite" => ["marketing_lite", "marketing"],
            _ => [category],
        };

    /// <summary>Meta's word for a category in one spelling: it writes <c>authentication-international</c> in one place and with an underscore in others.</summary>
    public static string Normal(string category) =>
        string.Concat(category.Trim().Select(c => c is '-' or ' ' ? '_' : char.ToLowerInvariant(c)));
}
