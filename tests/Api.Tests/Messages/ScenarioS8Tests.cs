using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Messages;

/// <summary>S8: statuses backwards, and one before its wamid is known: the tick ends at the highest, all times kept.</summary>
[Collection(nameof(MovedTime))]
public sealed class ScenarioS8Tests(MovedTime product)
{
    [Fact]
    public async Task S8_Statuses_backwards_end_at_the_highest_and_keep_every_time()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var id = await office.AcceptedAsync(thread, Office.TextBody("Hi"));
        var wamid = (await office.UntilAsync(id, "sent")).Wamid!;
        var sent = DateTimeOffset.FromUnixTimeSeconds(product.Now.ToUnixTimeSeconds()); // Meta tells whole seconds

        // By our own id and without it; a minute apart, told the wrong way round.
        (await office.StatusesAsync(Hook.Status(wamid, "read", sent.AddMinutes(2), callback: id))).ShouldBe(200);
        (await office.StatusesAsync(Hook.Status(wamid, "delivered", sent.AddMinutes(1)))).ShouldBe(200);
        (await office.StatusesAsync(Hook.Status(wamid, "sent", sent.AddMinutes(-1), callback: id))).ShouldBe(200);

        var message = await office.MessageAsync(id);
        message.Status.ShouldBe("read");
        message.StatusTimes.ShouldBe(
            new SeenTimes(sent.AddMinutes(-1), sent.AddMinutes(1), sent.AddMinutes(2), null, null)
        );

        // Told again: nothing that anybody would have to fetch.
        var before = await office.AgainAsync(thread);
        (
            await office.StatusesAsync(
                Hook.Status(wamid, "read", sent.AddMinutes(2), callback: id),
                Hook.Status(wamid, "delivered", sent.AddMinutes(1))
            )
        ).ShouldBe(200);
        (await office.StatusesAsync(Hook.Status(wamid, "read", sent.AddMinutes(9)))).ShouldBe(200);
        (await office.StatusesAsync(Hook.Status(wamid, "failed", sent.AddMinutes(-1), errorCode: 131026))).ShouldBe(
            200
        );
        (await office.MessageAsync(id)).Status.ShouldBe("read");
        (await office.StatusesAsync(Hook.Status(wamid, "failed", sent.AddMinutes(-1), errorCode: 131026))).ShouldBe(
            200
        );
        (await office.AgainAsync(thread)).Version.ShouldBeLessThanOrEqualTo(before.Version + 1);
    }

    [Fact]
    public async Task S8_Statuses_that_come_before_the_answer_settle_the_message_while_it_is_being_sent()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await SendTests.FaultAsync(product, thread, """ "times":1,"action":"timeoutAfterAccept" """);

        var id = await office.AcceptedAsync(thread, Office.TextBody("told before answered"));
        var message = await office.UntilAsync(id, "delivered");

        message.Wamid.ShouldNotBeNull();
        // The call's own time-out, later, changes nothing.
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("next")), "delivered");
        message = await office.MessageAsync(id);
        message.Status.ShouldBe("delivered");
        (await office.SentAsync()).Length.ShouldBe(2);
    }
}
