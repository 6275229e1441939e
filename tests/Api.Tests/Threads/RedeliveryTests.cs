using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Channels;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Threads;

[Collection(nameof(MovedTime))]
public sealed class RedeliveryTests(MovedTime product)
{
    [Fact]
    public async Task A_webhook_repeated_to_a_thread_that_is_no_longer_in_memory_changes_nothing()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var said = new[] { Hook.Text(waId, "one", product.Now), Hook.Text(waId, "two", product.Now.AddSeconds(-30)) };
        (await office.HookAsync(said)).ShouldBe(200);
        var thread = await office.ThreadAsync(waId);
        var read = await office.PostAsync(
            $"threads/{thread.Id}/read",
            $$"""{"upTo":"{{(await office.MessagesAsync(thread))[0].Id}}"}"""
        );
        read.Status.ShouldBe(200);
        var before = await office.AgainAsync(thread);
        var version = await office.CountAsync("threads", "version > 0");

        await product.CollectAsync();
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        (await office.HookAsync(said)).ShouldBe(200);
        (await office.HookAsync(said[1])).ShouldBe(200);

        (await office.AgainAsync(thread)).ShouldBe(before);
        (await office.CountAsync("threads", "version > 0")).ShouldBe(version);
        (await office.MessagesAsync(thread)).Length.ShouldBe(2);
        (await office.CountAsync("outbox", $"thread_id = '{Guid.Parse(thread.Id)}'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_repeat_brings_what_is_new_beside_it()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var first = Hook.Text(waId, "one", product.Now);
        (await office.HookAsync(first)).ShouldBe(200);
        await product.CollectAsync();

        (await office.HookAsync(first, Hook.Text(waId, "two", product.Now), first)).ShouldBe(200);

        var thread = await office.ThreadAsync(waId);
        (await office.MessagesAsync(thread)).Select(m => m.Text).ShouldBe(["one", "two"]);
        thread.Unread.ShouldBe(2);
    }

    [Fact]
    public async Task Unread_falls_to_what_came_after_the_message_that_was_read()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var said = Enumerable.Range(0, 5).Select(n => Hook.Text(waId, $"{n}", product.Now)).ToArray();
        (await office.HookAsync(said)).ShouldBe(200);
        var thread = await office.ThreadAsync(waId);
        thread.Unread.ShouldBe(5);
        var messages = await office.MessagesAsync(thread);

        async Task<int> ReadAsync(int n)
        {
            var answer = await office.PostAsync($"threads/{thread.Id}/read", $$"""{"upTo":"{{messages[n].Id}}"}""");
            answer.Status.ShouldBe(200);
            return (await office.AgainAsync(thread)).Unread;
        }
        (await ReadAsync(2)).ShouldBe(2);
        (await ReadAsync(0)).ShouldBe(2, "reading goes forward only");
        (await ReadAsync(4)).ShouldBe(0);
        (await office.HookAsync(said)).ShouldBe(200);
        (await office.AgainAsync(thread)).Unread.ShouldBe(0);
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
}
