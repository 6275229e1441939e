using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Live;

/// <summary>A row of the outbox, for one of its readers.</summary>
/// <param name="First">The first message that the commit added or whose words it changed; 0: none. Null: the row does not say (it is by a version before the log).</param>
/// <param name="Last">The last of them.</param>
public readonly record struct OutboxRow(AccountId Account, ThreadId Thread, int? First, int? Last);

/// <summary>
/// The outbox as a log. A reader's place and the effect of what it read are one transaction, so the effect comes once. The place is
/// locked while somebody works: one at a time, and another as soon as the first is gone.
/// Rows come in the order of their transactions, and only once no earlier one is still under way: a row that is committed late
/// is behind its reader's place never, whatever its number.
/// </summary>
public sealed class OutboxLog(NpgsqlDataSource database)
{
    /// <summary>Begins a turn; null where somebody else has the reader's place, or there is no such reader.</summary>
    /// <param name="limit">Rows at most.</param>
    public async Task<OutboxTurn?> TakeAsync(string reader, int limit, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        var turn = new OutboxTurn(reader, connection, await connection.BeginTransactionAsync(cancellation));
        try
        {
            if (await turn.TakePlaceAsync(cancellation))
            {
                await turn.ReadAsync(limit, cancellation);
                return turn;
            }
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
        await turn.DisposeAsync();
        return null;
    }

    /// <summary>How old the oldest row is that the reader has not had yet.</summary>
    public async Task<TimeSpan> LagAsync(string reader, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select clock_timestamp() - o.at
            from threadkeep.outbox_consumers c
            cross join lateral (
                select x.at from threadkeep.outbox x where (x.tx, x.id) > (c.tx, c.id) order by x.tx, x.id limit 1) o
            where c.name = $1
            """
        );
        command.Parameters.Add(new() { Value = reader });
        return await command.ExecuteScalarAsync(cancellation) is TimeSpan lag && lag > TimeSpan.Zero
            ? lag
            : TimeSpan.Zero;
    }
}

/// <summary>One reader's turn: rows, and the transaction that their effect belongs to. Without <see cref="CommitAsync"/> it leaves nothing behind.</summary>
public sealed class OutboxTurn : IAsyncDisposable
{
    private readonly string reader;
    private readonly NpgsqlTransaction transaction;
    private (ulong Tx, long Id)? last;

    internal OutboxTurn(string reader, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.reader, Connection, this.transaction) = (reader, connection, transaction);

    /// <summary>In the turn's transaction.</summary>
    public NpgsqlConnection Connection { get; }

    public IReadOnlyList<OutboxRow> Rows { get; private set; } = [];

    /// <summary>True where the log was restarted: the database was restored from a dump, whose transaction numbers mean nothing here.</summary>
    public bool Restarted { get; private set; }

    /// <summary>Moves the place behind the rows and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        if (last is { } place)
        {
            await using var command = new NpgsqlCommand(
                "update threadkeep.outbox_consumers set tx = $2, id = $3 where name = $1",
                Connection
            )
            {
                Parameters =
                {
                    new() { Value = reader },
                    new() { Value = place.Tx, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Xid8 },
                    new() { Value = place.Id },
                },
            };
            await command.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    internal async Task<bool> TakePlaceAsync(CancellationToken cancellation)
    {
        bool ahead;
        await using (
            var command = Command(
                "select tx > pg_snapshot_xmax(pg_current_snapshot()) from threadkeep.outbox_consumers where name = $1 for update skip locked"
            )
        )
        {
            if (await command.ExecuteScalarAsync(cancellation) is not bool known)
                return false;
            ahead = known;
        }
        if (!ahead)
            return true;
        Restarted = true;
        // One by one: the second must see what the first did.
        await using var older = new NpgsqlCommand(
            "update threadkeep.outbox set tx = '0' where tx > pg_snapshot_xmax(pg_current_snapshot())",
            Connection
        );
        await older.ExecuteNonQueryAsync(cancellation);
        await using var again = Command(
            """
            update threadkeep.outbox_consumers
            set tx = pg_snapshot_xmin(pg_current_snapshot()), id = 0,
                filling = true, filled = 0, fill_account = null, fill_thread = null, fill_seq = null
            where name = $1
            """
        );
        await again.ExecuteNonQueryAsync(cancellation);
        return true;
    }

    internal async Task ReadAsync(int limit, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            select o.tx, o.id, o.account_id, o.thread_id, o.first_seq, o.last_seq
            from threadkeep.outbox_consumers c
            cross join lateral (
                select * from threadkeep.outbox x
                where (x.tx, x.id) > (c.tx, c.id) and x.tx < pg_snapshot_xmin(pg_current_snapshot())
                order by x.tx, x.id
                limit $2) o
            where c.name = $1
            order by o.tx, o.id
            """
        );
        command.Parameters.Add(new() { Value = limit });
        var rows = new List<OutboxRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            last = (reader.GetFieldValue<ulong>(0), reader.GetInt64(1));
            rows.Add(
                new OutboxRow(
                    new AccountId(reader.GetGuid(2)),
                    new ThreadId(reader.GetGuid(3)),
                    reader.IsDBNull(4) ? null : reader.GetInt32(4),
                    reader.IsDBNull(5) ? null : reader.GetInt32(5)
                )
            );
        }
        Rows = rows;
    }

    private NpgsqlCommand Command(string sql) => new(sql, Connection) { Parameters = { new() { Value = reader } } };
}
