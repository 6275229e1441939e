using System.Globalization;
using Npgsql;

namespace Threadkeep.Bench.Probes;

/// <summary>Which statements took the time, from pg_stat_statements.</summary>
internal static class Statements
{
    public static Task ResetAsync(NpgsqlDataSource database) => database.RunAsync("select pg_stat_statements_reset()");

    public static async Task<Table> TopAsync(NpgsqlDataSource database, int count = 8)
    {
        var rows = await database.RowsAsync(
            """
            select left(regexp_replace(query, '\s+', ' ', 'g'), 90), to_char(calls, 'FM999,999,990'), to_char(mean_exec_time, 'FM999990.000'),
                to_char(total_exec_time / 1000, 'FM999990.00'), to_char(rows, 'FM999,999,990')
            from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database())
            order by total_exec_time desc limit $1
            """,
            count
        );
        return new Table(
            ["statement", "calls", "mean ms", "all s", "rows"],
            [.. rows.Select(r => (string[])[$"`{r[0].Replace("|", "/", StringComparison.Ordinal)}`", .. r[1..]])]
        );
    }

    /// <summary>Calls, milliseconds and rows of the statements whose text holds these words.</summary>
    public static async Task<(double Calls, double Milliseconds, double Rows, double Buffers)> OfAsync(
        NpgsqlDataSource database,
        string words
    )
    {
        var row = (
            await database.RowsAsync(
                """
                select coalesce(sum(calls), 0)::float8, coalesce(sum(total_exec_time), 0)::float8, coalesce(sum(rows), 0)::float8,
                    coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8
                from pg_stat_statements
                where query ilike '%' || $1 || '%' and dbid = (select oid from pg_database where datname = current_database())
                """,
                words
            )
        )[0];
        return (Number(0), Number(1), Number(2), Number(3));

        double Number(int n) => double.Parse(row[n], CultureInfo.CurrentCulture);
    }
}
