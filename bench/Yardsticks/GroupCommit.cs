using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Bench.Yardsticks;

/// <summary>
/// The same rows and indexes as the product writes, in as few commits as possible and with nothing around them: two loops,
/// each with its own half of the threads, send what waits as one statement.
/// </summary>
internal sealed class GroupCommit : IMessageWriter
{
    private const int Loops = 2;
    private const int MaxBatch = 600;

    private const string Sql = """
        with i as materialized (
            select * from unnest(@thread::uuid[], @wamid::text[], @text::text[], @at::timestamptz[], @received::timestamptz[], @raw::bytea[])
                as i (thread_id, wamid, text, at, received_at, raw)
        ),
        t as (
            update threadkeep.threads th
            set version = th.version + 1, revision = th.revision + 1, last_seq = th.last_seq + 1, unread = th.unread + 1, answer_owed = true,
                last_inbound_at = greatest(th.last_inbound_at, i.at), identity_at = greatest(th.identity_at, i.at),
                preview_seq = th.last_seq + 1, preview_at = i.at
            from i
            where th.account_id = @account and th.id = i.thread_id
            returning th.id, th.channel_id, th.last_seq, th.revision
        ),
        a as (
            update threadkeep.thread_activity x set at = greatest(x.at, i.at)
            from i
            where x.account_id = @account and x.thread_id = i.thread_id
        ),
        o as (
            insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq) select @account, id, revision, last_seq, last_seq from t
        )
        insert into threadkeep.messages (account_id, thread_id, seq, channel_id, direction, type, text, wamid, at, received_at, late, time_doubtful, raw)
        select @account, t.id, t.last_seq, t.channel_id, 0, 'text', i.text, i.wamid, i.at, i.received_at, false, false, i.raw
        from i join t on t.id = i.thread_id
        """;

    private sealed record Pending(
        Guid Thread,
        WebhookMessage Message,
        DateTimeOffset ReceivedAt,
        TaskCompletionSource Done
    );

    private readonly NpgsqlDataSource database;
    private readonly IReadOnlyDictionary<string, (Guid Thread, Guid Channel)> threads;
    private readonly Channel<Pending>[] waiting;

    private GroupCommit(NpgsqlDataSource database, IReadOnlyDictionary<string, (Guid, Guid)> threads)
    {
        this.database = database;
        this.threads = threads;
        waiting = [.. Enumerable.Range(0, Loops).Select(_ => Channel.CreateUnbounded<Pending>())];
        foreach (var channel in waiting)
            _ = Task.Run(() => LoopAsync(channel.Reader));
    }

    public static async Task<IMessageWriter> OpenAsync()
    {
        // Planned as the product's writers are.
        var settings = new NpgsqlConnectionStringBuilder(BenchSettings.Database)
        {
            WriteBufferSize = 2 * 1024 * 1024,
            NoResetOnClose = true,
            ApplicationName = "bench-group",
            Options =
                "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off "
                + "-c plan_cache_mode=force_generic_plan -c jit=off",
        };
        var database = NpgsqlDataSource.Create(settings.ConnectionString);
        return new GroupCommit(database, await ThreadMap.LoadAsync(database, BenchSettings.GroupAccount));
    }

    public Task WriteAsync(WebhookMessage message, DateTimeOffset receivedAt)
    {
        var (thread, _) = threads[message.WaId!];
        var pending = new Pending(
            thread,
            message,
            receivedAt,
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        waiting[(uint)thread.GetHashCode() % Loops].Writer.TryWrite(pending);
        return pending.Done.Task;
    }

    private async Task LoopAsync(ChannelReader<Pending> reader)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue("account", BenchSettings.GroupAccount);
        var batch = new List<Pending>();
        var held = new List<Pending>();
        var taken = new HashSet<Guid>();
        while (held.Count > 0 || await reader.WaitToReadAsync())
        {
            var again = held.ToArray();
            held.Clear();
            foreach (var pending in again)
                Take(pending);
            while (batch.Count < MaxBatch && reader.TryRead(out var pending))
                Take(pending);
            try
            {
                await SendAsync(command, batch);
                foreach (var pending in batch)
                    pending.Done.SetResult();
            }
            catch (NpgsqlException failed)
            {
                foreach (var pending in batch)
                    pending.Done.SetException(failed);
            }
            batch.Clear();
            taken.Clear();
        }

        // A second message of the same thread waits for the next statement.
        void Take(Pending pending) => (taken.Add(pending.Thread) ? batch : held).Add(pending);
    }

    private static async Task SendAsync(NpgsqlCommand command, List<Pending> batch)
    {
        Set("thread", NpgsqlDbType.Uuid, p => p.Thread);
        Set("wamid", NpgsqlDbType.Text, p => p.Message.Wamid);
        Set("text", NpgsqlDbType.Text, p => p.Message.Text);
        Set(
            "at",
            NpgsqlDbType.TimestampTz,
            p => DateTimeOffset.FromUnixTimeSeconds(p.Message.Timestamp!.Value).UtcDateTime
        );
        Set("received", NpgsqlDbType.TimestampTz, p => p.ReceivedAt.UtcDateTime);
        Set("raw", NpgsqlDbType.Bytea, p => p.Message.Raw);
        if (!command.IsPrepared)
            await command.PrepareAsync();
        await command.ExecuteNonQueryAsync();

        void Set<T>(string name, NpgsqlDbType type, Func<Pending, T> column)
        {
            var values = new T[batch.Count];
            for (var n = 0; n < values.Length; n++)
                values[n] = column(batch[n]);
            if (command.Parameters.TryGetValue(name, out var found))
                ((NpgsqlParameter<T[]>)found).TypedValue = values;
            else
                command.Parameters.Add(
                    new NpgsqlParameter<T[]>(name, values) { NpgsqlDbType = NpgsqlDbType.Array | type }
                );
        }
    }
}
