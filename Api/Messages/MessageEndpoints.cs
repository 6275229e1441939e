using System.Globalization;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Threadkeep.Accounts;
using Threadkeep.Approvals;
using Threadkeep.Hosting;
using Threadkeep.Media;
using Threadkeep.People;
using Threadkeep.Templates;
using Threadkeep.Threads;

namespace Threadkeep.Messages;

/// <summary>A thread's messages: reading, sending, sending again, taking back.</summary>
public static partial class MessageEndpoints
{
    /// <summary>The lane of messages that are many and can wait: <c>?lane=bulk</c>.</summary>
    public const string Bulk = "bulk";
    private const int MaxKeyLength = 128;
    private static readonly TimeSpan LongestSchedule = TimeSpan.FromDays(90);

    public static void MapMessages(this RouteGroupBuilder api)
    {
        api.MapGet("/threads/{id}/messages", List).Needs(Permission.Read).WithName("listMessages");
        api.MapGet("/threads/{id}/messages/{messageId}", Get).Needs(Permission.Read).WithName("getMessage");
        api.MapGet("/threads/{id}/messages/{messageId}/event", Event)
            .Needs(Permission.ManageChannels)
            .WithName("getMessageEvent");
        api.MapPost("/threads/{id}/messages", Send)
            .Needs(Permission.Reply)
            .Accepts<CloudApiMessage>("application/json")
            .WithName("sendMessage");
        api.MapPost("/threads/{id}/messages/{messageId}/send-again", SendAgain)
            .Needs(Permission.Reply)
            .WithName("sendMessageAgain");
        api.MapPost("/threads/{id}/messages/{messageId}/cancel", Cancel)
            .Needs(Permission.Reply)
            .WithName("cancelMessage");
    }

