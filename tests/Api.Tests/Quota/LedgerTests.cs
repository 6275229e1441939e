using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Quota;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Quota;

[Collection(nameof(MovedTime))]
public sealed class LedgerTests(MovedTime product)
{
    // A thread whose session is over long since.
    private async Task<SeenThread> ClosedAsync(Office office) =>
        await office.HearAsync(Office.NewCustomer(), at: product.Now.AddHours(-30));

    private async Task<SeenThread[]> ClosedAsync(Office office, int count)
    {
        var people = Enumerable.Range(0, count).Select(_ => Office.NewCustomer()).ToArray();
        (await office.HookAsync([.. people.Select(p => Hook.Text(p, "long ago", product.Now.AddHours(-30)))])).ShouldBe(
            200
        );
        return await office.ThreadsAsync();
    }

    private static async Task<(int Used, int Reserved)> UsageAsync(Office office)
    {
        var quota = await office.QuotaAsync();
        return (quota.Used, quota.Reserved);
    }

    [Fact]
    public async Task A_template_outside_a_session_is_reserved_when_accepted_and_counted_when_it_leaves()
    {
        var office = await product.OfficeAsync(limit: 5, templates: true);
        var thread = await ClosedAsync(office);
        await product.FaultsAsync(
            $$"""{"messages":[{"match":{"to":"{{thread.Customer.WaId}}"},"times":1,"action":"error","code":131056}]}"""
        );

        var id = await office.AcceptedAsync(thread, Office.Template);
        await Eventually.IsTrueAsync("it was refused for now", async () => (await office.SentAsync()).Length == 1);
        await office.UntilAsync(id, "queued");
        (await UsageAsync(office)).ShouldBe((0, 1));

        product.Clock.Advance(TimeSpan.FromSeconds(5));
        await office.UntilAsync(id, "sent", "delivered");
        (await UsageAsync(office)).ShouldBe((1, 0));
        (await office.QuotaAsync()).Limit.ShouldBe(5);
    }

    [Fact]
    public async Task At_the_limit_a_template_is_refused_with_the_reset_date_and_replies_are_not()
    {
        var office = await product.OfficeAsync(limit: 2, templates: true);
        var closed = await ClosedAsync(office, 3);
        await office.AcceptedAsync(closed[0], Office.Template);
        await office.AcceptedAsync(closed[1], Office.Template);

        var refused = await office.SendAsync(closed[2], Office.Template);

        (refused.Status, refused.Code).ShouldBe((409, "quota_exhausted"));
        refused.Body!["limit"]!.GetValue<int>().ShouldBe(2);
        var quota = await office.QuotaAsync();
        refused.Body!["resetsAt"]!.GetValue<DateTimeOffset>().ShouldBe(quota.ResetsAt);
        (quota.Used + quota.Reserved).ShouldBe(2);
        // The 15th at midnight in Tokyo is 15:00 of the 14th in UTC.
        (quota.ResetsAt.Day, quota.ResetsAt.TimeOfDay).ShouldBe((14, TimeSpan.FromHours(15)));
        quota.ResetsAt.ShouldBeGreaterThan(product.Now);

        var open = await office.HearOnPhoneAsync(Office.NewCustomer());
        await office.UntilAsync(await office.AcceptedAsync(open, Office.TextBody("a reply")), "sent", "delivered");
        await office.UntilAsync(await office.AcceptedAsync(open, Office.Template), "sent", "delivered");
        quota = await office.QuotaAsync();
        (quota.Used + quota.Reserved).ShouldBe(2, "inside a session a template takes nothing");
        (await office.CountAsync("quota_alerts", "threshold in (80, 95, 100)")).ShouldBe(3);
    }

    [Fact]
    public async Task The_next_period_begins_with_the_full_limit()
    {
        var office = await product.OfficeAsync(limit: 1, templates: true);
        var closed = await ClosedAsync(office, 2);
        await office.AcceptedAsync(closed[0], Office.Template);
        var quota = await office.QuotaAsync();

        product.Clock.Set(quota.ResetsAt.AddSeconds(-1));
        (await office.SendAsync(closed[1], Office.Template)).Code.ShouldBe("quota_exhausted");
        product.Clock.Set(quota.ResetsAt);
        await office.UntilAsync(await office.AcceptedAsync(closed[1], Office.Template), "sent", "delivered");

        var next = await office.QuotaAsync();
        (next.PeriodStart, next.Used).ShouldBe((quota.ResetsAt, 1));
    }

