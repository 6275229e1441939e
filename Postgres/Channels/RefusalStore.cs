using Dapper;
using Npgsql;

namespace Threadkeep.Channels;

/// <summary>How many webhooks came to an app's address that no known secret signed.</summary>
public sealed class RefusalStore(NpgsqlDataSource database)
{
    /// <summary>Adds to a day's figures; where there is no such app, nothing.</summary>
    /// <param name="counts">By app key; of the address without one by <c>default</c>.</param>
    public async Task AddAsync(IReadOnlyDictionary<string, long> counts, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.webhook_refusals as r (app_key, day, count, last_at)
            select a.app_key, (@now at time zone 'UTC')::date, n.count, @now
            from unnest(@keys, @counts) n (app_key, count)
            join threadkeep.meta_apps a on a.app_key = n.app_key
            order by a.app_key
            on conflict (app_key, day) do update set count = r.count + excluded.count, last_at = greatest(r.last_at, excluded.last_at)
            """,
            new
            {
                keys = counts.Keys.ToArray(),
                counts = counts.Values.ToArray(),
                now = now.UtcDateTime,
            }
        );
    }
}
