using System.Diagnostics;
using System.Diagnostics.Metrics;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Threads;

[Collection(nameof(RealTime))]
public sealed class NewCustomersTests(RealTime product)
{
    [Fact]
    public async Task A_thousand_new_customers_in_one_webhook_are_in_their_threads_when_it_is_answered()
    {
        var office = await product.OfficeAsync();
        var notArmed = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == "threadkeep.alarms.not_armed")
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, more, _, _) => Interlocked.Add(ref notArmed, more));
        listener.Start();
        var said = Enumerable
            .Range(0, 1_000)
            .Select(n => Hook.Text($"8170{n:D8}", $"message {n}", product.Now))
            .ToArray();

        var watch = Stopwatch.StartNew();
        (await office.HookAsync(said)).ShouldBe(200);
        TestContext.Current.TestOutputHelper?.WriteLine($"1,000 new customers in {watch.ElapsedMilliseconds} ms");

        (await office.CountAsync("threads")).ShouldBe(1_000);
        (await office.CountAsync("messages", "direction = 0")).ShouldBe(1_000);
        (await office.CountAsync("contacts")).ShouldBe(1_000);
        (await office.CountAsync("thread_identities")).ShouldBe(1_000);
        (
            await product.Database.ScalarAsync<long>(
                $"select count(distinct number) from threadkeep.tickets where account_id = '{office.Account}'"
            )
        ).ShouldBe(1_000);
        // What the product promises: when it is answered, every session's alarm stands in its row, by which the sweep finds it.
        (await office.CountAsync("threads", "alarm_at is not null")).ShouldBe(1_000);
        // The reminder that rings by itself is set after the answer; one that could not be set is counted, and left to the sweep.
        var set = 0;
        try
        {
            await Eventually.IsTrueAsync(
                "every session has its reminder or is known to have none",
                async () => (set = await CountRemindersAsync(office)) + Interlocked.Read(ref notArmed) >= 1_000,
                TimeSpan.FromMinutes(3)
            );
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{set} reminders after {watch.Elapsed.TotalSeconds:f1} s, {Interlocked.Read(ref notArmed)} not armed"
            );
        }
    }

    private async Task<int> CountRemindersAsync(Office office) =>
        (await product.Reminders.ReadRows(0, 0)).Reminders.Count(r =>
            r.GrainId.Type.ToString() == "thread"
            && r.GrainId.Key.ToString()!.StartsWith($"{office.Account:N}/", StringComparison.Ordinal)
        );

    [Fact]
    public async Task First_messages_of_one_new_customer_in_many_webhooks_at_once_make_one_thread()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var said = Enumerable.Range(0, 12).Select(n => Hook.Text(waId, $"{n}", product.Now)).ToArray();

        var answers = await Task.WhenAll(said.Select(s => office.HookAsync(s)));

        answers.ShouldAllBe(a => a == 200);
        var thread = await office.ThreadAsync(waId);
        (thread.Unread, thread.Version).ShouldBe((12, 12));
        (await office.MessagesAsync(thread)).Length.ShouldBe(12);
        (await office.CountAsync("tickets")).ShouldBe(1);
    }
}
