using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.Media;
using Threadkeep.Messages;
using Threadkeep.Sla;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>A thread over REST (docs/api.md).</summary>
/// <param name="ChannelId">Null: it is no conversation, but a ticket that has none; its id is the ticket's.</param>
/// <param name="Version">Moves with every visible change.</param>
/// <param name="Merged">The conversation goes on in another one, which is in lists in its place; null: it stands for itself.</param>
/// <param name="ReplyTo">Whom answers go to, where the customer wrote last as somebody whose conversation goes on here; null: to <paramref name="Customer"/>.</param>
/// <param name="Marketing">What the customer said of marketing last; null: nothing.</param>
/// <param name="TakesIn">Conversations that go on in this one; null: none.</param>
/// <param name="Columns">What the view that was asked for shows beside the usual, by the properties' keys; null without one.</param>
public sealed record ThreadView(
    string Id,
    string? ChannelId,
    ContactView Contact,
    CustomerView Customer,
    SessionView Session,
    int Unread,
    ThreadTicketView? Ticket,
    LastMessageView? LastMessage,
    DateTimeOffset LastActivityAt,
    long Version,
    JsonElement? Columns,
    BlockView? Block,
    MergedView? Merged = null,
    ReplyToView? ReplyTo = null,
    IReadOnlyList<string>? TakesIn = null,
    MarketingView? Marketing = null
)
{
    public static ThreadView Of(ThreadListRow row, DateTimeOffset now)
    {
        var id = new ThreadId(row.Id);
        return new ThreadView(
            id.ToString(),
            row.ChannelId == row.Id ? null : row.ChannelId.ToString("N"),
            ContactView.Of(row.ContactId, row.ContactName, row.ProfileName, row.WaId, row.UserId, row.Subject),
            new CustomerView(row.WaId, row.UserId, row.ProfileName, row.Username),
            new SessionView(
                ThreadTimes.SessionIsOpen(row.LastInboundAt, now),
                row.SessionOpenedAt,
                row.LastInboundAt + ThreadTimes.Session,
                ThreadTimes.FreeUntil((row.FreeEntries ?? []).Select(DateTimeOffset.FromUnixTimeSeconds), now)
            ),
            row.Unread,
            row.TicketNumber is { } number
                ? new ThreadTicketView(
                    row.TicketId!.Value.ToString("N"),
                    number,
                    row.TicketStatus!,
                    row.Subject,
                    row.Priority ?? TicketWords.NormalPriority,
                    row.Category,
                    row.OwnerId is { } owner ? new AgentRefView(owner.ToString("N"), row.OwnerName ?? "") : null,
                    row.TeamId is { } team ? new TeamRefView(team.ToString("N"), row.TeamName!) : null,
                    SkillLevelView.AllOf(row.Skills ?? []),
                    row.QueuedAt,
                    row.Tags ?? [],
                    OwnValues.Read(row.Properties),
                    row.SnoozedUntil,
                    TicketSlaView.Of(row, row.TicketStatus != TicketWords.Closed, row.FirstResponseAt),
                    row.TicketVersion
                )
                : null,
            row is { PreviewSeq: { } seq, PreviewType: { } type }
                ? new LastMessageView(
                    new MessageId(id, seq).ToString(),
                    Names.Direction(row.PreviewDirection!.Value),
                    type,
                    row.PreviewText,
                    Names.Status(row.PreviewStatus),
                    row.PreviewAt!.Value
                )
                : null,
            row.ActivityAt,
            row.Revision,
            row.Columns is null ? null : JsonSerializer.Deserialize<JsonElement>(row.Columns),
            row.BlockedAt is { } blocked
                ? new BlockView(
                    blocked,
                    row.BlockedBy is { } by ? new AgentRefView(by.ToString("N"), row.BlockedByName ?? "") : null,
                    row.BlockReason ?? "",
                    row.BlockAtMeta!,
                    row.BlockMetaCode
                )
                : null,
            row is { MergedInto: { } into, MergePending: false }
                ? new MergedView(
                    into.ToString("N"),
                    row.MergedAt!.Value,
                    row.MergedBy is { } merger ? new AgentRefView(merger.ToString("N"), row.MergedByName ?? "") : null
                )
                : null,
            row.ReplyThread is { } reply ? new ReplyToView(reply.ToString("N"), row.ReplyWaId, row.ReplyUserId) : null,
            row.TakesIn is { Length: > 0 } others ? [.. others.Select(o => o.ToString("N"))] : null,
            row.MarketingStopped is { } stopped
                ? new MarketingView(stopped, row.MarketingAt!.Value, row.MarketingSource!)
                : null
        );
    }
}

