using System.Diagnostics;
using Npgsql;

namespace Threadkeep.Bench.Probes;

/// <summary>Everything that is counted while a load runs, read at one moment.</summary>
/// <param name="At">Seconds of a steady clock.</param>
/// <param name="Allocated">Bytes, by process; those without a metrics page are missing.</param>
internal sealed record Counters(
    double At,
    ProcessTimes Cpu,
    double MachineBusy,
    double MachineAll,
    double WalSyncs,
    double WalBytes,
    double Commits,
    IReadOnlyDictionary<string, double> Allocated
)
{
    public static async Task<Counters> ReadAsync(Subject subject)
    {
        var allocated = new Dictionary<string, double>();
        foreach (var (name, host) in subject.Metrics)
            allocated[name] = (await MetricsPage.ReadAsync(host)).Sum(MetricsPage.Allocated);
        await using var command = subject.Database.CreateCommand(
            "select w.wal_sync::float8, w.wal_bytes::float8, d.xact_commit::float8 from pg_stat_wal w, pg_stat_database d where d.datname = current_database()"
        );
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (busy, all) = ProcessTimes.Machine();
        return new Counters(
            Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency,
            ProcessTimes.Read(subject.Processes),
            busy,
            all,
            reader.GetDouble(0),
            reader.GetDouble(1),
            reader.GetDouble(2),
            allocated
        );
    }

    /// <summary>What was used between two moments, a second.</summary>
    public static Consumption Between(Counters before, Counters after)
    {
        var seconds = after.At - before.At;
        return new Consumption(
            seconds,
            after.Cpu.Seconds.ToDictionary(p => p.Key, p => (p.Value - before.Cpu.Seconds[p.Key]) / seconds),
            (after.MachineBusy - before.MachineBusy) / (after.MachineAll - before.MachineAll),
            (after.WalSyncs - before.WalSyncs) / seconds,
            (after.WalBytes - before.WalBytes) / seconds,
            (after.Commits - before.Commits) / seconds,
            after.Allocated.ToDictionary(p => p.Key, p => (p.Value - before.Allocated[p.Key]) / seconds)
        );
    }
}

/// <summary>Rates: each figure is one a second.</summary>
/// <param name="Cores">CPU seconds a second, by process.</param>
/// <param name="MachineBusy">0 to 1, other programs included.</param>
internal sealed record Consumption(
    double Seconds,
    IReadOnlyDictionary<string, double> Cores,
    double MachineBusy,
    double WalSyncs,
    double WalBytes,
    double Commits,
    IReadOnlyDictionary<string, double> Allocated
);

/// <summary>What a load is run against: where to look while it runs.</summary>
/// <param name="Processes">Name and process id.</param>
/// <param name="Metrics">Hosts with a metrics page, by process name.</param>
internal sealed record Subject(
    NpgsqlDataSource Database,
    IReadOnlyDictionary<string, int> Processes,
    IReadOnlyDictionary<string, Uri> Metrics
);
