using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Webhooks;

[Collection(nameof(RealTime))]
public sealed class DeliveryTests(RealTime product)
{
    [Fact]
    public async Task A_body_that_nobody_known_signed_is_refused_and_nothing_of_it_is_stored()
    {
        var office = await product.OfficeAsync();
        var body = Hook.Body([Hook.Value(office.Number, [Hook.Text(Office.NewCustomer(), "Hello", product.Now)])]);

        (await office.HookAsync(body, secret: "guessed")).ShouldBe(401);

        (await office.CountAsync("messages")).ShouldBe(0);
        (await office.CountAsync("threads")).ShouldBe(0);
        (
            await product.Database.ScalarAsync<long>(
                $"select count(*) from threadkeep.webhook_leftovers where phone_number_id = '{office.Number}'"
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task A_body_over_4_MB_is_refused()
    {
        var office = await product.OfficeAsync();
        var body = new byte[4 * 1024 * 1024 + 1];
        Array.Fill(body, (byte)' ');

        (await office.HookAsync(body)).ShouldBe(413);
    }

    [Theory]
    [InlineData("/webhooks/whatsapp", "token-of-default", 200)]
    [InlineData("/webhooks/whatsapp/other", "token-of-other", 200)]
    [InlineData("/webhooks/whatsapp/other", "token-of-default", 403)]
    [InlineData("/webhooks/whatsapp", "guessed", 403)]
    public async Task The_handshake_echoes_the_challenge_for_a_known_token_only(string path, string token, int status)
    {
        var office = await product.OfficeAsync();

        using var answer = await office.Http.GetAsync(
            new Uri(product.ApiUrl, $"{path}?hub.mode=subscribe&hub.challenge=4711&hub.verify_token={token}")
        );

        ((int)answer.StatusCode).ShouldBe(status);
        var text = await answer.Content.ReadAsStringAsync();
        (text == "4711").ShouldBe(status == 200);
    }

    [Fact]
    public async Task Every_item_of_two_entries_with_two_changes_each_is_applied()
    {
        var office = await product.OfficeAsync();
        var second = await product.OfficeAsync();
        var known = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var sent = await office.AcceptedAsync(known, Office.TextBody("one"));
        var wamid = (await office.UntilAsync(sent, "sent")).Wamid!;
        var people = Enumerable.Range(0, 8).Select(_ => Office.NewCustomer()).ToArray();
        Said Says(int n) => Hook.Text(people[n], $"I am {n}", product.Now);

        var body = Hook.Body(
            [
                Hook.Value(office.Number, [Says(0), Says(1)], [Hook.Status(wamid, "delivered", product.Now)]),
                Hook.Value(second.Number, [Says(2), Says(3)]),
            ],
            [
                Hook.Value(second.Number, [Says(4), Says(5)]),
                Hook.Value(office.Number, [Says(6), Says(7)], [Hook.Status(wamid, "read", product.Now)]),
            ]
        );
        (await office.HookAsync(body)).ShouldBe(200);

        foreach (
            var (at, n) in new[]
            {
                (office, 0),
                (office, 1),
                (second, 2),
                (second, 3),
                (second, 4),
                (second, 5),
                (office, 6),
                (office, 7),
            }
        )
        {
            var thread = await at.ThreadAsync(people[n]);
            (await at.MessagesAsync(thread)).ShouldHaveSingleItem().Text.ShouldBe($"I am {n}");
        }
        var message = await office.MessageAsync(sent);
        message.Status.ShouldBe("read");
        message.StatusTimes.Delivered.ShouldNotBeNull();
        message.StatusTimes.Read.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_same_event_fifty_times_at_once_is_one_message_and_one_unread()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var body = Hook.Body([Hook.Value(office.Number, [Hook.Text(waId, "Hello", product.Now)])]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => office.HookAsync(body)));

        answers.ShouldAllBe(status => status == 200);
        var thread = await office.ThreadAsync(waId);
        thread.Unread.ShouldBe(1);
        (await office.MessagesAsync(thread)).Length.ShouldBe(1);
        (await office.CountAsync("tickets")).ShouldBe(1);
        (await office.HookAsync(body)).ShouldBe(200);
        (await office.AgainAsync(thread)).ShouldBe(thread);
    }

    [Fact]
    public async Task The_same_wamid_on_another_number_is_another_message()
    {
        var office = await product.OfficeAsync();
        var other = await product.OfficeAsync();
        var said = Hook.Text(Office.NewCustomer(), "Hello", product.Now);

        (await office.HookAsync(said)).ShouldBe(200);
        (await other.HookAsync(said)).ShouldBe(200);

        (await office.CountAsync("messages", $"wamid = '{said.Wamid}'")).ShouldBe(1);
        (await other.CountAsync("messages", $"wamid = '{said.Wamid}'")).ShouldBe(1);
    }

    [Fact]
    public async Task An_album_of_ten_pictures_at_once_is_one_thread_one_ticket_and_in_order()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var first = product.Now.AddSeconds(-20);
        var pictures = Enumerable
            .Range(0, 10)
            .Select(n =>
                Hook.Text(
                    waId,
                    null,
                    first.AddSeconds(n),
                    type: "image",
                    more: new JsonObject
                    {
                        ["image"] = new JsonObject
                        {
                            ["id"] = $"99{n}",
                            ["mime_type"] = "image/jpeg",
                            ["caption"] = $"picture {n}",
                        },
                    }
                )
            )
            .ToArray();

        var answers = await Task.WhenAll(pictures.Select(p => office.HookAsync(p)));

        answers.ShouldAllBe(status => status == 200);
        (await office.ThreadsAsync()).Length.ShouldBe(1);
        (await office.CountAsync("tickets")).ShouldBe(1);
        (await office.CountAsync("contacts")).ShouldBe(1);
        var thread = await office.ThreadAsync(waId);
        thread.Unread.ShouldBe(10);
        (await office.MessagesAsync(thread))
            .Select(m => m.Text)
            .ShouldBe(Enumerable.Range(0, 10).Select(n => $"picture {n}"));
    }

    [Fact]
    public async Task A_body_signed_for_one_app_writes_nothing_into_a_number_of_another()
    {
        var other = await product.OfficeAsync(app: RunningProduct.OtherApp);
        var waId = Office.NewCustomer();
        var body = Hook.Body([Hook.Value(other.Number, [Hook.Text(waId, "Hello", product.Now)])]);

        (await other.HookAsync(body, RunningProduct.SecretOf(RunningProduct.App))).ShouldBe(200);

        (await other.CountAsync("messages")).ShouldBe(0);
        (await other.ThreadsAsync()).ShouldBeEmpty();
        (await other.LeftoversAsync()).ShouldBeEmpty();
        (await other.HookAsync(body, app: RunningProduct.App)).ShouldBe(401, "the path names another app");
        (await other.HookAsync(body)).ShouldBe(200);
        (await other.ThreadsAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Messages_older_than_the_first_connect_are_noted_and_not_shown()
    {
        var office = await product.OfficeAsync(firstConnectedAt: product.Now.AddHours(-1));
        var waId = Office.NewCustomer();
        var old = Hook.Text(waId, "from before", product.Now.AddHours(-2));

        (await office.HookAsync(old)).ShouldBe(200);
        (await office.ThreadsAsync()).ShouldBeEmpty();
        (await office.CountAsync("channel_events", $"kind = 'before_connect' and wamid = '{old.Wamid}'")).ShouldBe(1);

        var thread = await office.HearAsync(waId, "from now");
        (await office.MessagesAsync(thread)).ShouldHaveSingleItem().Text.ShouldBe("from now");
    }

    [Fact]
    public async Task A_message_in_a_group_never_enters_a_persons_thread()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var said = Hook.Text(
            thread.Customer.WaId,
            "to all",
            product.Now,
            more: new JsonObject { ["group_id"] = "group-1" }
        );

        (await office.HookAsync(said)).ShouldBe(200);

        (await office.AgainAsync(thread)).ShouldBe(thread);
        (await office.CountAsync("channel_events", $"kind = 'group_message' and wamid = '{said.Wamid}'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_of_the_number_to_itself_is_noted_and_makes_no_thread()
    {
        var office = await product.OfficeAsync();
        var said = Hook.Text("81300000000", "is anybody there?", product.Now);

        (await office.HookAsync(said)).ShouldBe(200);
        (await office.HookAsync(said)).ShouldBe(200);

        (await office.ThreadsAsync()).ShouldBeEmpty();
        (await office.CountAsync("channel_events", $"kind = 'from_itself' and wamid = '{said.Wamid}'")).ShouldBe(1);
    }

    [Fact]
    public async Task An_invented_type_is_a_placeholder_and_does_not_block_the_next()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var invented = Hook.Text(
            waId,
            null,
            product.Now,
            type: "hologram",
            more: new JsonObject { ["hologram"] = new JsonArray(1, 2, 3) }
        );

        (await office.HookAsync(invented, Hook.Text(waId, "and then", product.Now))).ShouldBe(200);

        var thread = await office.ThreadAsync(waId);
        thread.Unread.ShouldBe(2);
        thread.Session.Open.ShouldBeTrue();
        (await office.MessagesAsync(thread))
            .Select(m => (m.Type, m.Text))
            .ShouldBe([("hologram", null), ("text", "and then")]);
    }

    [Fact]
    public async Task What_cannot_be_stored_as_text_is_stored_as_a_replacement_character()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var body = Encoding.UTF8.GetString(
            Hook.Body([Hook.Value(office.Number, [Hook.Text(waId, "TEXT", product.Now, name: "NAME")])])
        );

        var dirty = body.Replace("TEXT", @"a\u0000b\ud800c\ud83d\ude00", StringComparison.Ordinal)
            .Replace("NAME", @"\udc00Yui\u0000", StringComparison.Ordinal);
        (await office.HookAsync(Encoding.UTF8.GetBytes(dirty))).ShouldBe(200);

        var thread = await office.ThreadAsync(waId);
        thread.Customer.ProfileName.ShouldBe("\ufffdYui\ufffd");
        (await office.MessagesAsync(thread)).ShouldHaveSingleItem().Text.ShouldBe("a\ufffdb\ufffdc\U0001F600");
        (await office.LeftoversAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_came_for_a_number_before_it_was_connected_is_in_its_threads_afterwards()
    {
        var office = await product.OfficeAsync(connect: false);
        var waId = Office.NewCustomer();
        var secret = RunningProduct.SecretOf(RunningProduct.App);
        var body = Hook.Body([Hook.Value(office.Number, [Hook.Text(waId, "Anybody there?", product.Now)])]);

        (await office.HookAsync(body, secret)).ShouldBe(200);
        (await office.HookAsync(body, secret)).ShouldBe(200);
        (
            await product.Database.ScalarAsync<long>(
                $"select count(*) from threadkeep.webhook_leftovers where phone_number_id = '{office.Number}'"
            )
        ).ShouldBe(1);

        await product.ConnectAsync(office);
        await Eventually.IsTrueAsync("the leftover is replayed", async () => (await office.ThreadsAsync()).Length == 1);
        var thread = await office.ThreadAsync(waId);
        (await office.MessagesAsync(thread)).ShouldHaveSingleItem().Text.ShouldBe("Anybody there?");
        thread.Unread.ShouldBe(1);
    }
}
