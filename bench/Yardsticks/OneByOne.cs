using Npgsql;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Bench.Yardsticks;

/// <summary>The naive way: the same rows, one transaction a message, each statement a round trip of its own.</summary>
internal sealed class OneByOne : IMessageWriter
{
    private readonly NpgsqlDataSource database;
    private readonly IReadOnlyDictionary<string, (Guid Thread, Guid Channel)> threads;

    private OneByOne(NpgsqlDataSource database, IReadOnlyDictionary<string, (Guid, Guid)> threads) =>
        (this.database, this.threads) = (database, threads);

    public static async Task<IMessageWriter> OpenAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(BenchSettings.Database)
        {
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = 100,
            ApplicationName = "bench-naive",
        };
        var database = NpgsqlDataSource.Create(settings.ConnectionString);
        return new OneByOne(database, await ThreadMap.LoadAsync(database, BenchSettings.NaiveAccount));
    }

    public async Task WriteAsync(WebhookMessage message, DateTimeOffset receivedAt)
    {
        var (thread, channel) = threads[message.WaId!];
        var account = BenchSettings.NaiveAccount;
        var at = DateTimeOffset.FromUnixTimeSeconds(message.Timestamp!.Value).UtcDateTime;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();

        int seq;
        long revision;
        await using (
            var update = Command(
                """
                update threadkeep.threads
                set version = version + 1, revision = revision + 1, last_seq = last_seq + 1, unread = unread + 1, answer_owed = true,
                    last_inbound_at = greatest(last_inbound_at, $3), identity_at = greatest(identity_at, $3),
                    preview_seq = last_seq + 1, preview_at = $3
                where account_id = $1 and id = $2
                returning last_seq, revision
                """,
                account,
                thread,
                at
            )
        )
        await using (var reader = await update.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            (seq, revision) = (reader.GetInt32(0), reader.GetInt64(1));
        }
        await RunAsync(
            """
            insert into threadkeep.messages
                (account_id, thread_id, seq, channel_id, direction, type, text, wamid, at, received_at, late, time_doubtful, raw)
            values ($1, $2, $3, $4, 0, 'text', $5, $6, $7, $8, false, false, $9)
            """,
            account,
            thread,
            seq,
            channel,
            message.Text!,
            message.Wamid,
            at,
            receivedAt.UtcDateTime,
            message.Raw
        );
        await RunAsync(
            "update threadkeep.thread_activity set at = greatest(at, $3) where account_id = $1 and thread_id = $2",
            account,
            thread,
            at
        );
        await RunAsync(
            "insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq) values ($1, $2, $3, $4, $4)",
            account,
            thread,
            revision,
            seq
        );
        await transaction.CommitAsync();

        async Task RunAsync(string sql, params object[] values)
        {
            await using var command = Command(sql, values);
            await command.ExecuteNonQueryAsync();
        }

        NpgsqlCommand Command(string sql, params object[] values)
        {
            var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            return command;
        }
    }
}
