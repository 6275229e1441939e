using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Messages;

/// <summary>
/// S9: a time-out after Meta accepted, a double click: at most one copy, and what goes out keeps its order. A silo that is killed at each step
/// of a send: <c>InterruptedSendTests</c> and <c>KilledBeforePostTests</c>, with processes of their own.
/// </summary>
[Collection(nameof(MovedTime))]
public sealed class ScenarioS9Tests(MovedTime product)
{
    [Fact]
    public async Task S9_The_same_key_and_body_is_the_same_message_however_often_it_is_sent()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var body = Office.TextBody("once");

        var clicks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => office.SendAsync(thread, body, "click")));

        clicks.ShouldAllBe(a => a.Status == 202);
        var id = clicks.Select(a => a.Id).Distinct().ShouldHaveSingleItem();
        await office.UntilAsync(id, "sent", "delivered");
        (await office.AcceptedAsync(thread, body, "click")).ShouldBe(id);
        // The same answer, whatever has changed since.
        product.Clock.Advance(TimeSpan.FromDays(2));
        (await office.AcceptedAsync(thread, body, "click")).ShouldBe(id);
        (await office.SentAsync()).ShouldHaveSingleItem();
        (await office.CountAsync("messages", "direction = 1")).ShouldBe(1);
    }

    [Fact]
    public async Task S9_A_time_out_after_Meta_accepted_is_settled_by_the_status_and_posted_once()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await SendTests.FaultAsync(
            product,
            thread,
            """ "times":1,"action":"timeoutAfterAccept" """,
            """{"hold":true}"""
        );

        var id = await office.AcceptedAsync(thread, Office.TextBody("accepted, never answered"));
        var next = await office.AcceptedAsync(thread, Office.TextBody("goes on"));
        var message = await office.UntilAsync(id, "unconfirmed");
        (message.CanSendAgain, message.CanCancel, message.Wamid).ShouldBe((false, false, null));
        await office.UntilAsync(next, "sent");

        (await product.ControlAsync(HttpMethod.Post, "faults/release")).ShouldNotBeNull();
        message = await office.UntilAsync(id, "delivered");

        var sent = await office.SentAsync();
        sent.Count(s => s["bizOpaqueCallbackData"]!.ToString() == id).ShouldBe(1);
        message.Wamid.ShouldBe(sent[0]["wamid"]!.ToString());
    }

    [Fact]
    public async Task S9_Text_picture_and_text_leave_in_that_order()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var (status, file) = await SendTests.UploadAsync(office, Convert.FromBase64String(InboundMediaTests.Png));
        status.ShouldBe(201);
        await product.FaultsAsync("""{"media":{"delayMs":300}}""");

        string[] ids =
        [
            await office.AcceptedAsync(thread, Office.TextBody("before")),
            await office.AcceptedAsync(thread, SendTests.ImageBody(file["id"]!.ToString(), "the picture")),
            await office.AcceptedAsync(thread, Office.TextBody("after")),
        ];
        foreach (var id in ids)
            await office.UntilAsync(id, "delivered");

        var sent = await office.SentAsync();
        sent.Select(s => s["type"]!.ToString()).ShouldBe(["text", "image", "text"]);
        sent[1]["body"]!["image"]!["caption"]!.ToString().ShouldBe("the picture");
        sent.Select(s => s["bizOpaqueCallbackData"]!.ToString()).ShouldBe(ids);
        var picture = await office.MessageAsync(ids[1]);
        (picture.Text, picture.Media!.State, picture.Media.MimeType).ShouldBe(("the picture", "ready", "image/png"));
    }
}
