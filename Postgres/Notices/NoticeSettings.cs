using System.Text.Json;
using Threadkeep.Hours;

namespace Threadkeep.Notices;

/// <summary>What one person wants to be told, and how. Stored as JSON; what is missing is as usual.</summary>
public sealed record NoticeSettings
{
    /// <summary>Of what is nobody's: what is my team's, or no team's.</summary>
    public const string OfMyTeams = "team";

    /// <summary>Of what is nobody's: whatever I may see.</summary>
    public const string OfEveryone = "everyone";

    public static readonly NoticeSettings Usual = new();

    /// <summary>The one switch "New WhatsApp message": off, no customer's message is told of.</summary>
    public bool Messages { get; init; } = true;

    /// <summary><see cref="OfMyTeams"/> or <see cref="OfEveryone"/>: which tickets that are nobody's concern them.</summary>
    public string Unassigned { get; init; } = OfMyTeams;

    /// <summary>By event (<see cref="NoticeEvents"/>); one that is missing is told in every way.</summary>
    public IReadOnlyDictionary<string, NoticeWays> Ways { get; init; } = new Dictionary<string, NoticeWays>();

    /// <summary>A sound with what is new, while the console is open.</summary>
    public bool Sound { get; init; }

    /// <summary>Words of customers and colleagues, and customers' names, also where they leave the house: in pushes and mails.</summary>
    public bool Previews { get; init; }

    /// <summary>How often a mail gathers what is unseen: off, 15 or 60 (minutes), or daily at <see cref="DigestHour"/>.</summary>
    public string Digest { get; init; } = "off";

    /// <summary>0 to 23, by the person's clock.</summary>
    public int DigestHour { get; init; } = 8;

    /// <summary>Null: there are none.</summary>
    public QuietHours? Quiet { get; init; }

    /// <summary>Theirs, as an IANA name; null: the account's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>How an event is told.</summary>
    public NoticeWays WaysOf(string noticeEvent) =>
        !Messages && noticeEvent is (NoticeEvents.Message or NoticeEvents.Unassigned)
            ? NoticeWays.None
            : Ways.GetValueOrDefault(noticeEvent, NoticeWays.All);

    /// <param name="accountZone">The account's, for who has none of their own.</param>
    public bool IsQuiet(DateTimeOffset at, string accountZone) =>
        Quiet is { } quiet && quiet.Contains(at, ZoneOf(accountZone));

    /// <summary>When the next mail is due after <paramref name="now"/>; null: none is wanted.</summary>
    public DateTimeOffset? NextDigest(DateTimeOffset now, string accountZone)
    {
        if (Digest != "daily")
            return Digest switch
            {
                "15" => now.AddMinutes(15),
                "60" => now.AddMinutes(60),
                _ => null,
            };
        var zone = ZoneOf(accountZone);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var at = WallClock.InstantOf(today.AddHours(DigestHour), zone);
        return at > now ? at : WallClock.InstantOf(today.AddDays(1).AddHours(DigestHour), zone);
    }

    public TimeZoneInfo ZoneOf(string accountZone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone ?? accountZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <param name="json">Null: nothing was ever set.</param>
    public static NoticeSettings Read(string? json) =>
        json is null ? Usual : JsonSerializer.Deserialize<NoticeSettings>(json, JsonSerializerOptions.Web)!;

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
