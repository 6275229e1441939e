using Threadkeep.Live;

namespace Threadkeep.Api.Tests.Live;

public sealed class FeedEarTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Epoch = Guid.Parse("5eed0000-0000-0000-0000-000000000001");

    private static FeedPosition At(long number) => new(Epoch, number);

    [Fact]
    public void Hints_that_overtake_each_other_are_not_missed()
    {
        var ear = new FeedEar();
        ear.Hear(At(1), Now).ShouldBeFalse();
        foreach (var number in new[] { 4, 2, 3, 6, 5 })
            ear.Hear(At(number), Now).ShouldBeFalse();
        ear.HasMissed(Now + FeedEar.Patience).ShouldBeFalse();
    }

    [Fact]
    public void One_that_does_not_come_is_missed_once_and_only_after_a_while()
    {
        var ear = new FeedEar();
        ear.Hear(At(1), Now).ShouldBeFalse();
        ear.Hear(At(3), Now).ShouldBeFalse();
        ear.HasMissed(Now).ShouldBeFalse();
        ear.HasMissed(Now + FeedEar.Patience).ShouldBeTrue();
        ear.HasMissed(Now + FeedEar.Patience).ShouldBeFalse();
    }

    [Fact]
    public void What_the_feed_sent_last_is_missed_where_only_the_renewal_tells_of_it()
    {
        var ear = new FeedEar();
        ear.Hear(At(1), Now).ShouldBeFalse();
        ear.Compare(At(2), Now).ShouldBeFalse();
        ear.HasMissed(Now + FeedEar.Patience).ShouldBeTrue();
    }

    [Fact]
    public void A_hint_that_was_on_its_way_while_the_feed_was_asked_is_not_missed()
    {
        var ear = new FeedEar();
        ear.Compare(At(5), Now).ShouldBeFalse();
        ear.Compare(At(6), Now).ShouldBeFalse();
        ear.Hear(At(6), Now).ShouldBeFalse();
        ear.HasMissed(Now + FeedEar.Patience).ShouldBeFalse();
    }

    [Fact]
    public void A_feed_that_began_anew_or_is_far_ahead_was_missed()
    {
        var ear = new FeedEar();
        ear.Compare(At(5), Now).ShouldBeFalse();
        ear.Hear(new FeedPosition(Guid.NewGuid(), 1), Now).ShouldBeTrue();
        ear.Compare(At(5), Now).ShouldBeTrue();
        ear.Hear(At(50_000), Now).ShouldBeTrue();
    }
}
