using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>Compares what a paused or ended <see cref="SteadyLoad"/> was promised with the database and the Sandbox.</summary>
public static class LoadCheck
{
    /// <summary>
    /// Holds for every customer: one thread and one ticket; every acknowledged text there once and in order; the unread count right;
    /// every accepted send there once and posted at most once, none missing silently; a row of the quota for each template that left.
    /// </summary>
    public static async Task EverythingHoldsAsync(this SteadyLoad load, Deployment deployment)
    {
        load.Wrong.ShouldBeEmpty();
        var customers = load.Customers.Where(c => c.Thread is not null).ToList();
        await ReceivedAsync(deployment, customers);
        await SentAsync(deployment, customers);
        await CountedAsync(deployment);
        (await deployment.SingleAsync<long>("select count(*) from threadkeep.webhook_leftovers")).ShouldBe(0);
    }

    private static async Task ReceivedAsync(Deployment deployment, List<LoadCustomer> customers)
    {
        var stored = (
            await deployment.QueryAsync<StoredThread>(
                """
                select replace(t.id::text, '-', '') as Thread, t.wa_id as WaId, t.unread as Unread,
                    (select count(*) from threadkeep.tickets k where k.thread_id = t.id) as Tickets,
                    (select count(*) from threadkeep.messages m
                        where m.thread_id = t.id and m.type = 'session_closed') as Closings,
                    (select string_agg(m.wamid, ' ' order by m.seq) from threadkeep.messages m
                        where m.account_id = t.account_id and m.thread_id = t.id and m.direction = 0) as Wamids
                from threadkeep.threads t
                where t.wa_id = any(@customers)
                """,
                new { customers = customers.Select(c => c.WaId).ToArray() }
            )
        ).ToLookup(t => t.WaId);
        foreach (var customer in customers)
        {
            var thread = stored[customer.WaId].ShouldHaveSingleItem($"threads of customer {customer.WaId}");
            thread
                .Wamids.Split(' ')
                .ShouldBe(customer.Acknowledged, ignoreOrder: false, $"messages of customer {customer.WaId}");
            thread.Unread.ShouldBe(customer.Unread, $"unread of customer {customer.WaId}");
            thread.Tickets.ShouldBe(1, $"tickets of customer {customer.WaId}");
            thread.Closings.ShouldBeLessThanOrEqualTo(customer.SessionEnds is null ? 0 : 1);
        }
    }

    private static async Task SentAsync(Deployment deployment, List<LoadCustomer> customers)
    {
        var sends = customers.SelectMany(c => c.Sends).ToList();
        string[] threads = [.. customers.Select(c => c.Thread!)];
        // What was posted is told by a status within seconds; what was not, by the end of its attempt.
        await Eventually.IsTrueAsync(
            "no send is on its way any more",
            async () =>
                await deployment.SingleAsync<long>(
                    "select count(*) from threadkeep.messages where direction = 1 and status in (0, 1, 3)"
                ) == 0,
            TimeSpan.FromSeconds(90)
        );
        var stored = (
            await deployment.QueryAsync<StoredSend>(
                """
                select replace(thread_id::text, '-', '') || '-' || seq as Id, status as Status
                from threadkeep.messages
                where direction = 1 and thread_id = any(@threads::uuid[])
                """,
                new { threads }
            )
        ).ToDictionary(s => s.Id, s => s.Status);
        stored
            .Keys.Order()
            .ShouldBe(sends.Select(s => s.Id).Order(), ignoreOrder: false, "the sends that were accepted, each once");

        var posts = (await deployment.Sandbox.PostsAsync()).ToLookup(p => (string?)p!["bizOpaqueCallbackData"]);
        foreach (var send in sends)
        {
            var count = posts[send.Id].Count();
            count.ShouldBeLessThanOrEqualTo(1, $"posts of {send.Id}");
            // 4, 5: delivered, read. 2: nobody can know, and so it is said.
            stored[send.Id].ShouldBeOneOf(count == 1 ? [4, 5] : [(short)2]);
        }
    }

    private static async Task CountedAsync(Deployment deployment)
    {
        var ledger = await deployment.SingleAsync<Ledger>(
            """
            select count(*) filter (where state = 'counted') as Counted, count(*) filter (where state <> 'counted') as Others,
                count(distinct slot) as Slots,
                (select count(*) from threadkeep.messages where direction = 1 and type = 'template') as Templates
            from threadkeep.quota_ledger
            """
        );
        ledger.Counted.ShouldBe(ledger.Templates, "templates that left outside a session");
        ledger.Others.ShouldBe(0);
        ledger.Slots.ShouldBe(ledger.Counted);
        var quota = (await deployment.Rest.GetAsync("quota")).Body!;
        ((long)quota["used"]!, (long)quota["reserved"]!).ShouldBe((ledger.Templates, 0));
    }

    private sealed record StoredThread(
        string Thread,
        string WaId,
        int Unread,
        long Tickets,
        long Closings,
        string Wamids
    );

    private sealed record StoredSend(string Id, short Status);

    private sealed record Ledger(long Counted, long Others, long Slots, long Templates);
}
