using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Macros;

[Collection(nameof(RealTime))]
public sealed class MacroTests(RealTime product)
{
    [Fact]
    public async Task Supervisors_make_macros_agents_see_them_and_an_old_version_changes_nothing()
    {
        var (supervisor, agent) = (Browser.NewPerson("supervisor"), Browser.NewPerson("agent"));
        var office = await product.OfficeAsync(agents: [supervisor, agent]);
        using var chief = await Browser.OfAsync(product, supervisor);
        using var worker = await Browser.OfAsync(product, agent);
        var macro = new
        {
            name = "Refund 返金",
            actions = new
            {
                status = "waiting_on_contact",
                owner = "me",
                addTags = new[] { "refund" },
                note = "Sent the form",
                snippet = "ご返金のお手続きをご案内します。",
            },
        };
        (await worker.PostAsync("macros", macro)).Status.ShouldBe(403);
        var made = await chief.PostAsync("macros", macro);
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        var seen = (await worker.GetAsync("macros")).Body!["items"]!.AsArray().ShouldHaveSingleItem()!;
        seen["actions"]!["snippet"]!.ToString().ShouldBe("ご返金のお手続きをご案内します。");
        seen["actions"]!["priority"].ShouldBeNull();

        var path = $"macros/{made.Id}";
        var change = new
        {
            version = 1,
            name = "Refund",
            actions = new { status = "closed" },
        };
        (await chief.PatchAsync(path, change)).Body!["version"]!.GetValue<int>().ShouldBe(2);
        (await chief.PatchAsync(path, change)).Code.ShouldBe("macro_changed");

        var stranger = await product.OfficeAsync();
        (await stranger.AskAsync("macros")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await stranger.CallAsync(HttpMethod.Delete, path)).Status.ShouldBe(404);
        (await chief.DeleteAsync(path)).Status.ShouldBe(204);
        (await office.AskAsync("macros")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"name":"x","actions":{}}""")]
    [InlineData("""{"name":"","actions":{"status":"closed"}}""")]
    [InlineData("""{"name":"x","actions":{"status":"gone"}}""")]
    [InlineData("""{"name":"x","actions":{"owner":"somebody"}}""")]
    [InlineData("""{"name":"x","actions":{"addTags":[""]}}""")]
    [InlineData("""{"name":"x","actions":{"note":"\u0000"}}""")]
    public async Task What_no_macro_can_be_is_refused(string json)
    {
        var office = await product.OfficeAsync();
        (await office.PostAsync("macros", json)).Status.ShouldBe(400);
    }
}
