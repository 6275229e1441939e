using System.Net;
using Threadkeep.Sandbox.Tests.Support;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Faults;

public sealed class FaultTests
{
    private const string Text = """{"type":"text","text":{"body":"x"}}""";

    [Fact]
    public async Task An_error_comes_as_often_as_asked_and_for_whom_it_was_asked()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        await sandbox.FaultsAsync(
            """{"messages":[{"match":{"to":"+81 90-1234-5678","type":"text"},"times":1,"action":"error","code":131056}]}"""
        );
        (await sandbox.SendAsync("447700900123", Text)).Status.ShouldBe(200);
        var (status, body) = await sandbox.SendAsync(Yui, Text);
        status.ShouldBe(400);
        var error = body["error"]!;
        error["code"]!.GetValue<int>().ShouldBe(131056);
        error["message"]!.ToString().ShouldBe("(#131056) (Business Account, Consumer Account) pair rate limit hit");
        (await sandbox.SendAsync(Yui, Text)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Accepted_without_an_answer_is_recorded_and_its_statuses_follow()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        await sandbox.FaultsAsync("""{"messages":[{"times":1,"action":"timeoutAfterAccept"}]}""");
        using var givenUp = new CancellationTokenSource();
        var call = sandbox.Graph.PostAsync(
            $"{Number}/messages",
            Json($$"""{"messaging_product":"whatsapp","to":"{{Yui}}",{{Text[1..]}}"""),
            givenUp.Token
        );
        var sent = await Eventually.GetAsync(
            () => sandbox.ControlAsync("/sent"),
            s => s["items"]!.AsArray().Any(i => i!["accepted"]!.GetValue<bool>())
        );
        var wamid = sent["items"]![0]!["wamid"]!.ToString();
        await sandbox.Receiver.StatusesUntilAsync(wamid, "delivered");
        call.IsCompleted.ShouldBeFalse();
        sent["items"]![0]!["httpStatus"].ShouldBeNull();
        await givenUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await sandbox.SendTextAsync(Yui);
    }

    [Theory]
    [InlineData("closeBeforeAccept", false)]
    [InlineData("closeAfterAccept", true)]
    public async Task A_cut_connection_leaves_the_message_accepted_or_not(string action, bool accepted)
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync($$$"""{"messages":[{"times":1,"action":"{{{action}}}"}]}""");
        await Should.ThrowAsync<HttpRequestException>(() => sandbox.SendAsync(Yui, Text));
        var sent = await sandbox.ControlAsync("/sent");
        sent["items"]!.AsArray().Single()!["accepted"]!.GetValue<bool>().ShouldBe(accepted);
    }

    [Fact]
    public async Task A_plain_500_is_not_a_graph_error()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"messages":[{"times":1,"action":"status500"}]}""");
        using var answer = await sandbox.Graph.PostAsync(
            $"{Number}/messages",
            Json($$"""{"messaging_product":"whatsapp","to":"{{Yui}}",{{Text[1..]}}""")
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("{");
    }

    [Fact]
    public async Task What_is_held_waits_for_the_release()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"messages":[{"action":"hold"}]}""");
        var call = sandbox.SendAsync(Yui, Text);
        await Eventually.GetAsync(() => sandbox.ControlAsync("/sent"), s => s["count"]!.GetValue<int>() == 1);
        call.IsCompleted.ShouldBeFalse();
        using (await sandbox.Control.PostAsync("/control/faults/release", null))
            (await call).Status.ShouldBe(200);
        (await sandbox.SendAsync(Yui, Text)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Held_statuses_come_with_the_release()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        await sandbox.FaultsAsync("""{"statuses":{"hold":true}}""");
        var wamid = await sandbox.SendTextAsync(Yui);
        await sandbox.WriteAsync(Yui, """{"text":"meanwhile"}""");
        await sandbox.Receiver.UntilAsync(r => r.SelectMany(x => x.Messages).Count() == 2);
        sandbox.Receiver.All.SelectMany(r => r.Statuses).ShouldBeEmpty();
        using (await sandbox.Control.PostAsync("/control/faults/release", null))
            await sandbox.Receiver.StatusesUntilAsync(wamid, "delivered");
    }

    [Fact]
    public async Task Statuses_can_fail_skip_and_come_by_themselves()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        await sandbox.FaultsAsync("""{"statuses":{"skipDelivered":true,"autoRead":true}}""");
        var read = await sandbox.Receiver.StatusesUntilAsync(await sandbox.SendTextAsync(Yui), "read");
        read.ShouldNotContain(s => s["status"]!.ToString() == "delivered");

        await sandbox.FaultsAsync("""{"statuses":{"failWith":131026}}""");
        var failed = await sandbox.Receiver.StatusesUntilAsync(await sandbox.SendTextAsync(Yui), "failed");
        failed.Single()["errors"]![0]!["code"]!.GetValue<int>().ShouldBe(131026);
    }

    [Fact]
    public async Task An_invalid_token_refuses_everything()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"tokenInvalid":true}""");
        (await sandbox.SendAsync(Yui, Text)).Status.ShouldBe(401);
        (await sandbox.GetAsync(Number)).Status.ShouldBe(401);
        await sandbox.FaultsAsync("{}");
        (await sandbox.GetAsync(Number)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"mesages":[]}""")]
    [InlineData("""{"messages":[{"action":"explode"}]}""")]
    [InlineData("""{"webhooks":{"drop":"some"}}""")]
    [InlineData("""{"webhooks":null}""")]
    public async Task A_switch_that_does_not_exist_is_refused(string faults)
    {
        await using var sandbox = await StartAsync();
        using var answer = await sandbox.Control.PutAsync("/control/faults", Json(faults));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
