using Npgsql;

namespace Threadkeep.Search;

/// <summary>
/// Connections of search alone, so that neither a heavy search nor a heavy batch takes one from somebody who waits.
/// The statements are written for the indexes; a plan made while the tables are small must not lead elsewhere.
/// </summary>
public sealed class SearchDatabase : IAsyncDisposable
{
    private const string Plans = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <summary>Shown in <c>pg_stat_activity</c> for the writer; the watch over frozen writers goes by it.</summary>
    public const string IndexerName = "threadkeep-search-indexer";

    /// <summary>Connections of a silo for writing the index.</summary>
    public const int IndexerPool = 2;

    private SearchDatabase(string connectionString, string name, int pool, string options)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = name,
            MaxPoolSize = pool,
            MaxAutoPrepare = 50,
            NoResetOnClose = true,
            Enlist = false,
            Options = $"{Plans} {options}",
        };
        Source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>For the silo that writes the index. A transaction that somebody left open ends by itself, and its place is free.</summary>
    public static SearchDatabase ForIndexer(string connectionString) =>
        new(
            connectionString,
            IndexerName,
            IndexerPool,
            "-c plan_cache_mode=force_generic_plan -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s -c statement_timeout=30s"
        );

    /// <summary>For searches.</summary>
    /// <param name="pool">Searches at once; one more waits.</param>
    public static SearchDatabase ForSearches(string connectionString, int pool) =>
        new(
            connectionString,
            "threadkeep-search",
            pool,
            "-c plan_cache_mode=force_custom_plan -c statement_timeout=5s"
        );

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
