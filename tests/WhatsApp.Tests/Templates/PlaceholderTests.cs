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
    [InlineData("{size} {1} {{contact}} {e.g. this} {a|b} {}", "{size} {1} {{contact}} {e.g. this} {a|b} {}")]
    // However it is written, where it is clear what is meant.
    [InlineData("{Contact.Given_Name} { CONTACT.GIVEN_NAME | there }", "O'Brien <b> O'Brien <b>")]
    public void What_is_named_stands_there_and_other_braces_are_text(string text, string expected)
    {
        Placeholders.TryFill(text, Known, out var filled, out _).ShouldBeTrue();
        filled.ShouldBe(expected);
    }

    [Theory]
    [InlineData("{contact.email} {company.name}", "contact.email")]
    [InlineData("{company.name}", "company.name")]
    [InlineData("{Contact.Email}", "contact.email")]
    public void What_is_not_known_and_has_nothing_in_its_stead_is_missing(string text, string expected)
    {
        Placeholders.AreIn(text).ShouldBeTrue();
        Placeholders.TryFill(text, Known, out _, out var missing).ShouldBeFalse();
        missing.ShouldBe(expected);
        Placeholders.WrongIn(text).ShouldBeNull();
    }

    [Theory]
    [InlineData("Hello {contact.nmae}", "contact.nmae")]
    // A slip of the pen has no fallback: it would never be noticed.
    [InlineData("{contact.given_nam|there}", "contact.given_nam")]
    [InlineData("{conatct.name}", "conatct.name")]
    [InlineData("{contact.given_name|{agent.name}}", "contact.given_name")]
    [InlineData("{{contact.given_name}}", "contact.given_name")]
    [InlineData("{contact.given_name", "contact.given_name")]
    [InlineData("{contact.given name}", "contact.given")]
    [InlineData("{contact.}", "contact.")]
    [InlineData("{contact.given_name} {agent.nam}", "agent.nam")]
    [InlineData("｛contact.given_name｝", "contact.given_name")]
    public void What_is_meant_as_one_and_is_none_is_named(string text, string expected) =>
        Placeholders.WrongIn(text).ShouldBe(expected);
}
