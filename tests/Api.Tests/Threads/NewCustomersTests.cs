using System.Diagnostics;
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
        // Their alarms are set after the answer, within seconds; until then the silos are busy, and the next test should not pay for it.
        // One that cannot be set on a busy machine is left to the sweep, so not every last one is waited for.
        await Eventually.IsTrueAsync(
            "nearly every session has its reminder",
            async () =>
                (await product.Reminders.ReadRows(0, 0)).Reminders.Count(r =>
                    r.GrainId.Key.ToString()!.StartsWith($"{office.Account:N}/", StringComparison.Ordinal)
                ) >= 950,
            TimeSpan.FromMinutes(3)
        );
    }

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
