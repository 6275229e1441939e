using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;

namespace Threadkeep.Api.Tests.Views;

[Collection(nameof(MovedTime))]
public sealed class ViewTests(MovedTime product)
{
    private static SetupAgent NewAgent(string name, string role) => Browser.NewPerson(role, name);

    private Task<Browser> SignInAsync(SetupAgent agent) => Browser.OfAsync(product, agent);

    private static Task<Answer> CallAsync(Browser browser, HttpMethod method, string path, object? body = null) =>
        browser.CallAsync(method, path, body);

    private static async Task<string[]> NamesAsync(Office office, string view)
    {
        var page = await office.AskAsync($"views/{view}/threads?limit=200");
        page.Status.ShouldBe(200, page.Body?.ToJsonString());
        return [.. page.Body!["items"]!.AsArray().Select(t => t!["customer"]!["waId"]!.ToString())];
    }

    private static async Task<string> CreateAsync(Office office, object view)
    {
        var made = await office.PostAsync("views", System.Text.Json.JsonSerializer.Serialize(view));
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        return made.Id;
    }

    private static async Task ChangeAsync(Office office, SeenThread thread, string json)
    {
        var ticket = (await office.AskAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!;
        (await office.CallAsync(HttpMethod.Patch, $"tickets/{ticket}", json)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_default_views_hold_what_they_say_and_count_it()
    {
        var emma = NewAgent("Emma", "agent");
        var office = await product.OfficeAsync(agents: [emma]);
        using var browser = await SignInAsync(emma);
        var me = (await CallAsync(browser, HttpMethod.Get, "me")).Body!["agent"]!["id"]!.ToString();
        var customers = Enumerable.Range(0, 5).Select(_ => Office.NewCustomer()).ToArray();
        var threads = new List<SeenThread>();
        foreach (var customer in customers)
            threads.Add(await office.HearAsync(customer));
        var (mine, closed, snoozed, named, answered) = (threads[0], threads[1], threads[2], threads[3], threads[4]);
        await ChangeAsync(office, mine, $$"""{"ownerId":"{{me}}"}""");
        await ChangeAsync(office, closed, """{"status":"closed"}""");
        await ChangeAsync(office, snoozed, $$"""{"snoozedUntil":"{{product.Now.AddDays(2):O}}"}""");
        var note = new JsonObject { ["text"] = "@Emma look", ["mentions"] = new JsonArray(me) }.ToJsonString();
        (await office.PostAsync($"threads/{named.Id}/notes", note, "k")).Status.ShouldBe(201);
        await office.AcceptedAsync(answered, Office.TextBody("Yes"));

        string[] Of(params SeenThread[] some) => [.. some.Select(t => t.Customer.WaId!).Order()];
        await ShouldHoldAsync("open", Of(mine, named, answered));
        await ShouldHoldAsync("unassigned", Of(named, answered));
        await ShouldHoldAsync("mine", Of(mine));
        await ShouldHoldAsync("mentions", Of(named));
        await ShouldHoldAsync("snoozed", Of(snoozed));
        await ShouldHoldAsync("closed", Of(closed));
        await ShouldHoldAsync("sent", Of(answered));
        await ShouldHoldAsync("closing", []);
        product.Clock.Advance(TimeSpan.FromHours(22.5));
        await ShouldHoldAsync("closing", Of(mine, snoozed, named, answered));

        async Task ShouldHoldAsync(string view, string[] expected)
        {
            var (status, page) = await CallAsync(browser, HttpMethod.Get, $"views/{view}/threads");
            status.ShouldBe(200);
            page!["items"]!
                .AsArray()
                .Select(t => t!["customer"]!["waId"]!.ToString())
                .ShouldBe(expected, ignoreOrder: true, view);
            product.Clock.Advance(TimeSpan.FromSeconds(2)); // a count is kept for a second
            var counts = (await CallAsync(browser, HttpMethod.Get, "views/counts")).Body!["counts"]!;
            counts[view]!.GetValue<int>().ShouldBe(expected.Length, view);
        }
    }

    [Fact]
    public async Task A_view_filters_by_any_of_none_of_ranges_and_what_is_known()
    {
        var office = await product.OfficeAsync(templates: true);
        var threads = new Dictionary<string, SeenThread>();
        foreach (var name in new[] { "returns", "billing", "plain" })
        {
            threads[name] = await office.HearAsync(Office.NewCustomer(), $"About {name}");
            product.Clock.Advance(TimeSpan.FromMinutes(10));
        }
        await ChangeAsync(
            office,
            threads["returns"],
            """{"category":"Returns","tags":["vip","new"],"priority":"high","subject":"Blue 靴"}"""
        );
        await ChangeAsync(office, threads["billing"], """{"category":"Billing","tags":["late"]}""");
        await office.AcceptedAsync(threads["billing"], Office.Template);

        await FindsAsync(
            ["returns"],
            new
            {
                property = "ticket.category",
                @operator = "anyOf",
                values = new[] { "returns", "x" },
            }
        );
        await FindsAsync(
            ["plain"],
            new
            {
                property = "ticket.category",
                @operator = "noneOf",
                values = new[] { "Returns", "billing" },
            }
        );
        await FindsAsync(["plain"], new { property = "ticket.category", @operator = "unknown" });
        await FindsAsync(["billing", "returns"], new { property = "ticket.tags", @operator = "known" });
        await FindsAsync(
            ["billing", "plain"],
            new
            {
                property = "ticket.tags",
                @operator = "noneOf",
                values = new[] { "vip" },
            }
        );
        await FindsAsync(
            ["returns"],
            new
            {
                property = "ticket.subject",
                @operator = "contains",
                values = new[] { "靴" },
            }
        );
        await FindsAsync(
            ["returns"],
            new
            {
                property = "message.lastText",
                @operator = "contains",
                values = new[] { "ABOUT RET" },
            }
        );
        await FindsAsync(
            [],
            new
            {
                property = "message.lastText",
                @operator = "contains",
                values = new[] { "a%ret" },
            }
        );
        await FindsAsync(
            ["billing", "plain", "returns"],
            new
            {
                property = "ticket.source",
                @operator = "anyOf",
                values = new[] { "whatsapp" },
            }
        );
        await FindsAsync(
            [],
            new
            {
                property = "ticket.source",
                @operator = "noneOf",
                values = new[] { "whatsapp" },
            }
        );
        await FindsAsync(
            ["billing"],
            new
            {
                property = "message.sent",
                @operator = "between",
                from = "1",
                to = "5",
            }
        );
        await FindsAsync(
            ["billing"],
            new
            {
                property = "message.lastTemplate",
                @operator = "anyOf",
                values = new[] { "continue_conversation" },
            }
        );
        await FindsAsync(
            ["plain"],
            new
            {
                property = "ticket.openedAt",
                @operator = "newerThan",
                hours = 0.25,
            }
        );
        await FindsAsync(
            ["returns"],
            new
            {
                property = "ticket.openedAt",
                @operator = "olderThan",
                hours = 0.4,
            }
        );
        await FindsAsync(
            ["billing"],
            new
            {
                property = "ticket.openedAt",
                @operator = "newerThan",
                hours = 0.4,
            },
            new
            {
                property = "ticket.openedAt",
                @operator = "olderThan",
                hours = 0.2,
            }
        );
        await FindsAsync(
            ["billing", "plain"],
            new
            {
                property = "message.lastInboundAt",
                @operator = "between",
                from = product.Now.AddMinutes(-25).ToString("O", CultureInfo.InvariantCulture),
            }
        );
        await FindsAsync(
            ["returns", "plain"],
            new
            {
                property = "message.answerOwed",
                @operator = "anyOf",
                values = new[] { "true" },
            }
        );
        await FindsAsync(
            ["billing", "plain", "returns"],
            new
            {
                property = "session.state",
                @operator = "anyOf",
                values = new[] { "open" },
            }
        );

        async Task FindsAsync(string[] names, params object[] filters)
        {
            var view = await CreateAsync(office, new { name = "V", filters });
            var expected = names.Select(n => threads[n].Customer.WaId!).Order();
            (await NamesAsync(office, view)).ShouldBe(
                expected,
                ignoreOrder: true,
                System.Text.Json.JsonSerializer.Serialize(filters)
            );
        }
    }

    [Fact]
    public async Task A_view_has_columns_and_an_order_and_goes_on_page_by_page()
    {
        var office = await product.OfficeAsync();
        string[] priorities = ["low", "urgent", "high"];
        foreach (var priority in priorities)
            await ChangeAsync(
                office,
                await office.HearAsync(Office.NewCustomer()),
                $$"""{"priority":"{{priority}}","subject":"S {{priority}}"}"""
            );
        var view = await CreateAsync(
            office,
            new
            {
                name = "By subject 件名 🙂 \u202e",
                columns = new[] { "ticket.subject", "ticket.openedAt", "message.received" },
                sort = "ticket.subject",
                descending = false,
            }
        );
        var first = (await office.AskAsync($"views/{view}/threads?limit=2")).Body!;
        var rest = (await office.AskAsync($"views/{view}/threads?limit=2&cursor={first["nextCursor"]}")).Body!;
        var items = first["items"]!.AsArray().Concat(rest["items"]!.AsArray()).ToArray();
        items.Select(i => i!["columns"]!["ticket.subject"]!.ToString()).ShouldBe(["S high", "S low", "S urgent"]);
        items[0]!["columns"]!["message.received"]!.GetValue<int>().ShouldBe(1);
        DateTimeOffset
            .Parse(items[0]!["columns"]!["ticket.openedAt"]!.ToString(), CultureInfo.InvariantCulture)
            .ShouldBe(product.Now);
        rest["nextCursor"].ShouldBeNull();
        var thread = items[0]!["id"]!.ToString();
        (await office.AskAsync($"views/{view}/threads/{thread}")).Body!["columns"]!["ticket.subject"]!
            .ToString()
            .ShouldBe("S high");
        (await office.AskAsync($"views/closed/threads/{thread}")).Code.ShouldBe("not_in_view");
    }

    [Fact]
    public async Task Fifty_conditions_open_and_one_more_is_refused()
    {
        var office = await product.OfficeAsync();
        await office.HearAsync(Office.NewCustomer());
        object[] Conditions(int count) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(n => new
                    {
                        property = "ticket.tags",
                        @operator = "noneOf",
                        values = new[] { $"tag {n}" },
                    }),
            ];
        var view = await CreateAsync(office, new { name = "Fifty", filters = Conditions(50) });
        (await NamesAsync(office, view)).Length.ShouldBe(1);
        var refused = await office.PostAsync(
            "views",
            System.Text.Json.JsonSerializer.Serialize(new { name = "More", filters = Conditions(51) })
        );
        refused.Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_view_whose_property_is_gone_says_so_opens_and_can_be_mended()
    {
        var office = await product.OfficeAsync();
        await office.HearAsync(Office.NewCustomer());
        var view = await CreateAsync(
            office,
            new
            {
                name = "Old",
                filters = new[]
                {
                    new
                    {
                        property = "ticket.status",
                        @operator = "anyOf",
                        values = new[] { "new" },
                    },
                },
            }
        );
        await product.Database.ExecuteAsync(
            $$"""
            update threadkeep.views
            set filters = '[{"property":"ticket.shoeSize","operator":"anyOf","values":["42"]},{"property":"ticket.status","operator":"anyOf","values":["new"]}]',
                sort = 'ticket.shoeSize', columns = '{ticket.shoeSize}'
            where id = '{{view}}'
            """
        );
        var told = (await office.AskAsync($"views/{view}")).Body!;
        told["missing"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldBe("ticket.shoeSize");
        (await NamesAsync(office, view)).Length.ShouldBe(1);
        (
            await office.CallAsync(HttpMethod.Patch, $"views/{view}", """{"version":1,"name":"Renamed"}""")
        ).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Of_two_admins_editing_one_view_the_second_is_told_by_whom_it_was_changed()
    {
        var (anna, bo) = (NewAgent("Anna", "admin"), NewAgent("Bo", "admin"));
        var office = await product.OfficeAsync(agents: [anna, bo]);
        using var annas = await SignInAsync(anna);
        using var bos = await SignInAsync(bo);
        var made = await CallAsync(annas, HttpMethod.Post, "views", new { name = "Shared", sharing = "everyone" });
        var id = made.Body!["id"]!.ToString();
        (await CallAsync(bos, HttpMethod.Patch, $"views/{id}", new { version = 1, name = "Bo's" })).Status.ShouldBe(
            200
        );
        var (status, problem) = await CallAsync(
            annas,
            HttpMethod.Patch,
            $"views/{id}",
            new { version = 1, name = "Anna's" }
        );
        status.ShouldBe(409);
        problem!["code"]!.ToString().ShouldBe("view_changed");
        problem["title"]!.ToString().ShouldContain("Bo changed this view");
        (await office.AskAsync($"views/{id}")).Body!["name"]!.ToString().ShouldBe("Bo's");
    }

    [Fact]
    public async Task What_is_private_is_seen_by_its_maker_alone_and_what_is_shared_is_changed_by_those_who_may()
    {
        var (anna, bo) = (NewAgent("Anna", "agent"), NewAgent("Bo", "agent"));
        var office = await product.OfficeAsync(agents: [anna, bo]);
        using var annas = await SignInAsync(anna);
        using var bos = await SignInAsync(bo);
        var hidden = (await CallAsync(annas, HttpMethod.Post, "views", new { name = "Mine only" })).Body![
            "id"
        ]!.ToString();
        var shared = (
            await CallAsync(annas, HttpMethod.Post, "views", new { name = "All", sharing = "everyone" })
        ).Body!["id"]!.ToString();
        foreach (var path in new[] { $"views/{hidden}", $"views/{hidden}/threads" })
            (await CallAsync(bos, HttpMethod.Get, path)).Status.ShouldBe(404);
        (await CallAsync(bos, HttpMethod.Delete, $"views/{hidden}")).Status.ShouldBe(404);
        (await CallAsync(bos, HttpMethod.Get, $"views/{shared}/threads")).Status.ShouldBe(200);
        (await CallAsync(bos, HttpMethod.Patch, $"views/{shared}", new { version = 1, name = "x" })).Status.ShouldBe(
            403
        );
        (await CallAsync(bos, HttpMethod.Delete, $"views/{shared}")).Status.ShouldBe(403);
        // The next account over sees nothing of it.
        var stranger = await product.OfficeAsync();
        (await stranger.AskAsync($"views/{shared}")).Status.ShouldBe(404);

        (await CallAsync(bos, HttpMethod.Put, $"views/{shared}/pin", new { pinned = true })).Body!["pinned"]!
            .GetValue<bool>()
            .ShouldBeTrue();
        (await CallAsync(annas, HttpMethod.Get, $"views/{shared}")).Body!["pinned"]!.GetValue<bool>().ShouldBeFalse();
        var list = (await CallAsync(bos, HttpMethod.Get, "views")).Body!["items"]!.AsArray();
        list.Last(v => v!["isDefault"]!.GetValue<bool>())!
            .GetElementIndex()
            .ShouldBe(7, "a new view is below the default ones");

        (await CallAsync(annas, HttpMethod.Delete, $"views/{shared}")).Status.ShouldBe(204);
        (await CallAsync(bos, HttpMethod.Get, $"views/{shared}")).Status.ShouldBe(404);
        (await CallAsync(bos, HttpMethod.Post, $"views/{shared}/restore")).Status.ShouldBe(404);
        (await CallAsync(annas, HttpMethod.Post, $"views/{shared}/restore")).Status.ShouldBe(200);
        (await CallAsync(bos, HttpMethod.Get, $"views/{shared}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"x","sharing":"world"}""")]
    [InlineData("""{"name":"x","sort":"ticket.'; drop table threads; --"}""")]
    [InlineData("""{"name":"x","columns":["nothing"]}""")]
    [InlineData("""{"name":"x","filters":[{"property":"nothing","operator":"known"}]}""")]
    [InlineData("""{"name":"x","filters":[{"property":"ticket.status","operator":"between","from":"1"}]}""")]
    [InlineData("""{"name":"x","filters":[{"property":"ticket.status","operator":"anyOf","values":["'"]}]}""")]
    [InlineData("""{"name":"x","filters":[{"property":"ticket.openedAt","operator":"between","from":"soon"}]}""")]
    [InlineData("""{"name":"x","filters":[{"property":"ticket.number","operator":"between"}]}""")]
    [InlineData("""{"name":"x","filters":[{"property":"ticket.openedAt","operator":"newerThan","hours":-1}]}""")]
    [InlineData("""{"name":"x","filters":[null]}""")]
    [InlineData("""{"name":"x","filters":[{"property":"contact.name","operator":"anyOf","values":["a\u0000"]}]}""")]
    public async Task What_no_view_can_be_is_refused(string json)
    {
        var office = await product.OfficeAsync();
        (await office.PostAsync("views", json)).Status.ShouldBe(400);
        (await office.CountAsync("views")).ShouldBe(0);
    }
}
