using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Messages;

/// <summary>What was taken back is kept with a mark, or goes for good: the account's choice (SPEC.md ME2).</summary>
[Collection(nameof(RealTime))]
public sealed class PurgeTests(RealTime product)
{
    private static Said Taking(string customer, string wamid, DateTimeOffset at) =>
        Hook.Text(
            customer,
            null,
            at,
            type: "revoke",
            more: new JsonObject { ["revoke"] = new JsonObject { ["original_message_id"] = wamid } }
        );

    private static Said Editing(string customer, string wamid, string text, DateTimeOffset at) =>
        Hook.Text(
            customer,
            null,
            at,
            type: "edit",
            more: new JsonObject
            {
                ["edit"] = new JsonObject
                {
                    ["original_message_id"] = wamid,
                    ["message"] = new JsonObject
                    {
                        ["type"] = "text",
                        ["text"] = new JsonObject { ["body"] = text },
                    },
                },
            }
        );

    private static async Task PurgeAsync(Office office)
    {
        var set = await office.CallAsync(HttpMethod.Patch, "account", """{"purgeDeleted":true}""");
        (set.Status, set.Body!["purgeDeleted"]!.GetValue<bool>()).ShouldBe((200, true));
        (await office.CountAsync("audit_log", "action = 'account.changed'")).ShouldBe(1);
        // Silos keep an account's rules for 2 s: until they have them, what is taken back is kept.
        var probe = Office.NewCustomer();
        var n = 0;
        await Eventually.IsTrueAsync(
            "the account's choice counts",
            async () =>
            {
                var said = Hook.Text(probe, $"probe {n++}", office.Now);
                (await office.HookAsync(said, Taking(probe, said.Wamid, office.Now))).ShouldBe(200);
                return await office.CountAsync("messages", $"wamid = '{said.Wamid}' and text is null") == 1;
            }
        );
    }

