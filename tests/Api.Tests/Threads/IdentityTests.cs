using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Threads;

[Collection(nameof(RealTime))]
public sealed class IdentityTests(RealTime product)
{
    private static string NewUserId() => "JP." + Guid.NewGuid().ToString("N")[..16];

    private static JsonObject NumberChange(string to) =>
        new()
        {
            ["system"] = new JsonObject
            {
                ["type"] = "user_changed_number",
                ["body"] = "changed the number",
                ["wa_id"] = to,
            },
        };

    private async Task<string?[]> TextsAsync(Office office, SeenThread thread) =>
        [.. (await office.MessagesAsync(thread)).Select(m => m.Text)];

    private static async Task<SeenThread> HoldingAsync(Office office, string wamid)
    {
        foreach (var thread in await office.ThreadsAsync())
        {
            if ((await office.MessagesAsync(thread)).Any(m => m.Wamid == wamid))
                return thread;
        }
        throw new InvalidOperationException($"No thread holds {wamid}.");
    }

    [Fact]
    public async Task A_person_named_by_number_and_by_id_at_once_is_noted_for_merging_and_loses_nothing()
    {
        var office = await product.OfficeAsync();
        var (waId, userId) = (Office.NewCustomer(), NewUserId());
        var byNumber = Hook.Text(waId, "by number", product.Now);
        var byId = Hook.Text(null, "by id", product.Now, userId: userId);

        (await Task.WhenAll(office.HookAsync(byNumber), office.HookAsync(byId))).ShouldBe([200, 200]);
        var numbers = await HoldingAsync(office, byNumber.Wamid);
        var ids = await HoldingAsync(office, byId.Wamid);
        ids.Id.ShouldNotBe(numbers.Id);

        for (var n = 0; n < 3; n++)
            (await office.HookAsync(Hook.Text(waId, $"both {n}", product.Now, userId: userId))).ShouldBe(200);

        (await TextsAsync(office, numbers)).ShouldBe(["by number", "both 0", "both 1", "both 2"]);
        (await TextsAsync(office, ids)).ShouldBe(["by id"]);
        (await office.CountAsync("identity_conflicts")).ShouldBe(1);
        (
            await office.CountAsync(
                "identity_conflicts",
                $"thread_id = '{Guid.Parse(numbers.Id)}' and other_id = '{Guid.Parse(ids.Id)}'"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task A_thread_learns_the_other_identity_and_is_found_by_either()
    {
        var office = await product.OfficeAsync();
        var (waId, userId) = (Office.NewCustomer(), NewUserId());

        (await office.HookAsync(Hook.Text(waId, "number", product.Now))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(waId, "both", product.Now, userId: userId))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(null, "id", product.Now, userId: userId))).ShouldBe(200);

        var thread = (await office.ThreadsAsync()).ShouldHaveSingleItem();
        (await TextsAsync(office, thread)).ShouldBe(["number", "both", "id"]);
        (thread.Customer.WaId, thread.Customer.UserId).ShouldBe((waId, userId));
        (await office.CountAsync("identity_conflicts")).ShouldBe(0);
    }

    [Fact]
    public async Task What_another_activation_has_learnt_of_the_customer_counts_before_anybody_is_sent_away()
    {
        var office = await product.OfficeAsync();
        var (waId, userId, stranger) = (Office.NewCustomer(), NewUserId(), NewUserId());
        (await office.HookAsync(Hook.Text(waId, "first", product.Now.AddMinutes(-3)))).ShouldBe(200);
        var thread = (await office.ThreadsAsync()).ShouldHaveSingleItem();

        // As an activation on another silo leaves it, which was made while the directory had forgotten this one, and was killed.
        await product.Database.ExecuteAsync(
            $"""
            insert into threadkeep.thread_identities (account_id, channel_id, identity, thread_id)
            select account_id, channel_id, 'user:{userId}', id from threadkeep.threads where id = '{thread.Id}';
            update threadkeep.threads set version = version + 1, user_id = '{userId}' where id = '{thread.Id}';
            """
        );
        (await office.HookAsync(Hook.Text(null, "by the id", product.Now.AddMinutes(-2), userId: userId))).ShouldBe(
            200
        );
        (await TextsAsync(office, thread)).ShouldBe(["first", "by the id"]);

        // The same where that activation took the number on, and a stranger has it now.
        var taken = Office.NewCustomer();
        await product.Database.ExecuteAsync(
            $"""
            update threadkeep.thread_identities set identity = 'wa:{taken}' where identity = 'wa:{waId}';
            update threadkeep.threads set version = version + 1, wa_id = '{taken}' where id = '{thread.Id}';
            """
        );
        (await office.HookAsync(Hook.Text(taken, "somebody else", product.Now, userId: stranger))).ShouldBe(200);
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
        (await TextsAsync(office, thread)).ShouldBe(["first", "by the id"]);
        (await office.ThreadsAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task What_another_activation_has_stored_a_moment_ago_is_read_with_the_rest()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        (await ReadAsync()).ShouldBe(0);

        // As an activation on another silo leaves it: the one that is asked holds what it read itself, less than a second ago.
        await product.Database.ExecuteAsync(
            $"""
            insert into threadkeep.messages (account_id, thread_id, seq, channel_id, direction, type, text, at, received_at, late, time_doubtful)
            select account_id, id, last_seq + 1, channel_id, 0, 'text', 'more', now(), now(), false, false
            from threadkeep.threads where id = '{thread.Id}';
            update threadkeep.threads set version = version + 1, last_seq = last_seq + 1, unread = 1 where id = '{thread.Id}';
            """
        );
        (await office.AgainAsync(thread)).Unread.ShouldBe(1);
        (await ReadAsync()).ShouldBe(0);

        async Task<int> ReadAsync()
        {
            var newest = (await office.MessagesAsync(thread))[^1].Id;
            (await office.PostAsync($"threads/{thread.Id}/read", $$"""{"upTo":"{{newest}}"}""")).Status.ShouldBe(200);
            return (await office.AgainAsync(thread)).Unread;
        }
    }

    [Fact]
    public async Task After_a_number_change_the_thread_follows_the_person_and_the_number_leads_its_new_owner_elsewhere()
    {
        var office = await product.OfficeAsync();
        var (oldNumber, newNumber) = (Office.NewCustomer(), Office.NewCustomer());
        var (person, stranger) = (NewUserId(), NewUserId());
        var start = product.Now.AddMinutes(-4);
        var first = Hook.Text(oldNumber, "first", start, userId: person);
        (await office.HookAsync(first)).ShouldBe(200);
        var change = Hook.Text(
            oldNumber,
            null,
            start.AddMinutes(1),
            userId: person,
            type: "system",
            more: NumberChange(newNumber)
        );
        (await office.HookAsync(change)).ShouldBe(200);
        (
            await office.HookAsync(Hook.Text(newNumber, "from the new number", start.AddMinutes(2), userId: person))
        ).ShouldBe(200);

        var strangers = Hook.Text(oldNumber, "I am somebody else", start.AddMinutes(3), userId: stranger);
        (await office.HookAsync(strangers)).ShouldBe(200);
        // Written before the change, delivered after everything else.
        var late = Hook.Text(oldNumber, "late", start.AddSeconds(30), userId: person);
        (await office.HookAsync(late)).ShouldBe(200);

        var mine = await HoldingAsync(office, first.Wamid);
        var theirs = await HoldingAsync(office, strangers.Wamid);
        (await office.ThreadsAsync()).Length.ShouldBe(2);
        theirs.Contact.Id.ShouldNotBe(mine.Contact.Id);
        (await TextsAsync(office, mine)).ShouldBe(["first", "late", "changed the number", "from the new number"]);
        (await TextsAsync(office, theirs)).ShouldBe(["I am somebody else"]);
        (mine.Customer.WaId, mine.Customer.UserId).ShouldBe((newNumber, person));
        (theirs.Customer.WaId, theirs.Customer.UserId).ShouldBe((oldNumber, stranger));
        (await office.EventsAsync(mine)).ShouldContain("identity_changed");

        // And each goes on where it is, by number alone too.
        (await office.HookAsync(Hook.Text(oldNumber, "again", product.Now))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(newNumber, "again", product.Now))).ShouldBe(200);
        (await TextsAsync(office, theirs)).ShouldBe(["I am somebody else", "again"]);
        (await TextsAsync(office, mine)).Length.ShouldBe(5);
    }

    [Fact]
    public async Task Where_a_number_change_is_the_first_that_is_heard_the_old_number_is_free_for_its_next_owner()
    {
        var office = await product.OfficeAsync();
        var (oldNumber, newNumber) = (Office.NewCustomer(), Office.NewCustomer());
        var person = NewUserId();
        var start = product.Now.AddMinutes(-4);
        var change = Hook.Text(oldNumber, null, start, userId: person, type: "system", more: NumberChange(newNumber));
        (await office.HookAsync(change)).ShouldBe(200);

        var strangers = Hook.Text(oldNumber, "I am somebody else", start.AddMinutes(1), userId: NewUserId());
        (await office.HookAsync(strangers)).ShouldBe(200);
        (await office.HookAsync(Hook.Text(newNumber, "it is me", start.AddMinutes(2), userId: person))).ShouldBe(200);

        var mine = await HoldingAsync(office, change.Wamid);
        var theirs = await HoldingAsync(office, strangers.Wamid);
        theirs.Id.ShouldNotBe(mine.Id);
        (mine.Customer.WaId, theirs.Customer.WaId).ShouldBe((newNumber, oldNumber));
        (await TextsAsync(office, mine)).ShouldBe(["changed the number", "it is me"]);
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_number_with_another_id_is_a_stranger_even_where_no_change_was_told()
    {
        var office = await product.OfficeAsync();
        var number = Office.NewCustomer();
        var (person, stranger) = (NewUserId(), NewUserId());
        var start = product.Now.AddMinutes(-3);
        var first = Hook.Text(number, "first", start, userId: person);
        var second = Hook.Text(number, "not the same", start.AddMinutes(2), userId: stranger);
        (await office.HookAsync(first)).ShouldBe(200);

        // In parallel, as an impatient stranger writes.
        var more = Hook.Text(number, "hello?", start.AddMinutes(2), userId: stranger);
        (await Task.WhenAll(office.HookAsync(second), office.HookAsync(more))).ShouldBe([200, 200]);

        var old = await HoldingAsync(office, first.Wamid);
        var late = Hook.Text(number, "late", start.AddMinutes(1), userId: person);
        (await office.HookAsync(late)).ShouldBe(200);
        (await TextsAsync(office, old)).ShouldBe(["first", "late"]);
        var theirs = await HoldingAsync(office, second.Wamid);
        theirs.Id.ShouldNotBe(old.Id);
        (await TextsAsync(office, theirs)).Order().ShouldBe(["hello?", "not the same"]);
        (await office.ThreadsAsync()).Length.ShouldBe(2);
        theirs.Customer.WaId.ShouldBe(number);
        (await office.AgainAsync(old)).Customer.WaId.ShouldBeNull(
            "an answer to the old owner would reach the stranger"
        );
        (await office.CountAsync("identity_conflicts")).ShouldBe(0, "they are two people");
    }

    [Fact]
    public async Task A_late_message_from_a_number_that_was_given_up_is_its_former_owners_and_not_the_next_ones()
    {
        var office = await product.OfficeAsync();
        var (number, newNumber) = (Office.NewCustomer(), Office.NewCustomer());
        var start = product.Now.AddMinutes(-4);
        var first = Hook.Text(number, "first", start);
        (await office.HookAsync(first)).ShouldBe(200);
        var change = Hook.Text(number, null, start.AddMinutes(2), type: "system", more: NumberChange(newNumber));
        (await office.HookAsync(change)).ShouldBe(200);

        // Nobody has the number yet; then somebody has.
        (await office.HookAsync(Hook.Text(number, "late", start.AddMinutes(1)))).ShouldBe(200);
        (await office.HookAsync(change)).ShouldBe(200);
        var strangers = Hook.Text(number, "I am somebody else", start.AddMinutes(3));
        (await office.HookAsync(strangers)).ShouldBe(200);
        (await office.HookAsync(Hook.Text(number, "later still", start.AddSeconds(90)))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(number, "it is mine", start.AddMinutes(4)))).ShouldBe(200);

        (await office.ThreadsAsync()).Length.ShouldBe(2);
        var mine = await HoldingAsync(office, first.Wamid);
        var theirs = await HoldingAsync(office, strangers.Wamid);
        (await TextsAsync(office, mine)).ShouldBe(["first", "late", "later still", "changed the number"]);
        (await TextsAsync(office, theirs)).ShouldBe(["I am somebody else", "it is mine"]);
        (mine.Customer.WaId, theirs.Customer.WaId).ShouldBe((newNumber, number));
        (await office.CountAsync("webhook_leftovers")).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_written_under_an_id_and_a_number_that_both_changed_is_still_their_owners()
    {
        var office = await product.OfficeAsync();
        var (number, newNumber) = (Office.NewCustomer(), Office.NewCustomer());
        var (person, personNow, stranger) = (NewUserId(), NewUserId(), NewUserId());
        var start = product.Now.AddMinutes(-4);
        var first = Hook.Text(number, "first", start, userId: person);
        var moves = NumberChange(newNumber);
        moves["system"]!["user_id"] = personNow;
        var change = Hook.Text(number, null, start.AddMinutes(2), userId: person, type: "system", more: moves);
        (await office.HookAsync(first)).ShouldBe(200);
        (await office.HookAsync(change)).ShouldBe(200);

        (await office.HookAsync(Hook.Text(number, "late", start.AddMinutes(1), userId: person))).ShouldBe(200);
        var strangers = Hook.Text(number, "I am somebody else", start.AddMinutes(3), userId: stranger);
        (await office.HookAsync(strangers)).ShouldBe(200);
        (await office.HookAsync(Hook.Text(null, "later still", start.AddSeconds(90), userId: person))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(number, "by number", start.AddSeconds(100)))).ShouldBe(200);

        (await office.ThreadsAsync()).Length.ShouldBe(2);
        var mine = await HoldingAsync(office, first.Wamid);
        (await TextsAsync(office, mine)).ShouldBe(["first", "late", "later still", "by number", "changed the number"]);
        (await TextsAsync(office, await HoldingAsync(office, strangers.Wamid))).ShouldBe(["I am somebody else"]);
        (mine.Customer.WaId, mine.Customer.UserId).ShouldBe((newNumber, personNow));
    }

    [Fact]
    public async Task A_number_that_stayed_with_a_thread_which_does_not_go_by_it_is_let_go_by_the_migrator()
    {
        var office = await product.OfficeAsync();
        var number = Office.NewCustomer();
        var mine = await office.HearAsync(Office.NewCustomer());
        var row = $"account_id = '{office.Account}' and thread_id = '{Guid.Parse(mine.Id)}'";
        // As a change that was the first message heard left it (ADR 014).
        await product.Database.ExecuteAsync(
            $"insert into threadkeep.thread_identities select account_id, channel_id, 'wa:{number}', thread_id from threadkeep.thread_identities where {row}"
        );
        (await office.HookAsync(Hook.Text(number, "lost", product.Now))).ShouldBe(200);
        (await office.CountAsync("webhook_leftovers", "reason = 'no_thread'")).ShouldBe(1);

        await product.Database.ExecuteAsync(await ReadSchemaAsync("V2026_11_27_31__orphaned_identities"));

        var hello = Hook.Text(number, "hello", product.Now);
        (await office.HookAsync(hello)).ShouldBe(200);
        var theirs = await HoldingAsync(office, hello.Wamid);
        theirs.Id.ShouldNotBe(mine.Id);
        theirs.Customer.WaId.ShouldBe(number);
        (await office.CountAsync("thread_identities", row)).ShouldBe(1, "what it goes by it keeps");
    }

    private static async Task<string> ReadSchemaAsync(string file)
    {
        await using var sql = typeof(Threadkeep.Migrations.Migrator).Assembly.GetManifestResourceStream(
            $"Threadkeep.Schema.{file}.sql"
        )!;
        using var reader = new StreamReader(sql);
        return await reader.ReadToEndAsync();
    }
}
