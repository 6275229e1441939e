using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Threadkeep.Threads;

/// <summary>
/// A statement of this assembly, prepared on one connection, whose parameters are arrays: one array a column.
/// It stays the same for one row or five hundred, so it is planned once.
/// </summary>
internal sealed class ArrayCommand(NpgsqlConnection connection, string sql) : IDisposable
{
    private readonly NpgsqlCommand command = new(sql, connection);
    private int set;

    public void Dispose() => command.Dispose();

    /// <summary>
    /// Sets the next parameter to one column of <paramref name="rows"/>. Every time the same parameters in the same order: they are
    /// named once and found by their place from then on.
    /// </summary>
    public void Set<TRow, T>(string name, IReadOnlyList<TRow> rows, Func<TRow, T> column)
    {
        var values = new T[rows.Count];
        for (var n = 0; n < values.Length; n++)
            values[n] = column(rows[n]);
        if (command.IsPrepared)
            ((NpgsqlParameter<T[]>)command.Parameters[set++]).TypedValue = values;
        else
            command.Parameters.Add(
                new NpgsqlParameter<T[]>(name, values) { NpgsqlDbType = NpgsqlDbType.Array | ElementType<T>() }
            );
    }

    /// <summary>Runs the statement, preparing it first where that has not been done.</summary>
    public async Task<NpgsqlDataReader> ExecuteAsync(CancellationToken cancellation)
    {
        set = 0;
        if (!command.IsPrepared)
            await command.PrepareAsync(cancellation);
        return await command.ExecuteReaderAsync(cancellation);
    }

    private static NpgsqlDbType ElementType<T>()
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return type switch
        {
            _ when type == typeof(int) => NpgsqlDbType.Integer,
            _ when type == typeof(long) => NpgsqlDbType.Bigint,
            _ when type == typeof(short) => NpgsqlDbType.Smallint,
            _ when type == typeof(bool) => NpgsqlDbType.Boolean,
            _ when type == typeof(Guid) => NpgsqlDbType.Uuid,
            _ when type == typeof(string) => NpgsqlDbType.Text,
            _ when type == typeof(DateTime) => NpgsqlDbType.TimestampTz,
            _ when type == typeof(byte[]) => NpgsqlDbType.Bytea,
            _ => throw new NotSupportedException($"No column type for {type}."),
        };
    }

    /// <param name="file">The embedded file's name, e.g. <c>Commit.sql</c>.</param>
    public static string ReadSql(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Threadkeep.Threads.{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
