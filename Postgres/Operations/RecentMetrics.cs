using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Threadkeep.Operations;

/// <summary>What happened within the last minute.</summary>
/// <param name="PerSecond">For a counter what it counted, for a histogram how often something was measured.</param>
/// <param name="P50">Half of the values were below; within a fifth of the truth. Null: none was measured.</param>
public sealed record RecentFigures(double PerSecond, double? P50, double? P99)
{
    public static readonly RecentFigures None = new(0, null, null);
}

/// <summary>
/// This process's own meters over the last minute, for a page that wants figures now and has no Prometheus to ask. Measuring costs
/// two additions; the rest is done when somebody looks. One value of one tag tells series apart.
/// </summary>
public sealed class RecentMetrics : IDisposable
{
    /// <summary>The one meter of the framework's that is heard: requests by route and status.</summary>
    public const string Requests = "http.server.request.duration";

    private const int Windows = 12;

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(string Instrument, object Tag), Series> all = new();

    public RecentMetrics()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (
                instrument.Meter.Name.StartsWith("Threadkeep.", StringComparison.Ordinal)
                || instrument.Name == Requests
            )
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Record(i, value, tags));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Record(i, value, tags));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Record(i, value, tags));
        listener.Start();
    }

    /// <summary>Closes a window of some seconds; a minute is twelve of them.</summary>
    public void Tick()
    {
        foreach (var (key, _) in all.Where(s => s.Value.IsGauge))
            all[key].Clear(); // what is no longer observed is gone
        listener.RecordObservableInstruments();
        foreach (var series in all.Values)
            series.Tick();
    }

    /// <param name="tag">For requests the status as a number, else the value of the first tag; null: without tags.</param>
    public RecentFigures Of(string instrument, object? tag = null) =>
        all.TryGetValue((instrument, tag ?? ""), out var series) ? series.Figures() : RecentFigures.None;

    /// <summary>The sum of a gauge's last values over all who observe it; 0 where nobody does.</summary>
    public double Gauge(string instrument, object? tag = null) =>
        all.TryGetValue((instrument, tag ?? ""), out var series) ? series.Last : 0;

    /// <summary>Values of the tag that tells an instrument's series apart.</summary>
    public IEnumerable<object> TagsOf(string instrument) =>
        all.Keys.Where(k => k.Instrument == instrument).Select(k => k.Tag);

    public void Dispose() => listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (TagOf(instrument, tags) is not { } tag)
            return;
        if (!all.TryGetValue((instrument.Name, tag), out var series))
            series = all.GetOrAdd((instrument.Name, tag), _ => new Series(instrument));
        series.Add(value);
    }

    // Null: not of interest.
    private static object? TagOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.Name != Requests)
            return tags.Length == 0 ? "" : tags[0].Value ?? "";
        object? status = null;
        var isWebhook = false;
        foreach (var (name, value) in tags)
        {
            if (name == "http.response.status_code")
                status = value;
            else if (name == "http.route")
                isWebhook = value is string route && route.Contains("webhooks", StringComparison.Ordinal);
        }
        return isWebhook ? status : null;
    }

    /// <summary>One series: totals since the start, and what they were at each of the last ticks.</summary>
    private sealed class Series(Instrument instrument)
    {
        // Four buckets for each doubling, from a thousandth to some millions.
        private const int PerDoubling = 4;
        private const int Below = 10 * PerDoubling;
        private const int Buckets = 33 * PerDoubling;

        private readonly bool isHistogram = instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);
        private readonly long[] counts = new long[Buckets];
        private readonly Queue<(long At, double Total, long[] Counts)> before = new();
        private double total;
        private double last;

        public bool IsGauge { get; } = instrument.IsObservable;

        public double Last => Volatile.Read(ref last);

        public void Clear() => Volatile.Write(ref last, 0);

        public void Add(double value)
        {
            if (IsGauge)
            {
                Volatile.Write(ref last, last + value);
                return;
            }
            if (isHistogram)
            {
                Interlocked.Increment(ref counts[BucketOf(value)]);
                return;
            }
            double seen;
            do seen = Volatile.Read(ref total);
            while (Interlocked.CompareExchange(ref total, seen + value, seen) != seen);
        }

        public void Tick()
        {
            if (IsGauge)
                return;
            lock (before)
            {
                before.Enqueue(
                    (TimeProvider.System.GetTimestamp(), Volatile.Read(ref total), isHistogram ? [.. counts] : [])
                );
                if (before.Count > Windows + 1)
                    before.Dequeue();
            }
        }

        public RecentFigures Figures()
        {
            lock (before)
            {
                if (before.Count == 0)
                    return RecentFigures.None;
                var first = before.Peek();
                var newest = before.Last();
                var seconds = TimeProvider.System.GetElapsedTime(first.At, newest.At).TotalSeconds;
                if (seconds <= 0)
                    return RecentFigures.None;
                if (!isHistogram)
                    return new RecentFigures((newest.Total - first.Total) / seconds, null, null);
                long[] within = [.. newest.Counts.Zip(first.Counts, (now, then) => now - then)];
                return new RecentFigures(within.Sum() / seconds, Percentile(within, 0.5), Percentile(within, 0.99));
            }
        }

        private static int BucketOf(double value) =>
            value <= 0 ? 0 : Math.Clamp((int)Math.Floor(Math.Log2(value) * PerDoubling) + Below, 0, Buckets - 1);

        private static double? Percentile(long[] within, double part)
        {
            var wanted = within.Sum() * part;
            if (wanted == 0)
                return null;
            var seen = 0L;
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                seen += within[bucket];
                if (seen >= wanted)
                    return Math.Pow(2, (bucket - Below + 0.5) / PerDoubling); // the bucket's middle
            }
            return null;
        }
    }
}
