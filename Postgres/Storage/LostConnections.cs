using Npgsql;
using Threadkeep.Threads;

namespace Threadkeep.Storage;

/// <summary>
/// For connections that are used so rarely that a request may be the first to find that PostgreSQL was started again. Reads only: what
/// a lost connection has written, nobody knows.
/// </summary>
internal static class LostConnections
{
    /// <summary>Reads, and where the connection turns out to be lost, once more on a new one.</summary>
    public static async Task<T> ReadAsync<T>(this NpgsqlDataSource database, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (NpgsqlException lost) when (IsLost(lost))
        {
            database.Clear();
            return await read();
        }
    }

    private static bool IsLost(NpgsqlException failed) =>
        failed is PostgresException refused
            ? SqlErrors.IsShutdown(refused.SqlState)
            : failed.InnerException is IOException or System.Net.Sockets.SocketException;
}
