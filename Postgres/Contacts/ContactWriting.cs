using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Live;

namespace Threadkeep.Contacts;

/// <summary>What all who write contacts do, each within a transaction of its own: the Api for people, the keeper for what messages bring.</summary>
internal static class ContactWriting
{
    /// <summary>
    /// Whoever writes a number, or looks whose it is, does so one after the other in an account: two that write the same number at the
    /// same moment would not see each other.
    /// </summary>
    public static Task LockNumbersAsync(NpgsqlConnection connection, Guid account) =>
        connection.ExecuteAsync(
            "select pg_advisory_xact_lock(hashtextextended('threadkeep contacts ' || @account, 0))",
            new { account = account.ToString("N") }
        );

    public static Task AddEventAsync(
        NpgsqlConnection connection,
        Guid account,
        Guid contact,
        string kind,
        Guid? agent,
        object? data,
        DateTimeOffset now
    ) =>
        connection.ExecuteAsync(
            """
            insert into threadkeep.contact_events (account_id, contact_id, at, id, kind, agent_id, data)
            values (@account, @contact, @now, @id, @kind, @agent, @data)
            """,
            new
            {
                account,
                contact,
                now,
                id = Guid.CreateVersion7(now),
                kind,
                agent,
                data = data is null ? null : JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
            }
        );

    /// <summary>Finds a number's one record, and says of a contact that it is the same; true where it did. Never of one that somebody wrote in.</summary>
    /// <param name="own">The contact that a thread brought.</param>
    public static async Task<bool> MatchAsync(
        NpgsqlConnection connection,
        Guid account,
        Guid own,
        string key,
        DateTimeOffset now
    )
    {
        var found = (
            await connection.QueryAsync<Guid>(
                $"""
                with found as ({WithNumber})
                select f.id from found f
                join threadkeep.contacts own on own.account_id = @account and own.id = @own
                where f.id <> @own and own.same_as is null and not own.is_record and not f.id = any(own.apart_from)
                limit 2
                """,
                new
                {
                    account,
                    own,
                    keys = new[] { key },
                }
            )
        ).ToArray();
        // Several are for people to choose from.
        if (found.Length != 1)
            return false;
        await connection.ExecuteAsync(
            "update threadkeep.contacts set same_as = @into where account_id = @account and id = @own",
            new
            {
                account,
                own,
                into = found[0],
            }
        );
        await AddMergeAsync(connection, account, own, found[0], "number", [], [], null, now);
        await AddEventAsync(connection, account, found[0], "matched", null, new { contactId = own.ToString("N") }, now);
        return true;
    }

    /// <summary>Records that have one of the numbers <c>@keys</c>, each as the contact that it is.</summary>
    public const string WithNumber = """
        select coalesce(x.same_as, x.id) as id from threadkeep.contacts x
        where x.account_id = @account and x.phone_key = any(@keys)
        union
        select coalesce(x.same_as, x.id) from threadkeep.contacts x
        where x.account_id = @account and x.mobile_key = any(@keys)
        """;

    public static Task AddMergeAsync(
        NpgsqlConnection connection,
        Guid account,
        Guid contact,
        Guid into,
        string kind,
        Guid[] moved,
        Dictionary<string, string> filled,
        Guid? agent,
        DateTimeOffset now
    ) =>
        connection.ExecuteAsync(
            """
            insert into threadkeep.contact_merges (account_id, id, contact_id, into_id, kind, moved, filled, agent_id, at)
            values (@account, @id, @contact, @into, @kind, @moved, @filled, @agent, @now)
            """,
            new
            {
                account,
                id = Guid.CreateVersion7(now),
                contact,
                into,
                kind,
                moved,
                filled = JsonSerializer.Serialize(filled),
                agent,
                now,
            }
        );

    /// <summary>
    /// Says of all threads of these contacts that they look different now. Last in a transaction and once: messages wait for the rows
    /// that it locks, in the order in which everybody locks them. The search index hears of it by the thread's last message.
    /// </summary>
    public static async Task<IReadOnlyList<ThreadHint>> TellAsync(
        NpgsqlConnection connection,
        params (Guid Account, Guid Id)[] contacts
    )
    {
        if (contacts.Length == 0)
            return [];
        var moved = await connection.QueryAsync<(Guid Account, Guid Id, long Revision)>(
            """
            with named as materialized (select * from unnest(@accounts, @contacts) as n (account_id, id)),
            everyone as materialized (
                select account_id, id from named
                union
                select x.account_id, x.id from named n
                join threadkeep.contacts x on x.account_id = n.account_id and x.same_as = n.id
            ),
            held as materialized (
                select th.account_id, th.id from threadkeep.threads th
                join everyone e on e.account_id = th.account_id and e.id = th.contact_id
                order by th.id for no key update of th
            ),
            moved as (
                update threadkeep.threads th set revision = th.revision + 1
                from held h
                where th.account_id = h.account_id and th.id = h.id
                returning th.account_id, th.id, th.revision, th.last_seq
            ),
            told as (
                insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq)
                select account_id, id, revision, last_seq, last_seq from moved
            )
            select account_id, id, revision from moved
            """,
            new
            {
                accounts = contacts.Select(c => c.Account).ToArray(),
                contacts = contacts.Select(c => c.Id).ToArray(),
            }
        );
        return [.. moved.Select(m => new ThreadHint(new AccountId(m.Account), new ThreadId(m.Id), m.Revision))];
    }
}
