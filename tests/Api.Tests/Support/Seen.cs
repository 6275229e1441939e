using System.Text.Json.Nodes;

namespace Threadkeep.Api.Tests.Support;

// What REST answers, in its own words (docs/api.md); names are matched by case.

public sealed record SeenThread(
    string Id,
    string ChannelId,
    SeenContact Contact,
    SeenCustomer Customer,
    SeenSession Session,
    int Unread,
    SeenTicket? Ticket,
    SeenLast? LastMessage,
    DateTimeOffset LastActivityAt,
    long Version
);

public sealed record SeenContact(string Id, string Name);

public sealed record SeenCustomer(string? WaId, string? UserId, string? ProfileName);

public sealed record SeenSession(bool Open, DateTimeOffset? OpenedAt, DateTimeOffset? EndsAt);

public sealed record SeenTicket(int Number, string Status);

public sealed record SeenLast(string Id, string Type, string? Text);

public sealed record SeenMessage(
    string Id,
    string Cursor,
    string? Wamid,
    string Direction,
    string Type,
    string? Text,
    SeenMedia? Media,
    DateTimeOffset At,
    bool Late,
    bool TimeDoubtful,
    string? Status,
    SeenTimes StatusTimes,
    SeenError? Error,
    bool CanSendAgain,
    bool CanCancel,
    JsonNode? Data,
    JsonNode? Content = null,
    SeenQuoted? Quoted = null,
    SeenReaction[]? Reactions = null,
    JsonNode? Edited = null,
    DateTimeOffset? DeletedAt = null
);

public sealed record SeenQuoted(string Wamid, string? Id, string? Type, string? Text);

public sealed record SeenReaction(string Emoji, string Direction);

public sealed record SeenMedia(
    string? Id,
    string? MimeType,
    long? Size,
    string State,
    string? Url,
    string? FileName = null,
    string? Scan = null
);

public sealed record SeenTimes(
    DateTimeOffset? Sent,
    DateTimeOffset? Delivered,
    DateTimeOffset? Read,
    DateTimeOffset? Played,
    DateTimeOffset? Failed
);

public sealed record SeenError(string Code, int? MetaCode);

public sealed record SeenQuota(int? Limit, int Used, int Reserved, DateTimeOffset PeriodStart, DateTimeOffset ResetsAt);

public sealed record SeenLeftover(
    string Id,
    string? ThreadId,
    string? MessageId,
    string Kind,
    string Reason,
    string Detail,
    DateTimeOffset? ReplayedAt,
    string Raw
);

/// <summary>An answer that may be a refusal.</summary>
public sealed record Answer(int Status, JsonNode? Body)
{
    /// <summary>The stable code of a refusal.</summary>
    public string? Code => Body?["code"]?.ToString();

    /// <summary>The id that a send was given.</summary>
    public string Id => Body!["id"]!.ToString();
}
