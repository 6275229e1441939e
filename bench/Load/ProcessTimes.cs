using System.Globalization;

namespace Threadkeep.Bench.Load;

/// <summary>CPU seconds that each part of the system has used so far, read from /proc.</summary>
internal sealed record ProcessTimes(IReadOnlyDictionary<string, double> Seconds)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that matters

    /// <param name="parts">Name and process id; postgres counts with all its children.</param>
    public static ProcessTimes Read(IReadOnlyDictionary<string, int> parts)
    {
        var all = Directory
            .EnumerateDirectories("/proc")
            .Select(d => Path.GetFileName(d))
            .Where(d => int.TryParse(d, out _))
            .Select(d => Stat(int.Parse(d, CultureInfo.InvariantCulture)))
            .OfType<(int Pid, int Parent, double Seconds)>()
            .ToArray();
        return new ProcessTimes(
            parts.ToDictionary(
                p => p.Key,
                p => all.Where(s => s.Pid == p.Value || p.Key == "postgres" && s.Parent == p.Value).Sum(s => s.Seconds)
            )
        );
    }

    /// <summary>All CPUs together: busy and all seconds, other programs' included.</summary>
    public static (double Busy, double All) Machine()
    {
        var fields = File.ReadLines("/proc/stat")
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(f => double.Parse(f, CultureInfo.InvariantCulture) / TicksPerSecond)
            .ToArray();
        var all = fields.Take(8).Sum();
        return (all - fields[3] - fields[4], all);
    }

    private static (int, int, double)? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (
                pid,
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                (
                    long.Parse(fields[11], CultureInfo.InvariantCulture)
                    + long.Parse(fields[12], CultureInfo.InvariantCulture)
                ) / TicksPerSecond
            );
        }
        catch (IOException)
        {
            return null; // ended meanwhile
        }
    }
}
