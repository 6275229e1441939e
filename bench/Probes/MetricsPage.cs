using System.Globalization;

namespace Threadkeep.Bench.Probes;

/// <summary>What a process of the product tells at <c>/metrics</c> (Prometheus' text format).</summary>
internal sealed class MetricsPage
{
    /// <summary>Bytes allocated since the process began; .NET's meter System.Runtime.</summary>
    public const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    /// <summary>The managed heap after the latest collection.</summary>
    public const string Heap = "dotnet_gc_last_collection_heap_size_bytes";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly string[] lines;

    private MetricsPage(string[] lines) => this.lines = lines;

    public static async Task<MetricsPage> ReadAsync(Uri host) =>
        new((await Http.GetStringAsync(new Uri(host, "/metrics"))).Split('\n'));

    /// <summary>The sum of all series of this name; NaN where there is none.</summary>
    public double Sum(string name)
    {
        var found = lines
            .Where(l =>
                l.StartsWith(name, StringComparison.Ordinal) && l.Length > name.Length && l[name.Length] is '{' or ' '
            )
            .Select(Value)
            .ToArray();
        return found.Length == 0 ? double.NaN : found.Sum();
    }

    // name{labels} value [timestamp]
    private static double Value(string line)
    {
        var rest = line[(Math.Max(line.LastIndexOf('}'), line.IndexOf(' ', StringComparison.Ordinal)) + 1)..];
        return double.Parse(
            rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
            NumberStyles.Float,
            CultureInfo.InvariantCulture
        );
    }
}
