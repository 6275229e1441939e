using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Fire.Random;

/// <summary>Compares the database and the Sandbox with the model.</summary>
internal static class WorldCheck
{
    private static readonly string[] Statuses =
    [
        "queued",
        "sending",
        "unconfirmed",
        "sent",
        "delivered",
        "read",
        "played",
        "failed",
        "cancelled",
    ];

    /// <summary>Waits until nothing is on its way any more: posted and told of, or given up by the end of its attempt.</summary>
    public static async Task SettleAsync(Deployment deployment, StatusPlayer player)
    {
        await Eventually.IsTrueAsync(
            "no send is on its way any more",
            async () =>
            {
                await player.PlayAsync();
                return await deployment.SingleAsync<long>(
                        "select count(*) from threadkeep.messages where direction = 1 and status in (0, 1)"
                    ) == 0;
            },
            TimeSpan.FromSeconds(120)
        );
        await player.PlayAsync();
    }

    public static async Task HoldsAsync(Deployment deployment, IReadOnlyList<Person> persons)
    {
        persons.Select(p => p.Thread).ShouldBeUnique();
        string[] threads = [.. persons.Select(p => p.Thread!)];
        (
            await deployment.QueryAsync<string>(
                "select kind || ', ' || reason || ': ' || convert_from(item, 'UTF8') from threadkeep.webhook_leftovers"
            )
        ).ShouldBeEmpty("what no thread took");
        await MessagesAsync(deployment, persons, threads);
        await ThreadsAsync(deployment, persons, threads);
        await SendsAsync(deployment, persons, threads);
        (await deployment.SingleAsync<long>("select count(*) from threadkeep.identity_conflicts")).ShouldBe(0);
    }

    private static async Task MessagesAsync(Deployment deployment, IReadOnlyList<Person> persons, string[] threads)
    {
        var stored = await deployment.QueryAsync<(string Thread, string Wamid)>(
            """
            select replace(thread_id::text, '-', ''), wamid
            from threadkeep.messages
            where direction = 0 and thread_id = any(@threads::uuid[])
            order by thread_id, at, seq
            """,
            new { threads }
        );
        var byThread = stored.ToLookup(s => s.Thread, s => s.Wamid);
        var holder = stored.ToLookup(s => s.Wamid, s => s.Thread);
        foreach (var person in persons)
        {
            person
                .Messages.Where(m => !holder[m.Wamid].SequenceEqual([person.Thread!]))
                .Select(m => $"{m.Wamid} in {string.Join(", ", holder[m.Wamid])}")
                .ShouldBeEmpty(Of(person, "messages that are not here, or elsewhere too,"));
            byThread[person.Thread!]
                .ShouldBe(person.Messages.OrderBy(m => m.At).Select(m => m.Wamid), false, Of(person, "messages"));
        }
        // Nowhere else either.
        string[] wamids = [.. persons.SelectMany(p => p.Messages).Select(m => m.Wamid)];
        (
            await deployment.SingleAsync<long>(
                "select count(*) from threadkeep.messages where wamid = any(@wamids)",
                new { wamids }
            )
        ).ShouldBe(wamids.Length);
    }

    private static async Task ThreadsAsync(Deployment deployment, IReadOnlyList<Person> persons, string[] threads)
    {
        var stored = (
            await deployment.QueryAsync<StoredThread>(
                """
                select replace(t.id::text, '-', '') as Id, t.unread as Unread, t.wa_id as WaId, t.user_id as UserId,
                    extract(epoch from t.last_inbound_at)::bigint as LastInbound,
                    (select count(*) from threadkeep.tickets k where k.thread_id = t.id) as Tickets,
                    (select string_agg(i.identity, ' ') from threadkeep.thread_identities i where i.thread_id = t.id) as Identities
                from threadkeep.threads t
                where t.id = any(@threads::uuid[])
                """,
                new { threads }
            )
        ).ToDictionary(t => t.Id);
        foreach (var person in persons)
        {
            var thread = stored[person.Thread!];
            thread.Unread.ShouldBe(person.Unread, Of(person, "unread"));
            thread.Tickets.ShouldBe(1, Of(person, "tickets"));
            (thread.WaId, thread.UserId).ShouldBe((person.WaId, person.UserId), Of(person, "address"));
            thread.Identities.Split(' ').Order().ShouldBe(person.Identities.Order(), false, Of(person, "identities"));
            thread.LastInbound.ShouldBe(
                person.Messages.Where(m => m.IsText).Max(m => m.At).ToUnixTimeSeconds(),
                Of(person, "end of the session")
            );
        }
    }

    private static async Task SendsAsync(Deployment deployment, IReadOnlyList<Person> persons, string[] threads)
    {
        var stored = (
            await deployment.QueryAsync<StoredSend>(
                """
                select replace(m.thread_id::text, '-', '') || '-' || m.seq as Id, m.status as Status, l.state as Ledger
                from threadkeep.messages m
                    left join threadkeep.quota_ledger l
                        on l.account_id = m.account_id and l.thread_id = m.thread_id and l.seq = m.seq
                where m.direction = 1 and m.thread_id = any(@threads::uuid[])
                """,
                new { threads }
            )
        ).ToDictionary(s => s.Id);
        var posts = (await deployment.Sandbox.PostsAsync()).ToLookup(p => (string)p!["bizOpaqueCallbackData"]!);
        var sends = persons.SelectMany(p => p.Sends).ToList();
        stored.Keys.Order().ShouldBe(sends.Select(s => s.Id).Order(), false, "the sends that were accepted, each once");
        foreach (var send in sends)
        {
            posts[send.Id].Count().ShouldBe(send.Told.Count > 0 ? 1 : 0, $"posts of {send.Id}");
            Statuses[stored[send.Id].Status].ShouldBe(send.Status, $"status of {send.Id}");
            stored[send.Id]
                .Ledger.ShouldBe(
                    !send.IsTemplate ? null
                        : send.Status == "failed" ? "released"
                        : "counted",
                    $"quota for {send.Id}"
                );
        }
    }

    private static string Of(Person person, string what) =>
        $"{what} in thread {person.Thread}, whose customer did this: {string.Join("; ", person.Story)}";

    private sealed record StoredThread(
        string Id,
        int Unread,
        string? WaId,
        string? UserId,
        long LastInbound,
        long Tickets,
        string Identities
    );

    private sealed record StoredSend(string Id, short Status, string? Ledger);
}
