using System.Security.Cryptography;
using System.Text;

namespace Threadkeep.People;

/// <summary>A person with what they may do and see.</summary>
public sealed record PersonRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string Email { get; init; } = "";
    public string Role { get; init; } = "";
    public string Language { get; init; } = "";
    public bool ChannelsLimited { get; init; }
    public Guid[] Channels { get; init; } = [];
    public Guid[] Teams { get; init; } = [];
    public DateTimeOffset? DisabledAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public int Sessions { get; init; }
    public bool SecondFactor { get; init; }

    /// <summary>What they send waits for somebody's word.</summary>
    public bool InTraining { get; init; }

    /// <summary>Of what can be changed here, made of it: it moves from whichever side that is changed.</summary>
    public string Version =>
        DirectoryVersion.Of(Name, Role, ChannelsLimited, Channels, Teams, DisabledAt is null, InTraining);
}

/// <summary>A team: its members see its channels.</summary>
public sealed record TeamRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public Guid[] Members { get; init; } = [];
    public Guid[] Channels { get; init; } = [];

    /// <summary>As <see cref="PersonRow.Version"/>.</summary>
    public string Version => DirectoryVersion.Of(Name, Members, Channels);
}

internal static class DirectoryVersion
{
    /// <summary>Another one wherever something of this is another one.</summary>
    public static string Of(params object[] all)
    {
        var text = string.Join('\n', all.Select(o => o is Guid[] ids ? string.Join(' ', ids.Order()) : $"{o}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}

/// <summary>What is to become of a person; null: as it is.</summary>
public sealed record PersonChange(
    string? Name,
    string? Role,
    bool? ChannelsLimited,
    Guid[]? Channels,
    Guid[]? Teams,
    bool? Active,
    bool? InTraining
);

/// <summary>What is to become of a team; null: as it is.</summary>
public sealed record TeamChange(string? Name, Guid[]? Members, Guid[]? Channels);

/// <summary>Why a change of people or teams was not made.</summary>
public enum DirectoryOutcome
{
    Done,
    NotFound,

    /// <summary>An account must have an admin who can sign in.</summary>
    LastAdmin,
    NameTaken,

    /// <summary>A channel, team or person that is named is not the account's.</summary>
    Unknown,

    /// <summary>Somebody changed it since the version that the change was made on.</summary>
    Changed,
}
