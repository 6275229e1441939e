using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Threadkeep.Api.Tests.Media;
using Threadkeep.Api.Tests.Support;
using Threadkeep.People;
using Threadkeep.Setup;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.People;

/// <summary>Who may do what, and who sees which threads (SPEC.md PS1).</summary>
[Collection(nameof(MovedTime))]
public sealed class AccessTests(MovedTime product)
{
    [Fact]
    public void Every_endpoint_declares_what_it_needs()
    {
        var endpoints = product.ApiServices.GetRequiredService<EndpointDataSource>().Endpoints;

        endpoints.Count.ShouldBeGreaterThan(30);
        endpoints
            .Where(e => e.Metadata.GetMetadata<Need>() is null)
            .Select(e => e.DisplayName)
            .ShouldBeEmpty("an endpoint without .Needs(...) is shut for everybody");
    }

    [Theory]
    [InlineData("viewer", "GET threads", 200)]
    [InlineData("viewer", "POST media", 403)]
    [InlineData("viewer", "GET people", 200)]
    [InlineData("agent", "POST media", 415)] // let in, and then told that nothing was sent
    [InlineData("agent", "POST templates/sync", 403)]
    [InlineData("agent", "GET leftovers", 403)]
    [InlineData("agent", "PUT quota/settings", 403)]
    [InlineData("agent", "POST teams", 403)]
    [InlineData("supervisor", "POST templates/sync", 200)]
    [InlineData("supervisor", "POST teams", 403)]
    [InlineData("supervisor", "GET usage", 200)]
    [InlineData("agent", "GET usage", 403)]
    [InlineData("supervisor", "GET operations", 403)]
    [InlineData("admin", "GET leftovers", 200)]
    [InlineData("admin", "PUT quota/settings", 200)]
    public async Task A_role_may_do_what_it_is_for(string role, string request, int status)
    {
        var person = Browser.NewPerson(role);
        await product.OfficeAsync(agents: [person]);
        using var browser = await Browser.OfAsync(product, person);
        var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);

        var answer = await browser.CallAsync(
            new HttpMethod(method),
            path,
            path == "teams" || path.StartsWith("quota", StringComparison.Ordinal) ? new { name = "Sales" } : null
        );

