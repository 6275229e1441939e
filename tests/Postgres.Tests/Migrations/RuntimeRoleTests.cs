using Npgsql;
using Threadkeep.Migrations;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Migrations;

/// <summary>Silos and Api come as a role that has rights on rows and on nothing else (DESIGN.md, "Storage").</summary>
public sealed class RuntimeRoleTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _silo = NpgsqlDataSource.Create(_database.RuntimeConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("create table threadkeep.mine (id int)")]
    [InlineData("create table orleans.mine (id int)")]
    [InlineData("create table public.mine (id int)")]
    [InlineData("create schema mine")]
    [InlineData("create function threadkeep.mine() returns int language sql return 1")]
    [InlineData("create index mine on threadkeep.messages (seq)")]
    [InlineData("alter table threadkeep.messages add column mine int")]
    [InlineData("drop table threadkeep.outbox")]
    [InlineData("drop table orleans.orleansreminderstable")]
    [InlineData("truncate threadkeep.outbox")]
    [InlineData("update orleans.orleansquery set querytext = ''")]
    [InlineData("delete from threadkeep.migrations")]
    [InlineData("delete from threadkeep.audit_log")]
    [InlineData("update threadkeep.audit_log set action = ''")]
    [InlineData("truncate threadkeep.audit_log")]
    public async Task A_silos_connection_is_refused_what_is_the_migrators(string sql)
    {
        var refused = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(sql));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task It_writes_rows_and_may_end_a_frozen_silos_connection()
    {
        await ExecuteAsync(
            "delete from threadkeep.outbox where false; delete from orleans.orleansreminderstable where false"
        );
        await using var frozen = await _silo.OpenConnectionAsync(TestContext.Current.CancellationToken);

        await using var command = _silo.CreateCommand($"select pg_terminate_backend({frozen.ProcessID})");
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(true);
    }

    [Fact]
    public async Task A_table_of_a_later_file_is_open_to_it_before_the_migrator_has_ended()
    {
        await _database.ExecuteAsync("create table threadkeep.later (id bigint generated always as identity)");

        await ExecuteAsync("insert into threadkeep.later default values");
    }

    [Fact]
    public async Task A_role_without_rights_is_told_to_run_the_migrator_and_the_migrator_mends_it()
    {
        var stranger = new RuntimeRole($"stranger_{Guid.NewGuid():n}", "it's a secret");
        await _database.ExecuteAsync($"create role {stranger.Name} login");
        var settings = new NpgsqlConnectionStringBuilder(_database.ConnectionString)
        {
            Username = stranger.Name,
            Password = stranger.Password,
            Pooling = false,
        };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);

        var refusal = await Should.ThrowAsync<MigrationException>(() =>
            SchemaVersion.RequireAsync(source, TestContext.Current.CancellationToken)
        );
        refusal.Message.ShouldContain("Database__Runtime__Username");
        await TestDatabase.MigrateAsync(_database.ConnectionString, stranger);
        await SchemaVersion.RequireAsync(source, TestContext.Current.CancellationToken);

        await _database.ExecuteAsync($"drop owned by {stranger.Name}; drop role {stranger.Name}");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _silo.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
