using System.Diagnostics;
using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Channels;
using Threadkeep.Threads;

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
    }

    [Fact]
    public async Task A_thread_that_was_taken_for_new_and_is_there_receives_as_any_other()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var first = Hook.Text(waId, "one", product.Now);
        (await office.HookAsync(first)).ShouldBe(200);
        await product.CollectAsync();
        var thread = await office.ThreadAsync(waId);

        // A repeat changes nothing, what is new comes behind what was there, and each stands once.
        (await ReceiveAsync(waId, first.Wamid)).ShouldBe(ReceiveResult.Stored);
        (await office.AgainAsync(thread)).ShouldBe(thread);
        await product.CollectAsync();
        (await ReceiveAsync(waId, first.Wamid, "wamid.hint.2")).ShouldBe(ReceiveResult.Stored);
        var after = await office.AgainAsync(thread);
        (after.Unread, after.Version).ShouldBe((2, thread.Version + 1));
        after.Session.OpenedAt.ShouldBe(thread.Session.OpenedAt);
        (await office.MessagesAsync(thread)).Select(m => m.Wamid).ShouldBe([first.Wamid, "wamid.hint.2"]);
        (await office.CountAsync("tickets")).ShouldBe(1);

        // Nor does it take a stranger's message in.
        await product.CollectAsync();
        (await ReceiveAsync(Office.NewCustomer(), "wamid.hint.3")).ShouldBe(ReceiveResult.NotMine);
        (await office.AgainAsync(thread)).ShouldBe(after);
        (await office.CountAsync("threads")).ShouldBe(1);

        Task<ReceiveResult> ReceiveAsync(string from, params string[] wamids) =>
            office
                .Grain(thread)
                .Receive(
                    new ReceiveMessages
                    {
                        Channel = new ChannelId(Guid.ParseExact(thread.ChannelId, "N")),
                        IsNew = true,
                        Items =
                        [
                            .. wamids.Select(wamid => new InboundItem
                            {
                                Wamid = wamid,
                                Customer = new CustomerIdentity(from, null),
                                Type = "text",
                                Text = "two",
                                Timestamp = product.Now.ToUnixTimeSeconds(),
                                Raw = "{}"u8.ToArray(),
                                ReceivedAt = product.Now,
                            }),
                        ],
                    }
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
