using Threadkeep.Accounts;
using Threadkeep.Media;
using Threadkeep.Messages;
using Threadkeep.Threads;

namespace Threadkeep.Approvals;

/// <param name="Waiting">How many wait for the caller's word; 0 for whoever may not decide.</param>
public sealed record ApprovalListView(IReadOnlyList<ApprovalView> Items, string? NextCursor, int Waiting);

/// <summary>A message that waits, or waited, for somebody's word.</summary>
/// <param name="State">waiting, approved (accepted in a moment), sent, returned, withdrawn or failed.</param>
/// <param name="Customer">As threads show them.</param>
/// <param name="SessionEndsAt">Until then it can be sent, unless it is a template; null where the customer never wrote.</param>
/// <param name="OriginalText">As its author wrote it; null: nobody has changed it.</param>
/// <param name="TextChangeable">It has a text of its own, that whoever approves it may change.</param>
/// <param name="SendAt">It leaves then, not before.</param>
/// <param name="DecidedBy">Null: nobody yet, or it ended by itself.</param>
/// <param name="Note">returned: why.</param>
/// <param name="Reason">failed: why, as a code.</param>
/// <param name="MessageId">sent: the message that it became.</param>
public sealed record ApprovalView(
    string Id,
    string ThreadId,
    string Customer,
    int? TicketNumber,
    DateTimeOffset? SessionEndsAt,
    AgentRefView Agent,
    DateTimeOffset CreatedAt,
    string Type,
    string? Text,
    string? OriginalText,
    bool TextChangeable,
    MediaView? Media,
    TemplateRefView? Template,
    MessageContentView? Content,
    DateTimeOffset? SendAt,
    string State,
    AgentRefView? DecidedBy,
    DateTimeOffset? DecidedAt,
    string? Note,
    string? Reason,
    string? MessageId
)
{
    public static ApprovalView Of(ApprovalRow row, DateTimeOffset now)
    {
        // What nobody has said of it yet is true all the same: the session is arithmetic.
        var isOver =
            row is { State: ApprovalStates.Waiting, Type: not "template" }
            && !ThreadTimes.SessionIsOpen(row.LastInboundAt, now);
        return new ApprovalView(
            row.Id.ToString("N"),
            row.ThreadId.ToString("N"),
            CustomerOf(row),
            row.TicketNumber,
            row.LastInboundAt + ThreadTimes.Session,
            new AgentRefView(row.AgentId.ToString("N"), row.AgentName),
            row.CreatedAt,
            row.Type,
            row.Text,
            row.OriginalText,
            WaitingText.IsChangeable(row.Type),
            row.MediaSha256 is { } sha
                ? new MediaView(
                    sha,
                    row.MediaMime,
                    row.MediaSize,
                    FileNames.Clean(row.MediaName),
                    "ready",
                    "/api/v1/media/" + sha
                )
                : null,
            row.TemplateName is null ? null : new TemplateRefView(row.TemplateName, row.TemplateLanguage!),
            MessageContent.Of(row.Type, null, row.Body),
            row.SendAt,
            isOver ? ApprovalStates.Failed : row.State,
            row.DecidedBy is { } by ? new AgentRefView(by.ToString("N"), row.DecidedName ?? "") : null,
            row.DecidedAt,
            row.Note,
            isOver ? "session_closed" : row.Reason,
            row.Seq is { } seq ? new MessageId(new ThreadId(row.ThreadId), seq).ToString() : null
        );
    }

    internal static string CustomerOf(ApprovalRow row) =>
        row.CustomerName ?? (row.WaId is { } waId ? "+" + waId : row.UserId ?? "?");
}

/// <param name="Text">What it shall say instead; null: what its author wrote.</param>
public sealed record ApproveRequest(string? Text = null);

/// <param name="Note">What its author is told, 1 to 1,000 characters.</param>
public sealed record ReturnRequest(string? Note = null);
