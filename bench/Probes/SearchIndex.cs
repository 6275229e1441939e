using System.Diagnostics;
using Npgsql;

namespace Threadkeep.Bench.Probes;

/// <summary>The search index's consumer follows the outbox by itself; this waits until it has caught up.</summary>
internal static class SearchIndex
{
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
}
