using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Notices;

/// <param name="Unseen">How many the caller has not seen, whichever are listed; 100 means that many or more.</param>
/// <param name="Sound">They want a sound with what is new, and it is not their quiet hours.</param>
public sealed record NoticeListView(IReadOnlyList<NoticeView> Items, string? NextCursor, int Unseen, bool Sound);

/// <param name="Kind">message, assigned, mention, sla_due_soon, sla_overdue, session_closing, send_failed, tickets_returned, approval_wanted, approval_answered, quota or channel_attention.</param>
/// <param name="Count">Messages that are one notice; tickets that went back; else 1.</param>
/// <param name="Thread">Where to go; null where it is about no thread.</param>
/// <param name="By">Whose doing it is; null: nobody's, or a program's.</param>
/// <param name="MessageType">Of the message or note that it is about.</param>
/// <param name="Text">The beginning of its words, as they stand now.</param>
/// <param name="ErrorCode">send_failed: why.</param>
/// <param name="Owner">tickets_returned: who was away.</param>
/// <param name="Minutes">tickets_returned: for so long.</param>
/// <param name="Tickets">tickets_returned: which; empty for whoever did not have them.</param>
/// <param name="ToTeam">assigned: to a team of the caller's, and not to them.</param>
/// <param name="Clock">sla_due_soon, sla_overdue: first_response or resolution.</param>
/// <param name="DueAt">sla_due_soon: when it is overdue; session_closing: when the session ends.</param>
/// <param name="Threshold">quota: per cent of the month's conversations that are used.</param>
/// <param name="Channel">channel_attention: its name.</param>
/// <param name="Reason">channel_attention: why Meta refuses it; approval_answered: why it failed.</param>
/// <param name="Outcome">approval_answered: changed (and sent), returned or failed.</param>
public sealed record NoticeView(
    string Id,
    DateTimeOffset At,
    string Kind,
    DateTimeOffset? SeenAt,
    int Count,
    NoticeThreadView? Thread,
    AgentRefView? By,
    string? MessageType,
    string? Text,
    string? ErrorCode,
    AgentRefView? Owner,
    int? Minutes,
    IReadOnlyList<NoticeTicketView> Tickets,
    bool ToTeam,
    string? Clock,
    DateTimeOffset? DueAt,
    int? Threshold,
    string? Channel,
    string? Reason,
    string? Outcome
)
{
    public static NoticeView Of(NoticeRow row)
    {
        var returned = row.Kind == NoticeKinds.TicketsReturned ? TicketsReturned.Read(row.Data) : null;
        var data = JsonSerializer.Deserialize<NoticeData>(row.Data, JsonSerializerOptions.Web)!;
        return new NoticeView(
            row.Id.ToString("N"),
            row.At,
            row.Kind,
            row.SeenAt,
            returned?.Count ?? row.Count,
            NoticeThreadView.Of(row),
            row.ById is { } by ? new AgentRefView(by.ToString("N"), row.ByName ?? "") : null,
            row.MessageType,
            row.Text,
            row.Kind == NoticeKinds.SendFailed ? row.ErrorCode : null,
            returned is null ? null : new AgentRefView(returned.Owner.ToString("N"), returned.OwnerName),
            returned?.Minutes,
            [
                .. (returned?.Tickets ?? []).Select(t => new NoticeTicketView(
                    t.Id.ToString("N"),
                    t.Thread.ToString("N"),
                    t.Number
                )),
            ],
            data.Team is not null,
            data.Clock,
            data.DueAt ?? data.EndsAt,
            data.Threshold,
            row.Kind == NoticeKinds.ChannelAttention ? row.ChannelName : null,
            data.Reason,
            data.Outcome
        );
    }

    private sealed record NoticeData(
        Guid? Team = null,
        string? Clock = null,
        DateTimeOffset? DueAt = null,
        DateTimeOffset? EndsAt = null,
        int? Threshold = null,
        string? Reason = null,
        string? Outcome = null
    );
}

/// <param name="MessageId">The item to open it at; null: none in particular.</param>
/// <param name="Customer">As threads show them.</param>
/// <param name="Team">Of the current ticket.</param>
/// <param name="IsOwn">The ticket is the caller's.</param>
public sealed record NoticeThreadView(
    string Id,
    string? MessageId,
    string Customer,
    int? TicketNumber,
    string? Team,
    bool IsOwn
)
{
    public static NoticeThreadView? Of(NoticeRow row) =>
        row.ThreadId is not { } thread
            ? null
            : new(
                thread.ToString("N"),
                row.Seq is { } seq ? new MessageId(new ThreadId(thread), seq).ToString() : null,
                row.CustomerName ?? (row.WaId is { } waId ? "+" + waId : row.UserId ?? "?"),
                row.TicketNumber,
                row.TeamName,
                row.IsOwn
            );
}

public sealed record NoticeTicketView(string Id, string ThreadId, int Number);
