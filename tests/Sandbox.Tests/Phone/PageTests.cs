using System.Net;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Tests.Support;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Phone;

public sealed class PageTests
{
    [Fact]
    public async Task The_page_runs_its_own_scripts_only()
    {
        await using var sandbox = await StartAsync();
        using var page = await sandbox.Control.GetAsync("/?chat=819012345678");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("style-src 'self';");
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldContain("data-testid=\"chat-list\"");
        html.ShouldNotContain("style=");
        html.ShouldNotContain("http://");
        html.ShouldNotContain("https://");
    }

    [Fact]
    public async Task Both_languages_have_every_word()
    {
        await using var sandbox = await StartAsync();
        var english = JsonNode.Parse(await sandbox.Control.GetStringAsync("/locales/en.json"))!.AsObject();
        var japanese = JsonNode.Parse(await sandbox.Control.GetStringAsync("/locales/ja.json"))!.AsObject();
        japanese.Select(w => w.Key).ShouldBe(english.Select(w => w.Key));
        japanese.ShouldAllBe(w => w.Value!.ToString().Length > 0);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Host", "rebound.example")]
    public async Task Pages_from_elsewhere_cannot_reach_the_control_api(string header, string value)
    {
        await using var sandbox = await StartAsync();
        using var call = new HttpRequestMessage(HttpMethod.Put, "/control/faults") { Content = Json("{}") };
        call.Headers.Add(header, value);
        using var answer = await sandbox.Control.SendAsync(call);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Changes_are_told_to_the_page_as_they_happen()
    {
        await using var sandbox = await StartAsync();
        using var stream = new StreamReader(await sandbox.Control.GetStreamAsync("/control/events"));
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        (await NextAsync("event: hello")).ShouldContain("hello");
        await sandbox.WriteAsync(Yui, """{"text":"hello"}""");
        (await NextAsync("event: chat")).ShouldContain(Yui);

        // The data line behind the event line.
        async Task<string> NextAsync(string name)
        {
            while (await stream.ReadLineAsync(deadline.Token) is { } line)
                if (line == name)
                    return await stream.ReadLineAsync(deadline.Token) ?? "";
            throw new EndOfStreamException();
        }
    }
}
