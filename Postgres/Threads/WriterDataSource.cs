using Npgsql;

namespace Threadkeep.Threads;

/// <summary>
/// Connections for the writers. Their statements join arrays to growing tables; a plan made while the tables are empty
/// would scan them for minutes, so scans and hash joins are off here and the generic plan (indexes, nested loops) holds.
/// </summary>
public sealed class WriterDataSource : IAsyncDisposable
{
    /// <summary>Shown in <c>pg_stat_activity</c>; the watch over frozen writers goes by it.</summary>
    public const string ApplicationName = "threadkeep-writer";

    /// <param name="connectionString">The plain one; what writers need is added here.</param>
    /// <param name="bufferBytes">Write buffer; a batch must leave in one write.</param>
    public WriterDataSource(string connectionString, int bufferBytes)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = ApplicationName,
            WriteBufferSize = bufferBytes,
            // Each loop holds one for good; the pool only has to be no smaller.
            MaxPoolSize = 32,
            CommandTimeout = 6,
            Timeout = 4,
            KeepAlive = 0,
            NoResetOnClose = true,
            Enlist = false,
            Options =
                "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off "
                + "-c plan_cache_mode=force_generic_plan -c jit=off -c lock_timeout=3s",
        };
        Source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    public NpgsqlDataSource Source { get; }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
