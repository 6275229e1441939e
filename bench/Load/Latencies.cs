using System.Diagnostics;

namespace Threadkeep.Bench.Load;

/// <summary>Times of one kind, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly double[] sorted;

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public Latencies(IEnumerable<long> ticks) =>
        sorted = [.. ticks.Select(t => t * 1000.0 / Stopwatch.Frequency).Order()];

    public int Count => sorted.Length;

    public double P50 => At(0.5);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    public double Max => At(1);

    private double At(double part) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
}
