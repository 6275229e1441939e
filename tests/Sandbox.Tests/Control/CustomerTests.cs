using System.Net;
using System.Net.Http.Json;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Control;

public sealed class CustomerTests
{
    [Theory]
    [InlineData("\"2026-11-20T10:00:00+09:00\"", "1795136400")]
    [InlineData("1795136400", "1795136400")]
    [InlineData("\"1795136400\"", "1795136400")]
    public async Task A_message_may_be_stamped_in_the_past(string at, string timestamp)
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, $$"""{"text":"hello","at":{{at}}}""");
        var message = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0].Messages.Single();
        message["timestamp"]!.GetValue<string>().ShouldBe(timestamp);
    }

    [Fact]
    public async Task A_forced_id_goes_out_again_and_the_phone_keeps_the_first()
    {
        await using var sandbox = await StartAsync();
        (await sandbox.WriteAsync(Yui, """{"text":"first","wamid":"wamid.SAME"}""")).ShouldBe("wamid.SAME");
        await sandbox.WriteAsync(Yui, """{"text":"second","wamid":"wamid.SAME"}""");
        var posts = await sandbox.Receiver.UntilAsync(r => r.Length == 2);
        posts.SelectMany(p => p.Messages).ShouldAllBe(m => m["id"]!.ToString() == "wamid.SAME");
        var chat = await sandbox.ControlAsync($"/chats/{Number}/{Yui}");
        chat["items"]!.AsArray().Single()!["content"]!["body"]!.ToString().ShouldBe("first");
    }

    [Theory]
    [InlineData("""{"type":"location"}""", "location", "latitude")]
    [InlineData(
        """{"type":"button","contextId":"wamid.T","button":{"payload":"STOP","text":"Stop"}}""",
        "button",
        "payload"
    )]
    [InlineData("""{"type":"unsupported","raw":{"errors":[{"code":131051}]}}""", "errors", "131051")]
    [InlineData("""{"type":"hologram","raw":{"hologram":{"depth":3}}}""", "hologram", "depth")]
    public async Task Every_type_can_be_written_even_an_invented_one(string call, string member, string inside)
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, call);
        var message = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0].Messages.Single();
        message[member]!.ToJsonString().ShouldContain(inside);
    }

    [Fact]
    public async Task Raw_members_replace_and_null_takes_away()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"x","raw":{"timestamp":"soon","from":null}}""");
        var message = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0].Messages.Single();
        message["timestamp"]!.ToString().ShouldBe("soon");
        message["from"].ShouldBeNull();
    }

    [Fact]
    public async Task A_number_change_is_told_twice_and_the_chat_moves_along()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        using var changed = await sandbox.Control.PostAsJsonAsync(
            $"/control/numbers/{Number}/number-changes",
            new { from = Yui, to = "819099998888" }
        );
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var posts = await sandbox.Receiver.UntilAsync(r => r.Length == 3);
        var system = posts.SelectMany(p => p.Messages).Single(m => m["type"]!.ToString() == "system");
        system["from"]!.ToString().ShouldBe(Yui);
        system["system"]!["wa_id"]!.ToString().ShouldBe("819099998888");
        system["system"]!["type"]!.ToString().ShouldBe("user_changed_number");
        var update = posts.SelectMany(p => p.Values).Single(v => v["user_id_update"] is not null);
        var ids = update["user_id_update"]![0]!["user_id"]!;
        ids["current"]!.ToString().ShouldBe(system["system"]!["user_id"]!.ToString());
        ids["previous"]!.ToString().ShouldNotBe(ids["current"]!.ToString());
        var chat = await sandbox.ControlAsync($"/chats/{Number}/819099998888");
        chat["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_status_can_be_told_by_hand()
    {
        await using var sandbox = await StartAsync();
        using var told = await sandbox.Control.PostAsJsonAsync(
            "/control/statuses",
            new
            {
                wamid = "wamid.ELSE",
                to = Yui,
                status = "failed",
                at = 1795136400,
                errorCode = 131026,
            }
        );
        told.StatusCode.ShouldBe(HttpStatusCode.OK);
        var status = (await sandbox.Receiver.StatusesUntilAsync("wamid.ELSE", "failed")).Single();
        status["timestamp"]!.ToString().ShouldBe("1795136400");
        status["errors"]![0]!["code"]!.GetValue<int>().ShouldBe(131026);
    }

    [Fact]
    public async Task Senseless_calls_are_400_with_a_sentence()
    {
        await using var sandbox = await StartAsync();
        foreach (
            var call in new[] { "[]", """{"at":"yesterday"}""", """{"type":"video"}""", """{"phoneNumberId":"1"}""" }
        )
        {
            using var answer = await sandbox.Control.PostAsync($"/control/customers/{Yui}/messages", Json(call));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, call);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("error");
        }
    }
}
