using Npgsql;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Upgrade;

/// <summary>A deployment that begins as the previous version; from <see cref="Upgrade"/> on every process starts as the new one.</summary>
/// <param name="previous">The folder of the previous version's build.</param>
public sealed class MixedVersions(string previous) : Deployment(2)
{
    private readonly int secondPort = FreePorts.Next();
    private ProductProcess? second;
    private bool upgraded;

    /// <summary>The database, as its owner.</summary>
    public string Database => ConnectionString("threadkeep");

    protected override int SilosAtFirst => 1;

    /// <summary>What starts from now on is the new version.</summary>
    public void Upgrade() => upgraded = true;

    /// <summary>The new version's migrator, as an operator runs it.</summary>
    public Task MigrateToNewAsync() => MigrateAsync();

    /// <summary>Another Api beside the first, on a port of its own.</summary>
    public async Task<HttpClient> StartSecondApiAsync()
    {
        var settings = Settings();
        settings["Urls"] = $"http://127.0.0.1:{secondPort}";
        second = Start("api-second", "Api", settings);
        var http = HttpAnswer.Client(secondPort);
        await Eventually.IsTrueAsync(
            "the second Api is ready",
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
                return (await HttpAnswer.OfAsync(http, request)).Status == 200;
            },
            TimeSpan.FromSeconds(60)
        );
        return http;
    }

    public void KillSecondApi() => second?.Dispose();

    protected override string? VersionOf(string process) => upgraded || process == "sandbox" ? null : previous;

    // That version knows of no role but the owner's.
    protected override async Task PrepareDatabaseAsync()
    {
        using (
            var migrator = Start(
                "migrator",
                "Postgres",
                new() { ["Database__ConnectionString"] = ConnectionString("threadkeep") },
                ["migrate"]
            )
        )
            await migrator.SucceedsAsync();
        foreach (var role in new[] { SiloRole(0), SiloRole(1), RuntimeRole })
            await QueryAsync<int>($"create role {role} superuser login");
    }

    /// <summary>Watches who waits for locks. Ends, with the longest wait and what waited, when it is told to.</summary>
    public async Task<(TimeSpan Longest, string? Query)> WatchLocksAsync(CancellationToken enough)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync(CancellationToken.None);
        await using var look = new NpgsqlCommand(
            """
            select extract(epoch from clock_timestamp() - l.waitstart)::float8, a.application_name || ': ' || left(a.query, 200)
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where not l.granted and l.waitstart is not null
            order by l.waitstart limit 1
            """,
            connection
        );
        var (longest, what) = (TimeSpan.Zero, default(string));
        while (!enough.IsCancellationRequested)
        {
            await using (var row = await look.ExecuteReaderAsync(CancellationToken.None))
                if (await row.ReadAsync(CancellationToken.None))
                {
                    var waits = TimeSpan.FromSeconds(row.GetDouble(0));
                    if (waits > longest)
                        (longest, what) = (waits, row.GetString(1));
                }
            await Task.Delay(20, CancellationToken.None);
        }
        return (longest, what);
    }

    /// <summary>Somebody reads a table in one long transaction, as reports and back-ups do, and nothing can change the table meanwhile.</summary>
    public async Task ReadForAsync(TimeSpan time, TaskCompletionSource reading)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var read = new NpgsqlCommand("select count(*) from threadkeep.threads", connection, transaction))
            await read.ExecuteScalarAsync();
        reading.SetResult();
        await Task.Delay(time);
        await transaction.RollbackAsync();
    }
}
