using Npgsql;
using NpgsqlTypes;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Live;

namespace Threadkeep.Search;

/// <summary>What a turn did.</summary>
/// <param name="Messages">Messages looked at.</param>
/// <param name="More">True where as much was read as was allowed, so that more may wait.</param>
/// <param name="Restarted">The log began anew (<see cref="OutboxTurn.Restarted"/>), and everything is indexed again.</param>
public readonly record struct IndexTurn(int Messages, bool More, bool Restarted = false);

/// <summary>
/// Writes the search index: from the outbox what changes, and once, message by message, what was stored before the log began.
/// A message is indexed as it stands; one that must not be found any more is taken out, so doing it again does no harm.
/// </summary>
public sealed class SearchIndex(NpgsqlDataSource database)
{
    /// <summary>The outbox's reader.</summary>
    public const string Reader = "search";

    private readonly OutboxLog log = new(database);

    /// <summary>Indexes what the next commits of the outbox changed; null where another silo is at it.</summary>
    /// <param name="limit">Commits at most.</param>
    /// <param name="passOver">True to move on without any effect: for a commit that cannot be indexed.</param>
    public async Task<IndexTurn?> FollowAsync(int limit, bool passOver, CancellationToken cancellation)
    {
        await using var turn = await log.TakeAsync(Reader, limit, cancellation);
        if (turn is null)
            return null;
        var messages = passOver ? 0 : await IndexAsync(turn, cancellation);
        await turn.CommitAsync(cancellation);
        return new IndexTurn(messages, turn.Rows.Count == limit, turn.Restarted);
    }

    /// <summary>Indexes the next messages of those stored before the log began; null where another silo is at it, or nothing is left.</summary>
    public async Task<IndexTurn?> FillAsync(int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        List<StoredMessage> stored;
        await using (
            var command = new NpgsqlCommand(
                $"""
                with place as materialized (
                    select * from threadkeep.outbox_consumers where name = @reader and filling for update skip locked
                )
                select {StoredMessage.Columns}
                from place p
                left join lateral (
                    select * from threadkeep.messages x
                    where (x.account_id, x.thread_id, x.seq) > (
                        coalesce(p.fill_account, '00000000-0000-0000-0000-000000000000'),
                        coalesce(p.fill_thread, '00000000-0000-0000-0000-000000000000'), coalesce(p.fill_seq, 0))
                    order by x.account_id, x.thread_id, x.seq
                    limit @limit) m on true
                """,
                connection
            )
        )
        {
            command.Parameters.AddWithValue("reader", Reader);
            command.Parameters.AddWithValue("limit", limit);
            stored = await StoredMessage.ReadAsync(command, cancellation);
        }
        if (stored.Count == 0)
            return null;
        // No message: the last was done before.
        var messages = stored.Where(m => m.Exists).ToArray();
        await WriteAsync(connection, messages, cancellation);
        await using var move = new NpgsqlCommand(
            """
            update threadkeep.outbox_consumers
            set filling = @more, filled = filled + @count, fill_account = coalesce(@account, fill_account),
                fill_thread = coalesce(@thread, fill_thread), fill_seq = coalesce(@seq, fill_seq)
            where name = @reader
            """,
            connection
        );
        var last = messages.LastOrDefault();
        move.Parameters.AddWithValue("more", messages.Length == limit);
        move.Parameters.AddWithValue("count", (long)messages.Length);
        move.Parameters.Add(Value("account", NpgsqlDbType.Uuid, last?.Account.Value));
        move.Parameters.Add(Value("thread", NpgsqlDbType.Uuid, last?.Thread.Value));
        move.Parameters.Add(Value("seq", NpgsqlDbType.Integer, last?.Seq));
        move.Parameters.AddWithValue("reader", Reader);
        await move.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new IndexTurn(messages.Length, messages.Length == limit);
    }

