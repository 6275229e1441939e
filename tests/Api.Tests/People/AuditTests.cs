using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.People;

/// <summary>Who did what, and an account's settings (SPEC.md PS1).</summary>
[Collection(nameof(MovedTime))]
public sealed class AuditTests(MovedTime product)
{
    [Fact]
    public async Task The_log_tells_who_did_what_from_where_page_by_page_and_to_admins_only()
    {
        var admin = Browser.NewPerson("admin", "Boss");
        var agent = Browser.NewPerson("agent");
        var office = await product.OfficeAsync(agents: [admin, agent]);
        var source = Browser.NewSource();
        using var boss = new Browser(product, source);
        (await boss.SignInAsync(admin.Email, Browser.Password)).Status.ShouldBe(200);
        using var other = await Browser.OfAsync(product, agent);
        var self = (await boss.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        var begun = product.Now;
        for (var n = 0; n < 3; n++)
        {
            product.Clock.Advance(TimeSpan.FromMinutes(1));
            (await boss.PostAsync("teams", new { name = $"Team {n}" })).Status.ShouldBe(201);
        }
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        (
            await boss.PatchAsync(
                "account",
                new
                {
                    name = "青空商店",
                    timeZone = "America/Sao_Paulo",
                    country = "BR",
                    language = "ja",
                }
            )
        ).Status.ShouldBe(200);

        (await other.GetAsync("audit")).Code.ShouldBe("not_allowed");
        var first = await boss.GetAsync($"audit?action=team.&limit=2&actorId={self}");
        Names(first).ShouldBe(["Team 2", "Team 1"]);
        Names(await boss.GetAsync($"audit?action=team.&limit=2&actorId={self}&cursor={first.Body!["nextCursor"]}"))
            .ShouldBe(["Team 0"]);
        Names(await boss.GetAsync($"audit?action=team.&to={Stamp(begun.AddMinutes(2))}")).ShouldBe(["Team 0"]);
        Names(await boss.GetAsync($"audit?action=team.created&from={Stamp(begun.AddMinutes(3))}")).ShouldBe(["Team 2"]);
        (await boss.GetAsync("audit?limit=0")).Code.ShouldBe("bad_request");
        var entry = (await boss.GetAsync("audit?action=account.changed")).Body!["items"]![0]!;
        entry["actor"]!["name"]!.ToString().ShouldBe("Boss");
        entry["address"]!.ToString().ShouldBe(source);
        entry["before"]!["timeZone"]!.ToString().ShouldBe("Asia/Tokyo");
        entry["after"]!["timeZone"]!.ToString().ShouldBe("America/Sao_Paulo");
        (await office.CountAsync("audit_log", $"audit_log::text like '%{Browser.Password}%'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_others_work_with_and_the_name_they_see_is_told_and_what_is_ones_own_is_not()
    {
        var admin = Browser.NewPerson("admin", "Boss");
        await product.OfficeAsync(agents: [admin]);
        using var boss = await Browser.OfAsync(product, admin);
        var macro = await boss.PostAsync("macros", new { name = "Refund", actions = new { note = "Sent" } });
        macro.Status.ShouldBe(201);
        (
            await boss.PatchAsync(
                $"macros/{macro.Id}",
                new
                {
                    name = "返金",
                    version = 1,
                    actions = new { note = "Sent the form" },
                }
            )
        ).Status.ShouldBe(200);
        (await boss.DeleteAsync($"macros/{macro.Id}")).Status.ShouldBe(204);
        (await boss.PostAsync("views", new { name = "Mine", sharing = "private" })).Status.ShouldBe(201);
        var view = await boss.PostAsync("views", new { name = "Late", sharing = "everyone" });
        view.Status.ShouldBe(201);
        (await boss.PatchAsync($"views/{view.Id}", new { name = "Too late", version = 1 })).Status.ShouldBe(200);
        (await boss.DeleteAsync($"views/{view.Id}")).Status.ShouldBe(204);
        (await boss.PostAsync($"views/{view.Id}/restore", new { })).Status.ShouldBe(200);
        (await boss.PatchAsync("me", new { language = "ja" })).Status.ShouldBe(200);
        (await boss.PatchAsync("me", new { name = "\u202Epmats" })).Code.ShouldBe("bad_request");
        (await boss.PatchAsync("me", new { name = "\u200B" })).Code.ShouldBe("bad_request");
        (await boss.PatchAsync("me", new { name = "社長" })).Status.ShouldBe(200);

        var told = (await boss.GetAsync("audit?limit=50")).Body!["items"]!
            .AsArray()
            .Select(e => $"{e!["action"]} {e["subject"]?["name"]}")
            .Where(e => !e.StartsWith("session.", StringComparison.Ordinal));
        told.Order()
            .ShouldBe(
                new[]
                {
                    "macro.created Refund",
                    "macro.changed 返金",
                    "macro.deleted 返金",
                    "view.created Late",
                    "view.changed Too late",
                    "view.deleted Too late",
                    "view.restored Too late",
                    "person.changed 社長",
                }.Order()
            );
        var renamed = (await boss.GetAsync("audit?action=person.changed")).Body!["items"]![0]!;
        (renamed["before"]!["name"]!.ToString(), renamed["after"]!["name"]!.ToString()).ShouldBe(("Boss", "社長"));
    }

    [Fact]
    public async Task Account_settings_are_checked_and_move_the_quotas_next_period()
    {
        var admin = Browser.NewPerson("admin");
        var office = await product.OfficeAsync(agents: [admin]);
        using var boss = await Browser.OfAsync(product, admin);
        var before = (await office.AskAsync("quota")).Body!;

        (await boss.PatchAsync("account", new { timeZone = "Mars/Olympus" })).Code.ShouldBe("bad_request");
        (await boss.PatchAsync("account", new { country = "XX" })).Code.ShouldBe("bad_request");
        (await boss.PatchAsync("account", new { language = "fr" })).Status.ShouldBe(400);
        (await boss.PatchAsync("account", new { name = "   " })).Status.ShouldBe(400);
        (await boss.PatchAsync("account", new { timeZone = "America/Sao_Paulo" })).Status.ShouldBe(200);

        var after = (await office.AskAsync("quota")).Body!;
        after["resetsAt"]!
            .ToString()
            .ShouldBe(before["resetsAt"]!.ToString(), "the running period ends as it was announced");
        after["next"]!["resetsAt"]!.ToString().ShouldNotBe(before["next"]!["resetsAt"]!.ToString());
        (await office.PostAsync("teams", """{"name":"By a program"}""")).Status.ShouldBe(201);
        (await boss.GetAsync("audit?action=team.created")).Body!["items"]![0]!["actor"]!["kind"]!
            .ToString()
            .ShouldBe("api_key");
    }

    private static string[] Names(Answer page) =>
        [.. page.Body!["items"]!.AsArray().Select(i => i!["subject"]!["name"]!.ToString())];

    private static string Stamp(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("o", null));
}
