using CsCheck;
using Threadkeep.WhatsApp.Templates;

namespace Threadkeep.WhatsApp.Tests.Templates;

/// <summary>What Meta would refuse is found before it is asked (Cloud API, "Limits", "Templates").</summary>
public sealed class TemplateRulesTests
{
    private static readonly TemplateDraft Good = new(
        "order_ready",
        "en_US",
        "UTILITY",
        TemplateRules.Named,
        null,
        "Hello {{first_name}}, your order is ready.",
        "Sakura",
        [],
        new Dictionary<string, string> { ["first_name"] = "Rita" }
    );

    private static string[] FaultsOf(TemplateDraft draft) =>
        [.. TemplateRules.FaultsOf(draft).Select(f => $"{f.Field}: {f.Code}")];

    private static TemplateDraft Positional(string body, params string[] samples) =>
        Good with
        {
            Format = TemplateRules.Positional,
            Body = body,
            Samples = samples.Select((s, n) => (s, n)).ToDictionary(x => $"{x.n + 1}", x => x.s),
        };

    [Fact]
    public void One_that_is_right_has_no_faults() => FaultsOf(Good).ShouldBeEmpty();

    [Theory]
    [InlineData("{{1}} hello", "body: variable_at_edge")]
    [InlineData("Hello {{1}}", "body: variable_at_edge")]
    [InlineData("Hello {{1}} {{2}}, you", "body: variables_adjacent")]
    [InlineData("Hello {{2}}, you", "body: variable_numbers")]
    [InlineData("Hello {{1}} and {{3}}, you", "body: variable_numbers")]
    [InlineData("Hello {{name}}, you", "body: variable_numbers")]
    [InlineData(" ", "body: missing")]
    public void Variables_stand_inside_apart_and_in_order(string body, string fault) =>
        FaultsOf(Positional(body, "a", "b", "c")).ShouldContain(fault);

    [Fact]
    public void Ten_variables_are_numbered_one_to_ten_and_not_as_words()
    {
        var body = "x " + string.Join(" and ", Enumerable.Range(1, 11).Select(n => $"{{{{{n}}}}}")) + " y";
        FaultsOf(Positional(body, [.. Enumerable.Repeat("s", 11)])).ShouldBeEmpty();
        Positional(body, [.. Enumerable.Range(1, 11).Select(n => $"s{n}")]).ToComponents()[0]!["example"]![
            "body_text"
        ]![0]!
            .AsArray()
            .Select(s => s!.ToString())
            .ShouldBe(Enumerable.Range(1, 11).Select(n => $"s{n}"));
    }

    [Fact]
    public void Each_variable_needs_a_sample()
    {
        FaultsOf(Good with { Samples = new Dictionary<string, string>() }).ShouldBe(["samples.first_name: missing"]);
        FaultsOf(Good with { Header = new TemplateHeader("TEXT", "Order {{number}}", null) })
            .ShouldBe(["samples.header: missing"]);
    }

    [Fact]
    public void Headers_footers_and_buttons_keep_Metas_limits()
    {
        FaultsOf(Good with { Header = new TemplateHeader("TEXT", new string('x', 61), null) })
            .ShouldBe(["header: too_long"]);
        FaultsOf(Good with { Header = new TemplateHeader("IMAGE", null, null) }).ShouldBe(["header: file_missing"]);
        FaultsOf(Good with { Header = new TemplateHeader("LOCATION", null, null) }).ShouldBeEmpty();
        FaultsOf(Good with { Footer = "{{x}}" }).ShouldBe(["footer: no_variables"]);
        TemplateButton Reply(string text) => new("QUICK_REPLY", text, null, null, null);
        TemplateButton Link(string url, string? example = null) => new("URL", "Open", url, null, example);
        FaultsOf(Good with { Buttons = [Reply("Yes"), Link("https://x.pt"), Reply("No")] })
            .ShouldBe(["buttons: replies_apart"]);
        FaultsOf(Good with { Buttons = [Reply("Yes"), Reply("No"), Link("https://x.pt/{{1}}", "https://x.pt/1")] })
            .ShouldBeEmpty();
        FaultsOf(Good with { Buttons = [Link("https://x.pt/{{1}}")] }).ShouldBe(["buttons.0: example"]);
        FaultsOf(Good with { Buttons = [Link("https://{{1}}.pt/a", "x")] }).ShouldBe(["buttons.0: url_variable"]);
        FaultsOf(Good with { Buttons = [Link("javascript:alert(1)")] }).ShouldBe(["buttons.0: url"]);
        FaultsOf(Good with { Buttons = [Reply(new string('x', 26))] }).ShouldBe(["buttons.0: too_long"]);
        FaultsOf(Good with { Buttons = [Link("https://a.pt"), Link("https://b.pt"), Link("https://c.pt")] })
            .ShouldBe(["buttons: too_many_links"]);
        FaultsOf(
                Good with
                {
                    Buttons =
                    [
                        new("PHONE_NUMBER", "Call", null, "+351 21 000 0001", null),
                        new("COPY_CODE", null, null, null, "SAVE10"),
                    ],
                }
            )
            .ShouldBeEmpty();
        FaultsOf(Good with { Buttons = [new("COPY_CODE", null, null, null, new string('x', 16))] })
            .ShouldBe(["buttons.0: code"]);
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.Select(Gen.String, Gen.String, Gen.String)
            .Sample(
                (name, body, url) =>
                    TemplateRules
                        .FaultsOf(
                            Good with
                            {
                                Name = name,
                                Body = body,
                                Header = new TemplateHeader(url, body, name),
                                Buttons = [new TemplateButton("URL", name, url, body, null)],
                            }
                        )
                        .Count >= 0
            );
}
