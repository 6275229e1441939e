using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Media;

/// <summary>Files that nothing points at are removed; a day after they came, as these tests are set.</summary>
[Collection(nameof(MovedTime))]
public sealed class MediaCollectionTests(MovedTime product)
{
    private static Task<string> UploadAsync(Office office) =>
        office.UploadAsync(Encoding.ASCII.GetBytes($"file {Guid.NewGuid()}"));

    private static string Document(string id) => $$$"""{"type":"document","document":{"id":"{{{id}}}"}}""";

    private static async Task<bool> IsThereAsync(Office office, string id)
    {
        var there = (await office.AskAsync($"media/{id}")).Status == 200;
        (await office.CountAsync("media", $"sha256 = '{id}'")).ShouldBe(there ? 1 : 0);
        return there;
    }

    private async Task UntilLookedAtAsync(Office office)
    {
        var now = product.Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        await Eventually.IsTrueAsync(
            "every file has been looked at",
            async () => await office.CountAsync("media", $"check_at <= '{now}'") == 0
        );
    }

    [Fact]
    public async Task What_was_never_sent_goes_and_what_anything_names_stays()
    {
        var (boss, trainee) = (Browser.NewPerson("admin"), Browser.NewPerson("agent"));
        var office = await product.OfficeAsync(agents: [boss, trainee]);
        using var admin = await Browser.OfAsync(product, boss);
        using var learner = await Browser.OfAsync(product, trainee);
        var me = (await learner.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        (await admin.PatchAsync($"people/{me}", new { inTraining = true })).Status.ShouldBe(200);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var (unsent, sent, scheduled, held, inMacro, inDraft) = (
            await UploadAsync(office),
            await UploadAsync(office),
            await UploadAsync(office),
            await UploadAsync(office),
            await UploadAsync(office),
            await UploadAsync(office)
        );

        await office.UntilAsync(await office.AcceptedAsync(thread, Document(sent)), "delivered");
        var at = Uri.EscapeDataString(product.Now.AddHours(22).ToString("O"));
        (
            await office.PostAsync(
                $"threads/{thread.Id}/messages?sendAt={at}",
                Document(scheduled),
                $"{Guid.NewGuid()}"
            )
        ).Status.ShouldBe(202);
        learner.Http.DefaultRequestHeaders.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        (await learner.PostAsync($"threads/{thread.Id}/messages", JsonNode.Parse(Document(held))!)).Body!["status"]!
            .ToString()
            .ShouldBe("waiting_for_approval");
        (
            await admin.PostAsync("macros", new { name = "With a file", actions = new { snippet = $"See {inMacro}" } })
        ).Status.ShouldBe(201);
        (
            await admin.PutAsync($"drafts/{thread.Id}/reply", new { text = $"See {inDraft}", changedAt = product.Now })
        ).Status.ShouldBeLessThan(300);

        product.Clock.Advance(TimeSpan.FromHours(23));
        await UntilLookedAtAsync(office);
        (await IsThereAsync(office, unsent)).ShouldBeTrue();
        product.Clock.Advance(TimeSpan.FromHours(2));
        await UntilLookedAtAsync(office);

        (await IsThereAsync(office, unsent)).ShouldBeFalse();
        foreach (var id in new[] { sent, scheduled, held, inMacro, inDraft })
            (await IsThereAsync(office, id)).ShouldBeTrue(id);
        (await office.SendAsync(thread, Document(unsent))).Code.ShouldBe("media_not_found");
    }

    [Fact]
    public async Task A_file_goes_with_its_last_message_and_its_content_may_come_again()
    {
        var office = await product.OfficeAsync();
        var content = Encoding.ASCII.GetBytes($"file {Guid.NewGuid()}");
        var id = await office.UploadAsync(content);
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        await office.UntilAsync(await office.AcceptedAsync(thread, Document(id)), "delivered");
        product.Clock.Advance(TimeSpan.FromHours(25));
        await UntilLookedAtAsync(office);
        (await IsThereAsync(office, id)).ShouldBeTrue();

        await product.Database.ExecuteAsync(
            $"update threadkeep.messages set media_sha256 = null where account_id = '{office.Account}'"
        );
        product.Clock.Advance(TimeSpan.FromDays(3));
        await UntilLookedAtAsync(office);
        (await IsThereAsync(office, id)).ShouldBeFalse();
        // Meta's id of it is forgotten with it.
        (await office.CountAsync("media_uploads")).ShouldBe(0);

        (await office.UploadAsync(content)).ShouldBe(id);
        (await IsThereAsync(office, id)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_uploaded_again_has_its_time_anew()
    {
        var office = await product.OfficeAsync();
        var content = Encoding.ASCII.GetBytes($"file {Guid.NewGuid()}");
        var id = await office.UploadAsync(content);
        product.Clock.Advance(TimeSpan.FromHours(20));
        await office.UploadAsync(content);

        product.Clock.Advance(TimeSpan.FromHours(20));
        await UntilLookedAtAsync(office);
        (await IsThereAsync(office, id)).ShouldBeTrue();
        product.Clock.Advance(TimeSpan.FromHours(5));
        await UntilLookedAtAsync(office);
        (await IsThereAsync(office, id)).ShouldBeFalse();
    }
}
