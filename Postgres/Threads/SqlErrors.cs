using System.Text;
using Npgsql;

namespace Threadkeep.Threads;

/// <summary>What an error of the database says about the data that was sent.</summary>
public static class SqlErrors
{
    /// <summary>The data itself is refused: classes 22 (data), 23 (constraint), 54 (limits), and a value for a type it does not fit.</summary>
    public static bool IsAboutData(string sqlState) =>
        sqlState.StartsWith("22", StringComparison.Ordinal)
        || sqlState.StartsWith("23", StringComparison.Ordinal)
        || sqlState.StartsWith("54", StringComparison.Ordinal)
        || sqlState == PostgresErrorCodes.RaiseException;

    /// <summary>The server is going down, or was told to end this connection.</summary>
    public static bool IsShutdown(string sqlState) => sqlState.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>Another statement held a lock; this one was undone.</summary>
    public static bool IsAboutLocks(string sqlState) =>
        sqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable;

    /// <summary>The client could not even write the value.</summary>
    public static bool IsEncoding(Exception exception) =>
        exception is EncoderFallbackException or InvalidCastException or OverflowException or FormatException
        || exception.InnerException is { } inner && IsEncoding(inner);

    /// <summary>Worth repeating later: the database is out of reach, starting or overloaded.</summary>
    public static bool IsPassing(Exception exception) =>
        exception switch
        {
            PostgresException p => !IsAboutData(p.SqlState),
            NpgsqlException or TimeoutException or IOException => true,
            _ => false,
        };
}
