using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Tickets;

namespace Threadkeep.FirstContact;

/// <summary>What a channel says by itself when a customer begins to write.</summary>
public static partial class FirstContactEndpoints
{
    public static void MapFirstContact(this RouteGroupBuilder api)
    {
        api.MapGet("/channels/{id}/first-contact", Get).Needs(Permission.Read).WithName("getFirstContact");
        api.MapPut("/channels/{id}/first-contact", Change)
            .Needs(Permission.ManageChannels)
            .WithName("changeFirstContact");
    }

    private static async Task<Results<Ok<FirstContactView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        FirstContactStore store,
        CallersChannels channels
    )
    {
        var caller = user.Caller();
        if (await channels.FindAsync(caller, id) is not { Id: var channel })
            return Problems.NotVisible("channel", caller.Scope);
        var (settings, version) = await store.GetAsync(caller.Account, channel);
        return TypedResults.Ok(FirstContactView.Of(settings, version));
    }

    private static async Task<Results<Ok<FirstContactView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        FirstContactRequest request,
        FirstContactStore store,
        CallersChannels channels,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await channels.FindAsync(caller, id) is not { Id: var channel })
            return Problems.NotVisible("channel", caller.Scope);
        if (Read(request, out var settings) is { } wrong)
            return wrong;
        var now = clock.GetUtcNow();
        return await store.ChangeAsync(caller.ActorAt(context), channel, settings, request.Version, now) switch
        {
            FirstContactOutcome.Done => TypedResults.Ok(FirstContactView.Of(settings, request.Version + 1)),
            FirstContactOutcome.ScheduleGone => Problems.Of(
                422,
                "schedule_not_found",
                "The business hours are not there any more: choose others."
            ),
            FirstContactOutcome.TeamGone => Problems.Of(
                422,
                "team_not_found",
                "There is no such team any more: choose another one."
            ),
            _ => Problems.Of(
                409,
                "first_contact_changed",
                "Somebody changed the first contact while you were editing it: look at it again."
            ),
        };
    }

    private static ProblemHttpResult? Read(FirstContactRequest request, out FirstContactSettings settings)
    {
        settings = FirstContactSettings.Off;
        var (greeting, outOfHours, menu) = (request.Greeting, request.OutOfHours, request.Menu);
        if (!IsText(greeting.Text, greeting.Enabled, FirstContactSettings.LongestText))
            return BadText("greeting", FirstContactSettings.LongestText);
        if (!IsText(outOfHours.Text, outOfHours.Enabled, FirstContactSettings.LongestText))
            return BadText("outOfHours", FirstContactSettings.LongestText);
        if (!IsText(menu.Text, menu.Enabled, FirstContactSettings.LongestMenuText))
            return BadText("menu", FirstContactSettings.LongestMenuText);
        foreach (var text in new[] { greeting.Text, outOfHours.Text, menu.Text })
        {
            if (Placeholder().Matches(text).FirstOrDefault(m => m.Value != "{ticket.number}") is { } unknown)
                return Problems.Of(
                    422,
                    "first_contact_placeholder",
                    $"{unknown.Value} would go out as it stands: only {{ticket.number}} is filled in.",
                    more: ("placeholder", unknown.Value)
                );
        }
        Guid? schedule = null;
        if (outOfHours.ScheduleId is { } named)
        {
            if (!Guid.TryParseExact(named, "N", out var known))
                return Problems.BadRequest("scheduleId is not the id of a schedule.");
            schedule = known;
        }
        if (outOfHours.Enabled && schedule is null)
            return Problems.BadRequest("outOfHours: choose the business hours that it goes by.");
        var buttons = menu.Buttons ?? [];
        if (buttons.Count > FirstContactSettings.MostButtons || menu.Enabled && buttons.Count == 0)
            return Problems.BadRequest($"menu: 1 to {FirstContactSettings.MostButtons} buttons.");
        var read = new List<MenuButton>();
        foreach (var button in buttons)
        {
            if (!Lines.IsLine(button.Title.Trim(), FirstContactSettings.LongestTitle))
                return Problems.BadRequest(
                    $"menu: a button's title must hold 1 to {FirstContactSettings.LongestTitle} characters."
                );
            if (button.Category is { } category && !Lines.IsLine(category.Trim(), TicketWords.LongestCategory))
                return Problems.BadRequest(
                    $"menu: a button's category must hold 1 to {TicketWords.LongestCategory} characters."
                );
            if (button is { Category: null, TeamId: null })
                return Problems.BadRequest("menu: a button sets a category, a team, or both.");
            Guid? team = null;
            if (button.TeamId is { } teamId)
            {
                if (!Guid.TryParseExact(teamId, "N", out var found))
                    return Problems.BadRequest("menu: teamId is not the id of a team.");
                team = found;
            }
            var key = button.Key ?? Guid.NewGuid().ToString("N");
            if (!Guid.TryParseExact(key, "N", out _))
                return Problems.BadRequest("menu: key must be that of a button; leave it out for a new one.");
            read.Add(new MenuButton(key, button.Title.Trim(), button.Category?.Trim(), team));
        }
        // WhatsApp takes no two buttons of one title.
        if (read.DistinctBy(b => b.Title).Count() < read.Count || read.DistinctBy(b => b.Key).Count() < read.Count)
            return Problems.BadRequest("menu: every button has a title of its own.");
        settings = new FirstContactSettings(
            new AutomaticText(greeting.Enabled, greeting.Text.Trim()),
            new OutOfHoursText(outOfHours.Enabled, outOfHours.Text.Trim(), schedule),
            new ContactMenu(menu.Enabled, menu.Text.Trim(), read)
        );
        return null;
    }

    // The number may make it longer: ten digits take the place of fifteen characters at most.
    private static bool IsText(string text, bool needed, int longest) =>
        text.Length <= longest && !text.Contains('\0') && (!needed || text.Trim().Length > 0);

    [GeneratedRegex(@"\{\s*[A-Za-z_]+(?:\.[A-Za-z_]+)+\s*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    private static ProblemHttpResult BadText(string which, int longest) =>
        Problems.BadRequest($"{which}: the text must hold 1 to {longest} characters, and no U+0000.");
}

/// <param name="Text">Up to 4,096 characters; <c>{ticket.number}</c> is the ticket's number.</param>
public sealed record AutomaticTextView(bool Enabled, [property: Required(AllowEmptyStrings = true)] string Text);

/// <param name="ScheduleId">The business hours outside of which it is said.</param>
public sealed record OutOfHoursView(
    bool Enabled,
    [property: Required(AllowEmptyStrings = true)] string Text,
    string? ScheduleId = null
);

/// <param name="Text">Up to 1,024 characters.</param>
/// <param name="Buttons">1 to 3.</param>
public sealed record MenuView(
    bool Enabled,
    [property: Required(AllowEmptyStrings = true)] string Text,
    IReadOnlyList<MenuButtonView>? Buttons = null
);

/// <param name="Title">Up to 20 characters.</param>
/// <param name="Category">What the ticket's category becomes; absent: it stays. A button sets category or team at least.</param>
/// <param name="Key">Absent: a new one.</param>
/// <param name="TeamId">The team that the ticket becomes the work of, unless somebody has it already.</param>
public sealed record MenuButtonView(
    [property: Required] string Title,
    string? Category = null,
    string? Key = null,
    string? TeamId = null
);

/// <param name="Version">The version that the change was made on; 0: nothing was set yet.</param>
public sealed record FirstContactRequest(
    [property: Required] int Version,
    [property: Required] AutomaticTextView Greeting,
    [property: Required] OutOfHoursView OutOfHours,
    [property: Required] MenuView Menu
);

public sealed record FirstContactView(int Version, AutomaticTextView Greeting, OutOfHoursView OutOfHours, MenuView Menu)
{
    public static FirstContactView Of(FirstContactSettings settings, int version) =>
        new(
            version,
            new AutomaticTextView(settings.Greeting.Enabled, settings.Greeting.Text),
            new OutOfHoursView(
                settings.OutOfHours.Enabled,
                settings.OutOfHours.Text,
                settings.OutOfHours.Schedule?.ToString("N")
            ),
            new MenuView(
                settings.Menu.Enabled,
                settings.Menu.Text,
                [
                    .. settings.Menu.Buttons.Select(b => new MenuButtonView(
                        b.Title,
                        b.Category,
                        b.Key,
                        b.Team?.ToString("N")
                    )),
                ]
            )
        );
}
