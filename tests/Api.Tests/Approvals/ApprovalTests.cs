using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Approvals;

/// <summary>What people in training send waits for somebody's word.</summary>
[Collection(nameof(MovedTime))]
public sealed class ApprovalTests(MovedTime product)
{
    // An account with somebody in training, two supervisors and a customer who has just written.
    private async Task<Desk> OpenAsync()
    {
        SetupAgent[] people =
        [
            Browser.NewPerson("admin", "Boss"),
            Browser.NewPerson("supervisor", "Sora"),
            Browser.NewPerson("supervisor", "Sue"),
            Browser.NewPerson("agent", "Tara"),
        ];
        var office = await product.OfficeAsync(agents: people, templates: true);
        var browsers = new List<Browser>();
        foreach (var person in people)
            browsers.Add(await Browser.OfAsync(product, person));
        var desk = new Desk(office, browsers[0], browsers[1], browsers[2], browsers[3]);
        await desk.TrainAsync(true);
        desk.Thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        return desk;
    }

    private sealed record Desk(Office Office, Browser Boss, Browser Sora, Browser Sue, Browser Tara) : IDisposable
    {
        public SeenThread Thread { get; set; } = null!;

        public async Task TrainAsync(bool inTraining)
        {
            var tara = (await Tara.GetAsync("me")).Body!["agent"]!["id"];
            (await Boss.PatchAsync($"people/{tara}", new { inTraining })).Status.ShouldBe(200);
            (await Tara.GetAsync("me")).Body!["agent"]!["inTraining"]!.GetValue<bool>().ShouldBe(inTraining);
        }

        public async Task<Answer> WriteAsync(string json, string? key = null, string query = "")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"threads/{Thread.Id}/messages{query}");
            request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            using var answer = await Tara.Http.SendAsync(request);
            return new Answer((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
        }

        /// <summary>Tara writes what has to wait; its id.</summary>
        public async Task<string> WaitAsync(string text)
        {
            var answer = await WriteAsync(Office.TextBody(text));
            (answer.Status, answer.Body!["status"]!.ToString()).ShouldBe((202, "waiting_for_approval"));
            return answer.Id;
        }

        public async Task<string[]> SentAsync() =>
            [.. (await Office.SentAsync()).Select(s => s["body"]!["text"]!["body"]!.ToString())];

        public static async Task<JsonNode[]> NoticesAsync(Browser browser, string kind) =>
            [
                .. (await browser.GetAsync("notices")).Body!["items"]!
                    .AsArray()
                    .Select(n => n!)
                    .Where(n => n["kind"]!.ToString() == kind),
            ];

        public static async Task<int> WaitingAsync(Browser browser) =>
            (await browser.GetAsync("approvals")).Body!["waiting"]!.GetValue<int>();

        public void Dispose()
        {
            foreach (var browser in new[] { Boss, Sora, Sue, Tara })
                browser.Dispose();
        }
    }

    [Fact]
    public async Task What_was_taken_back_or_given_back_never_leaves_also_when_its_author_needs_nobody_any_more()
    {
        using var desk = await OpenAsync();
        var (taken, given) = (Office.TextBody("taken back"), Office.TextBody("given back"));
        var first = await desk.WriteAsync(taken, "taken");
        var second = await desk.WriteAsync(given, "given");
        (await desk.Tara.PostAsync($"approvals/{first.Id}/withdraw", new { })).Status.ShouldBe(200);
        (await desk.Sora.PostAsync($"approvals/{second.Id}/return", new { note = "kinder" })).Status.ShouldBe(200);
        await desk.TrainAsync(false);
        // The browser, or a program, asks once more with the key of then.
        await desk.WriteAsync(taken, "taken");
        await desk.WriteAsync(given, "given");
        (await desk.WriteAsync(Office.TextBody("free"), "free")).Body!["status"]!.ToString().ShouldBe("queued");
        await Eventually.IsTrueAsync("what is free has left", async () => (await desk.SentAsync()).Length > 0);
        (await desk.SentAsync()).ShouldBe(["free"]);
    }

