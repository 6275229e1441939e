using System.Text.Json;
using Threadkeep.Sandbox.Demo;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Demo;

public sealed class DemoTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task It_tells_the_story_once_however_often_it_is_started()
    {
        await using var sandbox = await StartAsync();
        await using var product = await FakeProduct.StartAsync(sandbox);
        await WriteConnectionAsync(product.Url, sandbox.Control.BaseAddress!.ToString(), FakeProduct.ApiKey);

        var (code, output, errors) = await RunAsync("--connection", file);
        code.ShouldBe(0, errors);
        output.ShouldContain("[12/12]");
        var steps = Story.People.SelectMany(p => p.Steps).ToArray();
        var written = sandbox.Receiver.All.SelectMany(r => r.Messages).ToArray();
        written.Length.ShouldBe(steps.OfType<Writes>().Count());
        written.Count(m => m["type"]!.ToString() == "image").ShouldBeGreaterThanOrEqualTo(2);
        var sent = await sandbox.ControlAsync("/sent");
        sent["count"]!.GetValue<int>().ShouldBe(steps.OfType<Answers>().Count());
        product.ReadUpTo.Count.ShouldBe(Story.People.Count(p => p.Steps.OfType<IsRead>().Any()));

        (await RunAsync("--connection", file)).Code.ShouldBe(0);
        sandbox.Receiver.All.SelectMany(r => r.Messages).Count().ShouldBe(written.Length);
        (await sandbox.ControlAsync("/sent"))["count"]!.ToString().ShouldBe(sent["count"]!.ToString());
    }

    [Fact]
    public void The_story_has_open_closing_and_closed_sessions_and_answers_only_open_ones()
    {
        var last = Story.People.Select(p => p.Steps.OfType<Writes>().Last().Ago.TotalHours).ToArray();
        last.Count(h => h is > 22 and < 24).ShouldBeGreaterThanOrEqualTo(1);
        last.Count(h => h > 24).ShouldBeGreaterThanOrEqualTo(1);
        last.ShouldAllBe(h => h <= 72);
        Story
            .People.Where(p => p.Steps.OfType<Answers>().Any())
            .ShouldAllBe(p => p.Steps.OfType<Writes>().Last().Ago.TotalHours < 20);
        Story.People.Select(p => p.WaId).Distinct().Count().ShouldBe(12);
    }

    [Fact]
    public async Task Each_failure_is_one_sentence_and_not_zero()
    {
        (await RunAsync()).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(1),
            r => r.Errors.ShouldContain("--connection")
        );
        (await RunAsync("--connection", file + ".none")).Errors.ShouldContain("cannot be read");
        await File.WriteAllTextAsync(file, "{}");
        (await RunAsync("--connection", file)).Errors.ShouldContain("\"api\"");
        await WriteConnectionAsync("http://127.0.0.1:1", "http://127.0.0.1:1", "key");
        var (code, _, errors) = await RunAsync("--connection", file);
        code.ShouldBe(1);
        errors.ShouldContain("cannot be reached");
        errors.Trim().ShouldNotContain("\n");
    }

    private Task WriteConnectionAsync(string api, string sandbox, string apiKey) =>
        File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(
                new
                {
                    api,
                    sandboxControl = sandbox.TrimEnd('/') + "/control",
                    apiKey,
                    phoneNumberId = Number,
                }
            )
        );

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await DemoCommand.RunAsync(["demo", .. args], output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
