using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Media;

/// <summary>Files that are looked at by a scanner, through the product's doors.</summary>
[Collection(nameof(RealTime))]
public sealed class FileScanTests(RealTime product) : IDisposable
{
    // The next test finds it as it was.
    public void Dispose() => product.Scanner.Return();

    // The account's rules let programs through: whether one opens is the scanner's word alone.
    private async Task<Office> OpenOfficeAsync()
    {
        var office = await product.OfficeAsync();
        var rules = await office.CallAsync(HttpMethod.Put, "content-rules", """{"executables":"off"}""");
        rules.Status.ShouldBe(200);
        return office;
    }

    private static JsonObject Document(string name, byte[] content) =>
        new()
        {
            ["type"] = "document",
            ["media"] = new JsonObject
            {
                ["mimeType"] = "application/pdf",
                ["fileName"] = name,
                ["base64"] = Convert.ToBase64String(content),
            },
        };

    private static byte[] Program(string more = "") =>
        [.. "MZ"u8, .. Encoding.ASCII.GetBytes($"{Guid.NewGuid()}{more}".PadRight(80, '.'))];

    private static byte[] Invoice(string more = "") => Encoding.ASCII.GetBytes($"%PDF-1.7 {Guid.NewGuid()}{more}");

    private static async Task<SeenMedia> ArrivedAsync(Office office, JsonObject message)
    {
        var customer = Office.NewCustomer();
        var wamid = await office.OnPhoneAsync(customer, message);
        await Eventually.IsTrueAsync(
            "the file is there",
            async () => await office.CountAsync("messages", $"wamid = '{wamid}' and media_state = 1") == 1
        );
        var thread = await office.ThreadAsync(customer);
        return (await office.MessagesAsync(thread)).Single(m => m.Wamid == wamid).Media!;
    }

    private static async Task<SeenMedia> AgainAsync(Office office, string id)
    {
        foreach (var thread in await office.ThreadsAsync())
        foreach (var message in await office.MessagesAsync(thread))
            if (message.Media?.Id == id)
                return message.Media;
        throw new InvalidOperationException("No message shows this file.");
    }

    private static async Task<Answer> UploadAsync(Office office, string name, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await office.Http.PostAsync($"media?as=document&name={name}", body);
        return new Answer((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task What_arrives_is_scanned_and_what_is_infected_is_never_served()
    {
        var office = await OpenOfficeAsync();

        var clean = await ArrivedAsync(office, Document("a.pdf", Invoice()));
        (clean.State, clean.Scan).ShouldBe(("ready", "clean"));
        (await office.AskAsync($"media/{clean.Id}")).Status.ShouldBe(200);
        var program = await ArrivedAsync(office, Document("setup.exe", Program()));
        (program.State, program.Scan).ShouldBe(("ready", "clean"));
        (await office.AskAsync($"media/{program.Id}")).Status.ShouldBe(200);

        var infected = await ArrivedAsync(office, Document("b.pdf", Invoice(TestScanner.Virus)));
        (infected.State, infected.Scan, infected.Url).ShouldBe(("infected", "infected", null));
        var refused = await office.AskAsync($"media/{infected.Id}");
        (refused.Status, refused.Code).ShouldBe((422, "file_infected"));
        // Nor does it go out to anybody.
        var thread = await office.HearOnPhoneAsync(Office.NewCustomer());
        var sent = await office.SendAsync(thread, $$$"""{"type":"document","document":{"id":"{{{infected.Id}}}"}}""");
        (sent.Status, sent.Code).ShouldBe((422, "file_infected"));
    }

    [Fact]
    public async Task While_the_scanner_is_away_programs_stay_closed_and_the_rest_opens_with_a_mark()
    {
        var office = await OpenOfficeAsync();
        product.Scanner.Leave();

        var invoice = await ArrivedAsync(office, Document("a.pdf", Invoice()));
        (invoice.State, invoice.Scan).ShouldBe(("ready", "notScanned"));
        (await office.AskAsync($"media/{invoice.Id}")).Status.ShouldBe(200);
        var program = await ArrivedAsync(office, Document("setup.exe", Program()));
        (program.State, program.Scan, program.Url).ShouldBe(("held", "notScanned", null));
        var closed = await office.AskAsync($"media/{program.Id}");
        (closed.Status, closed.Code).ShouldBe((503, "file_not_scanned"));
        var virus = await ArrivedAsync(office, Document("b.exe", Program(TestScanner.Virus)));

        product.Scanner.Return();

        await Eventually.IsTrueAsync(
            "all of it is scanned",
            async () => await office.CountAsync("media", "scan in (1, 2)") == 3
        );
        (await AgainAsync(office, invoice.Id!)).Scan.ShouldBe("clean");
        (await AgainAsync(office, program.Id!)).State.ShouldBe("ready");
        (await office.AskAsync($"media/{program.Id}")).Status.ShouldBe(200);
        (await AgainAsync(office, virus.Id!)).State.ShouldBe("infected");
        (await office.AskAsync($"media/{virus.Id}")).Code.ShouldBe("file_infected");
    }

    [Fact]
    public async Task What_agents_upload_is_scanned_too()
    {
        var office = await product.OfficeAsync();

        (await UploadAsync(office, "a.pdf", Invoice())).Status.ShouldBe(201);
        var infected = await UploadAsync(office, "b.pdf", Invoice(TestScanner.Virus));
        (infected.Status, infected.Code).ShouldBe((422, "file_infected"));

        product.Scanner.Leave();
        (await UploadAsync(office, "c.pdf", Invoice())).Status.ShouldBe(201);
        var closed = await UploadAsync(office, "run.bat", Encoding.ASCII.GetBytes($"echo {Guid.NewGuid()}"));
        (closed.Status, closed.Code).ShouldBe((503, "file_not_scanned"));
    }
}
