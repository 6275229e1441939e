using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.Webhooks;

namespace Threadkeep.Api.Tests.Webhooks;

/// <summary>How many webhooks are let in at once (docs/adr/015-admission.md).</summary>
public sealed class WebhookGateTests : IDisposable
{
    private readonly Stopwatch clock = new();
    private readonly WebhookGate gate;

    public WebhookGateTests() =>
        gate = new WebhookGate(
            Options.Create(
                new LimitOptions
                {
                    Webhooks = 400,
                    WebhookItems = 1_000,
                    WebhookMegabytes = 16,
                }
            ),
            clock
        );

    public void Dispose() => gate.Dispose();

    [Fact]
    public void So_many_webhooks_are_let_in_and_the_next_when_one_has_ended()
    {
        var places = Enter(400);
        gate.IsFull.ShouldBeTrue();
        gate.TryEnter(1).ShouldBeNull();
        places[0].Dispose();
        gate.TryEnter(1).ShouldNotBeNull();
    }

    [Fact]
    public void A_batch_that_finds_room_enters_whole_and_the_next_does_not()
    {
        var small = gate.TryEnter(999);
        var large = gate.TryEnter(5_000);
        large.ShouldNotBeNull();
        small!.Dispose();
        gate.TryEnter(1).ShouldBeNull();
        large.Dispose();
        gate.TryEnter(1).ShouldNotBeNull();
    }

    [Fact]
    public void Slow_ones_take_places_away_once_each_half_second_and_quick_ones_bring_them_back()
    {
        var slow = Enter(400);
        clock.Pass(TimeSpan.FromSeconds(1.5));
        foreach (var place in slow)
            place.Dispose();
        Places().ShouldBe(300, "one cut for all that were slow together");

        var quick = Enter(50);
        clock.Pass(TimeSpan.FromMilliseconds(100));
        foreach (var place in quick)
            place.Dispose();
        Places().ShouldBeGreaterThanOrEqualTo(350);
    }

    [Fact]
    public void However_slow_it_is_some_are_let_in()
    {
        for (var n = 0; n < 30; n++)
        {
            var some = gate.TryEnter(1)!;
            clock.Pass(TimeSpan.FromSeconds(5));
            some.Dispose();
        }
        Places().ShouldBe(256);
    }

    [Fact]
    public void Bytes_are_counted_until_they_are_let_go()
    {
        gate.TryHold(16 * 1024 * 1024).ShouldBeTrue();
        gate.TryHold(1).ShouldBeFalse();
        gate.LetGo(1_024);
        gate.TryHold(1_024).ShouldBeTrue();
    }

    // How many can enter an empty gate now; they leave at once, which gives places back.
    private int Places()
    {
        var all = Enter(int.MaxValue);
        foreach (var place in all)
            place.Dispose();
        return all.Count;
    }

    private List<WebhookGate.Place> Enter(int most)
    {
        var entered = new List<WebhookGate.Place>();
        while (entered.Count < most && gate.TryEnter(1) is { } place)
            entered.Add(place);
        return entered;
    }

    private sealed class Stopwatch : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Pass(TimeSpan time) => ticks += time.Ticks;
    }
}
