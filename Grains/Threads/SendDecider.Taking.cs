using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Messages;

namespace Threadkeep.Threads;

/// <summary>When the next message leaves.</summary>
public static partial class SendDecider
{
    /// <summary>A post may be made this long after its start was recorded, and not later.</summary>
    public static readonly TimeSpan AttemptLifetime = TimeSpan.FromSeconds(30);

    /// <summary>What Meta keeps refusing for now fails after this, so that what waits behind it can go.</summary>
    public static readonly TimeSpan MaxQueueAge = TimeSpan.FromHours(1);

    /// <summary>What the dispatcher should do next, and what must be committed before it does.</summary>
    /// <param name="Decision">Its commit is null where nothing changes.</param>
    /// <param name="NeedsSlot">The first message that may leave must draw on the quota first: call again with a slot, or with none left.</param>
    /// <param name="NeedsReach">It leaves outside a session: call again with what the portfolio says.</param>
    public sealed record Next(Decision Decision, TakeResult Result, int? NeedsSlot = null, bool NeedsReach = false);

    /// <summary>Ends what has expired, fails what may not leave any more, and marks the first that may as sending.</summary>
    /// <param name="attempt">The id for a new attempt; the same in a repeated decision, so that a commit of unknown outcome is recognised.</param>
    /// <param name="slot">A slot drawn for the message that needed one, by its number.</param>
    /// <param name="exhausted">The message that needs a slot and cannot have one.</param>
    /// <param name="asksReach">Meta's messaging limit is kept: who is written to outside a session is asked for first.</param>
    /// <param name="reach">What the portfolio said of this customer; null: it was not asked yet.</param>
    /// <param name="unwanted">Queued messages that are marketing, where the customer wants none; null: no matter.</param>
    public static Next TakeNext(
        ThreadState state,
        PreparedMedia? prepared,
        Guid attempt,
        (int Seq, DrawnSlot Slot)? slot,
        int? exhausted,
        DateTimeOffset now,
        bool asksReach = false,
        ReachResult? reach = null,
        IReadOnlySet<int>? unwanted = null
    )
    {
        var changes = new ThreadChanges(state, now);
        DateTimeOffset? scheduled = null;
        // What is on its way holds the thread; then replies, in their order; then bulk.
        foreach (var send in state.Queue.OrderBy(q => q.IsSending ? -1 : q.Row.Lane))
        {
            if (send.Row.Attempt == attempt)
                return new Next(
                    new Decision(null, state),
                    new TakeResult(ToAttempt(state, send, prepared, attempt, send.Row.ExpiresAt!.Value))
                );
            if (send.IsSending)
            {
                if (send.Row.ExpiresAt > now)
                    return Wait(send.Row.ExpiresAt);
                changes.Unconfirm(send, now);
                continue;
            }
            if (now - send.Row.AcceptedAt > MaxQueueAge && send.Row.Tries > 0)
            {
                changes.Fail(send, "expired_in_queue", null, null, now);
                continue;
            }
            if (send.Row.DueAt > now)
            {
                // What Meta has put off holds the thread. What was never tried is scheduled: others need not wait for it.
                if (send.Row.Tries > 0)
                    return Wait(send.Row.DueAt);
                scheduled = scheduled is { } earlier && earlier < send.Row.DueAt ? earlier : send.Row.DueAt;
                continue;
            }
            if (state.Address is (null, null))
            {
                changes.Fail(send, "customer_unreachable", null, null, now);
                continue;
            }

            if (unwanted?.Contains(send.Seq) == true)
            {
                changes.Fail(send, "recipient_opted_out", null, null, now);
                continue;
            }

            var open = state.SessionIsOpen(now);
            if (!open && !send.Content.IsTemplate)
            {
                changes.Fail(send, "session_closed", null, null, now);
                continue;
            }
            if (!open && send.Ledger is null && slot?.Seq != send.Seq)
            {
                if (exhausted != send.Seq)
                    return new Next(changes.ToDecision(), new TakeResult(), NeedsSlot: send.Seq);
                changes.Fail(send, "quota_exhausted", null, null, now);
                continue;
            }
            if (!open && asksReach)
            {
                if (reach is null)
                    return new Next(changes.ToDecision(), new TakeResult(), NeedsReach: true);
                if (reach.NotBefore is { } free)
                {
                    changes.Hold(send, free, reach.Reason!, now);
                    continue;
                }
            }
            if (send.Content.Media is { } media && prepared?.Seq != send.Seq)
                return new Next(changes.ToDecision(), new TakeResult(NeedsMedia: new MediaToUpload(send.Seq, media)));

            if (!open && slot is { } drawn && drawn.Seq == send.Seq)
                changes.Draw(send.Seq, LedgerRow.BusinessInitiated, drawn.Slot);
            else if (open && send.Ledger is { Kind: LedgerRow.BusinessInitiated } reserved)
                changes.Release(reserved, LedgerRow.LeftInside);
            return Start(changes, state, send, prepared, attempt, now);
        }
        return Wait(scheduled);

        Next Wait(DateTimeOffset? until) => new(changes.ToDecision(), new TakeResult(NotBefore: until));
    }

