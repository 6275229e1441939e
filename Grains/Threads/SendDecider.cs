using System.Text.Json;
using Threadkeep.Messages;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>A slot drawn from the quota for one message, not yet written.</summary>
public sealed record DrawnSlot(DateTimeOffset PeriodStart, int Slot);

/// <summary>
/// Decides about messages to the customer. Pure. Here: accepting one, and taking back what is still queued. When the next one
/// leaves: SendDecider.Taking.cs; what became of it: SendDecider.Settling.cs.
/// </summary>
public static partial class SendDecider
{
    /// <summary>Why a message would have to be counted when it is accepted now; null: it takes nothing from the quota.</summary>
    /// <param name="userInitiatedUntil">User-initiated sessions are counted for sends before this.</param>
    public static string? CountsAs(
        ThreadState state,
        bool isTemplate,
        DateTimeOffset now,
        DateTimeOffset userInitiatedUntil
    )
    {
        if (!state.SessionIsOpen(now))
            return isTemplate ? LedgerRow.BusinessInitiated : null;
        return !state.Row.SessionCounted && state.Row.SessionSeq is not null && now < userInitiatedUntil
            ? LedgerRow.UserInitiated
            : null;
    }

    /// <summary>Why a message must not be accepted, quota aside; null where nothing stands against it.</summary>
    public static AcceptResult? Refuse(ThreadState state, AcceptMessage command, DateTimeOffset now)
    {
        if (!state.Exists)
            return new AcceptResult(0, AcceptRefusal.NoSuchThread);
        if (state.IsBlocked)
            return new AcceptResult(0, AcceptRefusal.Blocked);
        if (state.IsMoved)
            return new AcceptResult(0, AcceptRefusal.Merged);
        if (state.Address is (null, null))
            return new AcceptResult(0, AcceptRefusal.NoAddress);
        if (command.IsTemplate)
            return null;
        var end = SessionWindow.EndOf(state.Row.LastInboundAt);
        if (!state.SessionIsOpen(now))
            return new AcceptResult(0, AcceptRefusal.SessionClosed, end);
        return command.NotBefore >= end ? new AcceptResult(0, AcceptRefusal.AfterSession, end) : null;
    }

    /// <summary>Accepts a message that nothing stands against: queued, under its key, with its draw on the quota.</summary>
    public static Decision Accept(
        ThreadState state,
        AcceptMessage command,
        string? countsAs,
        DrawnSlot? slot,
        DateTimeOffset now
    )
    {
        command = AgentName.First(command, state.Rules);
        var changes = new ThreadChanges(state, now) { NeedsConnectedChannel = true };
        // Meta stamps whole seconds: with finer ones of our own, an answer within the same second would stand before its question.
        var at = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, now.Offset);
        // And where Meta's clock is ahead of ours, never before the message that it may answer.
        if (state.Row.LastInboundAt is { } heard && heard > at)
            at = heard;
        var leaves = LeavesAt(command, state.Rules, now);
        var seq = changes.NextSeq();
        changes.Add(
            new MessageRow
            {
                Seq = seq,
                Direction = MessageDirection.Outbound,
                Type = command.Type,
                Data =
                    leaves > now
                        ? JsonSerializer.Serialize(new { leavesAt = leaves }, JsonSerializerOptions.Web)
                        : null,
                Text = command.Text,
                ContextWamid = command.ContextWamid,
                At = at,
                ReceivedAt = now,
                Status = MessageStatus.Queued,
                Agent = command.Agent,
                Body = command.Body,
                TemplateName = command.TemplateName,
                TemplateLanguage = command.TemplateLanguage,
                MediaState = command.Media is null ? null : MediaState.Ready,
                Media = command.Media,
            }
        );
        if (command.RepeatsSeq is { } repeated)
            changes.Change(new MessageChange { Seq = repeated, RepeatedBy = seq });
        changes.Add(new KeyRow(command.IdempotencyKey, seq, command.RequestHash));
        changes.Enqueue(
            new QueuedSend(
                new QueueRow
                {
                    Seq = seq,
                    Lane = command.Bulk ? QueueRow.Bulk : QueueRow.Replies,
                    DueAt = leaves,
                    AcceptedAt = leaves,
                },
                new OutboundContent(command.Type, command.Body, command.Media),
                Ledger: null
            )
        );
        if (countsAs is not null)
            changes.Draw(seq, countsAs, slot!);
        if (command.Answers)
            changes.Row = changes.Row with { AnswerOwed = false };
        if (command.Answers && !command.Bulk)
            TicketDecider.WeAnswered(changes, now);
        return changes.ToDecision();
    }

    // What a person sends waits as long as the account wants, so that it can be taken back. Programs and many at once do not.
    private static DateTimeOffset LeavesAt(AcceptMessage command, TicketRules rules, DateTimeOffset now)
    {
        if (command.NotBefore > now)
            return command.NotBefore.Value;
        return command is { Agent: not null, Bulk: false } ? now + rules.SendDelay : now;
    }

    /// <summary>Takes back what is still queued; null where it is not.</summary>
    public static Decision? Cancel(ThreadState state, int seq, DateTimeOffset now)
    {
        if (state.Queue.Find(q => q.Seq == seq) is not { IsSending: false } send)
            return null;
        var changes = new ThreadChanges(state, now);
        changes.Change(new MessageChange { Seq = seq, Status = MessageStatus.Cancelled });
        changes.Release(send.Ledger, LedgerRow.Cancelled);
        changes.Dequeue(seq);
        return changes.ToDecision();
    }
}
