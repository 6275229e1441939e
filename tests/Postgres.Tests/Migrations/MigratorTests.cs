using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Threadkeep.Migrations;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Migrations;

public sealed class MigratorTests : IAsyncLifetime
{
    private const string TableFile = "V2000_01_01_01__table.sql";
    private const string IndexFile = "V2000_01_01_02__index.sql";

    /// <summary>The two files under Scripts, and no patience worth waiting for.</summary>
    private static readonly MigratorOptions Sample = new()
    {
        Scripts = typeof(MigratorTests).Assembly,
        LockTimeout = TimeSpan.FromMilliseconds(50),
        FirstPause = TimeSpan.FromMilliseconds(50),
    };

    private TestDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.ReserveAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task<IReadOnlyList<string>> MigrateAsync(MigratorOptions? options = null) =>
        new Migrator(
            _database.ConnectionString,
            NullLogger<Migrator>.Instance,
            TimeProvider.System,
            options ?? Sample
        ).MigrateAsync(Cancellation);

    [Fact]
    public async Task The_first_run_creates_the_database_and_the_second_applies_nothing()
    {
        (await MigrateAsync()).ShouldBe([TableFile, IndexFile]);
        (await MigrateAsync()).ShouldBeEmpty();
        (await _database.ScalarAsync<long>("select count(*) from threadkeep.sample")).ShouldBe(0);
        (await _database.ScalarAsync<long>("select count(*) from pg_namespace where nspname = 'orleans'")).ShouldBe(1);
    }

    [Fact]
    public async Task Several_that_start_at_once_apply_each_file_once()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => MigrateAsync(), Cancellation)));

        runs.SelectMany(files => files).Order().ShouldBe([TableFile, IndexFile]);
        (
            await _database.ScalarAsync<long>("select count(*) from threadkeep.migrations where type = 0 and success")
        ).ShouldBe(2);
    }

    [Fact]
    public async Task A_file_that_was_changed_after_it_was_applied_is_refused()
    {
        await MigrateAsync();
        await _database.ExecuteAsync(
            $"update threadkeep.migrations set checksum = repeat('0', 32) where name = '{TableFile}'"
        );

        var refusal = await Should.ThrowAsync<MigrationException>(() => MigrateAsync());

        refusal.Message.ShouldContain(TableFile);
        refusal.Message.ShouldContain("changed afterwards");
    }

    [Fact]
    public async Task A_lock_time_out_is_tried_again_until_the_lock_is_free()
    {
        await MigrateAsync();
        await ForgetIndexAsync();
        await using var holder = await HoldTableAsync();

        var migration = Task.Run(() => MigrateAsync(Sample with { Attempts = 1000 }), Cancellation);
        // A failed try leaves a row: only then does the holder let go.
        await Eventually.IsTrueAsync(
            "the migrator has failed once",
            () => _database.ScalarAsync<bool>("select exists (select from threadkeep.migrations where not success)")
        );
        await holder.DisposeAsync();

        (await migration).ShouldBe([IndexFile]);
        (
            await _database.ScalarAsync<bool>(
                "select indisvalid from pg_index where indexrelid = 'threadkeep.sample_name'::regclass"
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lock_that_never_becomes_free_ends_with_a_sentence()
    {
        await MigrateAsync();
        await ForgetIndexAsync();
        await using var holder = await HoldTableAsync();

        var failure = await Should.ThrowAsync<MigrationException>(() => MigrateAsync(Sample with { Attempts = 2 }));

        failure.Message.ShouldContain("through 2 tries");
    }

    [Fact]
    public async Task An_index_left_half_built_is_built_again()
    {
        await MigrateAsync();
        await ForgetIndexAsync();
        await _database.ExecuteAsync("create index sample_name on threadkeep.sample (name)");
        await _database.ExecuteAsync(
            "update pg_index set indisvalid = false where indexrelid = 'threadkeep.sample_name'::regclass"
        );

        (await MigrateAsync()).ShouldBe([IndexFile]);
        (
            await _database.ScalarAsync<bool>(
                "select indisvalid from pg_index where indexrelid = 'threadkeep.sample_name'::regclass"
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_out_of_reach_is_named_in_one_sentence()
    {
        var migrator = new Migrator(
            "Host=127.0.0.1;Port=1;Username=nobody;Database=none",
            NullLogger<Migrator>.Instance,
            TimeProvider.System
        );

        var failure = await Should.ThrowAsync<MigrationException>(() => migrator.MigrateAsync(Cancellation));

        failure.Message.ShouldStartWith("PostgreSQL at 127.0.0.1:1 refused or failed");
    }

    [Fact]
    public async Task A_silo_starts_only_on_a_schema_that_is_new_enough()
    {
        await using var migrated = await TestDatabase.CreateAsync();
        await SchemaVersion.RequireAsync(migrated.DataSource, Cancellation);

        await migrated.ExecuteAsync("delete from threadkeep.migrations where name like 'V2026_11_23_01%'");
        var older = await Should.ThrowAsync<MigrationException>(() =>
            SchemaVersion.RequireAsync(migrated.DataSource, Cancellation)
        );
        older.Message.ShouldContain("V2026_11_23_01__orleans.sql");
        older.Message.ShouldContain("run the migrator");

        // And on none at all.
        await Should.ThrowAsync<MigrationException>(() =>
            SchemaVersion.RequireAsync(_database.DataSource, Cancellation)
        );
    }

    /// <summary>As if the second file had yet to come.</summary>
    private async Task ForgetIndexAsync()
    {
        await _database.ExecuteAsync("drop index threadkeep.sample_name");
        await _database.ExecuteAsync($"delete from threadkeep.migrations where name = '{IndexFile}'");
    }

    private async Task<NpgsqlConnection> HoldTableAsync()
    {
        var connection = await _database.DataSource.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            "begin; lock table threadkeep.sample in access exclusive mode",
            connection
        );
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }
}
