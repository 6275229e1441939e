using Npgsql;

namespace Threadkeep.Migrations;

/// <summary>
/// The role that silos and Api hosts come to PostgreSQL with: it reads and writes rows, and can neither make nor change nor
/// drop a table. The migrator makes it and gives it its rights, as often as it runs.
/// </summary>
/// <param name="Name">The role; created if missing.</param>
/// <param name="Password">Set at each run; null: left as it is (a server that asks nobody for one, or a password kept elsewhere).</param>
public sealed record RuntimeRole(string Name, string? Password)
{
    // What only the migrator writes: its own record, and the text of the queries that Orleans runs.
    private static readonly string[] ReadOnly = ["threadkeep.migrations", "orleans.orleansquery"];

    // What is written once and stays: whoever serves cannot take back what is in it.
    private static readonly string[] AppendOnly = ["threadkeep.audit_log"];

    /// <exception cref="PostgresException">The migrator's own role may not do this.</exception>
    internal async Task GrantAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var role = new NpgsqlCommandBuilder().QuoteIdentifier(Name);
        var database = new NpgsqlCommandBuilder().QuoteIdentifier(connection.Database);
        if (!await ExistsAsync(connection, cancellation))
            await CreateAsync(connection, role, cancellation);
        if (Password is not null)
            await ExecuteAsync(
                connection,
                $"alter role {role} login password '{Password.Replace("'", "''", StringComparison.Ordinal)}'",
                cancellation
            );
        // A database that was brought over from before PostgreSQL 15 lets everybody make tables in `public`.
        await ExecuteAsync(
            connection,
            $"""
            revoke create on schema public from public;
            revoke temporary on database {database} from public;
            grant connect on database {database} to {role};
            grant usage on schema threadkeep, orleans to {role};
            grant select, insert, update, delete on all tables in schema threadkeep, orleans to {role};
            grant usage, select on all sequences in schema threadkeep, orleans to {role};
            grant execute on all functions in schema threadkeep, orleans to {role};
            alter default privileges in schema threadkeep, orleans grant select, insert, update, delete on tables to {role};
            alter default privileges in schema threadkeep, orleans grant usage, select on sequences to {role};
            alter default privileges in schema threadkeep, orleans grant execute on functions to {role};
            revoke insert, update, delete on {string.Join(", ", ReadOnly)} from {role};
            revoke update, delete on {string.Join(", ", AppendOnly)} from {role};
            """,
            cancellation
        );
    }

    private async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select exists (select from pg_roles where rolname = $1)",
            connection
        )
        {
            Parameters = { new() { Value = Name } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    // Roles belong to the server: a migrator of another database may make it at the same moment.
    private static async Task CreateAsync(NpgsqlConnection connection, string role, CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync(connection, $"create role {role} login", cancellation);
        }
        catch (PostgresException e)
            when (e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation) { }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
