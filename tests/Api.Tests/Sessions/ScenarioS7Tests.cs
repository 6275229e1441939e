using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Sessions;

/// <summary>S7: late and out of order: shown in the order written, with their real times, a mark, and the window computed from Meta's time.</summary>
[Collection(nameof(MovedTime))]
public sealed class ScenarioS7Tests(MovedTime product)
{
    [Fact]
    public async Task S7_The_window_goes_by_the_time_of_writing_and_not_of_arrival()
    {
        var office = await product.OfficeAsync();
        var written = product.Now.AddHours(-5);

        var thread = await office.HearAsync(Office.NewCustomer(), at: written);

        thread.Session.EndsAt.ShouldBe(written.AddHours(24));
        var message = (await office.MessagesAsync(thread)).Single();
        (message.At, message.Late).ShouldBe((written, true));
        product.Clock.Set(written.AddHours(24));
        (await office.SendAsync(thread, Office.TextBody("too late"))).Code.ShouldBe("session_closed");
    }

    [Fact]
    public async Task S7_What_comes_late_and_backwards_is_shown_in_the_order_written_and_marked()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var start = DateTimeOffset.FromUnixTimeSeconds(product.Now.ToUnixTimeSeconds());
        var (first, second, third) = (start.AddHours(-2), start.AddHours(-1), start.AddSeconds(-1));
        // The newest first, then what Meta could not deliver for hours: apart, and in one body the wrong way round.
        (await office.HookAsync(Hook.Text(customer, "third", third))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(customer, "second", second), Hook.Text(customer, "first", first))).ShouldBe(
            200
        );

        var thread = await office.ThreadAsync(customer);
        var shown = await office.MessagesAsync(thread);
        shown.Select(m => m.Text).ShouldBe(["first", "second", "third"]);
        shown.Select(m => m.At).ShouldBe([first, second, third]);
        shown.Select(m => m.Late).ShouldBe([true, true, false]);
        (thread.Session.EndsAt, thread.Unread, thread.LastMessage!.Text).ShouldBe((third.AddHours(24), 3, "third"));
        (await office.CountAsync("tickets")).ShouldBe(1);
        // The latest by Meta's clock counts for the window: it is open to the second and no longer.
        product.Clock.Set(third.AddHours(24).AddSeconds(-1));
        (await office.SendAsync(thread, Office.TextBody("in time"))).Status.ShouldBe(202);
        product.Clock.Set(third.AddHours(24));
        (await office.SendAsync(thread, Office.TextBody("too late"))).Code.ShouldBe("session_closed");
    }
}
