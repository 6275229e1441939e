using System.Diagnostics.Metrics;
using Threadkeep.Operations;

namespace Threadkeep.Postgres.Tests.Operations;

/// <summary>The last minute of a process's own meters.</summary>
public sealed class RecentMetricsTests : IDisposable
{
    private readonly Meter meter = new("Threadkeep.Tests.Recent");
    private readonly RecentMetrics recent = new();

    public void Dispose()
    {
        recent.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void Percentiles_are_within_a_fifth_and_of_what_came_since_the_first_window()
    {
        var times = meter.CreateHistogram<double>("threadkeep.tests.time", "ms");
        times.Record(10_000, new KeyValuePair<string, object?>("writer", "a")); // before: not in the figures
        recent.Tick();
        for (var n = 1; n <= 1_000; n++)
            times.Record(n / 10.0, new KeyValuePair<string, object?>("writer", "a"));
        times.Record(5_000, new KeyValuePair<string, object?>("writer", "b"));
        recent.Tick();

        var figures = recent.Of("threadkeep.tests.time", "a");

        figures.P50!.Value.ShouldBeInRange(40, 60);
        figures.P99!.Value.ShouldBeInRange(79, 119);
        figures.PerSecond.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_gauge_is_the_sum_of_all_who_observe_it_now()
    {
        var waiting = 3;
        meter.CreateObservableGauge("threadkeep.tests.waiting", () => waiting);
        meter.CreateObservableGauge("threadkeep.tests.waiting", () => 4);

        recent.Tick();
        recent.Gauge("threadkeep.tests.waiting").ShouldBe(7);
        waiting = 0;
        recent.Tick();
        recent.Gauge("threadkeep.tests.waiting").ShouldBe(4);
    }

    [Fact]
    public void A_counter_counts_per_second_and_what_nobody_measured_is_nothing()
    {
        var sends = meter.CreateCounter<long>("threadkeep.tests.sends");
        sends.Add(1);
        recent.Tick();
        sends.Add(5);
        recent.Tick();

        recent.Of("threadkeep.tests.sends").PerSecond.ShouldBeGreaterThan(0);
        recent.Of("threadkeep.tests.sends").P50.ShouldBeNull();
        recent.Of("threadkeep.tests.nobody").ShouldBe(RecentFigures.None);
    }
}
