using System.Runtime.CompilerServices;
using System.Text.Json;
using Threadkeep.Threads;

namespace Threadkeep.Contacts;

/// <summary>A contact in lists (docs/api.md).</summary>
/// <param name="Name">The record's name, else the WhatsApp profile name, else a number or address.</param>
/// <param name="Reading">The name in kana.</param>
public sealed record ContactItemView(
    string Id,
    string Name,
    string? Reading,
    string? Email,
    string? Phone,
    string? MobilePhone,
    string? Lifecycle,
    DateTimeOffset CreatedAt
)
{
    public static ContactItemView Of(ContactRow row) =>
        new(
            row.Id.ToString("N"),
            row.Shown,
            ReadingOf(row),
            row.Email,
            row.Phone,
            row.MobilePhone,
            row.Lifecycle,
            row.CreatedAt
        );

    private static string? ReadingOf(ContactRow row) =>
        row.FamilyReading is null && row.GivenReading is null ? null : $"{row.FamilyReading} {row.GivenReading}".Trim();
}

/// <summary>A contact with all of its properties.</summary>
/// <param name="ProfileName">WhatsApp's, as last heard; it overwrites nothing.</param>
/// <param name="Version">Moves with every change that somebody makes.</param>
/// <param name="Matches">Other records with one of its numbers: for somebody to say which they are.</param>
/// <param name="Merges">Contacts that were found to be this one; each can be taken back.</param>
public sealed record ContactRecordView(
    string Id,
    string Name,
    string? FamilyName,
    string? GivenName,
    string? FamilyReading,
    string? GivenReading,
    string? Honorific,
    string? Language,
    string? TimeZone,
    string? Email,
    string? Phone,
    string? MobilePhone,
    string? Lifecycle,
    string? Note,
    string? ProfileName,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ChangedAt,
    IReadOnlyList<ContactMatchView> Matches,
    IReadOnlyList<ContactMergeView> Merges
)
{
    public static ContactRecordView Of(
        ContactRow row,
        IReadOnlyList<ContactMatch> matches,
        IReadOnlyList<ContactMerge> merges
    ) =>
        new(
            row.Id.ToString("N"),
            row.Shown,
            row.FamilyName,
            row.GivenName,
            row.FamilyReading,
            row.GivenReading,
            row.Honorific,
            row.Language,
            row.TimeZone,
            row.Email,
            row.Phone,
            row.MobilePhone,
            row.Lifecycle,
            row.Note,
            row.ProfileName,
            row.Version,
            row.CreatedAt,
            row.ChangedAt,
            [.. matches.Select(m => new ContactMatchView(m.Id.ToString("N"), m.Name, m.Email, m.Phone, m.MobilePhone))],
            [
                .. merges.Select(m => new ContactMergeView(
                    m.Id.ToString("N"),
                    m.ContactId.ToString("N"),
                    m.Name,
                    m.Kind,
                    m.By,
                    m.At
                )),
            ]
        );
}

public sealed record ContactMatchView(string Id, string Name, string? Email, string? Phone, string? MobilePhone);

/// <param name="Kind">number: found by its number alone; person: somebody said so.</param>
/// <param name="By">Who; null: nobody, or a program.</param>
public sealed record ContactMergeView(
    string Id,
    string ContactId,
    string Name,
    string Kind,
    string? By,
    DateTimeOffset At
);

/// <summary>Whom a thread is with.</summary>
/// <param name="OwnId">The contact that the thread brought; another one than <paramref name="Contact"/> where that was found to be it.</param>
public sealed record ThreadContactView(string OwnId, ContactRecordView Contact);

public sealed record ContactThreadsView(IReadOnlyList<ThreadView> Items);

public sealed record ContactTicketView(
    string Id,
    int Number,
    string Status,
    string? Subject,
    DateTimeOffset OpenedAt,
    string? ThreadId
);

public sealed record ContactTicketsView(IReadOnlyList<ContactTicketView> Items);

/// <summary>One entry of a timeline.</summary>
/// <param name="Kind">created, changed, matched, merged, unmerged, company_added, company_removed, deal_added, deal_removed, note, or the type of a thread's own item.</param>
/// <param name="Agent">Who did it; null: nobody, or a program.</param>
/// <param name="Text">A note's.</param>
/// <param name="Data">Particulars of the kind.</param>
public sealed record TimelineView(
    string Id,
    DateTimeOffset At,
    string Kind,
    string? ThreadId,
    AgentRefView? Agent,
    string? Text,
    JsonElement? Data
)
{
    public static TimelineView Of(TimelineRow row) =>
        new(
            row.Key.Replace("-", "", StringComparison.Ordinal),
            row.At,
            row.Kind,
            row.ThreadId?.ToString("N"),
            row.AgentId is { } agent ? new AgentRefView(agent.ToString("N"), row.AgentName ?? "") : null,
            row.Text,
            row.Data is null ? null : JsonSerializer.Deserialize<JsonElement>(row.Data)
        );
}

/// <summary>Properties of a contact: a member that is absent stays as it is, null or white space empties it.</summary>
public class ContactRequest
{
    private readonly Dictionary<string, string?> given = [];

    /// <summary>Up to 100 characters, as are all names and readings.</summary>
    public string? FamilyName
    {
        get;
        set => Set(field = value);
    }
    public string? GivenName
    {
        get;
        set => Set(field = value);
    }

    /// <summary>In kana.</summary>
    public string? FamilyReading
    {
        get;
        set => Set(field = value);
    }
    public string? GivenReading
    {
        get;
        set => Set(field = value);
    }

    /// <summary>For addressing them, up to 30 characters.</summary>
    public string? Honorific
    {
        get;
        set => Set(field = value);
    }

    /// <summary>BCP 47, e.g. ja or pt-BR.</summary>
    public string? Language
    {
        get;
        set => Set(field = value);
    }

    /// <summary>IANA, e.g. Asia/Tokyo.</summary>
    public string? TimeZone
    {
        get;
        set => Set(field = value);
    }
    public string? Email
    {
        get;
        set => Set(field = value);
    }

    /// <summary>With its country, or as it is written in the account's.</summary>
    public string? Phone
    {
        get;
        set => Set(field = value);
    }
    public string? MobilePhone
    {
        get;
        set => Set(field = value);
    }

    /// <summary>Up to 100 characters.</summary>
    public string? Lifecycle
    {
        get;
        set => Set(field = value);
    }

    /// <summary>Up to 10,000 characters.</summary>
    public string? Note
    {
        get;
        set => Set(field = value);
    }

    /// <summary>What the request names, by key.</summary>
    internal IReadOnlyDictionary<string, string?> Given => given;

    private void Set(string? value, [CallerMemberName] string member = "") =>
        given[JsonNamingPolicy.CamelCase.ConvertName(member)] = value;
}

public sealed class ChangeContactRequest : ContactRequest
{
    /// <summary>The contact's version that the change was made on; absent: whatever it is.</summary>
    public int? Version { get; set; }
}

/// <param name="IntoId">The contact that this one is.</param>
public sealed record MergeContactRequest([property: System.ComponentModel.DataAnnotations.Required] string IntoId);

/// <param name="ContactIds">Contacts with its number that it is not: all of them from now on.</param>
public sealed record KeepApartRequest([property: System.ComponentModel.DataAnnotations.Required] string[] ContactIds);