    [Fact]
    public async Task Thirty_templates_at_once_never_pass_a_limit_of_ten()
    {
        var office = await product.OfficeAsync(limit: 10, templates: true);
        var closed = await ClosedAsync(office, 30);

        var answers = await Task.WhenAll(closed.Select(t => office.SendAsync(t, Office.Template)));

        answers.Count(a => a.Status == 202).ShouldBe(10);
        answers.Where(a => a.Status != 202).ShouldAllBe(a => a.Code == "quota_exhausted");
        (await office.CountAsync("quota_ledger", "state <> 'released'")).ShouldBe(10);
        (
            await product.Database.ScalarAsync<int>(
                $"select max(slot) from threadkeep.quota_ledger where account_id = '{office.Account}'"
            )
        ).ShouldBe(10);
        await Eventually.IsTrueAsync("all have left", async () => (await office.SentAsync()).Length == 10);
    }

    [Fact]
    public async Task A_slot_that_another_activation_took_is_not_given_out_again()
    {
        var office = await product.OfficeAsync(limit: 2, templates: true);
        var closed = await ClosedAsync(office, 3);
        await office.AcceptedAsync(closed[0], Office.Template);
        var period = (await office.QuotaAsync()).PeriodStart;
        // A second activation of the quota's grain, on a silo that is not known to be gone, gave out the last one.
        await product.Database.ExecuteAsync(
            $"""
            insert into threadkeep.quota_ledger (account_id, thread_id, seq, period_start, slot, kind, state, created_at)
            values ('{office.Account}', '{Guid.Parse(
                closed[2].Id
            )}', 999, '{period:O}', 2, 'business_initiated', 'reserved', now())
            """
        );

        var refused = await office.SendAsync(closed[1], Office.Template);

        (refused.Status, refused.Code).ShouldBe((409, "quota_exhausted"));
        (await office.CountAsync("quota_ledger")).ShouldBe(2);

        // Given back, it is found again.
        await product.Database.ExecuteAsync(
            $"update threadkeep.quota_ledger set state = 'released' where account_id = '{office.Account}' and seq = 999"
        );
        await office.AcceptedAsync(closed[1], Office.Template);
    }

    [Fact]
    public async Task A_limit_lowered_behind_the_grains_back_holds()
    {
        var office = await product.OfficeAsync(limit: 5, templates: true);
        var closed = await ClosedAsync(office, 2);
        await office.AcceptedAsync(closed[0], Office.Template);
        await product.Database.ExecuteAsync(
            $"update threadkeep.business_accounts set conversation_limit = 1 where id = '{office.Account}'"
        );

        (await office.SendAsync(closed[1], Office.Template)).Code.ShouldBe("quota_exhausted");
    }

    [Fact]
    public async Task What_Meta_refuses_at_once_or_later_is_given_back_and_what_is_delivered_after_all_counts_again()
    {
        var office = await product.OfficeAsync(limit: 5, templates: true);
        var closed = await ClosedAsync(office, 2);
        await product.FaultsAsync(
            $$"""
            {"messages":[{"match":{"to":"{{closed[0].Customer.WaId}}"},"times":1,"action":"error","code":131026}],
             "statuses":{"hold":true} }
            """
        );

        var refused = await office.UntilAsync(await office.AcceptedAsync(closed[0], Office.Template), "failed");
        refused.Error!.Code.ShouldBe("not_on_whatsapp");
        (await UsageAsync(office)).ShouldBe((0, 0));

        var sent = await office.UntilAsync(await office.AcceptedAsync(closed[1], Office.Template), "sent");
        (await UsageAsync(office)).ShouldBe((1, 0));
        var failed = Hook.Status(sent.Wamid!, "failed", product.Now, errorCode: 131049);
        (await office.StatusesAsync(failed)).ShouldBe(200);
        (await UsageAsync(office)).ShouldBe((0, 0));
        (await office.MessageAsync(sent.Id)).Error!.Code.ShouldBe("ecosystem_limit");

        var delivered = Hook.Status(sent.Wamid!, "delivered", product.Now);
        (await office.StatusesAsync(delivered)).ShouldBe(200);
        (await UsageAsync(office)).ShouldBe((1, 0));
        var message = await office.MessageAsync(sent.Id);
        (message.Status, message.Error).ShouldBe(("delivered", null));

        // Told once more, in any order, nothing moves.
        var thread = await office.AgainAsync(closed[1]);
        (await office.StatusesAsync(delivered)).ShouldBe(200);
        (await office.StatusesAsync(failed)).ShouldBe(200);
        (await UsageAsync(office)).ShouldBe((1, 0));
        (await office.MessageAsync(sent.Id)).Status.ShouldBe("delivered");
        (await office.AgainAsync(thread)).Version.ShouldBe(thread.Version);
    }