    private static Next Start(
        ThreadChanges changes,
        ThreadState state,
        QueuedSend send,
        PreparedMedia? prepared,
        Guid attempt,
        DateTimeOffset now
    )
    {
        changes.NeedsConnectedChannel = true;
        var expires = now + AttemptLifetime;
        var current = changes.Queue.Find(q => q.Seq == send.Seq)!;
        changes.Enqueue(
            current with
            {
                Row = current.Row with
                {
                    Attempt = attempt,
                    ExpiresAt = expires,
                    DueAt = expires,
                    Tries = current.Row.Tries + 1,
                },
            }
        );
        changes.Change(new MessageChange { Seq = send.Seq, Status = MessageStatus.Sending });
        return new Next(changes.ToDecision(), new TakeResult(ToAttempt(state, send, prepared, attempt, expires)));
    }

    /// <summary>Fails a message that is queued and can never leave.</summary>
    public static Decision FailQueued(ThreadState state, int seq, AttemptOutcome outcome, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now);
        if (state.Queue.Find(q => q.Seq == seq) is not { IsSending: false } send)
            return new Decision(null, state);
        if (outcome.Result == AttemptResult.RetryLater)
            changes.Enqueue(
                send with
                {
                    Row = send.Row with { DueAt = now + outcome.RetryAfter, Tries = send.Row.Tries + 1 },
                }
            );
        else
            changes.Fail(send, outcome.Code, outcome.MetaCode, outcome.Detail, now);
        return changes.ToDecision();
    }

    // The address is put in at the last moment: the customer's number may have changed since the message was accepted.
    private static SendAttempt ToAttempt(
        ThreadState state,
        QueuedSend send,
        PreparedMedia? prepared,
        Guid attempt,
        DateTimeOffset expires
    )
    {
        var body = JsonNode.Parse(send.Content.Body)!.AsObject();
        body["messaging_product"] = "whatsapp";
        body["recipient_type"] = "individual";
        if (state.Address.WaId is { } waId)
            body["to"] = waId;
        else
            body["recipient"] = state.Address.UserId;
        body["biz_opaque_callback_data"] = new MessageId(state.Thread, send.Seq).ToString();
        if (send.Content.Media is not null && FileIn(body, send.Content.Type) is { } file)
            file["id"] = prepared?.GraphId;
        return new SendAttempt(attempt, send.Seq, body.ToJsonString(), expires);
    }

    // A template's is its header's: the only place where it names a file.
    private static JsonObject? FileIn(JsonObject body, string type)
    {
        if (type != "template")
            return body[type] as JsonObject;
        return Objects(body["template"]?["components"])
            .SelectMany(component => Objects(component["parameters"]))
            .Select(parameter =>
                parameter["type"] is JsonValue kind && parameter[kind.ToString()] is JsonObject content ? content : null
            )
            .FirstOrDefault(content => content?.ContainsKey("id") == true);

        static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();
    }
}
