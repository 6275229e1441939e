using System.Globalization;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Bench.Probes;

namespace Threadkeep.Bench.Running;

/// <summary>A scenario's own database: migrated and set up, otherwise empty. Gone when disposed.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private BenchDatabase(string name, string connectionString, BenchChannel channel)
    {
        (Name, ConnectionString, Channel) = (name, connectionString, channel);
        Source = NpgsqlDataSource.Create(connectionString);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public BenchChannel Channel { get; }

    public static async Task<BenchDatabase> CreateAsync(string name)
    {
        await using (var server = NpgsqlDataSource.Create(With(null)))
        {
            await server.RunAsync($"drop database if exists {name} with (force)");
            await server.RunAsync($"create database {name} template {With("").Database}");
        }
        var connectionString = With(name).ConnectionString;
        await using var source = NpgsqlDataSource.Create(connectionString);
        await source.RunAsync("create extension if not exists pg_stat_statements");
        var row = (
            await source.RowsAsync(
                "select account_id, id from threadkeep.channels where phone_number_id = $1",
                BenchSettings.PhoneNumberId
            )
        )[0];
        return new BenchDatabase(
            name,
            connectionString,
            new BenchChannel(
                new AccountId(Guid.Parse(row[0], CultureInfo.InvariantCulture)),
                new ChannelId(Guid.Parse(row[1], CultureInfo.InvariantCulture))
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (Environment.GetEnvironmentVariable("BENCH_KEEP") is { Length: > 0 })
            return;
        await using var server = NpgsqlDataSource.Create(With(null));
        await server.RunAsync($"drop database if exists {Name} with (force)");
    }

    // Null: the server's own database; empty: the template.
    private static NpgsqlConnectionStringBuilder With(string? database)
    {
        var settings = new NpgsqlConnectionStringBuilder(BenchSettings.Database);
        if (database is not "")
            settings.Database = database ?? "postgres";
        settings.IncludeErrorDetail = true;
        settings.Pooling = database is { Length: > 0 };
        return settings;
    }
}