    private static async Task<Results<Ok<Page<MessageView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        string id,
        ThreadQueries threads,
        MessageQueries messages,
        TimeProvider clock,
        string? order,
        string? before,
        string? after,
        string? cursor,
        string? include,
        int? limit
    )
    {
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        if (order is not (null or "asc" or "desc"))
            return Problems.BadRequest("order must be asc or desc.");
        // `cursor` continues a list in its own direction; before and after name a side.
        var newestFirst = order == "desc";
        if (cursor is not null)
            (before, after) = newestFirst ? (cursor, after) : (before, cursor);
        if (!TryPlace(before, out var until) || !TryPlace(after, out var from))
            return Problems.BadCursor();

        var caller = user.Caller();
        if (!ThreadEndpoints.TryId(id, out var thread) || await threads.FindAsync(caller.Scope, thread) is null)
            return Problems.NotVisible("thread", caller.Scope);
        var rows = await messages.ListAsync(
            caller.Scope,
            thread,
            until,
            from,
            newestFirst,
            include?.Split(',').Contains("events") == true,
            count + 1
        );
        var items = await messages.AllAsync(caller.Scope, thread, [.. rows.Take(count)], clock.GetUtcNow());
        return TypedResults.Ok(new Page<MessageView>(items, rows.Count > count ? items[^1].Cursor : null));
    }

    private static bool TryPlace(string? text, out (DateTimeOffset At, int Seq)? place)
    {
        place = null;
        if (text is null)
            return true;
        if (
            !Cursor.TryParse(text, out var cursor)
            || !int.TryParse(cursor.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
        )
            return false;
        place = (cursor.At, seq);
        return true;
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        string messageId,
        MessageQueries messages,
        TimeProvider clock
    ) =>
        ThreadEndpoints.TryMessage(id, messageId, out var message)
        && await messages.FindAsync(user.Caller().Scope, message) is { } row
            ? TypedResults.Ok(await messages.OneAsync(user.Caller().Scope, message.Thread, row, clock.GetUtcNow()))
            : Problems.NotVisible("message", user.Caller().Scope);

    // What Meta sent, or what was sent to Meta, unchanged: for whoever looks after the channels.
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Event(
        ClaimsPrincipal user,
        string id,
        string messageId,
        MessageQueries messages
    )
    {
        if (
            !ThreadEndpoints.TryMessage(id, messageId, out var message)
            || await messages.FindAsync(user.Caller().Scope, message) is not { } row
        )
            return Problems.NotVisible("message", user.Caller().Scope);
        var json = row.Raw is { Length: > 0 } raw ? System.Text.Encoding.UTF8.GetString(raw) : row.Body;
        return json is null ? Problems.NotFound("event") : TypedResults.Content(json, "application/json");
    }

    [GeneratedRegex(@"([Zz]|[+-]\d{2}:?\d{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();

    private static async Task<Results<Accepted<SentView>, ProblemHttpResult>> Send(
        ClaimsPrincipal user,
        string id,
        [FromHeader(Name = "Idempotency-Key")] string? key,
        string? lane,
        DateTimeOffset? sendAt,
        HttpRequest request,
        SendServices services,
        HeldMessages held,
        CancellationToken cancellation
    )
    {
        if (lane is not (null or "reply" or Bulk))
            return Problems.BadRequest("lane must be reply or bulk.");
        // Without one it would be the time of wherever the server stands.
        if (sendAt is not null && !Offset().IsMatch(request.Query["sendAt"].ToString()))
            return Problems.BadRequest("sendAt needs its offset, such as Z or +09:00.");
        if (sendAt > services.Clock.GetUtcNow() + LongestSchedule)
            return Problems.BadRequest("sendAt lies more than 90 days ahead.");
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryId(id, out var thread)
            || await services.Threads.FindAsync(caller.Scope, thread) is not { } row
        )
            return Problems.NotVisible("thread", caller.Scope);
        if (row.ChannelId == row.Id)
            return Problems.Of(
                409,
                "no_conversation",
                "This ticket has no WhatsApp conversation: attach it to one, then write there."
            );
        if (KeyProblem(key) is { } wrongKey)
            return wrongKey;
        if (await SendRequest.ReadBodyAsync(request, cancellation) is not { } body)
            return Problems.Of(422, "invalid_message", "The body is larger than 64 KiB.");
        var hash = SendRequest.HashOf(thread, body, sendAt);

        // Looked up before anything is refused: the same request gets the same answer, whatever has changed since.
        if (await services.Messages.KeyAsync(caller.Account, key!) is { } used)
            return await AnswerAsync(services, caller, thread, used, hash);
        // What was held, withdrawn or given back stays that, also once its author needs nobody's word any more.
        if (caller.Agent is not null && await held.ByKeyAsync(caller.Account, key!) is { } kept)
            return Kept(kept, thread, hash, services.Clock.GetUtcNow());
        var read = await SendRequest.ReadAsync(
            body,
            key!,
            hash,
            caller.Agent,
            new SendContext(
                caller.Scope,
                thread,
                new ChannelId(row.ChannelId),
                services.Media,
                services.Templates,
                services.Personal,
                services.Messages
            )
        );
        if (read.Message is null)
            return read.Problem!;
        var message = read.Message with
        {
            Bulk = lane == Bulk,
            NotBefore = sendAt,
            AgentName = caller.Agent is null ? null : caller.Name,
        };
        return caller.InTraining
            ? await KeepAsync(services, held, caller, row, message)
            : await AcceptAsync(services, caller, thread, message);
    }

    // It waits for somebody's word. What is certain to be refused then is refused now.
    private static async Task<Results<Accepted<SentView>, ProblemHttpResult>> KeepAsync(
        SendServices services,
        HeldMessages held,
        Caller caller,
        ThreadListRow row,
        AcceptMessage message
    )
    {
        var now = services.Clock.GetUtcNow();
        if (!message.IsTemplate && !ThreadTimes.SessionIsOpen(row.LastInboundAt, now))
            return RefusalOf(
                new AcceptResult(0, AcceptRefusal.SessionClosed, row.LastInboundAt + ThreadTimes.Session),
                caller.Scope
            )!;
        var kept = await held.KeepAsync(caller.Account, row, message);
        return kept is null ? Problems.Unavailable() : Kept(kept, new ThreadId(row.Id), message.RequestHash, now);
    }

    private static Results<Accepted<SentView>, ProblemHttpResult> Kept(
        ApprovalRow kept,
        ThreadId thread,
        byte[] hash,
        DateTimeOffset now
    ) =>
        kept.ThreadId == thread.Value && kept.RequestHash.AsSpan().SequenceEqual(hash)
            ? TypedResults.Accepted(
                $"/api/v1/approvals/{kept.Id:N}",
                new SentView(kept.Id.ToString("N"), SentView.WaitingForApproval, null, ApprovalView.Of(kept, now))
            )
            : KeyReused();

    private static async Task<Results<Accepted<SentView>, ProblemHttpResult>> SendAgain(
        ClaimsPrincipal user,
        string id,
        string messageId,
        [FromHeader(Name = "Idempotency-Key")] string? key,
        SendServices services,
        HeldMessages held
    )
    {
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryMessage(id, messageId, out var message)
            || await services.Messages.FindAsync(caller.Scope, message) is not { } row
        )
            return Problems.NotVisible("message", caller.Scope);
        if (KeyProblem(key) is { } wrongKey)
            return wrongKey;
        var hash = SendRequest.HashOf(message.Thread, System.Text.Encoding.UTF8.GetBytes("again " + messageId));
        if (await services.Messages.KeyAsync(caller.Account, key!) is { } used)
            return await AnswerAsync(services, caller, message.Thread, used, hash);
        if (row.Direction != (short)MessageDirection.Outbound || row.Body is null)
            return NotResendable();
        var again = new AcceptMessage
        {
            IdempotencyKey = key!,
            RequestHash = hash,
            Type = row.Type,
            Text = row.Text,
            Body = row.Body,
            Media = row.MediaSha256 is { } sha
                ? new StoredMedia(sha, row.MediaMime!, row.MediaSize ?? 0, row.MediaName)
                : null,
            TemplateName = row.TemplateName,
            TemplateLanguage = row.TemplateLanguage,
            ContextWamid = row.ContextWamid,
            Agent = caller.Agent,
            RepeatsSeq = message.Seq,
        };
        if (!caller.InTraining)
            return await AcceptAsync(services, caller, message.Thread, again);
        if (!MessageView.Of(message.Thread, row, services.Clock.GetUtcNow()).CanSendAgain)
            return NotResendable();
        return await services.Threads.FindAsync(caller.Scope, message.Thread) is { } thread
            ? await KeepAsync(services, held, caller, thread, again)
            : Problems.NotVisible("thread", caller.Scope);
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> Cancel(
        ClaimsPrincipal user,
        string id,
        string messageId,
        MessageQueries messages,
        IGrainFactory grains,
        ClusterCalls calls,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryMessage(id, messageId, out var message)
            || await messages.FindAsync(caller.Scope, message) is null
        )
            return Problems.NotVisible("message", caller.Scope);
        var asked = 0;
        var cancelled = await calls.AskAsync(() =>
        {
            asked++;
            return grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, message.Thread)).Cancel(message.Seq);
        });
        // Asked more than once, because the first answer got lost: then the first call may have done it.
        return
            cancelled
            || asked > 1
                && await messages.FindAsync(caller.Scope, message) is { Status: (short)MessageStatus.Cancelled }
            ? await Get(user, id, messageId, messages, clock)
            : Problems.Of(409, "not_cancellable", "The message is not queued any more: it cannot be taken back.");
    }

    private static async Task<Results<Accepted<SentView>, ProblemHttpResult>> AcceptAsync(
        SendServices services,
        Caller caller,
        ThreadId thread,
        AcceptMessage message
    )
    {
        // Under the caller's key: accepted twice is accepted once.
        var result = await services.Calls.AskAsync(
            () => services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, thread)).Accept(message),
            answer => answer.Refusal == AcceptRefusal.Unavailable
        );
        // The same request may have been accepted a moment before this one was refused: then that is its answer.
        if (
            result.Refusal != AcceptRefusal.None
            && await services.Messages.KeyAsync(caller.Account, message.IdempotencyKey) is { } used
        )
            return await AnswerAsync(services, caller, thread, used, message.RequestHash);
        return RefusalOf(result, caller.Scope) is { } refused
            ? refused
            : await AcceptedAsync(services, caller, new MessageId(thread, result.Seq));
    }

    /// <summary>What is said to whoever sends; null where it was accepted.</summary>
    internal static ProblemHttpResult? RefusalOf(AcceptResult result, Scope scope)
    {
        switch (result.Refusal)
        {
            case AcceptRefusal.None:
                return null;
            case AcceptRefusal.SessionClosed:
                return Problems.Of(
                    409,
                    "session_closed",
                    "24 hours have passed since the customer's last message: only a template can be sent.",
                    more: ("closedAt", result.At)
                );
            case AcceptRefusal.AfterSession:
                return Problems.Of(
                    409,
                    "schedule_after_session",
                    "The session will be over by then: only a template can be sent later than that.",
                    more: ("closesAt", result.At)
                );
            case AcceptRefusal.QuotaExhausted:
                return Problems.Of(
                    409,
                    "quota_exhausted",
                    "This month's conversations are used up.",
                    "Replies in open sessions still go out. The limit is the setting conversationLimit; the operator may raise it.",
                    ("resetsAt", result.At),
                    ("limit", result.Limit)
                );
            case AcceptRefusal.ChannelPaused:
                return Problems.Of(409, "channel_paused", "The channel is not connected: nothing can be sent.");
            case AcceptRefusal.NotResendable:
                return NotResendable();
            case AcceptRefusal.NoSuchThread:
                return Problems.NotVisible("thread", scope);
            case AcceptRefusal.NoAddress:
                return Problems.Of(
                    409,
                    "customer_unreachable",
                    "The customer's number belongs to somebody else now, and no other address is known."
                );
            case AcceptRefusal.Blocked:
                return Problems.Of(
                    409,
                    "customer_blocked",
                    "The customer is blocked: nothing is sent until the block is taken back."
                );
            case AcceptRefusal.OptedOut:
                return Problems.Of(
                    422,
                    "recipient_opted_out",
                    "The customer has stopped marketing messages in WhatsApp: send a template of another category, or wait until they resume them there."
                );
            case AcceptRefusal.Merged:
                return Problems.Of(
                    409,
                    "thread_merged",
                    "This conversation goes on in another one: answer there, or take the merge back."
                );
            case AcceptRefusal.Invalid:
                return Problems.Of(422, "invalid_message", "The message cannot be stored as it is.");
            default:
                return Problems.Unavailable();
        }
    }

    private static async Task<Results<Accepted<SentView>, ProblemHttpResult>> AnswerAsync(
        SendServices services,
        Caller caller,
        ThreadId thread,
        KeyUse used,
        byte[] hash
    ) =>
        used.ThreadId == thread.Value && used.RequestHash.AsSpan().SequenceEqual(hash)
            ? await AcceptedAsync(services, caller, new MessageId(thread, used.Seq))
            : KeyReused();

    private static ProblemHttpResult KeyReused() =>
        Problems.Of(422, "idempotency_key_reused", "This Idempotency-Key was used for another message.");

    private static async Task<Accepted<SentView>> AcceptedAsync(SendServices services, Caller caller, MessageId id)
    {
        var row = await services.Messages.FindAsync(caller.Scope, id);
        var view = await services.Messages.OneAsync(caller.Scope, id.Thread, row!, services.Clock.GetUtcNow());
        return TypedResults.Accepted(
            $"/api/v1/threads/{id.Thread}/messages/{id}",
            new SentView(view.Id, view.Status!, view)
        );
    }

    private static ProblemHttpResult NotResendable() =>
        Problems.Of(
            409,
            "not_resendable",
            "Only a message that failed, or has stayed unconfirmed for a while, can be sent again."
        );

    internal static ProblemHttpResult? KeyProblem(string? key) =>
        key is { Length: > 0 and <= MaxKeyLength } && key.All(c => c is > ' ' and <= '~')
            ? null
            : Problems.Of(
                422,
                "idempotency_key_missing",
                "A send needs the header Idempotency-Key: 1 to 128 printable characters, new for each message."
            );
}

/// <summary>What sending needs.</summary>
public sealed record SendServices(
    ThreadQueries Threads,
    MessageQueries Messages,
    MediaIndex Media,
    TemplateStore Templates,
    PersonalValues Personal,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock
);

/// <param name="Id">The message's; while it waits for somebody's word, its approval's.</param>
/// <param name="Status">Where it stands now.</param>
/// <param name="Message">Null while it waits for somebody's word.</param>
/// <param name="Approval">It waits for somebody's word; null: it does not.</param>
public sealed record SentView(string Id, string Status, MessageView? Message, ApprovalView? Approval = null)
{
    /// <summary>The status of what somebody in training sends.</summary>
    public const string WaitingForApproval = "waiting_for_approval";
}
