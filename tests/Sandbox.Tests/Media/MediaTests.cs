using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Threadkeep.Sandbox.Tests.Support;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Media;

public sealed class MediaTests
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    [Fact]
    public async Task A_file_is_uploaded_described_downloaded_and_deleted()
    {
        await using var sandbox = await StartAsync();
        var id = WithId(await UploadAsync(sandbox, "image/png"));
        var (status, described) = await sandbox.GetAsync($"{id}?phone_number_id={Number}");
        status.ShouldBe(200);
        described["mime_type"]!.ToString().ShouldBe("image/png");
        described["file_size"]!.GetValue<string>().ShouldBe("8");
        described["sha256"]!.ToString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Png)));

        var url = described["url"]!.ToString();
        (await sandbox.Graph.GetByteArrayAsync(url)).ShouldBe(Png);
        using (var withoutBearer = await sandbox.Control.GetAsync(url))
            withoutBearer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var forged = await sandbox.Graph.GetAsync(url + "0"))
            forged.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using (var deleted = await sandbox.Graph.DeleteAsync(id))
            deleted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await sandbox.GetAsync(id)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_address_is_good_for_five_minutes_and_the_id_for_thirty_days()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await StartAsync(time);
        var id = WithId(await UploadAsync(sandbox, "image/png"));
        var url = (await sandbox.GetAsync(id)).Body["url"]!.ToString();
        time.Advance(TimeSpan.FromSeconds(298));
        (await sandbox.Graph.GetByteArrayAsync(url)).ShouldBe(Png);
        time.Advance(TimeSpan.FromSeconds(2));
        using (var late = await sandbox.Graph.GetAsync(url))
            late.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var again = (await sandbox.GetAsync(id)).Body["url"]!.ToString();
        (await sandbox.Graph.GetByteArrayAsync(again)).ShouldBe(Png);
        time.Advance(TimeSpan.FromDays(30));
        (await sandbox.GetAsync(id)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_customers_picture_comes_with_a_hash_and_an_address()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(
            Yui,
            $$$"""{"type":"image","text":"見てください","media":{"mimeType":"image/png","base64":"{{{Convert.ToBase64String(Png)}}}"}}"""
        );
        var image = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0].Messages.Single()["image"]!;
        image["caption"]!.ToString().ShouldBe("見てください");
        image["sha256"]!.ToString().ShouldBe(Convert.ToBase64String(SHA256.HashData(Png)));
        (await sandbox.Graph.GetByteArrayAsync(image["url"]!.ToString())).ShouldBe(Png);
    }

    [Fact]
    public async Task A_picture_without_a_file_is_the_built_in_one()
    {
        await using var sandbox = await StartAsync();
        await sandbox.WriteAsync(Yui, """{"type":"image"}""");
        var image = (await sandbox.Receiver.UntilAsync(r => r.Length == 1))[0].Messages.Single()["image"]!;
        image["mime_type"]!.ToString().ShouldBe("image/png");
        (await sandbox.Graph.GetByteArrayAsync(image["url"]!.ToString())).Take(4).ShouldBe(Png.Take(4));
    }

    [Fact]
    public async Task A_type_that_meta_does_not_take_is_100_with_the_list()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await UploadAsync(sandbox, "image/gif");
        status.ShouldBe(400);
        body["error"]!["code"]!.GetValue<int>().ShouldBe(100);
        body["error"]!["message"]!.ToString().ShouldContain("image/jpeg");
    }

    [Fact]
    public async Task Media_faults_are_503_and_failed_downloads()
    {
        await using var sandbox = await StartAsync();
        var id = WithId(await UploadAsync(sandbox, "image/png"));
        var url = (await sandbox.GetAsync(id)).Body["url"]!.ToString();
        await sandbox.FaultsAsync("""{"media":{"failDownload":1}}""");
        using (var gone = await sandbox.Graph.GetAsync(url))
            gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using (var back = await sandbox.Graph.GetAsync(url))
            back.StatusCode.ShouldBe(HttpStatusCode.OK);
        await sandbox.FaultsAsync("""{"media":{"status503":true}}""");
        (await sandbox.GetAsync(id)).Status.ShouldBe(503);
        (await UploadAsync(sandbox, "image/png")).Status.ShouldBe(503);
    }

    private static string WithId((int Status, JsonNode Body) answer)
    {
        answer.Status.ShouldBe(200, answer.Body.ToJsonString());
        return answer.Body["id"]!.ToString();
    }

    private static async Task<(int Status, JsonNode Body)> UploadAsync(RunningSandbox sandbox, string type)
    {
        using var file = new ByteArrayContent(Png);
        file.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("whatsapp"), "messaging_product" },
            { new StringContent(type), "type" },
            { file, "file", "a.png" },
        };
        using var answer = await sandbox.Graph.PostAsync($"{Number}/media", form);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