    /// <summary>
    /// Indexes anew what an earlier version folded in another way, also while that version still writes beside this one (ADR 096).
    /// Null where another silo is at it, or nothing is left.
    /// </summary>
    /// <param name="limit">Messages, and customers, at most.</param>
    public async Task<IndexTurn?> FoldAnewAsync(int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var threads = new List<(AccountId Account, ThreadId Thread)>();
        await using (
            var command = new NpgsqlCommand(
                $"""
                with place as materialized (
                    select from threadkeep.outbox_consumers
                    where name = @reader and (exists (select from threadkeep.message_search where {Folding.IsOlder})
                        or exists (select from threadkeep.thread_search where {Folding.IsOlder}))
                    for update skip locked
                )
                delete from threadkeep.thread_search s
                using place, (select account_id, thread_id from threadkeep.thread_search where {Folding.IsOlder} limit @limit) o
                where s.account_id = o.account_id and s.thread_id = o.thread_id
                returning s.account_id, s.thread_id
                """,
                connection
            )
        )
        {
            command.Parameters.AddWithValue("reader", Reader);
            command.Parameters.AddWithValue("limit", limit);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                threads.Add((new AccountId(reader.GetGuid(0)), new ThreadId(reader.GetGuid(1))));
        }
        List<StoredMessage> stored;
        await using (
            // Its place is held from the statement before on, where there was anything; what is gone from the account goes from here.
            var command = new NpgsqlCommand(
                $"""
                with place as materialized (
                    select from threadkeep.outbox_consumers
                    where name = @reader and exists (select from threadkeep.message_search where {Folding.IsOlder})
                    for update skip locked
                ), older as (
                    delete from threadkeep.message_search s
                    using place, (select account_id, thread_id, seq from threadkeep.message_search where {Folding.IsOlder} limit @limit) o
                    where s.account_id = o.account_id and s.thread_id = o.thread_id and s.seq = o.seq
                    returning s.account_id, s.thread_id, s.seq
                )
                select {StoredMessage.Columns}
                from older o
                left join threadkeep.messages m on m.account_id = o.account_id and m.thread_id = o.thread_id and m.seq = o.seq
                """,
                connection
            )
        )
        {
            command.Parameters.AddWithValue("reader", Reader);
            command.Parameters.AddWithValue("limit", limit);
            stored = await StoredMessage.ReadAsync(command, cancellation);
        }
        if (threads.Count == 0 && stored.Count == 0)
            return null;
        await WriteNamesAsync(connection, threads, cancellation);
        await WriteAsync(connection, [.. stored.Where(m => m.Exists)], cancellation);
        await transaction.CommitAsync(cancellation);
        return new IndexTurn(stored.Count, stored.Count == limit || threads.Count == limit);
    }

    /// <summary>How old the oldest change is that cannot be found yet.</summary>
    public Task<TimeSpan> LagAsync(CancellationToken cancellation) => log.LagAsync(Reader, cancellation);