    [Fact]
    public async Task What_was_taken_back_is_kept_with_a_mark_unless_the_account_wants_it_gone()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var said = Hook.Text(customer, "kept", product.Now);
        (await office.HookAsync(said)).ShouldBe(200);
        (await office.HookAsync(Taking(customer, said.Wamid, product.Now))).ShouldBe(200);
        var thread = await office.ThreadAsync(customer);
        var message = (await office.MessagesAsync(thread)).First(m => m.Wamid == said.Wamid);
        (message.Text, message.DeletedAt is not null).ShouldBe(("kept", true));
    }

    [Fact]
    public async Task Whoever_knows_the_address_of_a_file_that_was_taken_back_opens_it_no_more()
    {
        var office = await product.OfficeAsync();
        await PurgeAsync(office);
        var customer = Office.NewCustomer();
        var picture = new JsonObject
        {
            ["mimeType"] = "image/png",
            ["base64"] = Convert.ToBase64String([.. MadeFiles.Png, .. Guid.NewGuid().ToByteArray()]),
        };
        var wamid = await office.OnPhoneAsync(customer, new JsonObject { ["type"] = "image", ["media"] = picture });
        await Eventually.IsTrueAsync(
            "the picture is there",
            async () => await office.CountAsync("messages", $"wamid = '{wamid}' and media_sha256 <> ''") == 1
        );
        var file = (await office.MessagesAsync(await office.ThreadAsync(customer)))[0].Media!.Id;
        (await office.AskAsync($"media/{file}")).Status.ShouldBe(200);

        (await office.HookAsync(Taking(customer, wamid, product.Now))).ShouldBe(200);

        (await office.AskAsync($"media/{file}")).Status.ShouldBe(404);
        (await office.AskAsync($"media/{file}?size=thumb")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Of_what_was_taken_back_nothing_is_left_in_whatever_order_it_is_told()
    {
        var office = await product.OfficeAsync();
        await PurgeAsync(office);
        var customer = Office.NewCustomer();
        var at = product.Now;
        var picture = Hook.Text(
            customer,
            null,
            at,
            type: "image",
            more: new JsonObject
            {
                ["image"] = new JsonObject
                {
                    ["caption"] = "akebono caption",
                    ["mime_type"] = "image/png",
                    ["id"] = "1",
                },
            }
        );
        var text = Hook.Text(customer, "akebono first", at.AddSeconds(1));
        var card = Hook.Text(customer, "akebono card 4111 1111 1111 1111", at.AddSeconds(2));
        var stays = Hook.Text(customer, "stays", at.AddSeconds(3));
        (await office.HookAsync(picture, text, card, stays)).ShouldBe(200);
        (await office.HookAsync(Editing(customer, text.Wamid, "akebono second", at.AddSeconds(4)))).ShouldBe(200);
        await Eventually.IsTrueAsync(
            "it can be found",
            async () => await office.CountAsync("message_search", "text like '%akebono%'") == 4
        );

        // One of them could not be stored as it was at first.
        await product.Database.ScalarAsync<int>(
            $"""
            with kept as (
                insert into threadkeep.webhook_leftovers (id, app_key, phone_number_id, account_id, channel_id, thread_id, seq, kind,
                    item_hash, reason, detail, item, received_at)
                select gen_random_uuid(), 'default', '{office.Number}', account_id, channel_id, thread_id, seq, 'message',
                    decode(md5(wamid), 'hex'), 'refused', 'x', 'akebono', now()
                from threadkeep.messages where account_id = '{office.Account}' and wamid = '{text.Wamid}' returning 1)
            select count(*)::int from kept
            """
        );
        (await office.LeftoversAsync()).ShouldNotBeEmpty();

        Said[] taking = [.. new[] { picture, text, card }.Select(s => Taking(customer, s.Wamid, at.AddSeconds(5)))];
        (await office.HookAsync(taking)).ShouldBe(200);
        // Told before what it takes back; and both, with an edit, in one body.
        var late = Hook.Text(customer, "akebono late", at.AddSeconds(6));
        (await office.HookAsync(Taking(customer, late.Wamid, at.AddSeconds(7)))).ShouldBe(200);
        (await office.HookAsync(late)).ShouldBe(200);
        var whole = Hook.Text(customer, "akebono whole", at.AddSeconds(8));
        (
            await office.HookAsync(
                whole,
                Editing(customer, whole.Wamid, "akebono edited", at.AddSeconds(9)),
                Taking(customer, whole.Wamid, at.AddSeconds(10))
            )
        ).ShouldBe(200);
        // Whoever did not write it takes nothing back.
        var other = Office.NewCustomer();
        (await office.HookAsync(Taking(other, stays.Wamid, at.AddSeconds(11)))).ShouldBe(200);
        // A repeat brings nothing back.
        (await office.HookAsync(picture, text, card, late, whole)).ShouldBe(200);

        await Eventually.IsTrueAsync(
            "it cannot be found any more",
            async () => await office.CountAsync("message_search", "text like '%akebono%'") == 0
        );
        (
            await office.CountAsync(
                "messages",
                "text like '%akebono%' or convert_from(coalesce(raw, ''), 'UTF8') like '%akebono%' or media_name is not null"
            )
        ).ShouldBe(0);
        (await office.CountAsync("hidden_messages")).ShouldBe(0);
        (await office.LeftoversAsync()).ShouldBeEmpty();
        (await office.CountAsync("media_jobs")).ShouldBe(0);
        var thread = await office.ThreadAsync(customer);
        var messages = await office.MessagesAsync(thread);
        foreach (var gone in new[] { picture, text, card, late, whole })
        {
            var message = messages.Single(m => m.Wamid == gone.Wamid);
            (message.Text, message.Media, message.Edited, message.DeletedAt is not null).ShouldBe(
                (null, null, null, true),
                gone.Message.ToJsonString()
            );
            message.Data!["purged"]!.GetValue<bool>().ShouldBeTrue();
        }
        messages.Single(m => m.Wamid == stays.Wamid).Text.ShouldBe("stays");
    }
}
