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
