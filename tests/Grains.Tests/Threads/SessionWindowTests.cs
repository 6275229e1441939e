using CsCheck;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Threads;

public sealed class SessionWindowTests
{
    private static readonly DateTimeOffset Now = Sample.Start;

    [Fact]
    public void It_is_open_for_exactly_24_hours()
    {
        SessionWindow.IsOpen(Now, Now).ShouldBeTrue();
        SessionWindow.IsOpen(Now, Now.AddHours(24).AddTicks(-1)).ShouldBeTrue();
        SessionWindow.IsOpen(Now, Now.AddHours(24)).ShouldBeFalse();
        SessionWindow.EndOf(Now).ShouldBe(Now.AddHours(24));
    }

    // Hours since the start, of messages that Meta called free; then when somebody looks, and what is left by then.
    [Theory]
    [InlineData(new int[0], 1, null)]
    [InlineData(new[] { 0 }, 71, 1)]
    [InlineData(new[] { 0 }, 72, null)]
    [InlineData(new[] { 0, 10, 70 }, 71, 1)]
    [InlineData(new[] { 0, 10, 70 }, 73, null)]
    [InlineData(new[] { 0, 10, 80, 90 }, 100, 52)]
    public void What_an_advertisement_makes_free_ends_72_hours_after_the_first_answer(int[] sent, int now, int? left) =>
        ThreadTimes
            .FreeUntil(sent.Select(h => Now.AddHours(h)), Now.AddHours(now))
            .ShouldBe(left is { } hours ? Now.AddHours(now + hours) : null);

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void A_message_stamped_ahead_of_our_clock_is_open_as_soon_as_it_is_heard(int secondsAhead)
    {
        var stamp = Now.AddSeconds(secondsAhead);
        SessionWindow.IsOpen(stamp, Now).ShouldBeTrue();
        SessionWindow.IsOpen(stamp, stamp.AddHours(24)).ShouldBeFalse();
    }

    [Fact]
    public void A_customer_who_never_wrote_has_no_window()
    {
        SessionWindow.IsOpen(null, Now).ShouldBeFalse();
        SessionWindow.EndOf(null).ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(1_230_767_999L)] // a second before 2009
    [InlineData(1_790_000_000_000L)] // milliseconds
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_missing_or_senseless_stamp_counts_as_the_arrival_and_is_flagged(long? stamp) =>
        SessionWindow.TimeOf(stamp, Now).ShouldBe((Now, false, true));

    [Theory]
    [InlineData(0, false)]
    [InlineData(300, false)]
    [InlineData(301, true)]
    [InlineData(86_400, true)]
    public void A_stamp_is_believed_up_to_five_minutes_ahead(int secondsAhead, bool doubtful)
    {
        var stamp = Now.AddSeconds(secondsAhead);
        SessionWindow.TimeOf(stamp.ToUnixTimeSeconds(), Now).ShouldBe((doubtful ? Now : stamp, false, doubtful));
    }

    [Theory]
    [InlineData(300, false)]
    [InlineData(301, true)]
    public void A_message_is_late_when_it_took_over_five_minutes(int seconds, bool late) =>
        SessionWindow
            .TimeOf(Now.AddSeconds(-seconds).ToUnixTimeSeconds(), Now)
            .ShouldBe((Now.AddSeconds(-seconds), late, false));

    [Fact]
    public void Whatever_the_stamp_the_time_is_never_over_five_minutes_ahead_of_the_arrival() =>
        Gen.Long.Sample(stamp =>
        {
            var (at, late, doubtful) = SessionWindow.TimeOf(stamp, Now);
            at.ShouldBeLessThanOrEqualTo(Now.AddMinutes(5));
            (late && doubtful).ShouldBeFalse();
            if (doubtful)
                at.ShouldBe(Now);
        });
}
