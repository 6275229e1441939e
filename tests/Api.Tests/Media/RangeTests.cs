using System.Net.Http.Headers;
using System.Text;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Media;

/// <summary>How files are handed out: in parts, for players, and with headers that keep them from running.</summary>
[Collection(nameof(RealTime))]
public sealed class RangeTests(RealTime product)
{
    // A film of a hundred thousand bytes.
    private static byte[] Film() =>
        [.. MadeFiles.Mp4(), .. Encoding.ASCII.GetBytes($"{Guid.NewGuid()}".PadRight(100_000, '.'))];

    [Fact]
    public async Task A_player_gets_the_part_that_it_asks_for()
    {
        var office = await product.OfficeAsync();
        var film = Film();
        var id = await office.UploadAsync(film);

        using var whole = await office.OpenAsync(id);
        ((int)whole.StatusCode, whole.Headers.AcceptRanges.Single()).ShouldBe((200, "bytes"));
        (await whole.Content.ReadAsByteArrayAsync()).ShouldBe(film);
        whole.Headers.ETag!.Tag.ShouldBe($"\"{id}\"");

        using var part = await office.OpenAsync(id, new RangeHeaderValue(1_000, 1_999));
        ((int)part.StatusCode, $"{part.Content.Headers.ContentRange}").ShouldBe(
            (206, $"bytes 1000-1999/{film.Length}")
        );
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(film[1_000..2_000]);

        using var end = await office.OpenAsync(id, new RangeHeaderValue(null, 100));
        ((int)end.StatusCode).ShouldBe(206);
        (await end.Content.ReadAsByteArrayAsync()).ShouldBe(film[^100..]);

        using var beyond = await office.OpenAsync(id, new RangeHeaderValue(film.Length, null));
        ((int)beyond.StatusCode, $"{beyond.Content.Headers.ContentRange}").ShouldBe((416, $"bytes */{film.Length}"));
    }

    [Fact]
    public async Task A_part_is_given_only_of_the_file_that_the_player_knows()
    {
        var office = await product.OfficeAsync();
        var film = Film();
        var id = await office.UploadAsync(film);
        var range = new RangeHeaderValue(0, 9);

        using var same = await office.OpenAsync(id, range, ifRange: $"\"{id}\"");
        ((int)same.StatusCode).ShouldBe(206);
        using var other = await office.OpenAsync(id, range, ifRange: "\"other\"");
        ((int)other.StatusCode, (await other.Content.ReadAsByteArrayAsync()).Length).ShouldBe((200, film.Length));
        using var known = await office.OpenAsync(id, ifNoneMatch: $"\"{id}\"");
        ((int)known.StatusCode).ShouldBe(304);
    }

    public static TheoryData<string, byte[]> Files() =>
        new()
        {
            { "image/png", MadeFiles.Png },
            { "text/plain", Encoding.ASCII.GetBytes("<html><script>alert(1)</script></html>") },
            { "text/plain", Encoding.ASCII.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>") },
            { "application/pdf", MadeFiles.Pdf },
            { "video/mp4", MadeFiles.Mp4() },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Nothing_of_a_file_runs_in_the_console(string type, byte[] file)
    {
        var office = await product.OfficeAsync();

        using var opened = await office.OpenAsync(await office.UploadAsync(file));

        opened.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        opened.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        opened.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
        opened.Headers.CacheControl!.Private.ShouldBeTrue();
        // Only pictures are shown in the page; a link to anything else saves it.
        opened.Content.Headers.ContentDisposition?.DispositionType.ShouldBe(type == "image/png" ? null : "attachment");
    }
}
