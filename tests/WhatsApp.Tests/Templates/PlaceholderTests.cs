using Threadkeep.WhatsApp.Templates;

namespace Threadkeep.WhatsApp.Tests.Templates;

public sealed class PlaceholderTests
{
    private static readonly Dictionary<string, string?> Known = new()
    {
        ["contact.given_name"] = "O'Brien <b>",
        ["contact.email"] = null,
        ["ticket.subject"] = " two\n lines ",
    };

    [Theory]
    [InlineData("Hello {contact.given_name}!", "Hello O'Brien <b>!")]
    [InlineData("{contact.given_name|there}, {contact.email|no address}", "O'Brien <b>, no address")]
    [InlineData("About {ticket.subject}", "About two lines")]
    [InlineData("{contact.email|}", "")]
    [InlineData("{size} {1} { contact.email } {{contact}}", "{size} {1} { contact.email } {{contact}}")]
    public void What_is_named_stands_there_and_other_braces_are_text(string text, string expected)
    {
        Placeholders.TryFill(text, Known, out var filled, out _).ShouldBeTrue();
        filled.ShouldBe(expected);
    }

    [Theory]
    [InlineData("{contact.email} {company.name}", "contact.email")]
    [InlineData("{company.name}", "company.name")]
    [InlineData("{contact.givenname}", "contact.givenname")]
    // A slip of the pen has no fallback: it would never be noticed.
    [InlineData("{contact.given_nam|there}", "contact.given_nam")]
    public void What_is_not_known_and_has_nothing_in_its_stead_is_missing(string text, string expected)
    {
        Placeholders.AreIn(text).ShouldBeTrue();
        Placeholders.TryFill(text, Known, out _, out var missing).ShouldBeFalse();
        missing.ShouldBe(expected);
    }
}
