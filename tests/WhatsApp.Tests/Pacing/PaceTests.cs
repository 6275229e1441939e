using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.WhatsApp.Tests.Pacing;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void So_many_go_at_once_and_then_one_each_so_often()
    {
        var pace = new Pace(MetaLimits.PairBurst, MetaLimits.PairEach);

        for (var n = 0; n < 45; n++)
            pace.Take(Start).ShouldBe(Start);
        pace.NextAt.ShouldBe(Start.AddSeconds(6));
        pace.Take(Start).ShouldBe(Start.AddSeconds(6));
        pace.Take(Start).ShouldBe(Start.AddSeconds(12));
    }

    [Fact]
    public void What_was_not_used_is_not_made_up_for_beyond_the_burst()
    {
        var pace = new Pace(2, TimeSpan.FromSeconds(1));
        pace.Take(Start);
        pace.IsFull(Start).ShouldBeFalse();
        var later = Start.AddHours(1);
        pace.IsFull(later).ShouldBeTrue();

        pace.Take(later).ShouldBe(later);
        pace.Take(later).ShouldBe(later);
        pace.Take(later).ShouldBe(later.AddSeconds(1));
    }

    // Whenever they come, no more than the burst and what has filled again go within any span.
    [Fact]
    public void No_span_lets_more_go_than_it_may()
    {
        var dice = new Random(131056);
        for (var n = 0; n < 50; n++)
        {
            var pace = new Pace(5, TimeSpan.FromSeconds(2));
            var (now, gone) = (Start, new List<DateTimeOffset>());
            for (var m = 0; m < 200; m++)
            {
                now = now.AddMilliseconds(dice.Next(0, 3_000));
                if (pace.NextAt <= now)
                    gone.Add(pace.Take(now));
            }
            for (var first = 0; first < gone.Count; first++)
            for (var last = first; last < gone.Count; last++)
                (last - first + 1).ShouldBeLessThanOrEqualTo(
                    5 + (int)((gone[last] - gone[first]).TotalSeconds / 2) + 1
                );
        }
    }

    [Fact]
    public void No_second_has_more_than_so_many_and_what_waits_goes_in_its_order()
    {
        var dice = new Random(130429);
        var window = new RateWindow(10, TimeSpan.FromSeconds(1));
        var (now, gone) = (Start, new List<DateTimeOffset>());
        for (var n = 0; n < 1_000; n++)
        {
            now = now.AddMilliseconds(dice.Next(0, 150));
            gone.Add(window.Take(now));
            gone[^1].ShouldBeGreaterThanOrEqualTo(now);
        }

        gone.ShouldBe(gone.Order());
        for (var n = 10; n < gone.Count; n++)
            (gone[n] - gone[n - 10]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        gone.Take(10).ShouldAllBe(at => at < Start.AddSeconds(2), "a burst waits for nothing");
    }

    [Theory]
    [InlineData("STANDARD", false, 80)]
    [InlineData(null, false, 80)]
    [InlineData("NOT_APPLICABLE", false, 80)]
    [InlineData("HIGH", false, 1_000)]
    [InlineData("STANDARD", true, 20)]
    public void A_number_sends_so_many_a_second(string? level, bool onPhoneApp, int perSecond) =>
        MetaLimits.PerSecond(level, onPhoneApp).ShouldBe(perSecond);

    [Theory]
    [InlineData("TIER_50", 50)]
    [InlineData("TIER_250", 250)]
    [InlineData("TIER_1K", 1_000)]
    [InlineData("TIER_2K", 2_000)]
    [InlineData("TIER_100K", 100_000)]
    [InlineData("TIER_UNLIMITED", null)]
    [InlineData("TIER_NOT_SET", null)]
    [InlineData("TIER_", null)]
    [InlineData("TIER_K", null)]
    [InlineData("SOMETHING", null)]
    [InlineData(null, null)]
    public void A_tier_is_so_many_customers(string? tier, int? customers) =>
        MetaLimits.Customers(tier).ShouldBe(customers);
}
