using System.Globalization;

namespace Threadkeep.Bench.Probes;

/// <summary>CPU seconds that each part of the system has used so far, read from /proc.</summary>
internal sealed record ProcessTimes(IReadOnlyDictionary<string, double> Seconds)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that matters

    /// <param name="parts">Name and process id; postgres counts with all its children, ended ones too.</param>
    public static ProcessTimes Read(IReadOnlyDictionary<string, int> parts)
    {
        var all = Directory
            .EnumerateDirectories("/proc")
            .Select(d => Path.GetFileName(d))
            .Where(d => int.TryParse(d, out _))
            .Select(d => Stat(int.Parse(d, CultureInfo.InvariantCulture)))
            .OfType<Process>()
            .ToArray();
        return new ProcessTimes(parts.ToDictionary(p => p.Key, p => Sum(all, p.Value, p.Key == "postgres")));
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

    /// <summary>Resident memory of a process, in bytes.</summary>
    public static long ResidentBytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line[6..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture)
            * 1024;
    }

    private static double Sum(Process[] all, int pid, bool withChildren) =>
        all.Where(s => s.Pid == pid || withChildren && s.Parent == pid).Sum(s => s.Seconds)
        + (withChildren ? all.Where(s => s.Pid == pid).Sum(s => s.EndedChildren) : 0);

    private static Process? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Process(
                pid,
                (int)Field(1),
                (Field(11) + Field(12)) / TicksPerSecond,
                (Field(13) + Field(14)) / TicksPerSecond
            );

            long Field(int n) => long.Parse(fields[n], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // ended meanwhile
        }
    }

    private sealed record Process(int Pid, int Parent, double Seconds, double EndedChildren);
}