    /// <summary>About how many messages <see cref="FillAsync"/> still has before it; 0 when it is done.</summary>
    public async Task<long> LeftToFillAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select greatest(1, c.reltuples::bigint - p.filled)
            from threadkeep.outbox_consumers p, pg_class c
            where p.name = $1 and p.filling and c.oid = 'threadkeep.messages'::regclass
            """
        );
        command.Parameters.Add(new() { Value = Reader });
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    private static async Task<int> IndexAsync(OutboxTurn turn, CancellationToken cancellation)
    {
        var ranges = turn.Rows.Where(r => r.Last != 0).Distinct().ToArray();
        if (ranges.Length == 0)
            return 0;
        await using var command = new NpgsqlCommand(
            $"""
            select {StoredMessage.Columns}
            from unnest(@accounts, @threads, @firsts, @lasts) as r (account_id, thread_id, first_seq, last_seq)
            cross join lateral (
                select * from threadkeep.messages x
                where x.account_id = r.account_id and x.thread_id = r.thread_id
                    -- A version that does not say: whatever is newer than what can be found.
                    and x.seq >= coalesce(r.first_seq, (
                        select max(s.seq) + 1 from threadkeep.message_search s
                        where s.account_id = r.account_id and s.thread_id = r.thread_id), 1)
                    and x.seq <= coalesce(r.last_seq, 2147483647)) m
            """,
            turn.Connection
        );
        command.Parameters.AddWithValue("accounts", ranges.Select(r => r.Account.Value).ToArray());
        command.Parameters.AddWithValue("threads", ranges.Select(r => r.Thread.Value).ToArray());
        command.Parameters.AddWithValue("firsts", ranges.Select(r => r.First).ToArray());
        command.Parameters.AddWithValue("lasts", ranges.Select(r => r.Last).ToArray());
        var read = await StoredMessage.ReadAsync(command, cancellation);
        // Two commits may name one message.
        var messages = read.DistinctBy(m => (m.Account, m.Thread, m.Seq)).ToArray();
        await WriteAsync(turn.Connection, messages, cancellation);
        return messages.Length;
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<StoredMessage> messages,
        CancellationToken cancellation
    )
    {
        if (messages.Count == 0)
            return;
        var found = new List<(StoredMessage Message, string Text)>();
        var hidden = new List<StoredMessage>();
        foreach (var message in messages)
        {
            var text = message.Folded();
            if (text.Length > 0)
                found.Add((message, text));
            else
                hidden.Add(message);
        }
        var grams = new GramColumn();
        foreach (var (message, text) in found)
            grams.Add(Grams.OfMessage(message.Account, Grams.WeekOf(message.At), Grams.PairsIn(text)));
        await using var command = new NpgsqlCommand(
            """
            delete from threadkeep.message_search s
            using unnest(@hiddenAccounts, @hiddenThreads, @hiddenSeqs) as h (account_id, thread_id, seq)
            where s.account_id = h.account_id and s.thread_id = h.thread_id and s.seq = h.seq;

