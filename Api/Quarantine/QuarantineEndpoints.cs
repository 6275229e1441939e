using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Media;
using Threadkeep.Messages;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Quarantine;

/// <summary>What doors of hidden messages need.</summary>
public sealed record QuarantineServices(
    QuarantineStore Hidden,
    MessageQueries Messages,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock
);

/// <summary>Hidden messages: who may look, looks with a reason, and it is written down.</summary>
public static class QuarantineEndpoints
{
    private const int LongestReason = 500;

    // Whoever has said why looks at the file then, not some day.
    private static readonly TimeSpan LooksFor = TimeSpan.FromHours(1);

    public static void MapQuarantine(this RouteGroupBuilder api)
    {
        api.MapGet("/quarantine", List).Needs(Permission.ReviewContent).WithName("listQuarantine");
        api.MapPost("/threads/{id}/messages/{messageId}/quarantine", Hide)
            .Needs(Permission.ReviewContent)
            .WithName("quarantineMessage");
        // What is masked whoever works with customers may look at.
        api.MapPost("/threads/{id}/messages/{messageId}/reveal", Reveal)
            .Needs(Permission.Reply)
            .WithName("revealMessage");
        api.MapGet("/threads/{id}/messages/{messageId}/revealed-file", RevealedFile)
            .Needs(Permission.ReviewContent)
            .WithName("getRevealedFile");
        api.MapPost("/threads/{id}/messages/{messageId}/release", Release)
            .Needs(Permission.ReviewContent)
            .WithName("releaseMessage");
    }

