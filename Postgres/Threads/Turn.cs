using Dapper;
using Npgsql;

namespace Threadkeep.Threads;

/// <summary>
/// Nobody else does what goes by this name until it is disposed of, in whatever process: an advisory lock of PostgreSQL. Nothing is written in
/// its transaction, which is held open for the lock alone, for 60 s at most.
/// </summary>
public sealed class Turn : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private Turn(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.connection, this.transaction) = (connection, transaction);

    /// <summary>Waits until it is free.</summary>
    public static async Task<Turn> TakeAsync(NpgsqlDataSource database, string name)
    {
        var connection = await database.OpenConnectionAsync();
        try
        {
            var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(
                """
                set local idle_in_transaction_session_timeout = '60s';
                select pg_advisory_xact_lock(hashtextextended(@name, 0));
                """,
                new { name }
            );
            return new Turn(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