/// <param name="Id">Null: a ticket that is of nobody in particular.</param>
/// <param name="Name">The record's name, else the WhatsApp profile name, else the number; of nobody the ticket's subject.</param>
public sealed record ContactView(string? Id, string Name)
{
    internal static ContactView Of(
        Guid contact,
        string? name,
        string? profileName,
        string? waId,
        string? userId,
        string? subject
    ) =>
        contact == Guid.Empty
            ? new ContactView(null, subject ?? "?")
            : new ContactView(
                contact.ToString("N"),
                name ?? profileName ?? (waId is not null ? "+" + waId : userId ?? "?")
            );
}

/// <param name="Username">What the customer goes by in place of the number; null: nothing of the kind is known.</param>
public sealed record CustomerView(string? WaId, string? UserId, string? ProfileName, string? Username = null);

/// <param name="Into">The conversation that takes what the customer writes.</param>
/// <param name="By">Null: a program.</param>
public sealed record MergedView(string Into, DateTimeOffset At, AgentRefView? By);

/// <param name="ThreadId">The conversation that knows the customer by this.</param>
public sealed record ReplyToView(string ThreadId, string? WaId, string? UserId);

/// <param name="Stopped">The customer wants none: marketing templates are refused.</param>
/// <param name="At">When they said so.</param>
/// <param name="Source">whatsapp: there.</param>
public sealed record MarketingView(bool Stopped, DateTimeOffset At, string Source);

/// <summary>The customer is blocked: what they write is kept, in no queue and told to nobody.</summary>
/// <param name="By">Null: a program.</param>
/// <param name="AtMeta">blocked: Meta keeps it from us, too; refused: here alone; pending: Meta has not answered.</param>
/// <param name="MetaCode">Why Meta refused, e.g. 131047: the customer has not written within 24 hours.</param>
public sealed record BlockView(DateTimeOffset At, AgentRefView? By, string Reason, string AtMeta, int? MetaCode);

/// <param name="EndsAt">Null where the customer never wrote.</param>
/// <param name="FreeUntil">
/// Until when Meta charges nothing, for a customer who came by an advertisement: 72 hours from the first answer. Null: it charges as usual, and
/// in lists. What may be sent is no matter of it.
/// </param>
public sealed record SessionView(
    bool Open,
    DateTimeOffset? OpenedAt,
    DateTimeOffset? EndsAt,
    DateTimeOffset? FreeUntil = null
);

public sealed record TicketView(int Number, string Status);

/// <summary>A thread's current ticket; more of it: <c>GET /tickets/{id}</c>.</summary>
/// <param name="Owner">Null: nobody.</param>
/// <param name="Team">Null: none.</param>
/// <param name="Skills">What it needs of whoever takes it.</param>
/// <param name="QueuedAt">Since when it waits for somebody to be free; null: it does not.</param>
/// <param name="Properties">The account's own properties, by their ids: text, number, date (yyyy-MM-dd), a choice's id, ids of choices, or true and false. What is not known is not there.</param>
/// <param name="SnoozedUntil">Null: it is not put off.</param>
/// <param name="Sla">Null: nothing is promised.</param>
/// <param name="Version">Moves with every change that somebody makes; not with messages.</param>
public sealed record ThreadTicketView(
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
    int Version
);

public sealed record LastMessageView(
    string Id,
    string Direction,
    string Type,
    string? Text,
    string? Status,
    DateTimeOffset At
);

