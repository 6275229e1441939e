using Threadkeep.Accounts;

namespace Threadkeep.Contacts;

/// <summary>A contact as it is stored.</summary>
public sealed record ContactRow
{
    public Guid Id { get; init; }

    /// <summary>False: known from messages alone, nobody wrote in it.</summary>
    public bool IsRecord { get; init; }

    /// <summary>The contact that this one was found to be.</summary>
    public Guid? SameAs { get; init; }
    public int Version { get; init; }
    public string? Name { get; init; }
    public string? FamilyName { get; init; }
    public string? GivenName { get; init; }
    public string? FamilyReading { get; init; }
    public string? GivenReading { get; init; }
    public string? Honorific { get; init; }
    public string? Language { get; init; }
    public string? TimeZone { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? MobilePhone { get; init; }
    public string? Lifecycle { get; init; }
    public string? Note { get; init; }

    /// <summary>WhatsApp's, of a thread that the caller may see.</summary>
    public string? ProfileName { get; init; }
    public string? SortKey { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }

    public ContactProperties Properties =>
        new(
            FamilyName,
            GivenName,
            FamilyReading,
            GivenReading,
            Honorific,
            Language,
            TimeZone,
            Email,
            Phone,
            MobilePhone,
            Lifecycle,
            Note
        );

    /// <summary>What it is called: its name, else the profile name, else a number or address.</summary>
    public string Shown => Name ?? ProfileName ?? Phone ?? MobilePhone ?? Email ?? "?";

    internal const string Columns = """
        c.id, c.is_record, c.same_as, c.version, c.name, c.family_name, c.given_name, c.family_reading, c.given_reading, c.honorific,
        c.language, c.time_zone, c.email, c.phone, c.mobile_phone, c.lifecycle, c.note, c.sort_key, c.created_at, c.changed_at
        """;
}

/// <summary>Another contact with the same number.</summary>
public sealed record ContactMatch(Guid Id, string Name, string? Email, string? Phone, string? MobilePhone);

/// <summary>A contact that was found to be this one.</summary>
/// <param name="Kind">number: by its number alone; person: somebody said so.</param>
public sealed record ContactMerge(Guid Id, Guid ContactId, string Name, string Kind, string? By, DateTimeOffset At);

/// <summary>How a change of a contact ended.</summary>
public enum ContactOutcome
{
    Done,
    NoSuchContact,

    /// <summary>Somebody else changed it since.</summary>
    VersionConflict,

    /// <summary>It was merged into another one since.</summary>
    Merged,

    /// <summary>A later merge must be taken back first.</summary>
    Superseded,
}

/// <summary>What a change did.</summary>
/// <param name="Contact">The contact that it ended at, or what it made.</param>
/// <param name="Hints">Threads that show something else now.</param>
public sealed record ContactChange(ContactOutcome Outcome, Guid Contact, IReadOnlyList<Live.ThreadHint> Hints)
{
    internal static ContactChange Refused(ContactOutcome why) => new(why, default, []);
}

/// <summary>Who changes records.</summary>
/// <param name="Agent">Null: a program.</param>
/// <param name="Channels">The only channels that they see; null: all. A number that they write finds no customer of another one.</param>
public sealed record RecordActor(AccountId Account, AgentId? Agent, DateTimeOffset Now, Guid[]? Channels = null);
