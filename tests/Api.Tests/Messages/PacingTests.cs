using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Messages;

/// <summary>What Meta lets leave is kept here and shown, instead of left to Meta to refuse (SPEC.md CO8). The clock stands still until it is moved.</summary>
[Collection(nameof(MovedTime))]
public sealed class PacingTests(MovedTime product)
{
    private async Task<SeenThread[]> ClosedAsync(Office office, int count)
    {
        var people = Enumerable.Range(0, count).Select(_ => Office.NewCustomer()).ToArray();
        (await office.HookAsync([.. people.Select(p => Hook.Text(p, "long ago", product.Now.AddHours(-30)))])).ShouldBe(
            200
        );
        return await office.ThreadsAsync();
    }

    // Whoever opens the channel's page lets Meta be asked for its limits.
    private async Task<string> LimitedAsync(Office office, string limits)
    {
        await product.FaultsAsync($$"""{"limits":{{limits}}}""");
        var channel = (await office.AskAsync("channels")).Body!["items"]![0]!["id"]!.ToString();
        (await office.AskAsync($"channels/{channel}")).Status.ShouldBe(200);
        return channel;
    }

    private static async Task<JsonNode> QueueAsync(Office office, string channel) =>
        (await office.AskAsync($"channels/{channel}/queue")).Body!;

    private static async Task<JsonNode> HeldAsync(Office office, string channel, string reason)
    {
        JsonNode? row = null;
        await Eventually.IsTrueAsync(
            $"one waits for {reason}",
            async () =>
            {
                row = (await QueueAsync(office, channel))["items"]!
                    .AsArray()
                    .FirstOrDefault(i => i!["reason"]?.ToString() == reason);
                return row is not null;
            }
        );
        return row!;
    }

    [Fact]
    public async Task The_tier_counts_customers_outside_sessions_over_24_hours_and_survives_its_grain()
    {
        var office = await product.OfficeAsync(templates: true);
        var channel = await LimitedAsync(office, """{"tier":"TIER_2"}""");
        var closed = await ClosedAsync(office, 3);
        foreach (var thread in closed[..2])
            await office.UntilAsync(await office.AcceptedAsync(thread, Office.Template), "sent", "delivered");
        // What is known is not known by the grain alone.
        await product.CollectAsync();

        var third = await office.AcceptedAsync(closed[2], Office.Template);
        var held = await HeldAsync(office, channel, "messaging_limit");
        (held["id"]!.ToString(), held["state"]!.ToString()).ShouldBe((third, "paced"));
        var limits = (await QueueAsync(office, channel))["limits"]!;
        ((int)limits["customers"]!, (int)limits["reached"]!).ShouldBe((2, 2));
        // The same customers again, and whoever writes, are not held up.
        await office.UntilAsync(await office.AcceptedAsync(closed[0], Office.Template), "sent", "delivered");
        var open = await office.HearOnPhoneAsync(Office.NewCustomer());
        await office.UntilAsync(await office.AcceptedAsync(open, Office.TextBody("Hi")), "sent", "delivered");
        (await office.MessageAsync(third)).Status.ShouldBe("queued");

        product.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        await office.UntilAsync(third, "sent", "delivered");
        (await QueueAsync(office, channel))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task An_unverified_business_is_told_to_verify_itself_and_what_waits_can_be_cancelled()
    {
        var office = await product.OfficeAsync(templates: true);
        var channel = await LimitedAsync(office, """{"tier":"TIER_250","unverified":true}""");
        var closed = await ClosedAsync(office, RunningProduct.UnverifiedPerDay + 1);
        var ids = new List<string>();
        foreach (var thread in closed)
            ids.Add(await office.AcceptedAsync(thread, Office.Template));

        var held = await HeldAsync(office, channel, "verify_business");

        ((bool)(await QueueAsync(office, channel))["limits"]!["isUnverified"]!).ShouldBeTrue();
        var id = held["id"]!.ToString();
        (await office.PostAsync($"threads/{held["threadId"]}/messages/{id}/cancel")).Status.ShouldBe(200);
        (await office.MessageAsync(id)).Status.ShouldBe("cancelled");
        foreach (var other in ids.Where(other => other != id))
            await office.UntilAsync(other, "sent", "delivered");
        (await office.SentAsync()).Length.ShouldBe(RunningProduct.UnverifiedPerDay);
    }

    [Fact]
    public async Task One_customer_gets_45_at_once_and_then_one_each_six_seconds_and_Meta_refuses_none()
    {
        var office = await product.OfficeAsync();
        var channel = await LimitedAsync(office, """{"pair":true}""");
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var other = await office.HearOnPhoneAsync(Office.NewCustomer());
        for (var n = 0; n < 46; n++)
            await office.AcceptedAsync(thread, Office.TextBody($"{n}"));

        var held = await HeldAsync(office, channel, "pair_rate");

        held["nextAt"]!
            .GetValue<DateTimeOffset>()
            .ShouldBeInRange(product.Now.AddSeconds(6), product.Now.AddSeconds(7));
        await office.UntilAsync(await office.AcceptedAsync(other, Office.TextBody("Hi")), "sent", "delivered");
        (await office.SentAsync()).Length.ShouldBe(46);
        product.Clock.Advance(TimeSpan.FromSeconds(7));
        await office.UntilAsync(held["id"]!.ToString(), "sent", "delivered");
        (await office.SentAsync()).ShouldAllBe(s => s["accepted"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_may_change_the_limits_lets_Meta_be_asked_for_them()
    {
        var office = await product.OfficeAsync();
        var channel = await LimitedAsync(office, """{"tier":"TIER_2"}""");
        string[] fields =
        [
            "phone_number_quality_update",
            "business_capability_update",
            "account_update",
            "account_review_update",
        ];
        for (var n = 0; n < fields.Length; n++)
        {
            await product.FaultsAsync($$$"""{"limits":{"tier":"TIER_{{{n + 3}}}"}}""");
            var told = $$$"""
                {"object":"whatsapp_business_account","entry":[{"id":"{{{office.Waba}}}","changes":[{"field":"{{{fields[
                    n
                ]}}}","value":{"event":"X"}}]}]}
                """;
            (await office.HookAsync(Encoding.UTF8.GetBytes(told))).ShouldBe(200);
            (
                await product.Database.ScalarAsync<string>(
                    $"select messaging_limit from threadkeep.channels where id = '{Guid.Parse(channel)}'"
                )
            ).ShouldBe($"TIER_{n + 3}", fields[n]);
        }
        await product.FaultsAsync("{}");
    }

    [Fact]
    public async Task A_number_that_is_not_connected_says_that_nothing_leaves()
    {
        var office = await product.OfficeAsync();
        var channel = await LimitedAsync(office, "{}");
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"tokenInvalid":true}""");
        await office.AcceptedAsync(thread, Office.TextBody("Hi"));

        var held = await HeldAsync(office, channel, "token_invalid");

        held["state"]!.ToString().ShouldBe("paused");
        await product.FaultsAsync("{}");
    }
}
