using System.Diagnostics;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Leftovers;

[Collection(nameof(RealTime))]
public sealed class PoisonTests(RealTime product)
{
    private const string RefusedText = "refuse me";
    private const string ThrowingText = "throw at me";

    [Fact]
    public async Task Two_items_of_a_thousand_that_cannot_be_stored_are_left_over_and_the_rest_is_in_its_threads()
    {
        var office = await product.OfficeAsync();
        var people = Enumerable.Range(0, 100).Select(_ => Office.NewCustomer()).Distinct().ToArray();
        var said = Enumerable
            .Range(0, 1_000)
            .Select(n =>
                Hook.Text(
                    people[n % people.Length],
                    n switch
                    {
                        333 => RefusedText,
                        666 => ThrowingText,
                        _ => $"message {n}",
                    },
                    product.Now
                )
            )
            .ToArray();
        await product.Database.ExecuteAsync(
            $"alter table threadkeep.messages add constraint poison check (text <> '{RefusedText}')"
        );
        product.ThrowAt(ThrowingText);
        try
        {
            var watch = Stopwatch.StartNew();
            (await office.HookAsync(said)).ShouldBe(200);
            TestContext.Current.TestOutputHelper?.WriteLine($"1,000 messages in {watch.ElapsedMilliseconds} ms");
            // Meta repeats it: nothing more comes of that.
            (await office.HookAsync(said)).ShouldBe(200);

            (await office.CountAsync("messages", "direction = 0 and type = 'text'")).ShouldBe(998);
            (await office.CountAsync("messages", "type = 'leftover'")).ShouldBe(2);
            (await office.CountAsync("threads")).ShouldBe(people.Length);
            (await office.CountAsync("tickets")).ShouldBe(people.Length);
            var leftovers = await office.LeftoversAsync();
            leftovers.Length.ShouldBe(2);
            leftovers.ShouldContain(l => l.Detail.Contains("poison", StringComparison.Ordinal));
            leftovers.ShouldContain(l => l.Detail.Contains("does not like", StringComparison.Ordinal));
            foreach (var leftover in leftovers)
            {
                var placeholder = await office.MessageAsync(leftover.MessageId!);
                placeholder.Type.ShouldBe("leftover");
                placeholder.Wamid.ShouldBeOneOf(said[333].Wamid, said[666].Wamid);
            }

            // What made PostgreSQL refuse it still does: the leftover stays.
            var refused = leftovers.Single(l => l.Detail.Contains("poison", StringComparison.Ordinal));
            var again = await office.PostAsync($"leftovers/{refused.Id}/replay");
            (again.Status, again.Code).ShouldBe((409, "replay_failed"));
            (await office.MessageAsync(refused.MessageId!)).Type.ShouldBe("leftover");
        }
        finally
        {
            product.ThrowAt(null);
            await product.Database.ExecuteAsync("alter table threadkeep.messages drop constraint poison");
        }

        foreach (var leftover in await office.LeftoversAsync())
        {
            var before = await office.GetAsync<SeenThread>($"threads/{leftover.ThreadId}");
            (await office.PostAsync($"leftovers/{leftover.Id}/replay")).Status.ShouldBe(200);
            (await office.PostAsync($"leftovers/{leftover.Id}/replay")).Status.ShouldBe(200);

            var message = await office.MessageAsync(leftover.MessageId!);
            message.Type.ShouldBe("text");
            message.Text.ShouldBe(message.Wamid == said[333].Wamid ? RefusedText : ThrowingText);
            var after = await office.AgainAsync(before);
            after.Unread.ShouldBe(before.Unread, "the placeholder was counted already");
            after.Version.ShouldBe(before.Version + 1);
        }
        (await office.CountAsync("messages", "direction = 0 and type = 'text'")).ShouldBe(1_000);
        (await office.LeftoversAsync()).ShouldAllBe(l => l.ReplayedAt != null);
    }
}