            insert into threadkeep.message_search (account_id, thread_id, seq, at, channel_id, direction, has_media, text, grams)
            select m.account_id, m.thread_id, m.seq, m.at, m.channel_id, m.direction, m.has_media, m.text,
                (@grams)[m.grams_from : m.grams_to]
            from unnest(@accounts, @threads, @seqs, @ats, @channels, @directions, @media, @texts, @froms, @tos)
                as m (account_id, thread_id, seq, at, channel_id, direction, has_media, text, grams_from, grams_to)
            on conflict (account_id, thread_id, seq) do update
                set at = excluded.at, channel_id = excluded.channel_id, direction = excluded.direction,
                    has_media = excluded.has_media, text = excluded.text, grams = excluded.grams
                where (message_search.at, message_search.text, message_search.has_media)
                    is distinct from (excluded.at, excluded.text, excluded.has_media);
            """,
            connection
        );
        command.Parameters.AddWithValue("hiddenAccounts", hidden.Select(m => m.Account.Value).ToArray());
        command.Parameters.AddWithValue("hiddenThreads", hidden.Select(m => m.Thread.Value).ToArray());
        command.Parameters.AddWithValue("hiddenSeqs", hidden.Select(m => m.Seq).ToArray());
        command.Parameters.AddWithValue("accounts", found.Select(f => f.Message.Account.Value).ToArray());
        command.Parameters.AddWithValue("threads", found.Select(f => f.Message.Thread.Value).ToArray());
        command.Parameters.AddWithValue("seqs", found.Select(f => f.Message.Seq).ToArray());
        command.Parameters.AddWithValue("ats", found.Select(f => f.Message.At.UtcDateTime).ToArray());
        command.Parameters.AddWithValue("channels", found.Select(f => f.Message.Channel).ToArray());
        command.Parameters.AddWithValue("directions", found.Select(f => f.Message.Direction).ToArray());
        command.Parameters.AddWithValue("media", found.Select(f => f.Message.HasMedia).ToArray());
        command.Parameters.AddWithValue("texts", found.Select(f => f.Text).ToArray());
        grams.Bind(command);
        await command.ExecuteNonQueryAsync(cancellation);
        await WriteNamesAsync(connection, [.. messages.Select(m => (m.Account, m.Thread)).Distinct()], cancellation);
        await using var settle = new NpgsqlCommand("select threadkeep.settle_search()", connection);
        await settle.ExecuteNonQueryAsync(cancellation);
    }

    // A customer's name and number come with messages; a thread's row is written again only where they changed.
    private static async Task WriteNamesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(AccountId Account, ThreadId Thread)> touched,
        CancellationToken cancellation
    )
    {
        var threads = new List<(AccountId Account, Guid Thread, CustomerWords Words)>();
        await using (
            var read = new NpgsqlCommand(
                $"""
                select t.account_id, t.id, {ContactSql.Names}, t.profile_name, z.username, t.wa_id, c.phone
                from unnest(@accounts, @threads) as u (account_id, id)
                join threadkeep.threads t on t.account_id = u.account_id and t.id = u.id
                left join threadkeep.thread_persons z on z.account_id = t.account_id and z.thread_id = t.id
                {ContactSql.OfThread}
                """,
                connection
            )
        )
        {
            read.Parameters.AddWithValue("accounts", touched.Select(t => t.Account.Value).ToArray());
            read.Parameters.AddWithValue("threads", touched.Select(t => t.Thread.Value).ToArray());
            await using var reader = await read.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                threads.Add(
                    (
                        new AccountId(reader.GetGuid(0)),
                        reader.GetGuid(1),
                        CustomerWords.Of(
                            Text(reader, 2),
                            Text(reader, 3),
                            Text(reader, 4),
                            Text(reader, 5),
                            Text(reader, 6)
                        )
                    )
                );
            }
        }
        var grams = new GramColumn();
        foreach (var (account, _, words) in threads)
            grams.Add([.. Grams.OfNames(account, words.Names).Union(Grams.OfDigits(account, words.Digits))]);
        await using var command = new NpgsqlCommand(
            """
            insert into threadkeep.thread_search (account_id, thread_id, text, digits, grams)
            select t.account_id, t.thread_id, t.text, t.digits, (@grams)[t.grams_from : t.grams_to]
            from unnest(@accounts, @threads, @texts, @digits, @froms, @tos)
                as t (account_id, thread_id, text, digits, grams_from, grams_to)
            on conflict (account_id, thread_id) do update
                set text = excluded.text, digits = excluded.digits, grams = excluded.grams
                where (thread_search.text, thread_search.digits) is distinct from (excluded.text, excluded.digits)
            """,
            connection
        );
        command.Parameters.AddWithValue("accounts", threads.Select(t => t.Account.Value).ToArray());
        command.Parameters.AddWithValue("threads", threads.Select(t => t.Thread).ToArray());
        command.Parameters.AddWithValue("texts", threads.Select(t => t.Words.Names).ToArray());
        command.Parameters.AddWithValue("digits", threads.Select(t => t.Words.Digits).ToArray());
        grams.Bind(command);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter Value(string name, NpgsqlDbType type, object? value) =>
        new(name, type) { Value = value ?? DBNull.Value };

    /// <summary>Arrays of different lengths in one parameter: end to end, with the places where each begins and ends.</summary>
    private sealed class GramColumn
    {
        private readonly List<int> all = [];
        private readonly List<int> froms = [];
        private readonly List<int> tos = [];

        public void Add(int[] grams)
        {
            froms.Add(all.Count + 1);
            all.AddRange(grams);
            tos.Add(all.Count);
        }

        public void Bind(NpgsqlCommand command)
        {
            command.Parameters.AddWithValue("grams", all.ToArray());
            command.Parameters.AddWithValue("froms", froms.ToArray());
            command.Parameters.AddWithValue("tos", tos.ToArray());
        }
    }
}