/// <summary>A message over REST (docs/api.md).</summary>
/// <param name="Quoted">The message that it answers or is about; null: none.</param>
/// <param name="Reactions">Those that stand, at most one of each side.</param>
/// <param name="Edited">Its text was changed; <paramref name="Text"/> is the latest.</param>
/// <param name="LeavesAt">It is queued and leaves then, not before; until then it can be taken back.</param>
/// <param name="Approved">Its author was in training: who let it out. Null: nobody had to.</param>
/// <param name="DeletedAt">Who wrote it has taken it back since; what it said is kept.</param>
public sealed record MessageView(
    string Id,
    string Cursor,
    string? Wamid,
    string Direction,
    string Type,
    string? Text,
    MediaView? Media,
    TemplateRefView? Template,
    AgentRefView? Agent,
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    bool Late,
    bool TimeDoubtful,
    string? Status,
    StatusTimesView StatusTimes,
    MessageErrorView? Error,
    bool CanSendAgain,
    bool CanCancel,
    JsonElement? Data,
    MessageContentView? Content = null,
    QuotedView? Quoted = null,
    IReadOnlyList<StandingReactionView>? Reactions = null,
    EditedView? Edited = null,
    DateTimeOffset? DeletedAt = null,
    DateTimeOffset? LeavesAt = null,
    ApprovedView? Approved = null
)
{
    public static MessageView Of(ThreadId thread, MessageListRow row, DateTimeOffset now)
    {
        var status = (MessageStatus?)row.Status;
        var outbound = row.Direction == (short)MessageDirection.Outbound;
        return new MessageView(
            new MessageId(thread, row.Seq).ToString(),
            new Hosting.Cursor(row.At, row.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToString(),
            row.Wamid,
            Names.Direction(row.Direction),
            row.Type,
            row.Text,
            row.MediaState is not null && row.Type != HiddenRow.QuarantinedType ? MediaView.Of(row) : null,
            row.TemplateName is null ? null : new TemplateRefView(row.TemplateName, row.TemplateLanguage!),
            row.AgentId is { } agent ? new AgentRefView(agent.ToString("N"), row.AgentName ?? "") : null,
            row.At,
            row.ReceivedAt,
            row.Late,
            row.TimeDoubtful,
            Names.Status(row.Status),
            new StatusTimesView(row.SentAt, row.DeliveredAt, row.ReadAt, row.PlayedAt, row.FailedAt),
            status == MessageStatus.Failed
                ? new MessageErrorView(row.ErrorCode ?? "meta_error", row.MetaErrorCode, row.ErrorDetail)
                : null,
            // Without a body it was sent from elsewhere.
            outbound
                && row is { RepeatedBy: null, Body: not null }
                && (
                    status == MessageStatus.Failed
                    || status == MessageStatus.Unconfirmed && row.UnconfirmedAt + ThreadTimes.UnconfirmedGrace <= now
                ),
            outbound && status == MessageStatus.Queued,
            row.Data is null ? null : JsonSerializer.Deserialize<JsonElement>(row.Data),
            LeavesAt: status == MessageStatus.Queued
            && row.Data is { } data
            && JsonSerializer.Deserialize<JsonElement>(data).TryGetProperty("leavesAt", out var leaves)
                ? leaves.GetDateTimeOffset()
                : null,
            Approved: row.ApprovedBy is { } approver
                ? new ApprovedView(new AgentRefView(approver.ToString("N"), row.ApprovedName ?? ""), row.OriginalText)
                : null
        );
    }
}

/// <param name="State">
/// pending, ready, failed, too_large or damaged; infected (the scanner found something) or held (it runs, and the scanner has not called it clean).
/// </param>
/// <param name="Scan">What the scanner said: clean, infected or notScanned; null where there was none to ask.</param>
public sealed record MediaView(
    string? Id,
    string? MimeType,
    long? Size,
    string? FileName,
    string State,
    string? Url,
    string? Scan = null
)
{
    internal static MediaView Of(MessageListRow row)
    {
        var scan = (FileScan?)row.MediaScan;
        var isReady = row.MediaState == (short)MediaState.Ready;
        var isClosed = isReady && FileScans.IsClosed(scan, scannerIsOn: false, row.MediaName, row.MediaMime);
        return new MediaView(
            row.MediaSha256 is { Length: > 0 } sha ? sha : null,
            row.MediaMime,
            row.MediaSize is > 0 ? row.MediaSize : null,
            FileNames.Clean(row.MediaName),
            !isClosed ? Names.MediaState(row.MediaState!.Value)
                : scan == FileScan.Infected ? "infected"
                : "held",
            isReady && !isClosed ? "/api/v1/media/" + row.MediaSha256 : null,
            scan switch
            {
                null => null,
                FileScan.Clean => "clean",
                FileScan.Infected => "infected",
                _ => "notScanned",
            }
        );
    }
}

public sealed record TemplateRefView(string Name, string Language);

public sealed record AgentRefView(string Id, string Name);

/// <param name="OriginalText">As its author wrote it; null: it went out like that.</param>
public sealed record ApprovedView(AgentRefView By, string? OriginalText);

public sealed record StatusTimesView(
    DateTimeOffset? Sent,
    DateTimeOffset? Delivered,
    DateTimeOffset? Read,
    DateTimeOffset? Played,
    DateTimeOffset? Failed
);

/// <param name="Code">Ours, stable.</param>
public sealed record MessageErrorView(string Code, int? MetaCode, string? Detail);

/// <summary>Words for stored numbers.</summary>
internal static class Names
{
    public static string Direction(short direction) =>
        direction switch
        {
            0 => "inbound",
            1 => "outbound",
            3 => "note",
            _ => "system",
        };

    public static string? Status(short? status) =>
        status is { } known ? ((MessageStatus)known).ToString().ToLowerInvariant() : null;

    public static string MediaState(short state) =>
        (MediaState)state == Threads.MediaState.TooLarge
            ? "too_large"
            : ((MediaState)state).ToString().ToLowerInvariant();
}
