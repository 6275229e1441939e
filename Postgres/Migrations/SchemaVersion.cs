using Npgsql;

namespace Threadkeep.Migrations;

/// <summary>Tells whether a database has the schema that this build was written for.</summary>
public static class SchemaVersion
{
    /// <summary>
    /// Passes if every schema file of this build is applied. More may be: an older version goes on serving while
    /// the migrator of a newer one has already run.
    /// </summary>
    /// <exception cref="MigrationException">A file or a right is missing; the message says to run the migrator.</exception>
    public static async Task RequireAsync(NpgsqlDataSource dataSource, CancellationToken cancellation = default)
    {
        var missing = await MissingAsync(dataSource, cancellation);
        if (missing.Count > 0)
            throw new MigrationException(
                $"The database lacks {missing.Count} of this version's schema files, the first being {missing[0]}: "
                    + "run the migrator (dotnet Threadkeep.Postgres.dll migrate), then start again."
            );
    }

    /// <summary>This build's schema files that the database lacks; empty where it can serve.</summary>
    /// <exception cref="MigrationException">The role may not look.</exception>
    public static async Task<IReadOnlyList<string>> MissingAsync(
        NpgsqlDataSource dataSource,
        CancellationToken cancellation = default
    )
    {
        var applied = await AppliedAsync(dataSource, cancellation);
        return [.. Embedded().Except(applied, StringComparer.OrdinalIgnoreCase).Order()];
    }

    /// <summary>The file names of the schema, as Evolve records them.</summary>
    private static IEnumerable<string> Embedded() =>
        typeof(SchemaVersion)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(MigratorOptions.ResourcePrefix, StringComparison.Ordinal))
            .Select(name => name[MigratorOptions.ResourcePrefix.Length..]);

    private static async Task<List<string>> AppliedAsync(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        var applied = new List<string>();
        try
        {
            await using var command = dataSource.CreateCommand(
                $"select name from {Migrator.Schema}.{Migrator.Table} where success"
            );
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                applied.Add(reader.GetString(0));
        }
        catch (PostgresException e)
            when (e.SqlState
                    is PostgresErrorCodes.UndefinedTable
                        or PostgresErrorCodes.InvalidSchemaName
                        or PostgresErrorCodes.InvalidCatalogName
            ) { }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new MigrationException(
                "The database user may not read the schema: run the migrator with Database__Runtime__Username set to that user.",
                e
            );
        }
        return applied;
    }
}
