using Threadkeep.Api.Tests.Support;

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
}
