using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Threads;

[Collection(nameof(MovedTime))]
public sealed class ListTests(MovedTime product)
{
    private static async Task<(string[] Ids, string? Next)> PageAsync(Office office, string path)
    {
        var answer = await office.AskAsync(path);
        answer.Status.ShouldBe(200);
        return (
            [.. answer.Body!["items"]!.AsArray().Select(i => i!["id"]!.ToString())],
            answer.Body["nextCursor"]?.ToString()
        );
    }

    [Fact]
    public async Task Pages_show_every_thread_once_with_the_newest_activity_first()
    {
        var office = await product.OfficeAsync();
        var people = Enumerable.Range(0, 7).Select(_ => Office.NewCustomer()).ToArray();
        // Three at the same second: the order among them is any, and stays.
        (
            await office.HookAsync([
                .. people.Select((p, n) => Hook.Text(p, $"{n}", product.Now.AddSeconds(-Math.Max(0, 60 - 20 * n)))),
            ])
        ).ShouldBe(200);

        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var (page, next) = await PageAsync(office, "threads?limit=2" + (cursor is null ? "" : "&cursor=" + cursor));
            ids.AddRange(page);
            cursor = next;
        } while (cursor is not null);

        ids.Count.ShouldBe(7);
        ids.Distinct().Count().ShouldBe(7);
        ids.ShouldBe((await office.ThreadsAsync()).Select(t => t.Id));
        (await office.ThreadsAsync()).Select(t => t.LastActivityAt).ShouldBeInOrder(SortDirection.Descending);
        (await office.AskAsync("threads?limit=0")).Code.ShouldBe("bad_request");
        (await office.AskAsync("threads?limit=201")).Code.ShouldBe("bad_request");
        (await office.AskAsync("threads?cursor=guessed")).Code.ShouldBe("bad_cursor");
    }

    [Fact]
    public async Task Messages_of_one_second_are_paged_in_the_order_of_arrival_in_both_directions()
    {
        var office = await product.OfficeAsync();
        var waId = Office.NewCustomer();
        (
            await office.HookAsync([.. Enumerable.Range(0, 9).Select(n => Hook.Text(waId, $"{n}", product.Now))])
        ).ShouldBe(200);
        (await office.HookAsync(Hook.Text(waId, "older", product.Now.AddMinutes(-1)))).ShouldBe(200);
        var thread = await office.ThreadAsync(waId);
        var all = await office.MessagesAsync(thread);
        all.Select(m => m.Text).ShouldBe(["older", "0", "1", "2", "3", "4", "5", "6", "7", "8"]);

        foreach (var order in new[] { "asc", "desc" })
        {
            var ids = new List<string>();
            string? cursor = null;
            do
            {
                var more = cursor is null ? "" : "&cursor=" + cursor;
                var (page, next) = await PageAsync(office, $"threads/{thread.Id}/messages?limit=3&order={order}{more}");
                ids.AddRange(page);
                cursor = next;
            } while (cursor is not null);
            ids.ShouldBe(order == "asc" ? all.Select(m => m.Id) : all.Reverse().Select(m => m.Id));
        }
        var (after, _) = await PageAsync(office, $"threads/{thread.Id}/messages?after={all[7].Cursor}");
        after.ShouldBe([all[8].Id, all[9].Id]);
        var (before, _) = await PageAsync(office, $"threads/{thread.Id}/messages?before={all[2].Cursor}&order=desc");
        before.ShouldBe([all[1].Id, all[0].Id]);
    }

    [Fact]
    public async Task Filters_and_counts_go_by_the_windows_arithmetic()
    {
        var office = await product.OfficeAsync();
        var fresh = await office.HearAsync(Office.NewCustomer());
        var closing = await office.HearAsync(Office.NewCustomer(), at: product.Now.AddHours(-23));
        var closed = await office.HearAsync(Office.NewCustomer(), at: product.Now.AddHours(-24));
        var read = await office.PostAsync(
            $"threads/{closed.Id}/read",
            $$"""{"upTo":"{{(await office.MessagesAsync(closed))[0].Id}}"}"""
        );
        read.Status.ShouldBe(200);

        async Task<string[]> ListAsync(string filter) =>
            [.. (await PageAsync(office, $"threads?filter={filter}")).Ids.Order()];
        static string[] Of(params SeenThread[] threads) => [.. threads.Select(t => t.Id).Order()];
        (await ListAsync("all")).ShouldBe(Of(fresh, closing, closed));
        (await ListAsync("open")).ShouldBe(Of(fresh, closing));
        (await ListAsync("closing")).ShouldBe(Of(closing));
        (await ListAsync("closed")).ShouldBe(Of(closed));
        (await ListAsync("unread")).ShouldBe(Of(fresh, closing));
        JsonNode counts = (await office.AskAsync("threads/counts")).Body!;
        counts
            .AsObject()
            .ToDictionary(c => c.Key, c => c.Value!.GetValue<int>())
            .ShouldBe(
                new Dictionary<string, int>
                {
                    ["all"] = 3,
                    ["unread"] = 2,
                    ["open"] = 2,
                    ["closing"] = 1,
                    ["closed"] = 1,
                },
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task A_customer_is_found_by_the_first_who_asks_after_the_connections_were_lost()
    {
        var office = await product.OfficeAsync();
        var thread = await office.HearAsync(Office.NewCustomer());
        var ended = await product.Database.ScalarAsync<long>(
            "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = current_database() and application_name = 'threadkeep-search'"
        );
        ended.ShouldBeGreaterThan(0);

        (await PageAsync(office, "threads?q=" + thread.Customer.WaId)).Ids.ShouldBe([thread.Id]);
    }

    [Fact]
    public async Task A_customer_is_found_by_a_number_however_it_is_written_and_by_part_of_a_name()
    {
        var office = await product.OfficeAsync();
        const string waId = "819012046268"; // its end looks like a number of its own, with a trunk zero
        (await office.HookAsync(Hook.Text(waId, "Hello", product.Now, name: "田中 Yui 100%"))).ShouldBe(200);
        (await office.HookAsync(Hook.Text(Office.NewCustomer(), "Hello", product.Now, name: "Grace"))).ShouldBe(200);
        var national = "0" + waId[2..];
        var found = (await office.ThreadAsync(waId)).Id;

        foreach (
            var q in new[]
            {
                waId,
                "+" + waId,
                national,
                $"{national[..3]}-{national[3..7]}-{national[7..]}",
                waId[^6..],
                "田中",
                "yui",
                "100%",
            }
        )
            (await PageAsync(office, "threads?q=" + Uri.EscapeDataString(q))).Ids.Length.ShouldBe(1, q);
        // Folded as search folds; words in any order; a number's part of three digits.
        foreach (var q in new[] { "ＹＵＩ", "yüi 田中", "046", "8190-1204" })
            (await PageAsync(office, "threads?q=" + Uri.EscapeDataString(q))).Ids.ShouldContain(found, q);
        foreach (var q in new[] { "nobody", "1%%", "_ui" })
            (await PageAsync(office, "threads?q=" + Uri.EscapeDataString(q))).Ids.ShouldBeEmpty(q);
        // Nothing but a mark that is no character: 500 once.
        (await office.AskAsync("threads?q=%EF%BF%BE")).Status.ShouldBe(200);
    }
}
