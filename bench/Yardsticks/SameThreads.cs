using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Yardsticks;

/// <summary>The yardsticks' threads are the product's, copied; what they leave behind is held against the product's rows.</summary>
internal static class SameThreads
{
    private static readonly string[] Tables = ["threads", "thread_activity", "messages"];

    /// <param name="to">The yardstick's account.</param>
    public static async Task CopyAsync(BenchDatabase database, Guid to)
    {
        foreach (var table in Tables)
        {
            var columns = await database.Source.ScalarAsync<string>(
                """
                select string_agg(quote_ident(column_name), ', ') from information_schema.columns
                where table_schema = 'threadkeep' and table_name = $1 and column_name <> 'account_id' and is_generated = 'NEVER'
                """,
                table
            );
            await database.Source.RunAsync(
                $"insert into threadkeep.{table} (account_id, {columns}) select $2, {columns} from threadkeep.{table} where account_id = $1",
                database.Channel.Account.Value,
                to
            );
            await database.Source.RunAsync($"vacuum (analyze) threadkeep.{table}");
        }
    }

    /// <summary>For each account: size of the rows that messages of this run left, and which of their columns are filled.</summary>
    public static async Task<Table> CompareAsync(BenchDatabase database)
    {
        var accounts = new[]
        {
            ("product", database.Channel.Account.Value),
            ("ceiling", BenchSettings.GroupAccount),
            ("naive", BenchSettings.NaiveAccount),
        };
        var rows = new List<string[]>();
        foreach (var (name, account) in accounts)
        {
            var row = (
                await database.Source.RowsAsync(
                    """
                    with m as (select * from threadkeep.messages where account_id = $1 and wamid between 'wamid.0' and 'wamid.A' limit 20000),
                    o as (select * from threadkeep.outbox where account_id = $1 order by tx desc, id desc limit 20000),
                    t as (select * from threadkeep.threads where account_id = $1 and version > 3 limit 20000)
                    select (select round(avg(pg_column_size(m))) from m), (select round(avg(pg_column_size(o))) from o),
                        (select round(avg(pg_column_size(t))) from t),
                        (select string_agg(k, ' ' order by k) from (select distinct e.key as k from (select * from m limit 500) m, jsonb_each(to_jsonb(m)) e
                            where e.value <> 'null') f)
                    """,
                    account
                )
            )[0];
            rows.Add([name, .. row]);
        }
        return new Table(
            [
                "endpoint",
                "bytes of a message's row",
                "of its outbox row",
                "of its thread's row",
                "columns filled in what messages left",
            ],
            rows
        );
    }
}
