using Threadkeep.WhatsApp.Pricing;

namespace Threadkeep.WhatsApp.Tests.Pricing;

public sealed class PricingRulesTests
{
    private static int Charged(
        string day,
        string category,
        bool inside = true,
        int count = 1,
        int before = 0,
        string? told = null
    ) =>
        PricingRules.Charged(
            new DeliveredMessages(DateOnly.ParseExact(day, "yyyy-MM-dd", null), category, count, inside, told),
            before
        );

    [Theory]
    [InlineData("marketing")]
    [InlineData("authentication")]
    [InlineData("authentication_international")]
    [InlineData("marketing_lite")]
    public void Templates_of_other_categories_are_charged_each_wherever_they_go(string category)
    {
        foreach (var day in new[] { "2025-07-01", "2026-09-30", "2026-10-01" })
        foreach (var inside in new[] { true, false })
            Charged(day, category, inside, count: 7).ShouldBe(7, day);
    }

    [Theory]
    [InlineData("2025-07-01", true, 0)]
    [InlineData("2025-07-01", false, 1)]
    [InlineData("2026-09-30", true, 0)]
    [InlineData("2026-09-30", false, 1)]
    [InlineData("2026-10-01", true, 1)]
    [InlineData("2026-10-01", false, 1)]
    public void A_utility_template_inside_the_window_is_free_until_October_2026(string day, bool inside, int charged) =>
        Charged(day, "utility", inside).ShouldBe(charged);

    [Theory]
    [InlineData("2026-09-30", 5_000, 5_000, 0)]
    [InlineData("2026-10-01", 1_000, 0, 0)]
    [InlineData("2026-10-01", 1_001, 0, 1)]
    [InlineData("2026-10-01", 3, 999, 2)]
    [InlineData("2026-10-01", 3, 1_000, 3)]
    [InlineData("2026-10-01", 3, 40_000, 3)]
    public void Of_service_messages_a_thousand_are_free_a_month_from_October_2026_and_all_before(
        string day,
        int count,
        int before,
        int charged
    ) => Charged(day, "service", count: count, before: before).ShouldBe(charged);

    [Fact]
    public void Before_July_2025_no_message_is_charged_by_itself()
    {
        foreach (var category in new[] { "marketing", "utility", "authentication", "service" })
            Charged("2025-06-30", category, inside: false).ShouldBe(0, category);
    }

    [Fact]
    public void What_Meta_itself_says_has_the_last_word()
    {
        Charged("2026-11-01", "marketing", inside: false, told: "free_entry_point").ShouldBe(0);
        Charged("2026-11-01", "utility", told: "free_customer_service").ShouldBe(0);
        Charged("2026-11-01", "service", told: "regular").ShouldBe(1);
        Charged("2025-08-01", "utility", told: "regular").ShouldBe(1);
        Charged("2026-11-01", "marketing", told: "free_group_customer_service").ShouldBe(0);
    }

    [Fact]
    public void What_is_free_by_its_entry_point_uses_up_nothing()
    {
        DeliveredMessages Of(string? told, string day = "2026-10-01", string category = "service") =>
            new(DateOnly.ParseExact(day, "yyyy-MM-dd", null), category, 1, true, told);

        PricingRules.UsesAllowance(Of("free_customer_service")).ShouldBeTrue();
        PricingRules.UsesAllowance(Of("regular")).ShouldBeTrue();
        PricingRules.UsesAllowance(Of(null)).ShouldBeTrue();
        PricingRules.UsesAllowance(Of("free_entry_point")).ShouldBeFalse();
        PricingRules.UsesAllowance(Of(null, "2026-09-30")).ShouldBeFalse();
        PricingRules.UsesAllowance(Of(null, category: "utility")).ShouldBeFalse();
    }

    // However a month's messages are cut into groups, as many are charged as pass the thousand.
    [Fact]
    public void How_messages_are_grouped_changes_nothing()
    {
        var dice = new Random(20261001);
        for (var n = 0; n < 500; n++)
        {
            var (total, before, charged) = (dice.Next(0, 3_000), 0, 0);
            while (before < total)
            {
                var count = Math.Min(total - before, dice.Next(1, 400));
                charged += Charged("2026-12-31", "service", count: count, before: before);
                before += count;
            }
            charged.ShouldBe(Math.Max(0, total - PricingRules.FreeServiceMessages));
        }
    }

    [Theory]
    [InlineData("authentication-international", "authentication_international")]
    [InlineData("Authentication International", "authentication_international")]
    [InlineData("MARKETING", "marketing")]
    public void Categories_have_one_spelling(string told, string normal) => PricingRules.Normal(told).ShouldBe(normal);
}
