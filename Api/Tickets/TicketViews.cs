using System.Text.Json;
using Threadkeep.Sla;
using Threadkeep.Threads;

namespace Threadkeep.Tickets;

/// <summary>A ticket over REST, with the details of its thread (docs/api.md).</summary>
/// <param name="Source">The kind of item that began it.</param>
/// <param name="Properties">The account's own properties, by their ids: text, number, date (yyyy-MM-dd), a choice's id, ids of choices, or true and false. What is not known is not there.</param>
/// <param name="MergedInto">Where it goes on; null: it was not merged.</param>
/// <param name="ThreadId">Null: it has no conversation; its notes are those of the thread under its own id.</param>
/// <param name="NotesLeft">In the answer to a merge: older notes that did not come along. Else 0.</param>
public sealed record TicketDetailsView(
    string Id,
    int Number,
    string Status,
    string? Subject,
    string Priority,
    string? Category,
    AgentRefView? Owner,
    TeamRefView? Team,
    IReadOnlyList<SkillLevelView> Skills,
    DateTimeOffset? QueuedAt,
    IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, JsonElement> Properties,
    DateTimeOffset? SnoozedUntil,
    TicketSlaView? Sla,
    int Version,
    string Source,
    DateTimeOffset OpenedAt,
    DateTimeOffset? FirstResponseAt,
    DateTimeOffset? ClosedAt,
    MergedIntoView? MergedInto,
    string? ThreadId,
    ContactView Contact,
    TicketWhatsAppView? WhatsApp,
    int NotesLeft = 0
)
{
    public static TicketDetailsView Of(TicketDetailsRow row, DateTimeOffset now) =>
        new(
            row.Id.ToString("N"),
            row.Number,
            row.Status,
            row.Subject,
            row.Priority,
            row.Category,
            row.OwnerId is { } owner ? new AgentRefView(owner.ToString("N"), row.OwnerName ?? "") : null,
            row.TeamId is { } team ? new TeamRefView(team.ToString("N"), row.TeamName!) : null,
            SkillLevelView.AllOf(row.Skills),
            row.QueuedAt,
            row.Tags,
            OwnValues.Read(row.Properties),
            row.SnoozedUntil,
            TicketSlaView.Of(row, row.Status != TicketWords.Closed, row.FirstResponseAt),
            row.Version,
            row.Source,
            row.OpenedAt,
            row.FirstResponseAt,
            row.ClosedAt,
            row.MergedInto is { } merged
                ? new MergedIntoView(
                    merged.ToString("N"),
                    row.MergedIntoNumber!.Value,
                    row.MergedIntoThread == merged ? null : row.MergedIntoThread?.ToString("N")
                )
                : null,
            row.ThreadId == row.Id ? null : row.ThreadId?.ToString("N"),
            ContactView.Of(row.ContactId, row.ContactName, row.ProfileName, row.WaId, row.UserId, row.Subject),
            row.ChannelId is { } channel && channel != row.Id
                ? new TicketWhatsAppView(
                    channel.ToString("N"),
                    row.ChannelName ?? "",
                    row.ChannelNumber ?? "",
                    new CustomerView(row.WaId, row.UserId, row.ProfileName),
                    new SessionView(
                        ThreadTimes.SessionIsOpen(row.LastInboundAt, now),
                        row.SessionOpenedAt,
                        row.LastInboundAt + ThreadTimes.Session
                    ),
                    row.LastInboundAt,
                    row.LastOutboundAt,
                    row.FirstResponseAt is { } first ? (long)(first - row.OpenedAt).TotalSeconds : null,
                    row.Received,
                    row.Sent,
                    row.TemplateName is null
                        ? null
                        : new LastTemplateView(row.TemplateName, row.TemplateLanguage!, row.TemplateAt!.Value)
                )
                : null
        );
}

/// <summary>Values of an account's own properties.</summary>
internal static class OwnValues
{
    private static readonly Dictionary<string, JsonElement> None = [];

    public static IReadOnlyDictionary<string, JsonElement> Read(string? stored) =>
        stored is null ? None : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(stored)!;
}

/// <summary>The ticket that another one goes on in.</summary>
public sealed record MergedIntoView(string Id, int Number, string? ThreadId);

