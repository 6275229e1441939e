using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Sessions;

[Collection(nameof(MovedTime))]
public sealed class ReminderTests(MovedTime product)
{
    [Fact]
    public async Task An_open_session_has_one_reminder_that_its_messages_do_not_touch_and_a_closed_one_has_none()
    {
        var office = await product.OfficeAsync();
        var started = DateTime.UtcNow;
        var thread = await office.HearAsync(Office.NewCustomer());
        var grain = office.Grain(thread).GetGrainId();
        ReminderEntry? entry = null;

        // Registered after the answer, within seconds.
        await Eventually.IsTrueAsync(
            "the reminder is there",
            async () => (entry = await product.Reminders.ReadRow(grain, "session")) is not null
        );
        entry!.Period.ShouldBe(TimeSpan.FromMinutes(5));
        // Reminders go by the system's clock here: due 22 hours after the message.
        (entry.StartAt - started).ShouldBeInRange(TimeSpan.FromHours(21.9), TimeSpan.FromHours(22.1));

        product.Clock.Advance(TimeSpan.FromHours(3));
        await office.HearAsync(thread.Customer.WaId!, "again");
        (await product.Reminders.ReadRow(grain, "session"))!.ETag.ShouldBe(entry.ETag);

        // It rings: nothing is due yet by the arithmetic, so it is set for the remainder.
        product.Clock.Advance(TimeSpan.FromHours(19));
        await RingAsync(office, thread);
        var later = (await product.Reminders.ReadRow(grain, "session"))!;
        later.ETag.ShouldNotBe(entry.ETag);
        (later.StartAt - DateTime.UtcNow).ShouldBeInRange(TimeSpan.FromHours(2.9), TimeSpan.FromHours(3.1));

        product.Clock.Advance(TimeSpan.FromHours(5));
        await RingAsync(office, thread);
        (await office.AgainAsync(thread)).Session.Open.ShouldBeFalse();
        (await office.EventsAsync(thread))[^1].ShouldBe("session_closed");
        (await product.Reminders.ReadRow(grain, "session")).ShouldBeNull();
    }

    [Fact]
    public async Task A_late_message_that_brings_the_warning_before_the_alarm_sets_the_reminder_anew()
    {
        var office = await product.OfficeAsync();
        var start = product.Now;
        // On a phone: to anybody else the Sandbox refuses an answer, which then is owed still.
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var grain = office.Grain(thread).GetGrainId();
        await office.UntilAsync(
            await office.AcceptedAsync(thread, Office.TextBody("an answer")),
            "sent",
            "delivered",
            "read"
        );
        product.Clock.Set(start.AddHours(22.5));
        await RingAsync(office, thread);
        var atEnd = (await product.Reminders.ReadRow(grain, "session"))!;

        // Written an hour after the first: the session ends at 25 hours, and an answer is owed again.
        await office.HearAsync(thread.Customer.WaId!, "written long ago", start.AddHours(1));

        await Eventually.IsTrueAsync(
            "the reminder is set for the warning",
            async () => (await product.Reminders.ReadRow(grain, "session"))!.StartAt < atEnd.StartAt
        );
        product.Clock.Set(start.AddHours(23));
        await RingAsync(office, thread);
        (await office.EventsAsync(thread))[^1].ShouldBe("session_warning");

        // And once the time to warn has passed, the message itself brings the warning.
        await office.UntilAsync(
            await office.AcceptedAsync(thread, Office.TextBody("another answer")),
            "sent",
            "delivered",
            "read"
        );
        product.Clock.Set(start.AddHours(24));
        await office.HearAsync(thread.Customer.WaId!, "written long ago too", start.AddHours(1.5));
        (await office.EventsAsync(thread)).Count(e => e == "session_warning").ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_Meta_refused_is_owed_still_and_warned_of()
    {
        var office = await product.OfficeAsync();
        var start = product.Now;
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await product.FaultsAsync("""{"messages":[{"times":1,"action":"error","code":131026}]}""");
        await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("refused")), "failed");

        product.Clock.Set(start.AddHours(22.5));
        await RingAsync(office, thread);

        (await office.EventsAsync(thread)).ShouldContain("session_warning");
    }

    [Fact]
    public async Task An_answer_that_fails_in_the_last_two_hours_is_warned_of_at_once_unless_another_stands()
    {
        var office = await product.OfficeAsync();
        var start = product.Now;
        await product.FaultsAsync("""{"statuses":{"hold":true}}""");
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var first = await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("one")), "sent");
        var second = await office.UntilAsync(await office.AcceptedAsync(thread, Office.TextBody("two")), "sent");
        product.Clock.Set(start.AddHours(22.5));
        await RingAsync(office, thread);

        (await FailAsync(first)).ShouldBe(200);
        await RingAsync(office, thread);
        (await office.EventsAsync(thread)).ShouldNotContain("session_warning", "the second answer stands");

        (await FailAsync(second)).ShouldBe(200);
        await Eventually.IsTrueAsync(
            "it is warned of",
            async () => (await office.EventsAsync(thread)).Contains("session_warning")
        );

        Task<int> FailAsync(SeenMessage message) =>
            office.StatusesAsync(Hook.Status(message.Wamid!, "failed", product.Now, errorCode: 131026));
    }

    private static Task RingAsync(Office office, SeenThread thread) =>
        office.Grain(thread).AsReference<IRemindable>().ReceiveReminder("session", default);
}
