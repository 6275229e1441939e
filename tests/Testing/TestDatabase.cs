using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Threadkeep.Migrations;

namespace Threadkeep.Testing;

/// <summary>
/// A database of a test's own: migrated, empty, and gone when disposed. It is copied from a template that is
/// migrated once per process, which takes some tens of milliseconds.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>The role of <see cref="RuntimeConnectionString"/>.</summary>
    public static readonly RuntimeRole Runtime = new("threadkeep_tests_app", null);

    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);

    private readonly string _admin;
    private readonly string _name;
    private NpgsqlDataSource? _dataSource;

    private TestDatabase(string admin, string name)
    {
        _admin = admin;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(admin)
        {
            Database = name,
            MaxPoolSize = 20,
            // The Orleans providers ask for 30 connections at once now and then: they may queue a while.
            Timeout = 60,
            IncludeErrorDetail = true,
        }.ConnectionString;
    }

    /// <summary>The owner's: for the migrator, and for what a test arranges and counts.</summary>
    public string ConnectionString { get; }

    /// <summary>What silos and Api come with: rows, and no right to make or drop anything.</summary>
    public string RuntimeConnectionString =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Username = Runtime.Name }.ConnectionString;

    /// <summary>For Orleans' providers, which name their tables without a schema.</summary>
    public string OrleansConnectionString =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = "orleans,public" }.ConnectionString;

    /// <summary>A small pool on <see cref="ConnectionString"/>, for the test itself.</summary>
    public NpgsqlDataSource DataSource => _dataSource ??= NpgsqlDataSource.Create(ConnectionString);

    /// <summary>A database with the whole schema and no rows.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = await ReserveAsync();
        await ExecuteAsync(database._admin, $"create database {database._name} template {await Template.Value}");
        return database;
    }

    /// <summary>Only a name, for what is to create the database itself.</summary>
    public static async Task<TestDatabase> ReserveAsync() =>
        new(await PostgresServer.AdminConnectionStringAsync(), $"test_{Guid.NewGuid():n}");

    /// <summary>One statement; answers how many rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row, or null.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is not null)
            await _dataSource.DisposeAsync();
        await ExecuteAsync(_admin, $"drop database if exists {_name} with (force)");
    }

    /// <summary>Runs the product's migrator.</summary>
    public static Task MigrateAsync(string connectionString, RuntimeRole runtime) =>
        new Migrator(
            connectionString,
            NullLogger<Migrator>.Instance,
            TimeProvider.System,
            new MigratorOptions { Runtime = runtime }
        ).MigrateAsync(CancellationToken.None);

    private static async Task<string> CreateTemplateAsync()
    {
        var template = await ReserveAsync();
        await MigrateAsync(template.ConnectionString, Runtime);
        if (!PostgresServer.EndsWithProgram)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => template.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return template._name;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
