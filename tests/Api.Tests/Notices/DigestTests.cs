using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Notices;

[Collection(nameof(MovedTime))]
public sealed class DigestTests(MovedTime product)
{
    private static async Task SaveAsync(Browser browser, JsonObject settings)
    {
        settings["messages"] = true;
        settings["unassigned"] = "team";
        settings["events"] = new JsonArray();
        var saved = await browser.PutAsync("me/notifications", settings);
        saved.Status.ShouldBe(200, saved.Body?.ToJsonString());
    }

    private static Task UntilUnseenAsync(Browser browser, int count) =>
        Eventually.IsTrueAsync(
            $"{count} notices",
            async () => (await browser.GetAsync("notices")).Body!["unseen"]!.GetValue<int>() == count
        );

    [Fact]
    public async Task What_is_unseen_is_mailed_once_in_the_persons_language_and_never_in_quiet_hours()
    {
        var aoi = Browser.NewPerson("agent", "Aoi") with { Language = "ja" };
        var office = await product.OfficeAsync(agents: [aoi]);
        using var hers = await Browser.OfAsync(product, aoi);
        await SaveAsync(hers, new JsonObject { ["digest"] = "15", ["previews"] = true });
        var first = await office.HearAsync(Office.NewCustomer(), "荷物は\n- まだですか");
        var other = await office.HearAsync(Office.NewCustomer(), "Hello");
        await UntilUnseenAsync(hers, 2);
        // One she has seen by then.
        (await hers.PostAsync("notices/seen", new { threadId = other.Id })).Status.ShouldBe(204);
        product.Clock.Advance(TimeSpan.FromMinutes(15));
        var mail = (await product.MailsAsync(aoi.Email, 1))[0];
        mail.Subject.ShouldContain("お知らせ1件");
        mail.Text.ShouldContain("WhatsAppの新着メッセージ1件");
        mail.Text.ShouldContain($"{RunningProduct.ConsoleAddress}/inbox/open/{first.Id}?message=");
        // What a customer wrote is one line, and looks like none of ours.
        mail.Text.ShouldContain("Yui #");
        mail.Text.ShouldContain(": 荷物は - まだですか");

        // Nothing new: no mail. In quiet hours: none either, and after them one with all of it.
        var quiet = new JsonObject
        {
            ["digest"] = "15",
            ["timeZone"] = "UTC",
            ["quietHours"] = new JsonObject
            {
                ["from"] = product.Now.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture),
                ["to"] = product.Now.AddHours(2).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture),
                ["days"] = new JsonArray(1, 2, 3, 4, 5, 6, 7),
            },
        };
        await SaveAsync(hers, quiet);
        await office.HearAsync(Office.NewCustomer());
        await UntilUnseenAsync(hers, 2);
        product.Clock.Advance(TimeSpan.FromMinutes(16));
        var looked = product.Now;
        await Eventually.IsTrueAsync(
            "it was looked at and put off",
            async () => await office.CountAsync("notice_settings", $"digest_at > '{looked:O}'") == 1
        );
        (await product.MailsAsync(aoi.Email, 1)).Length.ShouldBe(1);
        product.Clock.Advance(TimeSpan.FromHours(2));
        var second = (await product.MailsAsync(aoi.Email, 2))[0];
        second.Subject.ShouldContain("お知らせ1件");
        // Without previews it names nobody.
        second.Text.ShouldNotContain("Yui");
        (await office.CountAsync("notices", "mailed_at is null and seen_at is null")).ShouldBe(0);

        await SaveAsync(hers, new JsonObject { ["digest"] = "off" });
        (await office.CountAsync("notice_settings", "digest_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task A_daily_mail_comes_at_its_hour_by_the_persons_clock()
    {
        var aoi = Browser.NewPerson("agent", "Aoi");
        var office = await product.OfficeAsync(agents: [aoi]);
        using var hers = await Browser.OfAsync(product, aoi);
        await SaveAsync(
            hers,
            new JsonObject
            {
                ["digest"] = "daily",
                ["digestHour"] = 7,
                ["timeZone"] = "America/Sao_Paulo",
            }
        );
        // 07:00 there is 10:00 UTC.
        var now = product.Now;
        var due = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(10);
        if (due <= now)
            due = due.AddDays(1);
        (await office.CountAsync("notice_settings", $"digest_at = '{due:O}'")).ShouldBe(1);
        (
            await hers.PutAsync(
                "me/notifications",
                JsonNode.Parse("""{"messages":true,"unassigned":"team","events":[],"digest":"hourly"}""")!
            )
        ).Status.ShouldBe(400);
        (await hers.GetAsync("me/notifications")).Body!["mailAvailable"]!.GetValue<bool>().ShouldBeTrue();
    }
}