        answer.Status.ShouldBe(status, answer.Body?.ToJsonString());
        if (status == 403)
            answer.Code.ShouldBe("not_allowed");
    }

    [Fact]
    public async Task Whoever_is_limited_to_a_channel_sees_nothing_of_the_others()
    {
        var (office, agent, admin) = await OfficeOfTwoAsync();
        var (other, otherNumber) = await office.AddChannelAsync();
        var seen = await office.HearAsync(Office.NewCustomer(), "rhubarb for you");
        var customer = Office.NewCustomer();
        (
            await office.HookAsync(
                Hook.Body([Hook.Value(otherNumber, [Hook.Text(customer, "rhubarb for them", product.Now)])])
            )
        ).ShouldBe(200);
        var hidden = await office.ThreadAsync(customer);
        var hiddenMessage = (await office.MessagesAsync(hidden))[0];
        var seenMessage = (await office.MessagesAsync(seen))[0];
        using var browser = await Browser.OfAsync(product, agent);
        using var boss = await Browser.OfAsync(product, admin);
        (await browser.GetAsync($"threads/{hidden.Id}")).Status.ShouldBe(200);

        var me = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        (
            await boss.PatchAsync($"people/{me}", new { allChannels = false, channelIds = new[] { seen.ChannelId } })
        ).Status.ShouldBe(200);

        Ids(await browser.GetAsync("threads")).ShouldBe([seen.Id]);
        ((int)(await browser.GetAsync("threads/counts")).Body!["all"]!).ShouldBe(1);
        Ids(await browser.GetAsync("channels")).ShouldBe([seen.ChannelId]);
        (await browser.GetAsync($"threads/{seen.Id}/messages/{seenMessage.Id}")).Status.ShouldBe(200);
        foreach (
            var path in new[]
            {
                $"threads/{hidden.Id}",
                $"threads/{hidden.Id}/messages",
                $"threads/{hidden.Id}/messages/{hiddenMessage.Id}",
                $"threads/{Guid.NewGuid():N}", // what is not there looks the same
                $"templates?channelId={other:N}",
            }
        )
        {
            var answer = await browser.GetAsync(path);
            answer.Status.ShouldBe(404, path);
            answer.Code.ShouldBe("not_visible", path);
        }
        (await browser.PostAsync($"threads/{hidden.Id}/read", new { upTo = hiddenMessage.Id })).Status.ShouldBe(404);
        (await browser.PostAsync($"threads/{hidden.Id}/messages", new { type = "text" })).Status.ShouldBe(404);
        (await browser.PostAsync($"threads/{hidden.Id}/messages/{hiddenMessage.Id}/cancel")).Status.ShouldBe(404);
        (await browser.PostAsync("threads/versions", new { ids = new[] { seen.Id, hidden.Id } })).Body!["versions"]!
            .AsObject()
            .Select(v => v.Key)
            .ShouldBe([seen.Id]);
        await Eventually.IsTrueAsync(
            "both are in the index",
            async () => (await office.AskAsync("search?q=rhubarb&kind=message")).Body!["items"]!.AsArray().Count == 2
        );
        foreach (
            var query in new[] { "q=rhubarb", $"q={customer}", "q=rhubarb&kind=message", $"q={hidden.Ticket!.Number}" }
        )
            (await browser.GetAsync($"search?{query}")).Body!["items"]!
                .AsArray()
                .Select(i => i!["threadId"]!.ToString())
                .ShouldNotContain(hidden.Id, query);
    }

    [Fact]
    public async Task A_team_shows_its_members_its_channels_and_an_admin_is_never_limited()
    {
        var (office, agent, admin) = await OfficeOfTwoAsync();
        var (other, _) = await office.AddChannelAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        using var browser = await Browser.OfAsync(product, agent);
        using var boss = await Browser.OfAsync(product, admin);
        var person = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        (await boss.PatchAsync($"people/{person}", new { allChannels = false })).Status.ShouldBe(200);
        Ids(await browser.GetAsync("threads")).ShouldBeEmpty();

        var team = await boss.PostAsync(
            "teams",
            new
            {
                name = "営業",
                memberIds = new[] { person },
                channelIds = new[] { thread.ChannelId },
            }
        );

        team.Status.ShouldBe(201);
        Ids(await browser.GetAsync("threads")).ShouldBe([thread.Id]);
        (await boss.PostAsync("teams", new { name = "営業" })).Code.ShouldBe("name_taken");
        (await boss.PatchAsync($"teams/{team.Id}", new { channelIds = new[] { other.ToString("N") } })).Status.ShouldBe(
            200
        );
        Ids(await browser.GetAsync("threads")).ShouldBeEmpty();
        (await boss.DeleteAsync($"teams/{team.Id}")).Status.ShouldBe(204);
        (await boss.GetAsync($"people/{person}")).Body!["teamIds"]!.AsArray().ShouldBeEmpty();

        (await boss.PatchAsync($"people/{person}", new { role = "admin" })).Status.ShouldBe(200);
        Ids(await browser.GetAsync("threads")).ShouldBe([thread.Id]);
        (await office.CountAsync("audit_log", "action in ('team.created', 'team.changed', 'team.removed')")).ShouldBe(
            3
        );
    }

    [Fact]
    public async Task The_last_admin_stays_one_and_whoever_is_turned_off_is_signed_out()
    {
        var (office, agent, admin) = await OfficeOfTwoAsync();
        using var browser = await Browser.OfAsync(product, agent);
        using var boss = await Browser.OfAsync(product, admin);
        var person = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        var self = (await boss.GetAsync("me")).Body!["agent"]!["id"]!.ToString();

        (await boss.PatchAsync($"people/{self}", new { role = "agent" })).Code.ShouldBe("last_admin");
        (await boss.PatchAsync($"people/{self}", new { active = false })).Code.ShouldBe("last_admin");
        (await boss.PatchAsync($"people/{person}", new { active = false })).Status.ShouldBe(200);

        (await browser.GetAsync("me")).Status.ShouldBe(401);
        (await browser.SignInAsync(agent.Email, Browser.Password)).Code.ShouldBe("wrong_credentials");
        (await boss.PatchAsync($"people/{person}", new { active = true })).Status.ShouldBe(200);
        (await browser.GetAsync("me")).Status.ShouldBe(401, "the old session does not come back");
        (await browser.SignInAsync(agent.Email, Browser.Password)).Status.ShouldBe(200);
        (await boss.DeleteAsync($"people/{person}/sessions")).Status.ShouldBe(200);
        (await browser.GetAsync("me")).Status.ShouldBe(401);
        (
            await office.CountAsync("audit_log", "details ->> 'after' = '{\"active\": false}' and actor_name = 'Boss'")
        ).ShouldBe(1);
    }

    [Fact]
    public async Task Two_admins_who_demote_each_other_at_once_leave_one()
    {
        var first = Browser.NewPerson("admin");
        var second = Browser.NewPerson("admin");
        var office = await product.OfficeAsync(agents: [first, second]);
        using var one = await Browser.OfAsync(product, first);
        using var two = await Browser.OfAsync(product, second);
        var ids = await Task.WhenAll(
            new[] { one, two }.Select(async b => (await b.GetAsync("me")).Body!["agent"]!["id"]!.ToString())
        );

        await Task.WhenAll(
            one.PatchAsync($"people/{ids[1]}", new { role = "agent" }),
            two.PatchAsync($"people/{ids[0]}", new { role = "agent" })
        );

        (await office.CountAsync("agents", "role = 'admin'")).ShouldBe(1);
    }

    [Fact]
    public async Task The_live_feed_tells_a_limited_agent_of_their_threads_only()
    {
        var (office, agent, admin) = await OfficeOfTwoAsync();
        var (_, otherNumber) = await office.AddChannelAsync();
        var seen = await office.HearAsync(Office.NewCustomer());
        using var boss = await Browser.OfAsync(product, admin);
        using var browser = await Browser.OfAsync(product, agent);
        var person = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        (
            await boss.PatchAsync(
                $"people/{person}",
                new { allChannels = false, channelIds = new[] { seen.ChannelId } }
            )
        ).Status.ShouldBe(200);
        using var stream = await browser.Http.GetStreamAsync("live");
        using var events = new StreamReader(stream);
        await UntilAsync(events, "hello");

        var customer = Office.NewCustomer();
        (
            await office.HookAsync(Hook.Body([Hook.Value(otherNumber, [Hook.Text(customer, "Hidden", product.Now)])]))
        ).ShouldBe(200);
        var hidden = await office.ThreadAsync(customer);
        // A feed that lost its way to this host for a moment is found again within half a minute: whoever writes then is heard of.
        var told = UntilAsync(events, seen.Id, TimeSpan.FromSeconds(60));
        while (!told.IsCompleted)
        {
            await office.HearAsync(seen.Customer.WaId!, "Seen");
            await Task.WhenAny(told, Task.Delay(TimeSpan.FromSeconds(2)));
        }
        (await told).ShouldNotContain(hidden.Id);
    }

    // Time stands still here: no feed asks by itself who is listening.
    [Fact]
    public async Task A_feed_of_somebody_signed_out_or_turned_off_ends_at_once()
    {
        var (_, agent, admin) = await OfficeOfTwoAsync();
        using var boss = await Browser.OfAsync(product, admin);
        using var browser = await Browser.OfAsync(product, agent);
        using var other = await Browser.OfAsync(product, agent);
        var person = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        using var first = new StreamReader(await browser.Http.GetStreamAsync("live"));
        using var second = new StreamReader(await other.Http.GetStreamAsync("live"));
        await UntilAsync(first, "hello");
        await UntilAsync(second, "hello");

        await EndsAsync(first, () => other.DeleteAsync("me/sessions"));
        await EndsAsync(second, () => boss.PatchAsync($"people/{person}", new { active = false }));

        // A hint may be lost: it comes again with the same act.
        static async Task EndsAsync(StreamReader events, Func<Task<Answer>> act)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var ended = ToTheEndAsync(events, patience.Token);
            while (!ended.IsCompleted)
            {
                (await act()).Status.ShouldBe(200);
                await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(2), patience.Token));
            }
            await ended;
        }

        static async Task ToTheEndAsync(StreamReader events, CancellationToken cancellation)
        {
            while (await events.ReadLineAsync(cancellation) is not null) { }
        }
    }

    // Everything up to the line that holds a text.
    private static async Task<string> UntilAsync(StreamReader events, string text, TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(20));
        var all = "";
        while (!all.Contains(text, StringComparison.Ordinal))
            all += await events.ReadLineAsync(patience.Token) + "\n";
        return all;
    }

    [Fact]
    public async Task A_file_opens_for_those_who_may_see_a_message_that_holds_it()
    {
        var (office, agent, admin) = await OfficeOfTwoAsync();
        var (_, otherNumber) = await office.AddChannelAsync();
        var seen = await office.HearAsync(Office.NewCustomer(), "for you");
        var customer = Office.NewCustomer();
        await office.HookAsync(Hook.Body([Hook.Value(otherNumber, [Hook.Text(customer, "for them", product.Now)])]));
        var hidden = await office.ThreadAsync(customer);
        using var browser = await Browser.OfAsync(product, agent);
        using var boss = await Browser.OfAsync(product, admin);
        var me = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        await boss.PatchAsync($"people/{me}", new { allChannels = false, channelIds = new[] { seen.ChannelId } });
        using var picture = new ByteArrayContent(Convert.FromBase64String(InboundMediaTests.Png));
        using var uploaded = await boss.Http.PostAsync("media", picture);
        var file = JsonNode.Parse(await uploaded.Content.ReadAsStringAsync())!["id"]!.ToString();

        (await browser.GetAsync($"media/{file}")).Status.ShouldBe(200, "uploaded, in no message yet");
        await HoldAsync(hidden);
        foreach (var path in new[] { "", "?size=thumb", "/waveform" })
            (await browser.GetAsync($"media/{file}{path}")).Status.ShouldBe(404, path);
        browser.Http.DefaultRequestHeaders.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        (
            await browser.PostAsync($"threads/{seen.Id}/messages", new { type = "image", image = new { id = file } })
        ).Code.ShouldBe("media_not_found");
        (await boss.GetAsync($"media/{file}")).Status.ShouldBe(200);
        await HoldAsync(seen);
        (await browser.GetAsync($"media/{file}")).Status.ShouldBe(200);
        // A rule hides the message that shows it: the one on the other channel opens nothing here.
        await product.Database.ExecuteAsync(
            $"update threadkeep.messages set type = 'quarantined' where thread_id = '{seen.Id}' and direction = 0"
        );
        (await browser.GetAsync($"media/{file}")).Status.ShouldBe(404);
        (await boss.GetAsync($"media/{file}")).Status.ShouldBe(200);

        Task HoldAsync(SeenThread thread) =>
            product.Database.ExecuteAsync(
                $"update threadkeep.messages set media_sha256 = '{file}' where thread_id = '{thread.Id}' and direction = 0"
            );
    }

    private async Task<(Office, SetupAgent Agent, SetupAgent Admin)> OfficeOfTwoAsync()
    {
        var agent = Browser.NewPerson("agent");
        var admin = Browser.NewPerson("admin", "Boss");
        return (await product.OfficeAsync(agents: [agent, admin]), agent, admin);
    }

    private static string[] Ids(Answer list) => [.. list.Body!["items"]!.AsArray().Select(i => i!["id"]!.ToString())];
}
