using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Threadkeep.Migrations;

namespace Threadkeep.Storage;

/// <summary>Healthy where PostgreSQL answers and has the schema that this build was written for.</summary>
public sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var missing = await SchemaVersion.MissingAsync(database, cancellationToken);
            return missing.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The database lacks {missing[0]}: run the migrator.");
        }
        catch (Exception failed) when (failed is NpgsqlException or MigrationException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("PostgreSQL does not answer.", failed);
        }
    }
}