    [Fact]
    public async Task What_a_customer_is_called_is_not_read_as_a_placeholder_when_it_is_approved()
    {
        using var desk = await OpenAsync();
        var customer = Office.NewCustomer();
        (
            await desk.Office.HookAsync(
                Hook.Body([
                    Hook.Value(desk.Office.Number, [Hook.Text(customer, "Hello", product.Now, name: "{agent.name}")]),
                ])
            )
        ).ShouldBe(200);
        desk.Thread = await desk.Office.ThreadAsync(customer);
        var held = await desk.WriteAsync(
            """
            {"type":"template","template":{"name":"continue_conversation","language":{"code":"en_US"},"components":[
             {"type":"body","parameters":[{"type":"text","parameter_name":"customer_name","text":"{contact.name}"}]}]}}
            """
        );
        held.Body!["status"]!.ToString().ShouldBe("waiting_for_approval");
        (await desk.Sora.PostAsync($"approvals/{held.Id}/approve", new { })).Status.ShouldBe(200);
        await Eventually.IsTrueAsync("it has left", async () => (await desk.Office.SentAsync()).Length > 0);
        (await desk.Office.SentAsync()).Single()["body"]!["template"]!["components"]![0]!["parameters"]![0]!["text"]!
            .ToString()
            .ShouldBe("{agent.name}");
    }

