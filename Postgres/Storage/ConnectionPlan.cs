using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Threadkeep.Search;

namespace Threadkeep.Storage;

/// <summary>How many processes share PostgreSQL's connections. Every silo and Api host is told the same.</summary>
public sealed class ConnectionOptions
{
    /// <summary>Silos that may run at once, one joining during an upgrade included (1 to 1,000).</summary>
    [Range(1, 1_000)]
    public int Silos { get; set; } = 2;

    /// <summary>Api hosts that may run at once (1 to 1,000).</summary>
    [Range(1, 1_000)]
    public int ApiHosts { get; set; } = 1;

    /// <summary>Connections left for others: the migrator, monitoring, psql (0 to 1,000).</summary>
    [Range(0, 1_000)]
    public int Reserve { get; set; } = 10;

    /// <summary>An Api host's queries at once (5 to 500); one more waits.</summary>
    [Range(5, 500)]
    public int Api { get; set; } = 30;
}

/// <summary>The connections do not fit; the message is one sentence for the operator.</summary>
public sealed class ConnectionsException(string message) : Exception(message);

/// <summary>
/// Shares out PostgreSQL's <c>max_connections</c>: everybody gets the same, and all of them together always fit. A refused
/// connection is an error in the middle of somebody's message; one that has to wait in a pool is a few milliseconds.
/// </summary>
/// <param name="SiloOrleans">A silo's for membership, storage and reminders; a refresh of reminders asks 30 times at once.</param>
/// <param name="SiloQueries">A silo's for loading threads and everything else but writing.</param>
/// <param name="Api">An Api host's queries.</param>
public sealed record ConnectionPlan(int SiloOrleans, int SiloQueries, int Api)
{
    /// <summary>An Api host's for reading the list of silos.</summary>
    public const int ApiOrleans = 4;

    private const int MostOrleans = 36;
    private const int MostQueries = 60;
    private const int LeastOrleans = 6;
    private const int LeastQueries = 8;

    /// <param name="writers">Connections of a silo's writers, which have them for good.</param>
    /// <param name="allowed">What PostgreSQL gives to users that are not superusers.</param>
    /// <exception cref="ConnectionsException">Not even the least fits.</exception>
    public static ConnectionPlan Of(ConnectionOptions options, int writers, int allowed)
    {
        var apis = options.ApiHosts * (options.Api + ApiOrleans);
        var silo = (allowed - options.Reserve - apis) / options.Silos;
        var least = writers + LeastOrleans + LeastQueries;
        if (silo < least)
            throw new ConnectionsException(
                $"PostgreSQL allows {allowed} connections, but {options.Silos} silos ({least} each at least), {options.ApiHosts} Api "
                    + $"hosts ({options.Api + ApiOrleans} each) and a reserve of {options.Reserve} need "
                    + $"{options.Silos * least + apis + options.Reserve}: raise max_connections, or lower Connections__Silos, "
                    + "Connections__ApiHosts, Connections__Api or Connections__Reserve."
            );
        // Beyond the least, queries get two parts of three: they are what customers wait for.
        var more = silo - least;
        var orleans = Math.Min(MostOrleans, LeastOrleans + more / 3);
        return new ConnectionPlan(orleans, Math.Min(MostQueries, silo - writers - orleans), options.Api);
    }

    /// <summary>Asks PostgreSQL how many it allows, and shares them out.</summary>
    /// <exception cref="ConnectionsException">They do not fit.</exception>
    /// <exception cref="ValidationException">An option is out of range.</exception>
    public static async Task<ConnectionPlan> ReadAsync(string connectionString, IConfiguration configuration)
    {
        var options = configuration.GetSection("Connections").Get<ConnectionOptions>() ?? new ConnectionOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select sum(case name when 'max_connections' then setting::int else -setting::int end)::int
            from pg_settings
            where name in ('max_connections', 'superuser_reserved_connections', 'reserved_connections')
            """,
            connection
        );
        // Two writers in each silo, threads' and statuses', and the one of the search index.
        var writers = 2 * configuration.GetValue("Writer:Loops", 2) + SearchDatabase.IndexerPool;
        return Of(options, writers, (int)(await command.ExecuteScalarAsync())!);
    }

    /// <summary>The connection string with a pool of this size; the smaller of both where it names one itself.</summary>
    public static string Pooled(string connectionString, int most)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, most);
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        return settings.ConnectionString;
    }
}
