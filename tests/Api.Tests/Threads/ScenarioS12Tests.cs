using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Threads;

/// <summary>S12: number variants, id only, username change, number change: one contact, one thread, right address.</summary>
[Collection(nameof(RealTime))]
public sealed class ScenarioS12Tests(RealTime product)
{
    private static string NewUserId(string country = "BR") => country + "." + Guid.NewGuid().ToString("N")[..16];

    private static string Digits(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + Random.Shared.Next(10))));

    private static Said WithUsername(Said said, string username)
    {
        said.Contact["profile"]!["username"] = username;
        return said;
    }

    // Each with a way of writing it that Meta uses and one that it does not.
    public static TheoryData<string, string, string> Numbers()
    {
        var (brazil, argentina, mexico) = ("9" + Digits(7), "11" + Digits(8), "55" + Digits(8));
        return new()
        {
            { "Brazil", "5511" + brazil, "55119" + brazil },
            { "Argentina", "549" + argentina, "54" + argentina },
            { "Mexico", "521" + mexico, "52" + mexico },
        };
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task S12_one_person_is_one_thread_and_one_contact_however_the_number_is_written(
        string country,
        string one,
        string other
    )
    {
        var office = await product.OfficeAsync();
        var start = product.Now.AddMinutes(-2);
        // Both at once, and then in turn.
        var both = await Task.WhenAll(
            office.HookAsync(Hook.Text(one, "1", start)),
            office.HookAsync(Hook.Text(other, "2", start.AddSeconds(1)))
        );
        both.ShouldBe([200, 200]);
        (await office.HookAsync(Hook.Text(one, "3", start.AddSeconds(2)))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(other, "4", start.AddSeconds(3)))).ShouldBe(200);

        var thread = (await office.ThreadsAsync()).ShouldHaveSingleItem(country);
        (await office.MessagesAsync(thread)).Select(m => m.Text).ShouldBe(["1", "2", "3", "4"]);
        (await office.CountAsync("contacts")).ShouldBe(1);
        (await office.CountAsync("tickets")).ShouldBe(1);
        (await office.CountAsync("identity_conflicts")).ShouldBe(0);
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
        thread.Customer.WaId.ShouldBe(other, "the address that Meta named last");
        // And is found by either.
        (await office.ThreadAsync(one)).Id.ShouldBe(thread.Id);
        (await office.ThreadAsync("%2B" + other)).Id.ShouldBe(thread.Id);
    }

    [Fact]
    public async Task S12_a_customer_is_one_thread_through_id_only_usernames_and_a_new_number()
    {
        var office = await product.OfficeAsync();
        var id = NewUserId();
        var nextId = NewUserId();
        var (number, next) = ("55119" + "9" + Digits(7), "55219" + "8" + Digits(7));
        var written = number[..4] + number[5..];
        var start = product.Now.AddMinutes(-10);

        // By id alone, under a username that changes.
        (await office.HookAsync(WithUsername(Hook.Text(null, "by id", start, userId: id), "ana.silva"))).ShouldBe(200);
        var thread = (await office.ThreadsAsync()).ShouldHaveSingleItem();
        await AnswerGoesToAsync(office, thread, "recipient", id);
        var renamed = WithUsername(Hook.Text(null, "renamed", start.AddMinutes(1), userId: id), "ana.souza");
        (await office.HookAsync(renamed)).ShouldBe(200);
        (await office.AskAsync($"threads/{thread.Id}")).Body!["customer"]!["username"]!
            .ToString()
            .ShouldBe("ana.souza");
        (await office.ThreadAsync("ana.souza")).Id.ShouldBe(thread.Id);

        // The number comes, written in both ways.
        (await office.HookAsync(Hook.Text(number, "number", start.AddMinutes(2), userId: id))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(written, "other form", start.AddMinutes(3)))).ShouldBe(200);
        await AnswerGoesToAsync(office, thread, "to", written);

        // Another number, and with it another id.
        var change = new JsonObject
        {
            ["system"] = new JsonObject
            {
                ["type"] = "user_changed_number",
                ["body"] = "changed the number",
                ["wa_id"] = next,
                ["user_id"] = nextId,
            },
        };
        var told = Hook.Text(written, null, start.AddMinutes(4), userId: id, type: "system", more: change);
        (await office.HookAsync(told)).ShouldBe(200);
        var moved = Hook.Text(next[..4] + next[5..], "moved", start.AddMinutes(5), userId: nextId);
        (await office.HookAsync(moved)).ShouldBe(200);
        await AnswerGoesToAsync(office, thread, "to", next[..4] + next[5..]);

        thread = (await office.ThreadsAsync()).ShouldHaveSingleItem();
        (await office.MessagesAsync(thread))
            .Where(m => m.Direction == "inbound")
            .Select(m => m.Text)
            .ShouldBe(["by id", "renamed", "number", "other form", "changed the number", "moved"]);
        (await office.EventsAsync(thread)).ShouldContain("username_changed");
        (await office.CountAsync("contacts")).ShouldBe(1);

        // Both ways of writing the old number are somebody else's now.
        (await office.HookAsync(Hook.Text(number, "a stranger", start.AddMinutes(6)))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(written, "the same stranger", start.AddMinutes(7)))).ShouldBe(200);
        // And what was written before is its former owner's, however it is written.
        (await office.HookAsync(Hook.Text(number, "late", start.AddMinutes(2).AddSeconds(30)))).ShouldBe(200);
        var threads = await office.ThreadsAsync();
        threads.Length.ShouldBe(2);
        var stranger = threads.Single(t => t.Id != thread.Id);
        (await office.MessagesAsync(stranger)).Select(m => m.Text).ShouldBe(["a stranger", "the same stranger"]);
        (await office.MessagesAsync(thread)).Select(m => m.Text).ShouldContain("late");
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
    }

    private static async Task AnswerGoesToAsync(Office office, SeenThread thread, string member, string address)
    {
        var text = Guid.NewGuid().ToString();
        var id = await office.AcceptedAsync(thread, Office.TextBody(text));
        await office.UntilAsync(id, "sent", "delivered", "read", "failed");
        var sent = (await office.SentAsync()).Single(s => s["bizOpaqueCallbackData"]?.ToString() == id);
        sent["body"]![member]!.ToString().ShouldBe(address);
    }
}
