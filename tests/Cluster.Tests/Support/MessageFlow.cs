using System.Collections.Concurrent;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>
/// Customers who write without a pause, each text once the one before was answered 200; what was not is repeated, as Meta does.
/// It keeps which messages were acknowledged, and can say whether the product has kept each of them once and in order.
/// </summary>
public sealed class MessageFlow : IAsyncDisposable
{
    /// <summary>A customer falls silent after so many texts and another begins: so there are always new threads.</summary>
    private const int TextsEach = 20;

    private readonly Deployment deployment;
    private readonly ConcurrentDictionary<string, string> acknowledged = [];
    private readonly ConcurrentBag<string> customers = [];
    private readonly ConcurrentDictionary<int, int> refusals = [];
    private readonly long[] lastAnswers;
    private readonly CancellationTokenSource stopped = new();
    private readonly Task[] writers;

    private MessageFlow(Deployment deployment, int writers)
    {
        this.deployment = deployment;
        lastAnswers = new long[writers];
        this.writers = [.. Enumerable.Range(0, writers).Select(n => Task.Run(() => WriteAsync(n)))];
    }

    /// <summary>How many messages were answered 200.</summary>
    public int Acknowledged => acknowledged.Count;

    /// <summary>The longest wait for an answer of 200.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Every answer that was not 200, with how often it came; 0 is no answer.</summary>
    public IReadOnlyDictionary<int, int> Refusals => refusals;

    public static MessageFlow Start(Deployment deployment, int writers = 8) => new(deployment, writers);

    /// <summary>Waits until so many more messages were answered 200, and every writer has had one of them.</summary>
    public async Task GoesOnAsync(int more, TimeSpan? within = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var before = Acknowledged;
        await Eventually.IsTrueAsync(
            $"{more} more webhooks are answered 200, some of them to every writer",
            () => Task.FromResult(Acknowledged >= before + more && lastAnswers.All(at => at > begun)),
            within ?? TimeSpan.FromSeconds(60)
        );
    }

    /// <summary>Waits until a webhook is refused.</summary>
    public Task IsRefusedAsync() =>
        Eventually.IsTrueAsync("a webhook is refused", () => Task.FromResult(!refusals.IsEmpty));

    /// <summary>Ends the writing; what is on its way is waited for.</summary>
    public async Task StopAsync()
    {
        await stopped.CancelAsync();
        await Task.WhenAll(writers);
    }

    /// <summary>
    /// Holds for every customer: one thread, one ticket; every message that was acknowledged once; in the order in which they were
    /// written; each unread once; nothing left over.
    /// </summary>
    public async Task EverythingAcknowledgedIsThereOnceAsync()
    {
        var rows = await deployment.QueryAsync<Row>(
            """
            select t.wa_id as WaId, t.id as Thread, m.wamid as Wamid, m.text as Text, t.unread as Unread
            from threadkeep.messages m
                join threadkeep.threads t on t.account_id = m.account_id and t.id = m.thread_id
            where m.direction = 0 and t.wa_id = any(@customers)
            order by t.wa_id, m.seq
            """,
            new { customers = customers.ToArray() }
        );
        var wamids = rows.Select(r => r.Wamid).ToList();
        wamids.ShouldBeUnique();
        acknowledged.Keys.Except(wamids).ShouldBeEmpty("answered 200 and not there");
        foreach (var customer in rows.GroupBy(r => r.WaId))
        {
            customer.Select(r => r.Thread).Distinct().ShouldHaveSingleItem();
            var texts = customer.Select(r => r.Text).ToList();
            texts.ShouldBe([.. Enumerable.Range(1, texts.Count).Select(n => $"{n}")], $"customer {customer.Key}");
            customer.First().Unread.ShouldBe(texts.Count, $"unread of customer {customer.Key}");
        }
        var threads = rows.Select(r => r.Thread).Distinct().ToArray();
        (
            await deployment.SingleAsync<long>(
                "select count(*) from threadkeep.tickets where thread_id = any(@threads)",
                new { threads }
            )
        ).ShouldBe(threads.Length);
        (
            await deployment.SingleAsync<long>(
                "select count(*) from threadkeep.webhook_leftovers where app_key = 'sandbox'"
            )
        ).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopped.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        while (!stopped.IsCancellationRequested)
        {
            var customer = Meta.NewCustomer();
            customers.Add(customer);
            for (var n = 1; n <= TextsEach && await WriteAsync(writer, Meta.NewMessage(customer, $"{n}")); n++) { }
        }
    }

    private async Task<bool> WriteAsync(int writer, CustomerMessage message)
    {
        while (!stopped.IsCancellationRequested)
        {
            var asked = TimeProvider.System.GetTimestamp();
            var status = await deployment.Meta.PostAsync(message);
            if (status == 200)
            {
                var took = TimeProvider.System.GetElapsedTime(asked);
                if (took > Slowest)
                    Slowest = took;
                acknowledged[message.Wamid] = message.WaId;
                lastAnswers[writer] = TimeProvider.System.GetTimestamp();
                return true;
            }
            refusals.AddOrUpdate(status, 1, (_, times) => times + 1);
            await Task.Delay(50); // between tries: a killed Api refuses at once
        }
        return false;
    }

    private sealed record Row(string WaId, Guid Thread, string Wamid, string Text, int Unread);
}
