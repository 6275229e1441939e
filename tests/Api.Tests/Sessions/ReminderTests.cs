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

    private static Task RingAsync(Office office, SeenThread thread) =>
        office.Grain(thread).AsReference<IRemindable>().ReceiveReminder("session", default);
}
