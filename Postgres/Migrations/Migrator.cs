using EvolveDb;
using EvolveDb.Dialect;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Threadkeep.Migrations;

/// <summary>
/// Brings one database to the newest schema, while an older version of the product may be serving from it.
/// </summary>
/// <remarks>
/// <para>
/// Evolve keeps the set of applied files with their checksums in <c>threadkeep.migrations</c> and runs each file in
/// one transaction. A file whose first line holds <c>evolve-tx-off</c> runs without; that is for
/// <c>create index concurrently if not exists</c>, one statement a file.
/// </para>
/// <para>
/// Around it (see docs/adr/010-migrations.md): the database itself, a lock that is held over all tries, a lock
/// time-out so that a file never blocks the running system for long, another try after it, and at the end the rights of the
/// role that serves (<see cref="RuntimeRole"/>).
/// </para>
/// </remarks>
public sealed partial class Migrator(
    string connectionString,
    ILogger<Migrator> logger,
    TimeProvider clock,
    MigratorOptions? options = null
)
{
    internal const string Schema = "threadkeep";
    internal const string Table = "migrations";

    /// <summary>Any number serves, so long as every version of this program uses the same.</summary>
    private const long LockKey = 0x7468_7264_6b70;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPolling = TimeSpan.FromMilliseconds(200);

    private readonly MigratorOptions _options = options ?? new();

    /// <summary>Creates the database if it is missing and applies what it lacks; answers the files applied.</summary>
    /// <exception cref="MigrationException">What is wrong, in one sentence.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation)
    {
        // No pool: the lock belongs to the session and must end with it. No command time-out: an index may take hours.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        try
        {
            await CreateDatabaseIfMissingAsync(settings, cancellation);

            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellation);
            await TakeLockAsync(connection, cancellation);
            await ExecuteAsync(
                connection,
                $"set lock_timeout = {(long)_options.LockTimeout.TotalMilliseconds}",
                cancellation
            );
            var applied = await ApplyAsync(connection, cancellation);
            await GrantAsync(connection, cancellation);
            return applied;
        }
        catch (NpgsqlException e)
        {
            throw new MigrationException(
                $"PostgreSQL at {settings.Host}:{settings.Port} refused or failed: {e.Message.ReplaceLineEndings(" ")}",
                e
            );
        }
    }

    /// <summary>Two migrators may start at once on an empty server: the one that comes second finds it done.</summary>
    private async Task CreateDatabaseIfMissingAsync(
        NpgsqlConnectionStringBuilder settings,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var existing = new NpgsqlConnection(settings.ConnectionString);
            await existing.OpenAsync(cancellation);
            return;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName) { }

        var maintenance = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Database = "postgres" };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync(cancellation);
        try
        {
            var name = new NpgsqlCommandBuilder().QuoteIdentifier(settings.Database!);
            await ExecuteAsync(connection, $"create database {name}", cancellation);
            LogDatabaseCreated(settings.Database!);
        }
        catch (PostgresException e)
            when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation) { }
    }

    /// <summary>
    /// Asks again and again instead of queueing for the lock: a statement that waits holds a snapshot, and an index
    /// that the other migrator builds concurrently would wait for that snapshot to end, for ever.
    /// </summary>
    private async Task TakeLockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var told = false;
        while (!await TryLockAsync())
        {
            if (clock.GetElapsedTime(started) > _options.WaitForOther)
                throw new MigrationException(
                    $"Another migrator has been at work for over {_options.WaitForOther.TotalMinutes:0} minutes: "
                        + "let it finish or end it, then start this one again."
                );
            if (!told)
                LogWaitingForOther();
            told = true;
            await Task.Delay(LockPolling, clock, cancellation);
        }

        async Task<bool> TryLockAsync()
        {
            await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({LockKey})", connection);
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }

    private async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var applied = new List<string>();
        var pause = _options.FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var evolve = new Evolve(connection, message => LogEvolve(message), DBMS.PostgreSQL)
            {
                EmbeddedResourceAssemblies = [_options.Scripts],
                EmbeddedResourceFilters = [MigratorOptions.ResourcePrefix],
                Schemas = [Schema, "orleans"],
                MetadataTableSchema = Schema,
                MetadataTableName = Table,
                // Files are dated by whoever wrote them: one merged later may carry an earlier date.
                OutOfOrder = true,
                // The lock above takes its place: it is held over all tries, and waiting for it has an end.
                EnableClusterMode = false,
                IsEraseDisabled = true,
                CommandTimeout = 0,
            };
            try
            {
                await DropHalfBuiltIndexesAsync(connection, cancellation);
                evolve.Migrate();
                return [.. applied, .. evolve.AppliedMigrations];
            }
            catch (Exception e) when (IsLockTrouble(e) && attempt < _options.Attempts)
            {
                applied.AddRange(evolve.AppliedMigrations);
                LogRetry(attempt, _options.Attempts, pause);
                await Task.Delay(pause, clock, cancellation);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception e) when (IsLockTrouble(e))
            {
                throw new MigrationException(
                    $"A table stayed locked by somebody else through {attempt} tries; what was applied so far is kept: "
                        + "end the long transaction (pg_stat_activity shows it) and start the migrator again.",
                    e
                );
            }
            catch (EvolveException e)
            {
                throw new MigrationException(Sentence(e), e);
            }
        }
    }

    /// <summary>Under the lock, because two sessions cannot change one object's rights at once; other databases' migrators may still meet us at the role.</summary>
    private async Task GrantAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (_options.Runtime is not { } role)
            return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await role.GrantAsync(connection, cancellation);
                return;
            }
            catch (PostgresException e) when (IsPassing(e) && attempt < _options.Attempts)
            {
                await Task.Delay(_options.FirstPause, clock, cancellation);
            }
            catch (PostgresException e)
            {
                throw new MigrationException(
                    $"The schema is up to date, but {role.Name} could not be given its rights: "
                        + e.MessageText.ReplaceLineEndings(" "),
                    e
                );
            }
        }

        // "tuple concurrently updated" has no code of its own.
        static bool IsPassing(PostgresException e) =>
            IsLockTrouble(e) || e.SqlState == PostgresErrorCodes.InternalError;
    }

    /// <summary>
    /// An index whose concurrent building was cut short stays behind, invalid, and <c>if not exists</c> would take it
    /// for done. Nobody else builds any while the lock is held.
    /// </summary>
    private async Task DropHalfBuiltIndexesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var names = new List<string>();
        await using (
            var command = new NpgsqlCommand(
                """
                select format('%I.%I', n.nspname, c.relname)
                from pg_index i
                join pg_class c on c.oid = i.indexrelid
                join pg_namespace n on n.oid = c.relnamespace
                where not i.indisvalid and c.relkind = 'i' and n.nspname in ('threadkeep', 'orleans')
                """,
                connection
            )
        )
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                names.Add(reader.GetString(0));

        foreach (var name in names)
        {
            LogDroppingIndex(name);
            await ExecuteAsync(connection, $"drop index concurrently if exists {name}", cancellation);
        }
    }

    private static bool IsLockTrouble(Exception e) =>
        Root(e)
            is PostgresException
            {
                SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
            };

    private static string Sentence(EvolveException e) =>
        e is EvolveValidationException
            ? $"{e.Message.TrimEnd('.')}: an applied file was changed afterwards; restore it and put the change into a new file."
            : $"{e.Message.TrimEnd('.')}: {Root(e).Message.ReplaceLineEndings(" ")}";

    private static Exception Root(Exception e) => e.InnerException is { } inner ? Root(inner) : e;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the database {Database}")]
    private partial void LogDatabaseCreated(string database);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another migrator is at work; waiting for it")]
    private partial void LogWaitingForOther();

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Message}")]
    private partial void LogEvolve(string message);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Somebody holds a lock that this needs (try {Attempt} of {Attempts}); trying again in {Pause}"
    )]
    private partial void LogRetry(int attempt, int attempts, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropping {Index}, which was left half built")]
    private partial void LogDroppingIndex(string index);
}
