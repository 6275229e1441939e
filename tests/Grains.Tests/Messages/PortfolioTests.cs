using Threadkeep.Messages;

namespace Threadkeep.Grains.Tests.Messages;

public sealed class PortfolioTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
    private readonly RecentCustomers customers = new(TimeSpan.FromHours(24));

    [Theory]
    [InlineData("TIER_250", "verified", 250, "messaging_limit")]
    [InlineData("TIER_250", null, 250, "messaging_limit")]
    [InlineData("TIER_250", "not_verified", 50, "verify_business")]
    [InlineData("TIER_50", "pending", 50, "messaging_limit")]
    [InlineData("TIER_UNLIMITED", "not_verified", 50, "verify_business")]
    [InlineData(null, "rejected", 50, "verify_business")]
    public void The_lower_of_tier_and_what_an_unverified_business_may(
        string? tier,
        string? verification,
        int most,
        string reason
    ) => PortfolioLimit.Of(new PortfolioPlan(tier, verification), 50).ShouldBe(new PortfolioLimit(most, reason));

    [Theory]
    [InlineData("TIER_UNLIMITED", "verified")]
    [InlineData("TIER_UNLIMITED", "VERIFIED")]
    [InlineData(null, null)]
    public void What_Meta_does_not_limit_is_not_limited(string? tier, string? verification) =>
        PortfolioLimit.Of(new PortfolioPlan(tier, verification), 50).ShouldBeNull();

    [Fact]
    public void A_customer_counts_once_until_24_hours_after_the_last_time()
    {
        customers.Note("a", Start);
        customers.Note("b", Start.AddHours(1));
        customers.Note("a", Start.AddHours(2));
        customers.CountAt(Start.AddHours(2)).ShouldBe(2);
        customers.FreeAt(Start.AddHours(2)).ShouldBe(Start.AddHours(25));

        customers.CountAt(Start.AddHours(25)).ShouldBe(1);
        customers.Has("a", Start.AddHours(25)).ShouldBeTrue();
        customers.CountAt(Start.AddHours(26)).ShouldBe(0);
        customers.FreeAt(Start.AddHours(26)).ShouldBeNull();
    }

    [Fact]
    public void What_did_not_leave_is_taken_back_and_the_time_before_counts_again()
    {
        customers.Note("a", Start);
        customers.Note("a", Start.AddHours(3));
        customers.Note("b", Start.AddHours(3));

        customers.TakeBack("a");
        customers.TakeBack("b");

        customers.Has("b", Start.AddHours(4)).ShouldBeFalse();
        customers.FreeAt(Start.AddHours(4)).ShouldBe(Start.AddHours(24));
    }

    // Against a plain list of who was written to when.
    [Fact]
    public void It_counts_as_a_list_would()
    {
        var dice = new Random(250);
        var list = new Dictionary<string, DateTimeOffset>();
        var now = Start;
        for (var n = 0; n < 2_000; n++)
        {
            now = now.AddMinutes(dice.Next(0, 90));
            var who = $"c{dice.Next(30)}";
            customers.Note(who, now);
            list[who] = now;
            customers.CountAt(now).ShouldBe(list.Values.Count(at => at + TimeSpan.FromHours(24) > now));
        }
    }
}