    [Fact]
    public async Task A_message_waits_until_somebody_says_yes_and_two_who_say_so_at_once_send_it_once()
    {
        using var desk = await OpenAsync();
        var key = Guid.NewGuid().ToString();
        var first = await desk.WriteAsync(Office.TextBody("May I say this?"), key);
        first.Status.ShouldBe(202);
        // Sent again, because the answer was lost, it waits once; the key is no other message's.
        (await desk.WriteAsync(Office.TextBody("May I say this?"), key)).Id.ShouldBe(first.Id);
        (await desk.WriteAsync(Office.TextBody("Something else"), key)).Code.ShouldBe("idempotency_key_reused");
        (await Desk.WaitingAsync(desk.Sora)).ShouldBe(1);
        (await Desk.NoticesAsync(desk.Sora, "approval_wanted")).ShouldHaveSingleItem()["text"]!
            .ToString()
            .ShouldBe("May I say this?");
        (await Desk.NoticesAsync(desk.Boss, "approval_wanted")).ShouldBeEmpty();
        (await desk.Office.MessagesAsync(desk.Thread)).ShouldNotContain(m => m.Direction == "outbound");
        (await desk.Tara.PostAsync($"approvals/{first.Id}/approve", new { })).Status.ShouldBe(403);

        var answers = await Task.WhenAll(
            desk.Sora.PostAsync($"approvals/{first.Id}/approve", new { }),
            desk.Sue.PostAsync($"approvals/{first.Id}/approve", new { })
        );
        answers.Select(a => a.Status).Order().ShouldBe([200, 409]);
        answers.Single(a => a.Status == 409).Code.ShouldBe("already_decided");
        var message = answers.Single(a => a.Status == 200).Body!["messageId"]!.ToString();
        await desk.Office.UntilAsync(message, "delivered", "read");
        (await desk.SentAsync()).ShouldBe(["May I say this?"]);
        // The author's own request, repeated, finds the message that it became.
        (await desk.WriteAsync(Office.TextBody("May I say this?"), key)).Id.ShouldBe(message);
        var seen = (await desk.Tara.GetAsync($"threads/{desk.Thread.Id}/messages/{message}")).Body!;
        seen["agent"]!["name"]!.ToString().ShouldBe("Tara");
        seen["approved"]!["by"]!["name"]!.ToString().ShouldBeOneOf("Sora", "Sue");
        seen["approved"]!["originalText"].ShouldBeNull();
        (await Desk.WaitingAsync(desk.Sora)).ShouldBe(0);
        (await Desk.NoticesAsync(desk.Sora, "approval_wanted")).ShouldBeEmpty();
        (await desk.Office.CountAsync("audit_log", "action = 'message.approved'")).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_says_yes_may_change_the_text_and_both_are_named()
    {
        using var desk = await OpenAsync();
        var id = await desk.WaitAsync("hi there");
        var tooLong = await desk.Sora.PostAsync($"approvals/{id}/approve", new { text = new string('x', 5_000) });
        (tooLong.Status, tooLong.Code).ShouldBe((422, "text_too_long"));
        // Its author is turned off meanwhile, and the ticket is somebody else's: it is theirs all the same.
        var tara = (await desk.Tara.GetAsync("me")).Body!["agent"]!["id"];
        var sue = (await desk.Sue.GetAsync("me")).Body!["agent"]!["id"];
        var ticket = (await desk.Office.AskAsync($"threads/{desk.Thread.Id}")).Body!["ticket"]!["id"];
        (await desk.Sue.PatchAsync($"tickets/{ticket}", new { ownerId = sue })).Status.ShouldBe(200);
        (await desk.Boss.PatchAsync($"people/{tara}", new { active = false })).Status.ShouldBe(200);

        var approved = await desk.Sora.PostAsync($"approvals/{id}/approve", new { text = "Good morning!" });
        approved.Status.ShouldBe(200);
        // The answer may have been lost: said again by the same person, it is the same yes.
        (await desk.Sora.PostAsync($"approvals/{id}/approve", new { text = "Good morning!" })).Status.ShouldBe(200);
        var message = approved.Body!["messageId"]!.ToString();
        await desk.Office.UntilAsync(message, "delivered", "read");
        (await desk.SentAsync()).ShouldBe(["Good morning!"]);
        var seen = (await desk.Sue.GetAsync($"threads/{desk.Thread.Id}/messages/{message}")).Body!;
        seen["text"]!.ToString().ShouldBe("Good morning!");
        seen["agent"]!["name"]!.ToString().ShouldBe("Tara");
        seen["approved"]!["by"]!["name"]!.ToString().ShouldBe("Sora");
        seen["approved"]!["originalText"]!.ToString().ShouldBe("hi there");
    }

    [Fact]
    public async Task What_is_returned_or_taken_back_never_leaves_and_its_author_is_told_why()
    {
        using var desk = await OpenAsync();
        var returned = await desk.WaitAsync("We never pay back");
        var withdrawn = await desk.WaitAsync("Oops");
        (await desk.Sora.PostAsync($"approvals/{returned}/return", new { note = " " })).Status.ShouldBe(400);
        (await desk.Sora.PostAsync($"approvals/{withdrawn}/withdraw")).Status.ShouldBe(404);

        (await desk.Sora.PostAsync($"approvals/{returned}/return", new { note = "Read our terms" })).Status.ShouldBe(
            200
        );
        (await desk.Tara.PostAsync($"approvals/{withdrawn}/withdraw")).Status.ShouldBe(200);
        foreach (var id in new[] { returned, withdrawn })
            (await desk.Sue.PostAsync($"approvals/{id}/approve", new { })).Code.ShouldBe("already_decided");
        var told = (await Desk.NoticesAsync(desk.Tara, "approval_answered")).ShouldHaveSingleItem();
        (told["outcome"]!.ToString(), told["text"]!.ToString()).ShouldBe(("returned", "Read our terms"));
        // Its text is kept, for its author to go on with.
        var kept = (await desk.Tara.GetAsync($"approvals?threadId={desk.Thread.Id}&all=true")).Body![
            "items"
        ]!.AsArray();
        kept.Select(a => (a!["state"]!.ToString(), a["text"]!.ToString()))
            .ShouldBe([("withdrawn", "Oops"), ("returned", "We never pay back")], ignoreOrder: true);
        (await desk.SentAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_that_ends_while_it_waits_fails_it_and_a_template_may_still_go()
    {
        using var desk = await OpenAsync();
        var text = await desk.WaitAsync("Still there?");
        var template = (await desk.WriteAsync(Office.Template)).Id;
        product.Clock.Advance(TimeSpan.FromHours(24));

        (await desk.WriteAsync(Office.TextBody("Now?"))).Code.ShouldBe("session_closed");
        (await desk.Tara.GetAsync($"approvals/{text}")).Body!["reason"]!.ToString().ShouldBe("session_closed");
        // At once, and not when somebody has written it down.
        (
            await desk.Sora.GetAsync("approvals")
        ).Body!["items"]!.AsArray().Select(a => a!["id"]!.ToString()).ShouldBe([template]);
        (await Desk.WaitingAsync(desk.Sora)).ShouldBe(1);
        await Eventually.IsTrueAsync(
            "its author is told",
            async () =>
            {
                // The keeper looks every few seconds.
                product.Clock.Advance(TimeSpan.FromSeconds(10));
                return (await Desk.NoticesAsync(desk.Tara, "approval_answered")).Length == 1;
            }
        );
        (await desk.Sora.PostAsync($"approvals/{text}/approve", new { })).Code.ShouldBe("already_decided");
        var sent = await desk.Sora.PostAsync($"approvals/{template}/approve", new { });
        sent.Status.ShouldBe(200);
        await desk.Office.UntilAsync(sent.Body!["messageId"]!.ToString(), "delivered", "read");
        (await desk.Office.SentAsync()).ShouldHaveSingleItem()["body"]!["type"]!.ToString().ShouldBe("template");
    }

    [Fact]
    public async Task What_was_to_leave_among_many_leaves_among_many_also_when_it_had_to_wait_for_a_word()
    {
        using var desk = await OpenAsync();
        var later = Uri.EscapeDataString(product.Now.AddHours(1).ToString("O"));
        foreach (var (lane, number) in new[] { ("bulk", 1), ("reply", 0) })
        {
            var held = await desk.WriteAsync(Office.TextBody(lane), query: $"?lane={lane}&sendAt={later}");
            held.Body!["status"]!.ToString().ShouldBe("waiting_for_approval");
            // Nothing is changed: no body is needed for a yes.
            var yes = await desk.Sora.PostAsync($"approvals/{held.Id}/approve");
            yes.Status.ShouldBe(200);
            var seq = yes.Body!["messageId"]!.ToString()[33..];
            (await desk.Office.CountAsync("outbound_queue", $"seq = {seq} and lane = {number}")).ShouldBe(1, lane);
        }
    }

    [Fact]
    public async Task What_was_approved_by_a_host_that_went_away_is_sent_by_another()
    {
        using var desk = await OpenAsync();
        var id = await desk.WaitAsync("Half done");
        // As it stands where a host is killed between both steps.
        await product.Database.ExecuteAsync(
            $"""
            update threadkeep.approvals set state = 'approved', decided_at = '{product.Now:O}',
                decided_by = (select id from threadkeep.agents where account_id = '{desk.Office.Account}' and name = 'Sora')
            where id = '{Guid.ParseExact(id, "N")}'
            """
        );
        await Eventually.IsTrueAsync(
            "it is sent",
            async () =>
            {
                product.Clock.Advance(TimeSpan.FromSeconds(10));
                return (await desk.SentAsync()) is ["Half done"];
            }
        );
        (await desk.Tara.GetAsync($"approvals/{id}")).Body!["state"]!.ToString().ShouldBe("sent");

        // Who is in training no more writes as others do.
        await desk.TrainAsync(false);
        (await desk.WriteAsync(Office.TextBody("On my own")))
            .Body!["message"]
            .ShouldNotBeNull("it waits for nobody's word");
    }
}
