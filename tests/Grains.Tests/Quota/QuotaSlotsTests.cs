using CsCheck;
using Threadkeep.Quota;

namespace Threadkeep.Grains.Tests.Quota;

public sealed class QuotaSlotsTests
{
    [Fact]
    public void It_always_gives_the_lowest_free_slot_and_none_twice() =>
        Gen.Select(Gen.Int[1, 12].Array[0, 8], Gen.Int[-12, 3].Array[0, 40])
            .Sample(
                (used, steps) =>
                {
                    var slots = new QuotaSlots(used);
                    var taken = used.ToHashSet();
                    foreach (var step in steps)
                    {
                        if (step < 0)
                        {
                            taken.Remove(-step);
                            slots.Return(-step);
                            continue;
                        }
                        var lowest = Enumerable.Range(1, 100).First(n => !taken.Contains(n));
                        slots.Lowest.ShouldBe(lowest);
                        slots.Take().ShouldBe(lowest);
                        taken.Add(lowest).ShouldBeTrue();
                    }
                }
            );

    [Fact]
    public void Used_slots_may_come_in_any_order_and_twice()
    {
        var slots = new QuotaSlots([5, 2, 2, 1]);
        Enumerable.Range(0, 4).Select(_ => slots.Take()).ShouldBe([3, 4, 6, 7]);
    }

    [Fact]
    public void A_slot_returned_twice_is_given_out_once()
    {
        var slots = new QuotaSlots([]);
        slots.Take();
        slots.Return(1);
        slots.Return(1);
        slots.Return(9); // never given out
        Enumerable.Range(0, 3).Select(_ => slots.Take()).ShouldBe([1, 2, 3]);
    }
}
