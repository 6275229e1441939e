using System.Globalization;
using Threadkeep.Hours;

namespace Threadkeep.FirstContact;

/// <summary>A text that goes out by itself; <c>{ticket.number}</c> in it is the ticket's number.</summary>
public sealed record AutomaticText(bool Enabled, string Text);

/// <summary>What is said outside business hours.</summary>
public sealed record OutOfHoursText(bool Enabled, string Text, Guid? Schedule);

/// <summary>A question with reply buttons (Cloud API, "Interactive messages": 1 to 3 of up to 20 characters).</summary>
public sealed record ContactMenu(bool Enabled, string Text, IReadOnlyList<MenuButton> Buttons);

/// <param name="Key">What the tap brings back; stable while the menu is edited.</param>
/// <param name="Category">What the ticket's category becomes; null: it stays. A button sets category or team at least.</param>
/// <param name="Team">The team that the ticket becomes the work of, unless somebody has it already; null: it stays.</param>
public sealed record MenuButton(string Key, string Title, string? Category, Guid? Team = null);

/// <summary>What a channel says by itself, each at most once a session. Off until somebody turns it on.</summary>
public sealed record FirstContactSettings(AutomaticText Greeting, OutOfHoursText OutOfHours, ContactMenu Menu)
{
    public static readonly FirstContactSettings Off = new(
        new AutomaticText(false, ""),
        new OutOfHoursText(false, "", null),
        new ContactMenu(false, "", [])
    );

    /// <summary>Characters of a text, as WhatsApp takes them.</summary>
    public const int LongestText = 4_096;

    /// <summary>Characters of a menu's text.</summary>
    public const int LongestMenuText = 1_024;
    public const int LongestTitle = 20;
    public const int MostButtons = 3;

    /// <summary>The settings without teams that are gone: their buttons set the category alone.</summary>
    public FirstContactSettings WithTeams(IReadOnlySet<Guid> there) =>
        this with
        {
            Menu = Menu with
            {
                Buttons =
                [
                    .. Menu.Buttons.Select(b => b.Team is { } t && !there.Contains(t) ? b with { Team = null } : b),
                ],
            },
        };

    /// <summary>The text with the ticket's number in its place.</summary>
    public static string Filled(string text, int? ticketNumber) =>
        text.Replace(
            "{ticket.number}",
            ticketNumber?.ToString(CultureInfo.InvariantCulture) ?? "",
            StringComparison.Ordinal
        );
}

/// <summary>A channel's settings with the hours that they go by.</summary>
public sealed record FirstContactRules(FirstContactSettings Settings, BusinessCalendar Hours);