/// <summary>A skill with a level: of a person, or what a ticket needs at least.</summary>
/// <param name="Id">The skill's.</param>
/// <param name="Level">1 to 5.</param>
public sealed record SkillLevelView(string Id, int Level)
{
    internal static IReadOnlyList<SkillLevelView> AllOf(IEnumerable<string> kept) =>
        [.. SkillLevel.ReadAll(kept).Select(s => new SkillLevelView(s.Skill.ToString("N"), s.Level))];

    /// <summary>Reads them as a ticket keeps them; false where one is none, or there are too many.</summary>
    internal static bool TryRead(IReadOnlyList<SkillLevelView>? skills, out string[] kept)
    {
        kept = [.. (skills ?? []).Select(s => $"{s?.Id}:{s?.Level}").Distinct()];
        return kept.Length <= SkillLevel.MostNeeds && kept.All(k => SkillLevel.TryParse(k, out _));
    }
}

/// <summary>A team by its name.</summary>
public sealed record TeamRefView(string Id, string Name);

/// <summary>What WhatsApp adds to a ticket.</summary>
/// <param name="LastInboundAt">The customer's last message in the thread.</param>
/// <param name="LastOutboundAt">Our last message within this ticket.</param>
/// <param name="FirstResponseSeconds">From its opening to our first answer; null: none yet.</param>
/// <param name="Received">The customer's messages within this ticket.</param>
/// <param name="Sent">Ours.</param>
public sealed record TicketWhatsAppView(
    string ChannelId,
    string ChannelName,
    string ChannelNumber,
    CustomerView Customer,
    SessionView Session,
    DateTimeOffset? LastInboundAt,
    DateTimeOffset? LastOutboundAt,
    long? FirstResponseSeconds,
    int Received,
    int Sent,
    LastTemplateView? LastTemplate
);

public sealed record LastTemplateView(string Name, string Language, DateTimeOffset At);

/// <summary>Words in use, the most used first.</summary>
public sealed record TicketWordsView(IReadOnlyList<string> Categories, IReadOnlyList<string> Tags);

/// <summary>A change of some properties: a member that is absent stays as it is, null empties it.</summary>
public sealed class ChangeTicketRequest
{
    internal TicketFields Fields { get; private set; }

    /// <summary>The ticket's version that the change was made on; absent: whatever it is.</summary>
    public int? Version { get; set; }

    /// <summary>new, waiting_on_us, waiting_on_contact or closed.</summary>
    public string? Status
    {
        get;
        set => Set(TicketFields.Status, field = value);
    }

    /// <summary>low, normal, high or urgent.</summary>
    public string? Priority
    {
        get;
        set => Set(TicketFields.Priority, field = value);
    }

    /// <summary>Up to 60 characters.</summary>
    public string? Category
    {
        get;
        set => Set(TicketFields.Category, field = value);
    }

    /// <summary>The id of an agent; null: nobody.</summary>
    public string? OwnerId
    {
        get;
        set => Set(TicketFields.Owner, field = value);
    }

    /// <summary>The id of a team; null: none. Where no owner is named with it, the ticket is the team's until somebody takes it.</summary>
    public string? TeamId
    {
        get;
        set => Set(TicketFields.Team, field = value);
    }

    /// <summary>What it needs of whoever takes it, 10 at most; replaces what it needed.</summary>
    public IReadOnlyList<SkillLevelView>? Skills
    {
        get;
        set => Set(TicketFields.Skills, field = value);
    }

    /// <summary>What it needs beside what it needed.</summary>
    public IReadOnlyList<SkillLevelView>? AddSkills { get; set; }

    /// <summary>Up to 200 characters.</summary>
    public string? Subject
    {
        get;
        set => Set(TicketFields.Subject, field = value);
    }

    /// <summary>All tags from now on: up to 30 of up to 40 characters.</summary>
    public IReadOnlyList<string>? Tags
    {
        get;
        set => Set(TicketFields.Tags, field = value);
    }

    /// <summary>Tags to add, whatever there are.</summary>
    public IReadOnlyList<string>? AddTags { get; set; }
    public IReadOnlyList<string>? RemoveTags { get; set; }

    /// <summary>Out of the way until then, or until the customer writes; null: wake it.</summary>
    public DateTimeOffset? SnoozedUntil
    {
        get;
        set => Set(TicketFields.SnoozedUntil, field = value);
    }

    /// <summary>Properties of the account's own, by their ids: what is named becomes this, null empties it, the others stay.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Properties { get; set; }

    private void Set(TicketFields which, object? value)
    {
        _ = value;
        Fields |= which;
    }
}
