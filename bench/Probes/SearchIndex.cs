using System.Diagnostics;
using Npgsql;

namespace Threadkeep.Bench.Probes;

/// <summary>
/// The search index's consumer follows the outbox by itself, whoever wrote there. This waits until it has caught up, or takes its place
/// away, so that it finds nothing to do: for measuring what a message costs until its 200, of the product and of yardsticks alike.
/// </summary>
internal static class SearchIndex
{
    private const string Reader = Search.SearchIndex.Reader;
    private const string Aside = Reader + ", set aside by the benchmark";

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Waits until nothing is written any more to the tables whose names speak of search.</summary>
    /// <returns>Rows written in all and when the last one came; null: there is no such table.</returns>
    /// <exception cref="TimeoutException">It does not catch up within ten minutes.</exception>
    public static async Task<(long Rows, TimeSpan After)?> SettleAsync(NpgsqlDataSource database)
    {
        var clock = Stopwatch.StartNew();
        var (rows, since) = (-1L, TimeSpan.Zero);
        while (clock.Elapsed < Patience)
        {
            var now = await database.ScalarAsync<long>(
                """
                select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), -2)::bigint
                from pg_stat_user_tables where schemaname = 'threadkeep' and relname like '%search%'
                """
            );
            if (now == -2)
                return null;
            if (now != rows)
                (rows, since) = (now, clock.Elapsed);
            else if (clock.Elapsed - since > Quiet)
                return (rows, since);
            await Task.Delay(500);
        }
        throw new TimeoutException("The search index does not catch up.");
    }

    /// <summary>From now on nothing is indexed.</summary>
    public static Task SetAsideAsync(NpgsqlDataSource database) =>
        database.RunAsync("update threadkeep.outbox_consumers set name = $1 where name = $2", Aside, Reader);

    /// <summary>Indexing goes on with what is written from now on.</summary>
    public static Task PutBackAsync(NpgsqlDataSource database) =>
        database.RunAsync(
            "update threadkeep.outbox_consumers set name = $1, tx = pg_snapshot_xmin(pg_current_snapshot()), id = 0 where name = $2",
            Reader,
            Aside
        );
}
