using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Threadkeep.Accounts;
using Threadkeep.Bench.Probes;
using Threadkeep.Threads;

namespace Threadkeep.Bench.Population;

/// <summary>
/// Writes a crowd with COPY: threads, activity, contacts, identities, tickets, messages, idempotency keys, one outbox row a
/// thread, and a reminder for every open session, so that the product can go on from there.
/// </summary>
internal sealed class CrowdCopy(NpgsqlDataSource database, Crowd crowd)
{
    private const int ReminderPeriodMilliseconds = 300_000;

    /// <summary>Writes everything and has PostgreSQL look at it, as it would have over the months.</summary>
    /// <returns>How long writing took.</returns>
    public async Task<TimeSpan> WriteAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(MessagesAsync(), OthersAsync());
        await database.RunAsync(
            """
            insert into threadkeep.ticket_numbers (account_id, next) values ($1, $2)
            on conflict (account_id) do update set next = excluded.next
            """,
            crowd.Channel.Account.Value,
            crowd.Plan.Threads + 1
        );
        var took = TimeProvider.System.GetElapsedTime(begun);
        foreach (
            var table in new[]
            {
                "threads",
                "thread_activity",
                "messages",
                "contacts",
                "thread_identities",
                "tickets",
                "outbox",
                "idempotency_keys",
            }
        )
            await database.RunAsync($"vacuum (analyze) threadkeep.{table}");
        await database.RunAsync("vacuum (analyze) orleans.orleansreminderstable");
        return took;
    }

    private async Task OthersAsync()
    {
        await CopyAsync(
            "threadkeep.threads (account_id, id, channel_id, contact_id, generation, wa_id, user_id, identity_at, profile_name, version, "
                + "revision, last_seq, read_seq, unread, answer_owed, last_inbound_at, session_seq, session_opened_at, session_warned, "
                + "session_closed, session_counted, alarm_at, ticket_id, ticket_number, ticket_status, preview_seq, preview_at, created_at)",
            ThreadRow
        );
        await CopyAsync(
            "threadkeep.thread_activity (account_id, thread_id, channel_id, at)",
            (to, n) =>
            {
                to.Uuid(Account);
                to.Uuid(crowd.ThreadOf(n).Value);
                to.Uuid(Channel);
                to.Time(crowd.At(n, crowd.Plan.Visible - 1));
            }
        );
        await CopyAsync(
            "threadkeep.contacts (account_id, id, phone, created_at)",
            (to, n) =>
            {
                to.Uuid(Account);
                to.Uuid(crowd.ContactOf(n).Value);
                to.Text("+" + BenchSettings.WaIdOf(n));
                to.Time(crowd.BeganAt(n));
            }
        );
        foreach (var identity in new[] { "wa:", "user:PT." })
        {
            await CopyAsync(
                "threadkeep.thread_identities (account_id, channel_id, identity, thread_id)",
                (to, n) =>
                {
                    to.Uuid(Account);
                    to.Uuid(Channel);
                    to.Text(identity + BenchSettings.WaIdOf(n));
                    to.Uuid(crowd.ThreadOf(n).Value);
                }
            );
        }
        await CopyAsync(
            "threadkeep.tickets (account_id, id, number, thread_id, contact_id, source, status, is_open, opened_at)",
            (to, n) =>
            {
                to.Uuid(Account);
                to.Uuid(Crowd.TicketOf(crowd.BeganAt(n), crowd.ThreadOf(n)));
                to.Int(n + 1);
                to.Uuid(crowd.ThreadOf(n).Value);
                to.Uuid(crowd.ContactOf(n).Value);
                to.Text("whatsapp");
                to.Text("new");
                to.Bool(!crowd.IsClosed(n));
                to.Time(crowd.BeganAt(n));
            }
        );
        await CopyAsync(
            "threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq, at)",
            (to, n) =>
            {
                to.Uuid(Account);
                to.Uuid(crowd.ThreadOf(n).Value);
                to.Long(Revision);
                to.Int(0); // no messages of its own: the search index is filled from the table
                to.Int(0);
                to.Time(crowd.Now - TimeSpan.FromMinutes(10));
            }
        );
        await CopyAsync(
            "orleans.orleansreminderstable (serviceid, grainid, remindername, starttime, period, grainhash)",
            ReminderRow,
            crowd.Plan.Open
        );
        await CopyAsync(
            "threadkeep.idempotency_keys (account_id, key, thread_id, seq, request_hash, created_at)",
            KeyRows
        );
    }

    private Guid Account => crowd.Channel.Account.Value;

    private Guid Channel => crowd.Channel.Channel.Value;

    private int Sent => Enumerable.Range(0, crowd.Plan.Visible).Count(v => !crowd.IsInbound(v));

    // One commit for what the customer writes; accepting, taking and settling for what the agent does.
    private int Version => crowd.Plan.Visible - Sent + 3 * Sent + 1;

    private long Revision => Version + 2 * Sent;

    private void ThreadRow(Row to, int n)
    {
        var began = crowd.BeganAt(n);
        var lastInbound = crowd.At(n, crowd.LastInbound);
        var open = crowd.IsOpen(n);
        var last = crowd.Plan.Visible - 1;
        to.Uuid(Account);
        to.Uuid(crowd.ThreadOf(n).Value);
        to.Uuid(Channel);
        to.Uuid(crowd.ContactOf(n).Value);
        to.Int(0); // generation
        to.Text(BenchSettings.WaIdOf(n));
        to.Text("PT." + BenchSettings.WaIdOf(n));
        to.Time(lastInbound); // identity_at
        to.Text(Texts.Name((uint)n * 2_654_435_761 >> 5));
        to.Int(Version);
        to.Long(Revision);
        to.Int(Crowd.SeqOf(last) + (open ? 0 : 1)); // last_seq
        to.Int(last == 0 ? 0 : Crowd.SeqOf(last)); // read_seq
        to.Int(last == 0 ? 1 : 0); // unread
        to.Bool(last == 0); // answer_owed
        to.Time(lastInbound);
        to.Int(Crowd.SeqOf(0)); // session_seq
        to.Time(began);
        to.Bool(crowd.Plan.AlarmAt is not null); // session_warned: with a chosen alarm, the end is what rings
        to.Bool(!open);
        to.Bool(false); // session_counted
        if (open)
            to.Time(AlarmAt(n));
        else
            to.Null();
        to.Uuid(Crowd.TicketOf(began, crowd.ThreadOf(n)));
        to.Int(n + 1);
        to.Text("new");
        to.Int(Crowd.SeqOf(last)); // preview
        to.Time(crowd.At(n, last));
        to.Time(began);
    }

    private DateTimeOffset AlarmAt(int n)
    {
        var end = crowd.At(n, crowd.LastInbound) + ThreadTimes.Session;
        return crowd.Plan.AlarmAt is null ? end - ThreadTimes.Closing : end;
    }

    private void ReminderRow(Row to, int n)
    {
        var grain = GrainId.Create("thread", GrainKeys.Thread(crowd.Channel.Account, crowd.ThreadOf(n)));
        to.Text("threadkeep");
        to.Text(grain.ToString());
        to.Text("session");
        to.Time(AlarmAt(n));
        to.Long(ReminderPeriodMilliseconds);
        to.Int(unchecked((int)grain.GetUniformHashCode()));
    }

    private void KeyRows(Row to, int n)
    {
        for (var v = 0; v < crowd.Plan.Visible; v++)
        {
            if (crowd.IsInbound(v))
                continue;
            to.Begin();
            to.Uuid(Account);
            to.Text(string.Create(CultureInfo.InvariantCulture, $"bench-{n:00000000}-{v:0000}"));
            to.Uuid(crowd.ThreadOf(n).Value);
            to.Int(Crowd.SeqOf(v));
            to.Bytes(SHA256.HashData(Encoding.UTF8.GetBytes(Crowd.TextOf(n, v, inbound: false))));
            to.Time(crowd.At(n, v));
        }
    }

    private Task MessagesAsync() =>
        CopyAsync(
            "threadkeep.messages (account_id, thread_id, seq, channel_id, direction, type, text, wamid, at, received_at, late, time_doubtful, "
                + "status, sent_at, delivered_at, read_at, body, data, raw)",
            MessageRows
        );

    private void MessageRows(Row to, int n)
    {
        var began = crowd.BeganAt(n);
        Own(
            to,
            n,
            1,
            "ticket_opened",
            began,
            JsonSerializer.Serialize(new { ticketNumber = n + 1 }, JsonSerializerOptions.Web)
        );
        Own(to, n, 2, "session_opened", began, null);
        for (var v = 0; v < crowd.Plan.Visible; v++)
        {
            if (crowd.IsInbound(v))
                Inbound(to, n, v);
            else
                Outbound(to, n, v);
        }
        if (!crowd.IsOpen(n))
            Own(
                to,
                n,
                Crowd.SeqOf(crowd.Plan.Visible),
                "session_closed",
                crowd.At(n, crowd.LastInbound) + ThreadTimes.Session,
                null
            );
    }

    private void Key(Row to, int n, int seq, int direction, string type)
    {
        to.Begin();
        to.Uuid(Account);
        to.Uuid(crowd.ThreadOf(n).Value);
        to.Int(seq);
        to.Uuid(Channel);
        to.Short((short)direction);
        to.Text(type);
    }

    private void Own(Row to, int n, int seq, string type, DateTimeOffset at, string? data)
    {
        Key(to, n, seq, 2, type);
        to.Null(); // text
        to.Null(); // wamid
        to.Time(at);
        to.Time(at);
        to.Bool(false);
        to.Bool(false);
        to.Nulls(5); // status to body
        if (data is null)
            to.Null();
        else
            to.Text(data);
        to.Null(); // raw
    }

    private void Inbound(Row to, int n, int v)
    {
        var at = crowd.At(n, v);
        Key(to, n, Crowd.SeqOf(v), 0, "text");
        to.Text(Crowd.TextOf(n, v, inbound: true));
        to.Text(Crowd.WamidOf(n, v, inbound: true));
        to.Time(at);
        to.Time(at + TimeSpan.FromMilliseconds(700));
        to.Bool(false);
        to.Bool(false);
        to.Nulls(6); // status to data
        to.Bytes(Crowd.RawOf(n, v, at));
    }

    private void Outbound(Row to, int n, int v)
    {
        var at = crowd.At(n, v);
        var text = Crowd.TextOf(n, v, inbound: false);
        Key(to, n, Crowd.SeqOf(v), 1, "text");
        to.Text(text);
        to.Text(Crowd.WamidOf(n, v, inbound: false));
        to.Time(at);
        to.Time(at);
        to.Bool(false);
        to.Bool(false);
        to.Short((short)(crowd.Plan.Conversation ? 5 : 3)); // read, or just sent
        if (crowd.Plan.Conversation)
        {
            to.Time(Crowd.ToldAt(at, 0));
            to.Time(Crowd.ToldAt(at, 1));
            to.Time(Crowd.ToldAt(at, 2));
        }
        else
        {
            to.Time(Crowd.SettledAt(at));
            to.Nulls(2);
        }
        to.Text(JsonSerializer.Serialize(new { type = "text", text = new { body = text } }));
        to.Nulls(2); // data, raw
    }

    private Task CopyAsync(string into, Action<Row, int> write) => CopyAsync(into, write, crowd.Plan.Threads);

    private async Task CopyAsync(string into, Action<Row, int> write, int count)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var importer = await connection.BeginBinaryImportAsync($"copy {into} from stdin (format binary)");
        importer.Timeout = TimeSpan.FromMinutes(10);
        var several = write == MessageRows || write == KeyRows;
        var row = new Row(importer);
        await Task.Run(() =>
        {
            for (var n = 0; n < count; n++)
            {
                if (!several)
                    row.Begin();
                write(row, n);
            }
        });
        await importer.CompleteAsync();
    }

    /// <summary>One row's columns, in order.</summary>
    private sealed class Row(NpgsqlBinaryImporter to)
    {
        public void Begin() => to.StartRow();

        public void Uuid(Guid value) => to.Write(value, NpgsqlDbType.Uuid);

        public void Text(string value) => to.Write(value, NpgsqlDbType.Text);

        public void Bytes(byte[] value) => to.Write(value, NpgsqlDbType.Bytea);

        public void Int(int value) => to.Write(value, NpgsqlDbType.Integer);

        public void Long(long value) => to.Write(value, NpgsqlDbType.Bigint);

        public void Short(short value) => to.Write(value, NpgsqlDbType.Smallint);

        public void Bool(bool value) => to.Write(value, NpgsqlDbType.Boolean);

        public void Time(DateTimeOffset value) => to.Write(value.UtcDateTime, NpgsqlDbType.TimestampTz);

        public void Null() => to.WriteNull();

        public void Nulls(int count)
        {
            for (var n = 0; n < count; n++)
                to.WriteNull();
        }
    }
}
