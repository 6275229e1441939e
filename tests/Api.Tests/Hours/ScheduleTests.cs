using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Hours;

[Collection(nameof(MovedTime))]
public sealed class ScheduleTests(MovedTime product)
{
    private static object Tokyo(string name, int? version = null) =>
        new
        {
            name,
            timeZone = "Asia/Tokyo",
            spans = new[]
            {
                new
                {
                    day = "monday",
                    from = "13:00",
                    to = "18:00",
                },
                new
                {
                    day = "monday",
                    from = "09:00",
                    to = "12:00",
                },
                new
                {
                    day = "friday",
                    from = "22:00",
                    to = "02:00",
                },
            },
            countries = new[] { "JP" },
            holidays = new[]
            {
                new
                {
                    date = "2020-12-30",
                    name = "年末休み",
                    yearly = true,
                },
            },
            version,
        };

    [Fact]
    public async Task Admins_keep_schedules_everybody_reads_them_and_an_old_version_changes_nothing()
    {
        var (admin, agent) = (Browser.NewPerson("admin"), Browser.NewPerson("agent"));
        var office = await product.OfficeAsync(agents: [admin, agent]);
        using var boss = await Browser.OfAsync(product, admin);
        using var worker = await Browser.OfAsync(product, agent);
        (await worker.PostAsync("schedules", Tokyo("Phones"))).Status.ShouldBe(403);
        var made = await boss.PostAsync("schedules", Tokyo(" 東京 "));
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        var seen = (await worker.GetAsync("schedules")).Body!["items"]!.AsArray().ShouldHaveSingleItem()!;
        seen["name"]!.ToString().ShouldBe("東京");
        seen["spans"]!
            .AsArray()
            .Select(s => $"{s!["from"]}-{s["to"]}")
            .ShouldBe(["09:00-12:00", "13:00-18:00", "22:00-02:00"]);

        var path = $"schedules/{made.Id}";
        (await boss.PutAsync(path, Tokyo("Tokyo", 1))).Body!["version"]!.GetValue<int>().ShouldBe(2);
        (await boss.PutAsync(path, Tokyo("Osaka", 1))).Code.ShouldBe("schedule_changed");
        (await boss.GetAsync("audit?action=schedule.changed")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await boss.DeleteAsync(path)).Status.ShouldBe(204);
        (await boss.DeleteAsync(path)).Status.ShouldBe(404);
        (await office.AskAsync("schedules")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_preview_tells_the_week_and_the_days_off()
    {
        var office = await product.OfficeAsync();
        var json = System.Text.Json.JsonSerializer.Serialize(Tokyo("Tokyo"));
        var preview = (await office.PostAsync("schedules/preview", json)).Body!;
        // The clock of these tests stands in March 2026 or later.
        preview["openings"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(2);
        var off = preview["daysOff"]!.AsArray().Select(d => (JsonNode)d!).ToArray();
        off.ShouldContain(d => d["key"] != null && d["key"]!.ToString() == "jp.culture");
        off.Single(d => d["name"]?.ToString() == "年末休み")["date"]!.ToString().ShouldEndWith("-12-30");
    }

    [Theory]
    [InlineData("""{"name":"","timeZone":"UTC","spans":[]}""")]
    [InlineData("""{"name":"x","timeZone":"Mars/Base","spans":[]}""")]
    [InlineData("""{"name":"x","timeZone":"UTC","spans":[{"day":"funday","from":"09:00","to":"10:00"}]}""")]
    [InlineData("""{"name":"x","timeZone":"UTC","spans":[{"day":"monday","from":"24:00","to":"10:00"}]}""")]
    [InlineData("""{"name":"x","timeZone":"UTC","spans":[{"day":"monday","from":"09:00","to":"09:00"}]}""")]
    [InlineData("""{"name":"x","timeZone":"UTC","spans":[],"countries":["FR"]}""")]
    [InlineData("""{"name":"x","timeZone":"UTC","spans":[],"holidays":[{"date":"2026-02-30","name":"x"}]}""")]
    public async Task What_no_schedule_can_be_is_refused(string json)
    {
        var office = await product.OfficeAsync();
        (await office.PostAsync("schedules", json)).Status.ShouldBe(400);
    }
}