    private static async Task<Results<Ok<Page<QuarantinedView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        QuarantineStore store,
        int? limit,
        string? cursor
    )
    {
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        (DateTimeOffset At, MessageId Id)? after = null;
        if (cursor is not null)
        {
            // What one commit hides has one moment, and may be several messages of one thread: all three are the place.
            if (!Cursor.TryParse(cursor, out var place) || !MessageId.TryParse(place.Id, out var last))
                return Problems.BadCursor();
            after = (place.At, last);
        }
        var rows = await store.ListAsync(user.Caller().Scope, after, count + 1);
        QuarantinedView[] items = [.. rows.Take(count).Select(QuarantinedView.Of)];
        return TypedResults.Ok(
            new Page<QuarantinedView>(
                items,
                rows.Count > count ? new Cursor(rows[count - 1].HiddenAt, items[^1].MessageId).ToString() : null
            )
        );
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> Hide(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        string messageId,
        ReasonRequest request,
        [AsParameters] QuarantineServices services
    )
    {
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryMessage(id, messageId, out var message)
            || await services.Messages.FindAsync(caller.Scope, message) is not { } row
        )
            return Problems.NotVisible("message", caller.Scope);
        if (row.Direction != (short)MessageDirection.Inbound)
            return Problems.Of(422, "not_hideable", "Only what a customer wrote can be quarantined.");
        if (ReasonOf(request) is not { } reason)
            return NoReason();
        if (row.Type != HiddenRow.QuarantinedType)
        {
            var done = await services.Calls.AskAsync(
                () => Thread(services, caller, message).HideMessage(message.Seq, reason, caller.Agent),
                answer => answer == BlockOutcome.Unavailable
            );
            if (done != BlockOutcome.Done)
                return Problems.Unavailable();
            await NoteAsync(services, caller, http, "message.quarantined", message, reason);
        }
        return await AgainAsync(services, caller, message);
    }

    private static async Task<Results<Ok<RevealedView>, ProblemHttpResult>> Reveal(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        string messageId,
        ReasonRequest? request,
        [AsParameters] QuarantineServices services
    )
    {
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryMessage(id, messageId, out var message)
            || await services.Hidden.FindAsync(caller.Scope, message) is not { } hidden
        )
            return Problems.NotVisible("message", caller.Scope);
        var masked = hidden.Effect == HiddenRow.Mask;
        if (!masked && !Roles.Allows(caller.Role, Permission.ReviewContent))
            return Problems.Of(403, "not_allowed", "Only supervisors may look at what is quarantined.");
        if (!masked && ReasonOf(request) is null)
            return NoReason();
        // Written first: nobody has seen it without a trace.
        await NoteAsync(services, caller, http, "message.revealed", message, ReasonOf(request));
        return TypedResults.Ok(
            new RevealedView(
                hidden.Type,
                hidden.Text,
                FileNames.Clean(hidden.MediaName),
                MessageContent.Of(hidden.Type, hidden.Raw, null),
                hidden.Effect,
                hidden.Rules,
                hidden.Reason,
                !masked && hidden.MediaSha256 is { Length: > 0 }
                    ? $"/api/v1/threads/{message.Thread}/messages/{message}/revealed-file"
                    : null
            )
        );
    }

    // What was said when the message was revealed holds for its file as well: each look is written down once.
    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> RevealedFile(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        string messageId,
        MediaReader reader,
        [AsParameters] QuarantineServices services,
        CancellationToken cancellation
    )
    {
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryMessage(id, messageId, out var message)
            || await services.Hidden.FindAsync(caller.Scope, message) is not { MediaSha256.Length: > 0 } hidden
        )
            return Problems.NotVisible("message", caller.Scope);
        var since = services.Clock.GetUtcNow() - LooksFor;
        if (!await services.Hidden.HasLookedAsync(caller.ActorAt(http), message, since))
            return Problems.Of(403, "not_allowed", "Reveal the message first: its file opens for an hour then.");
        var name = FileNames.Clean(hidden.MediaName);
        var (media, problem) = await reader.FindHiddenAsync(caller.Account, hidden.MediaSha256, name);
        if (media is null)
            return problem!;
        return await reader.OpenAsync(caller.Account, media, small: false, cancellation) is { } file
            ? MediaEndpoints.Serve(http.Response, media, file, name, "private, no-store")
            : Problems.NotFound("file");
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> Release(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        string messageId,
        ReasonRequest request,
        [AsParameters] QuarantineServices services
    )
    {
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryMessage(id, messageId, out var message)
            || await services.Messages.FindAsync(caller.Scope, message) is null
        )
            return Problems.NotVisible("message", caller.Scope);
        if (ReasonOf(request) is not { } reason)
            return NoReason();
        if (await services.Hidden.FindAsync(caller.Scope, message) is not null)
        {
            var done = await services.Calls.AskAsync(
                () => Thread(services, caller, message).ShowMessage(message.Seq, caller.Agent),
                answer => answer == BlockOutcome.Unavailable
            );
            if (done != BlockOutcome.Done)
                return Problems.Unavailable();
            await NoteAsync(services, caller, http, "message.released", message, reason);
        }
        return await AgainAsync(services, caller, message);
    }

    private static IThreadGrain Thread(QuarantineServices services, Caller caller, MessageId message) =>
        services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, message.Thread));

    private static Task NoteAsync(
        QuarantineServices services,
        Caller caller,
        HttpContext http,
        string action,
        MessageId message,
        string? reason
    ) => services.Hidden.NoteAsync(caller.ActorAt(http), action, message, null, reason, services.Clock.GetUtcNow());

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> AgainAsync(
        QuarantineServices services,
        Caller caller,
        MessageId message
    ) =>
        await services.Messages.FindAsync(caller.Scope, message) is { } row
            ? TypedResults.Ok(
                await services.Messages.OneAsync(caller.Scope, message.Thread, row, services.Clock.GetUtcNow())
            )
            : Problems.NotVisible("message", caller.Scope);

    private static string? ReasonOf(ReasonRequest? request) =>
        request?.Reason?.Trim() is { Length: > 0 and <= LongestReason } reason && !reason.Contains('\0')
            ? reason
            : null;

    private static ProblemHttpResult NoReason() =>
        Problems.Of(422, "reason_missing", "Say why, in 1 to 500 characters.");
}

/// <param name="Reason">Why, for the audit log. What is masked may be looked at without one.</param>
public sealed record ReasonRequest(string? Reason);

/// <summary>A quarantined message, without what it says.</summary>
/// <param name="Rules">Names of built-in rules, own: and the name of one of the account's, or by_hand.</param>
public sealed record QuarantinedView(
    string MessageId,
    string ThreadId,
    string? Customer,
    string[] Rules,
    string? Reason,
    AgentRefView? By,
    DateTimeOffset At
)
{
    public static QuarantinedView Of(HiddenMessage row) =>
        new(
            new MessageId(new ThreadId(row.ThreadId), row.Seq).ToString(),
            new ThreadId(row.ThreadId).ToString(),
            row.ContactName,
            row.Rules,
            row.Reason,
            row.HiddenBy is { } by ? new AgentRefView(by.ToString("N"), row.HiddenByName ?? "") : null,
            row.HiddenAt
        );
}

/// <summary>What a hidden message says.</summary>
/// <param name="Type">What it is.</param>
/// <param name="FileName">Of the file that came with it.</param>
/// <param name="FileUrl">Where that opens for whoever has revealed the message, for an hour; null: there is none, or it is not hidden.</param>
public sealed record RevealedView(
    string Type,
    string? Text,
    string? FileName,
    MessageContentView? Content,
    string Effect,
    string[] Rules,
    string? Reason,
    string? FileUrl
);
