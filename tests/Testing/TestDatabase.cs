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

    /// <summary>For the product's own tables, and for anything that says which schema it means.</summary>
    public string ConnectionString { get; }

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

    private static async Task<string> CreateTemplateAsync()
    {
        var template = await ReserveAsync();
        await new Migrator(template.ConnectionString, NullLogger<Migrator>.Instance, TimeProvider.System).MigrateAsync(
            CancellationToken.None
        );
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