    [Fact]
    public async Task A_template_that_leaves_inside_a_session_after_all_gives_its_reservation_back()
    {
        var office = await product.OfficeAsync(limit: 5, templates: true);
        var thread = await ClosedAsync(office);
        var waId = thread.Customer.WaId!;
        await product.FaultsAsync(
            $$"""{"messages":[{"match":{"to":"{{waId}}"},"times":1,"action":"error","code":131056}]}"""
        );
        var id = await office.AcceptedAsync(thread, Office.Template);
        await Eventually.IsTrueAsync("it was refused for now", async () => (await office.SentAsync()).Length == 1);
        await office.UntilAsync(id, "queued");
        (await UsageAsync(office)).ShouldBe((0, 1));

        await office.HearAsync(waId, "I write first");
        product.Clock.Advance(TimeSpan.FromSeconds(5));

        var message = await office.UntilAsync(id, "delivered");
        (await UsageAsync(office)).ShouldBe((0, 0));
        (await office.CountAsync("quota_ledger", "state = 'released' and released_for = 'left_inside'")).ShouldBe(1);
        var read = Hook.Status(message.Wamid!, "read", product.Now);
        (await office.StatusesAsync(read)).ShouldBe(200);
        (await UsageAsync(office)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_template_that_left_inside_a_session_never_counts_though_it_fails_and_is_delivered_after_all()
    {
        var office = await product.OfficeAsync(limit: 5, templates: true);
        var reserved = await ClosedAsync(office);
        var waId = reserved.Customer.WaId!;
        await product.FaultsAsync(
            $$"""
            {"messages":[{"match":{"to":"{{waId}}"},"times":1,"action":"error","code":131056}],
             "statuses":{"hold":true} }
            """
        );
        // One had a reservation, which it gave back when it left inside; the other never had one.
        var gaveBack = await office.AcceptedAsync(reserved, Office.Template);
        await Eventually.IsTrueAsync("it was refused for now", async () => (await office.SentAsync()).Length == 1);
        await office.UntilAsync(gaveBack, "queued");
        await office.HearAsync(waId, "I write first");
        var tookNone = await office.AcceptedAsync(await office.HearOnPhoneAsync(Office.NewCustomer()), Office.Template);
        product.Clock.Advance(TimeSpan.FromSeconds(5));

        foreach (var id in new[] { gaveBack, tookNone })
        {
            var wamid = (await office.UntilAsync(id, "sent")).Wamid!;
            var failed = Hook.Status(wamid, "failed", product.Now, errorCode: 131049);
            var delivered = Hook.Status(wamid, "delivered", product.Now);
            (await office.StatusesAsync(failed)).ShouldBe(200);
            (await office.MessageAsync(id)).Status.ShouldBe("failed");
            (await office.StatusesAsync(delivered)).ShouldBe(200);
            (await office.MessageAsync(id)).Status.ShouldBe("delivered");
            (await office.StatusesAsync(failed, Hook.Status(wamid, "read", product.Now))).ShouldBe(200);
            (await UsageAsync(office)).ShouldBe((0, 0));
        }
    }

    [Fact]
    public async Task Failed_and_delivered_count_once_whatever_their_order_and_their_webhooks()
    {
        var office = await product.OfficeAsync(limit: 5, templates: true);
        var closed = await ClosedAsync(office, 3);
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var wamids = new List<string>();
        foreach (var thread in closed)
            wamids.Add((await office.UntilAsync(await office.AcceptedAsync(thread, Office.Template), "sent")).Wamid!);
        (await UsageAsync(office)).ShouldBe((3, 0));
        var failed = wamids.ConvertAll(w => Hook.Status(w, "failed", product.Now, errorCode: 131049));
        var delivered = wamids.ConvertAll(w => Hook.Status(w, "delivered", product.Now));

        // In one webhook; delivered first; and at the same moment in two.
        (await office.StatusesAsync(failed[0], delivered[0])).ShouldBe(200);
        (await UsageAsync(office)).ShouldBe((3, 0));
        (await office.StatusesAsync(delivered[1])).ShouldBe(200);
        (await office.StatusesAsync(failed[1])).ShouldBe(200);
        (await UsageAsync(office)).ShouldBe((3, 0));
        (await Task.WhenAll(office.StatusesAsync(failed[2]), office.StatusesAsync(delivered[2]))).ShouldBe([200, 200]);
        (await UsageAsync(office)).ShouldBe((3, 0));
        (await office.CountAsync("messages", "direction = 1 and status = 4")).ShouldBe(3);
        (await office.CountAsync("quota_ledger", "released_for is not null")).ShouldBe(0);

        // What Meta refused at once, and delivered later.
        await product.FaultsAsync(
            """{"messages":[{"times":1,"action":"error","code":131026}],"statuses":{"hold":true} }"""
        );
        var refused = await ClosedAsync(office);
        var id = await office.AcceptedAsync(refused, Office.Template);
        await office.UntilAsync(id, "failed");
        (await UsageAsync(office)).ShouldBe((3, 0));
        (await office.StatusesAsync(Hook.Status("wamid.refused", "delivered", product.Now, callback: id))).ShouldBe(
            200
        );
        (await UsageAsync(office)).ShouldBe((4, 0));
    }

    [Fact]
    public async Task A_template_accepted_in_a_session_that_closes_first_draws_when_it_leaves_or_fails()
    {
        var office = await product.OfficeAsync(limit: 1, templates: true);
        var threads = new[]
        {
            await office.HearAsync(Office.NewCustomer()),
            await office.HearAsync(Office.NewCustomer()),
        };
        product.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await product.FaultsAsync("""{"messages":[{"times":2,"action":"error","code":131056}]}""");
        var ids = new List<string>();
        foreach (var thread in threads)
            ids.Add(await office.AcceptedAsync(thread, Office.Template));
        await Eventually.IsTrueAsync("both were refused for now", async () => (await office.SentAsync()).Length == 2);
        foreach (var id in ids)
            await office.UntilAsync(id, "queued");
        (await UsageAsync(office)).ShouldBe((0, 0));

        product.Clock.Advance(TimeSpan.FromSeconds(5));

        var ends = new List<SeenMessage>();
        foreach (var id in ids)
            ends.Add(await office.UntilAsync(id, "delivered", "failed"));
        ends.Count(m => m.Status == "delivered").ShouldBe(1);
        ends.Single(m => m.Status == "failed").Error!.Code.ShouldBe("quota_exhausted");
        (await UsageAsync(office)).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Settings_change_the_limit_at_once_and_the_day_with_the_next_period()
    {
        var office = await product.OfficeAsync(limit: 1, templates: true);
        var closed = await ClosedAsync(office, 2);
        await office.AcceptedAsync(closed[0], Office.Template);
        (await office.SendAsync(closed[1], Office.Template)).Code.ShouldBe("quota_exhausted");
        var before = await office.QuotaAsync();

        Task<Answer> PutAsync(string json) => office.CallAsync(HttpMethod.Put, "quota/settings", json);
        (await PutAsync("""{"limit":2,"anniversaryDay":20}""")).Status.ShouldBe(200);

        var after = await office.QuotaAsync();
        (after.Limit, after.PeriodStart, after.ResetsAt).ShouldBe((2, before.PeriodStart, before.ResetsAt));
        await office.AcceptedAsync(closed[1], Office.Template);
        var next = (await PutAsync("{}")).Body!["next"]!;
        next["periodStart"]!.GetValue<DateTimeOffset>().ShouldBe(before.ResetsAt);
        next["resetsAt"]!.GetValue<DateTimeOffset>().AddHours(9).Day.ShouldBe(20);
        var wrong = await PutAsync("""{"timeZone":"Mars/Olympus"}""");
        (wrong.Status, wrong.Code).ShouldBe((400, "bad_request"));
        (await PutAsync("""{"limit":-1}""")).Status.ShouldBe(400);
        (await PutAsync("""{"anniversaryDay":32}""")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Sessions_that_customers_begin_do_not_count_today()
    {
        var office = await product.OfficeAsync(limit: 5);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());

        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("Hi")), "sent", "delivered");

        (await office.CountAsync("quota_ledger")).ShouldBe(0);
    }

    [Fact]
    public async Task A_grain_that_gave_out_the_last_slot_in_vain_finds_it_again()
    {
        var office = await product.OfficeAsync(limit: 1, templates: true);
        var thread = await ClosedAsync(office);
        // A thread drew it and its silo died before the commit.
        var quota = product.Cluster.GetGrain<IQuotaGrain>(new AccountId(office.Account).ToString());
        (await quota.Draw(product.Now, mayPassLimit: false, collided: null)).Slot.ShouldBe(1);

        await office.AcceptedAsync(thread, Office.Template);
    }
}
