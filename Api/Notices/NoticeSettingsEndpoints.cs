using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.Mail;
using Threadkeep.People;

namespace Threadkeep.Notices;

/// <summary>What the caller wants to be told, and how.</summary>
public static class NoticeSettingsEndpoints
{
    public static void MapNoticeSettings(this RouteGroupBuilder api)
    {
        api.MapGet("/me/notifications", Get).Needs(Permission.Own).WithName("getNotificationSettings");
        api.MapPut("/me/notifications", Save).Needs(Permission.Own).WithName("saveNotificationSettings");
    }

    private static async Task<Results<Ok<NoticeSettingsView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        NoticeStore notices,
        IOptions<MailOptions> mail,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return NotForKeys();
        var (settings, zone) = await notices.SettingsAsync(caller.Account, agent);
        return TypedResults.Ok(
            NoticeSettingsView.Of(settings, zone, caller, clock.GetUtcNow(), mail.Value.IsConfigured)
        );
    }

    private static async Task<Results<Ok<NoticeSettingsView>, ProblemHttpResult>> Save(
        ClaimsPrincipal user,
        NoticeSettingsRequest request,
        NoticeStore notices,
        IOptions<MailOptions> mail,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return NotForKeys();
        if (request.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return Problems.BadRequest("timeZone is not an IANA time zone, such as Asia/Tokyo.");
        if (request.Events.FirstOrDefault(e => !NoticeEvents.All.Contains(e.Event)) is { } unknown)
            return Problems.BadRequest($"There is no event {unknown.Event}.");
        if (request.QuietHours is { } quiet && quiet.Days.Any(d => d is < 1 or > 7))
            return Problems.BadRequest("days are 1 (Monday) to 7 (Sunday).");
        // Events that are not named stay as they were: a console of before may not know them all.
        var (before, accountZone) = await notices.SettingsAsync(caller.Account, agent);
        var after = request.ApplyTo(before);
        await notices.SaveSettingsAsync(caller.Account, agent, after, after.NextDigest(clock.GetUtcNow(), accountZone));
        return await Get(user, notices, mail, clock);
    }

    private static ProblemHttpResult NotForKeys() => Problems.Of(403, "not_allowed", "An API key is told nothing.");
}

/// <param name="Messages">New WhatsApp messages are told of.</param>
/// <param name="Unassigned">Of tickets that are nobody's: team (of the caller's teams, and of none) or everyone (all that may be seen).</param>
/// <param name="Events">How each event is told; those that are not named stay as they are.</param>
/// <param name="Sound">A sound with what is new.</param>
/// <param name="Previews">What people wrote, and customers' names, also in pushes and mails.</param>
/// <param name="Digest">How often a mail gathers what is unseen: off, 15 or 60 (minutes), or daily.</param>
/// <param name="DigestHour">0 to 23, by the caller's clock: when the daily one comes.</param>
/// <param name="QuietHours">Null: none.</param>
/// <param name="TimeZone">IANA name; null: the account's.</param>
public sealed record NoticeSettingsRequest(
    [property: Required] bool? Messages,
    [property: Required, RegularExpression("team|everyone")] string Unassigned,
    [property: Required, MaxLength(50)] NoticeEventView[] Events,
    bool Sound = false,
    bool Previews = false,
    [property: RegularExpression("off|15|60|daily")] string Digest = "off",
    [property: Range(0, 23)] int DigestHour = 8,
    QuietHoursView? QuietHours = null,
    string? TimeZone = null
)
{
    internal NoticeSettings ApplyTo(NoticeSettings before)
    {
        var ways = before.Ways.ToDictionary();
        foreach (var named in Events)
            ways[named.Event] = named.Ways;
        return before with
        {
            Messages = Messages!.Value,
            Unassigned = Unassigned,
            Ways = ways,
            Sound = Sound,
            Previews = Previews,
            Digest = Digest,
            DigestHour = DigestHour,
            Quiet = QuietHours?.Read(),
            TimeZone = TimeZone,
        };
    }
}

/// <param name="MailAvailable">The deployment has a mail server.</param>
/// <param name="IsQuiet">It is the caller's quiet hours now.</param>
/// <param name="AccountTimeZone">What counts where the caller has none of their own.</param>
public sealed record NoticeSettingsView(
    bool Messages,
    string Unassigned,
    IReadOnlyList<NoticeEventView> Events,
    bool Sound,
    bool Previews,
    string Digest,
    int DigestHour,
    QuietHoursView? QuietHours,
    string? TimeZone,
    string AccountTimeZone,
    bool IsQuiet,
    bool MailAvailable
)
{
    internal static NoticeSettingsView Of(
        NoticeSettings settings,
        string accountZone,
        Caller caller,
        DateTimeOffset now,
        bool mailAvailable
    ) =>
        new(
            settings.Messages,
            settings.Unassigned,
            [
                .. NoticeEvents
                    .All.Where(e => e != NoticeEvents.Account || caller.IsAdmin)
                    .Select(e => NoticeEventView.Of(e, settings.Ways.GetValueOrDefault(e, NoticeWays.All))),
            ],
            settings.Sound,
            settings.Previews,
            settings.Digest,
            settings.DigestHour,
            settings.Quiet is { } quiet ? QuietHoursView.Of(quiet) : null,
            settings.TimeZone,
            accountZone,
            settings.IsQuiet(now, accountZone),
            mailAvailable
        );
}

/// <param name="Event">message, unassigned, assigned, mention, sla, closing, failed, returned, or for admins account.</param>
public sealed record NoticeEventView([property: Required] string Event, bool Console, bool Push, bool Mail)
{
    internal NoticeWays Ways =>
        (Console ? NoticeWays.Console : NoticeWays.None)
        | (Push ? NoticeWays.Push : NoticeWays.None)
        | (Mail ? NoticeWays.Mail : NoticeWays.None);

    internal static NoticeEventView Of(string noticeEvent, NoticeWays ways) =>
        new(
            noticeEvent,
            ways.HasFlag(NoticeWays.Console),
            ways.HasFlag(NoticeWays.Push),
            ways.HasFlag(NoticeWays.Mail)
        );
}

/// <param name="From">HH:mm, by the caller's clock.</param>
/// <param name="To">HH:mm; not after <paramref name="From"/>: on the day after.</param>
/// <param name="Days">On which it begins, 1 (Monday) to 7 (Sunday).</param>
public sealed record QuietHoursView(
    [property: Required, RegularExpression("([01][0-9]|2[0-3]):[0-5][0-9]")] string From,
    [property: Required, RegularExpression("([01][0-9]|2[0-3]):[0-5][0-9]")] string To,
    [property: Required, MinLength(1), MaxLength(7)] int[] Days
)
{
    internal QuietHours Read() => new(Minutes(From), Minutes(To), [.. Days.Distinct().Order()]);

    internal static QuietHoursView Of(QuietHours quiet) => new(Time(quiet.From), Time(quiet.To), [.. quiet.Days]);

    private static int Minutes(string time)
    {
        var read = TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
        return read.Hour * 60 + read.Minute;
    }

    private static string Time(int minutes) =>
        new TimeOnly(minutes / 60, minutes % 60).ToString("HH:mm", CultureInfo.InvariantCulture);
}
