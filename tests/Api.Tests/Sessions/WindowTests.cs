using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Sessions;

[Collection(nameof(MovedTime))]
public sealed class WindowTests(MovedTime product)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Warning = TimeSpan.FromHours(22);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // What the reminder of the sweeps does every minute, until nothing is overdue.
    private async Task SweepAsync()
    {
        int called;
        do
        {
            called = 0;
            for (var shard = 0; shard < GrainKeys.SweepShards; shard++)
                called += await product.Cluster.GetGrain<ISessionSweepGrain>(shard).Sweep();
        } while (called > 0);
    }

    private static int Count(string[] events, string type) => events.Count(e => e == type);

    [Fact]
    public async Task A_session_is_open_until_and_not_at_24_hours()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var start = (await office.MessagesAsync(thread)).Single().At;
        thread.Session.EndsAt.ShouldBe(start + Day);

        product.Clock.Set(start + Day - Second);
        (await office.AgainAsync(thread)).Session.Open.ShouldBeTrue();
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("in time")), "sent", "delivered");

        product.Clock.Set(start + Day);
        (await office.AgainAsync(thread)).Session.Open.ShouldBeFalse();
        var refused = await office.SendAsync(thread, Office.TextBody("too late"));
        (refused.Status, refused.Code).ShouldBe((409, "session_closed"));
        refused.Body!["closedAt"]!.GetValue<DateTimeOffset>().ShouldBe(start + Day);
        (await office.SentAsync()).Length.ShouldBe(1);
        (await office.CountAsync("messages", "direction = 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_whose_window_closes_before_it_leaves_fails_without_a_call()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(waId);
        product.Clock.Set(thread.Session.EndsAt!.Value - Second);
        await product.FaultsAsync(
            $$"""{"messages":[{"match":{"to":"{{waId}}"},"times":1,"action":"error","code":131056}]}"""
        );

        var first = await office.AcceptedAsync(thread, Office.TextBody("refused for now"));
        var second = await office.AcceptedAsync(thread, Office.TextBody("waits behind it"));
        await Testing.Eventually.IsTrueAsync("it was refused", async () => (await office.SentAsync()).Length == 1);
        await office.UntilAsync(first, "queued");
        product.Clock.Advance(TimeSpan.FromSeconds(10));

        foreach (var id in new[] { first, second })
        {
            var failed = await office.UntilAsync(id, "failed");
            failed.Error!.Code.ShouldBe("session_closed");
            failed.Text.ShouldNotBeNull();
        }
        (await office.SentAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Warning_and_close_come_exactly_once_though_only_the_sweep_is_left()
    {
        var office = await product.OfficeAsync();
        var start = product.Now;
        var thread = await office.HearAsync(Office.NewCustomer());

        product.Clock.Set(start + Warning - TimeSpan.FromMinutes(1));
        await office.Grain(thread).CheckAlarm();
        await SweepAsync();
        Count(await office.EventsAsync(thread), "session_warning").ShouldBe(0);

        // The reminder has two minutes to ring by itself; then the sweep calls.
        product.Clock.Set(start + Warning + TimeSpan.FromMinutes(3));
        await Task.WhenAll(SweepAsync(), SweepAsync(), office.Grain(thread).CheckAlarm());
        await product.CollectAsync();
        await office.Grain(thread).CheckAlarm();
        Count(await office.EventsAsync(thread), "session_warning").ShouldBe(1);

        product.Clock.Set(start + Day - Second);
        await office.Grain(thread).CheckAlarm();
        Count(await office.EventsAsync(thread), "session_closed").ShouldBe(0);

        product.Clock.Set(start + Day + TimeSpan.FromMinutes(3));
        await Task.WhenAll(SweepAsync(), SweepAsync(), office.Grain(thread).CheckAlarm());
        await product.CollectAsync();
        await Task.WhenAll(SweepAsync(), office.Grain(thread).CheckAlarm());
        var messages = await office.MessagesAsync(thread, events: true);
        messages
            .Where(m => m.Direction == "system")
            .Select(m => m.Type)
            .ShouldBe(["ticket_opened", "session_opened", "session_warning", "session_closed"]);
        messages.Single(m => m.Type == "session_closed").At.ShouldBe(start + Day);
        (await office.CountAsync("threads", "alarm_at is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_is_warned_where_no_answer_is_owed()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("Hi")), "sent", "delivered");

        product.Clock.Set(thread.Session.EndsAt!.Value);
        await office.Grain(thread).CheckAlarm();

        (await office.EventsAsync(thread)).ShouldBe(["ticket_opened", "session_opened", "session_closed"]);
    }

    [Fact]
    public async Task A_session_that_goes_on_is_warned_of_and_closed_by_its_last_message()
    {
        var office = await product.OfficeAsync();
        var start = product.Now;
        var thread = await office.HearAsync(Office.NewCustomer());
        product.Clock.Set(start.AddHours(20));
        await office.HearAsync(thread.Customer.WaId!, "still there");

        product.Clock.Set(start + Warning + TimeSpan.FromMinutes(3));
        await SweepAsync();
        product.Clock.Set(start + Day + TimeSpan.FromMinutes(3));
        await SweepAsync();
        (await office.EventsAsync(thread)).ShouldBe(["ticket_opened", "session_opened"]);

        product.Clock.Set(start.AddHours(42).AddMinutes(3));
        await SweepAsync();
        Count(await office.EventsAsync(thread), "session_warning").ShouldBe(1);
        product.Clock.Set(start.AddHours(44).AddMinutes(3));
        await SweepAsync();
        (await office.EventsAsync(thread)).ShouldBe([
            "ticket_opened",
            "session_opened",
            "session_warning",
            "session_closed",
        ]);
    }

    [Fact]
    public async Task A_late_message_from_inside_a_closed_session_reopens_it_and_it_closes_once_more()
    {
        var office = await product.OfficeAsync();
        var start = product.Now;
        var thread = await office.HearAsync(Office.NewCustomer());
        product.Clock.Set(start + Day + TimeSpan.FromMinutes(10));
        await office.Grain(thread).CheckAlarm();
        (await office.AgainAsync(thread)).Session.Open.ShouldBeFalse();

        await office.HearAsync(thread.Customer.WaId!, "sent yesterday", start.AddHours(23));

        var reopened = await office.AgainAsync(thread);
        (reopened.Session.Open, reopened.Session.EndsAt).ShouldBe((true, start.AddHours(47)));
        reopened.Session.OpenedAt.ShouldBe(start, "it is the same session");
        (await office.EventsAsync(thread))
            .Order()
            .ShouldBe(
                new[] { "ticket_opened", "session_opened", "session_warning", "session_closed", "session_reopened" }
                    .Where(e => e != "session_warning")
                    .Order()
            );

        product.Clock.Set(start.AddHours(47));
        await office.Grain(thread).CheckAlarm();
        await office.Grain(thread).CheckAlarm();
        Count(await office.EventsAsync(thread), "session_closed").ShouldBe(2);
    }

    [Fact]
    public async Task A_message_so_late_that_its_own_window_is_over_makes_a_ticket_and_opens_nothing()
    {
        var office = await product.OfficeAsync();

        var thread = await office.HearAsync(Office.NewCustomer(), at: product.Now.AddHours(-25));
        await SweepAsync();
        await office.Grain(thread).CheckAlarm();

        (thread.Session.Open, thread.Unread).ShouldBe((false, 1));
        thread.Ticket.ShouldNotBeNull();
        (await office.EventsAsync(thread)).ShouldBe(["ticket_opened"]);
        (await office.SendAsync(thread, Office.TextBody("too late"))).Code.ShouldBe("session_closed");
    }

    [Fact]
    public async Task A_stamp_over_five_minutes_ahead_or_none_counts_as_the_arrival()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var ahead = product.Now.AddMinutes(5);
        (
            await office.HookAsync(
                Hook.Text(waId, "no stamp", null),
                Hook.Text(waId, "far ahead", ahead.AddSeconds(1)),
                Hook.Text(waId, "senseless", DateTimeOffset.UnixEpoch),
                Hook.Text(waId, "a little ahead", ahead)
            )
        ).ShouldBe(200);

        var thread = await office.ThreadAsync(waId);
        (await office.MessagesAsync(thread))
            .Select(m => (m.Text, m.At, m.TimeDoubtful))
            .ShouldBe([
                ("no stamp", product.Now, true),
                ("far ahead", product.Now, true),
                ("senseless", product.Now, true),
                ("a little ahead", ahead, false),
            ]);
        thread.Session.EndsAt.ShouldBe(ahead + Day);
    }

    [Fact]
    public async Task A_message_stamped_ahead_of_our_clock_can_be_answered_at_once()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        await office.OnPhoneAsync(waId, new JsonObject { ["text"] = "so that Meta's window is open too" });
        var stamp = new DateTimeOffset(
            product.Now.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond,
            default
        ).AddMinutes(5);
        var thread = await office.HearAsync(waId, "a little ahead", stamp);

        (thread.Session.Open, thread.Session.EndsAt).ShouldBe((true, stamp + Day));
        (await office.ThreadsAsync("open")).ShouldHaveSingleItem().Id.ShouldBe(thread.Id);
        (await office.ThreadsAsync("closed")).ShouldBeEmpty();
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("at once")), "sent", "delivered");
        (await office.MessagesAsync(thread))[^1].Text.ShouldBe("at once", "an answer stands below its question");

        product.Clock.Set(stamp + Day - Second);
        (await office.AgainAsync(thread)).Session.Open.ShouldBeTrue();
        product.Clock.Set(stamp + Day);
        (await office.AgainAsync(thread)).Session.Open.ShouldBeFalse();
        (await office.SendAsync(thread, Office.TextBody("too late"))).Code.ShouldBe("session_closed");
    }

    [Fact]
    public async Task Reactions_and_statuses_move_no_window()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(waId);
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var sent = await office.AcceptedAsync(thread, Office.TextBody("Hi"));
        var wamid = (await office.UntilAsync(sent, "sent")).Wamid!;
        product.Clock.Advance(TimeSpan.FromHours(1));
        var reaction = new JsonObject
        {
            ["reaction"] = new JsonObject { ["message_id"] = wamid, ["emoji"] = "👍" },
        };

        (await office.HookAsync(Hook.Text(waId, null, product.Now, type: "reaction", more: reaction))).ShouldBe(200);
        (await office.StatusesAsync(Hook.Status(wamid, "read", product.Now))).ShouldBe(200);

        var after = await office.AgainAsync(thread);
        after.Session.ShouldBe(thread.Session);
        after.Unread.ShouldBe(thread.Unread);
        after.LastActivityAt.ShouldBe(product.Now, "a reaction raises the thread in lists");
        after.Version.ShouldBeGreaterThan(thread.Version);
    }

    [Fact]
    public async Task The_customers_answer_to_a_template_opens_a_new_session()
    {
        var office = await product.OfficeAsync(templates: true);
        var waId = Office.NewCustomer();
        var thread = await office.HearOnPhoneAsync(waId);
        product.Clock.Advance(Day);
        var template = await office.AcceptedAsync(thread, Office.Template);
        var sent = await office.UntilAsync(template, "sent", "delivered");
        (await office.AgainAsync(thread)).Session.Open.ShouldBeFalse();

        var answer = Hook.Text(
            waId,
            null,
            product.Now,
            type: "button",
            more: new JsonObject
            {
                ["button"] = new JsonObject { ["text"] = "Go on", ["payload"] = "Go on" },
                ["context"] = new JsonObject { ["id"] = sent.Wamid },
            }
        );
        (await office.HookAsync(answer)).ShouldBe(200);

        var reopened = await office.AgainAsync(thread);
        (reopened.Session.Open, reopened.Session.OpenedAt).ShouldBe((true, product.Now));
        (await office.EventsAsync(thread)).ShouldBe([
            "ticket_opened",
            "session_opened",
            "session_closed",
            "session_opened",
        ]);
        (await office.SendAsync(thread, Office.TextBody("glad to hear it"))).Status.ShouldBe(202);
        reopened.Ticket.ShouldBe(thread.Ticket! with { Status = "waiting_on_us" }, "the ticket is still open");
    }
}
