using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Live;

/// <summary>Reads of the outbox: every visible change wrote a row there, in its own commit.</summary>
public sealed class OutboxQueries(NpgsqlDataSource database)
{
    /// <summary>The newest revision of every thread that changed within <paramref name="window"/>, by PostgreSQL's clock.</summary>
    public async Task<IReadOnlyList<ThreadHint>> ChangedAsync(Guid[] accounts, TimeSpan window)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Account, Guid Thread, long Revision)>(
            """
            select account_id, thread_id, max(revision)
            from threadkeep.outbox
            where at > clock_timestamp() - @window and account_id = any(@accounts)
            group by account_id, thread_id
            """,
            new { accounts, window }
        );
        return [.. rows.Select(r => new ThreadHint(new AccountId(r.Account), new ThreadId(r.Thread), r.Revision))];
    }

    /// <summary>Removes old rows that every reader of the log is past; one that lags keeps what it has not had (<see cref="OutboxLog"/>).</summary>
    public async Task<int> RemoveOldAsync(TimeSpan age)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            """
            delete from threadkeep.outbox o
            where o.at < clock_timestamp() - @age
                and not exists (select from threadkeep.outbox_consumers c where (o.tx, o.id) > (c.tx, c.id))
            """,
            new { age }
        );
    }
}
