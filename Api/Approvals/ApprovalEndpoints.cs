using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Approvals;

/// <summary>What deciding needs.</summary>
public sealed record ApprovalServices(
    ApprovalStore Store,
    HeldMessages Held,
    ThreadQueries Threads,
    TimeProvider Clock
);

/// <summary>Messages that wait for somebody's word: what waits, and what is said.</summary>
public static class ApprovalEndpoints
{
    private const int LongestNote = 1_000;

    public static void MapApprovals(this RouteGroupBuilder api)
    {
        api.MapGet("/approvals", List).Needs(Permission.Reply).WithName("listApprovals");
        api.MapGet("/approvals/{id}", Get).Needs(Permission.Reply).WithName("getApproval");
        api.MapPost("/approvals/{id}/approve", Approve).Needs(Permission.Approve).WithName("approveMessage");
        api.MapPost("/approvals/{id}/return", Return).Needs(Permission.Approve).WithName("returnMessage");
        api.MapPost("/approvals/{id}/withdraw", Withdraw).Needs(Permission.Reply).WithName("withdrawMessage");
    }

    // In a thread everybody who sees it sees what waits there; elsewhere one's own, and all for whoever decides.
    private static async Task<Results<Ok<ApprovalListView>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        [AsParameters] ApprovalServices services,
        string? threadId,
        bool all = false,
        int? limit = null,
        string? cursor = null
    )
    {
        if (PageRequest.Read(limit, cursor, out var asked) is { } wrong)
            return wrong;
        var caller = user.Caller();
        ThreadId? thread = null;
        if (threadId is not null)
        {
            if (
                !ThreadEndpoints.TryId(threadId, out var named)
                || await services.Threads.FindAsync(caller.Scope, named) is null
            )
                return Problems.NotVisible("thread", caller.Scope);
            thread = named;
        }
        var decides = Roles.Allows(caller.Role, Permission.Approve);
        var now = services.Clock.GetUtcNow();
        var rows = await services.Store.ListAsync(
            caller.Scope,
            new ApprovalFilter(
                decides || thread is not null ? null : caller.Agent,
                thread,
                !all,
                now,
                asked.After,
                asked.Limit + 1
            )
        );
        var page = asked.PageOf(rows, r => ApprovalView.Of(r, now), r => (r.CreatedAt, r.Id));
        return TypedResults.Ok(
            new ApprovalListView(
                page.Items,
                page.NextCursor,
                decides ? await services.Store.CountAsync(caller.Scope, now) : 0
            )
        );
    }

    private static async Task<Results<Ok<ApprovalView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        [AsParameters] ApprovalServices services
    ) =>
        await FindAsync(user.Caller(), id, services) is { } row
            ? TypedResults.Ok(ApprovalView.Of(row, services.Clock.GetUtcNow()))
            : NotThere(user.Caller());

    private static async Task<Results<Ok<ApprovalView>, ProblemHttpResult>> Approve(
        ClaimsPrincipal user,
        string id,
        ApproveRequest? request,
        [AsParameters] ApprovalServices services,
        HttpContext context
    )
    {
        if (await FindAsync(user.Caller(), id, services) is not { } row)
            return NotThere(user.Caller());
        var text = request?.Text == (row.Text ?? "") ? null : request?.Text;
        string? body = null;
        if (text is not null && (body = WaitingText.Change(row.Type, row.Body, text)) is null)
            return Problems.Of(422, "text_not_changeable", "A message of this type has no text that could be changed.");
        // What cannot be sent as it was changed is left waiting.
        if (body is not null)
        {
            var read = await services.Held.ReadAsync(row, body);
            if (read.Message is not { } message)
                return read.Problem!;
            body = message.Body;
        }
        var decision = new ApprovalDecision(ApprovalStates.Approved, text, body);
        if (await DecideAsync(user, row, decision, services, context) is { } refused)
            return refused;
        // From here on it is approved, whatever happens to this request.
        var approved = (await FindAsync(user.Caller(), id, services))!;
        return await services.Held.SendAsync(approved) is { } problem
            ? problem
            : TypedResults.Ok(
                ApprovalView.Of((await FindAsync(user.Caller(), id, services))!, services.Clock.GetUtcNow())
            );
    }

    private static async Task<Results<Ok<ApprovalView>, ProblemHttpResult>> Return(
        ClaimsPrincipal user,
        string id,
        ReturnRequest request,
        [AsParameters] ApprovalServices services,
        HttpContext context
    )
    {
        if (request.Note?.Trim() is not { Length: > 0 and <= LongestNote } note || note.Contains('\0'))
            return Problems.BadRequest($"note must hold 1 to {LongestNote} characters.");
        if (await FindAsync(user.Caller(), id, services) is not { } row)
            return NotThere(user.Caller());
        var decision = new ApprovalDecision(ApprovalStates.Returned, Note: note);
        return await DecideAsync(user, row, decision, services, context) is { } refused
            ? refused
            : await Get(user, id, services);
    }

    private static async Task<Results<Ok<ApprovalView>, ProblemHttpResult>> Withdraw(
        ClaimsPrincipal user,
        string id,
        [AsParameters] ApprovalServices services,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(caller, id, services) is not { } row || row.AgentId != caller.Agent?.Value)
            return NotThere(caller);
        var decision = new ApprovalDecision(ApprovalStates.Withdrawn);
        return await DecideAsync(user, row, decision, services, context) is { } refused
            ? refused
            : await Get(user, id, services);
    }

    // Said twice by the same person it was said once: the first answer may have been lost.
    private static async Task<ProblemHttpResult?> DecideAsync(
        ClaimsPrincipal user,
        ApprovalRow row,
        ApprovalDecision decision,
        ApprovalServices services,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var decided = await services.Store.DecideAsync(
            caller.ActorAt(context),
            row,
            decision,
            ApprovalView.CustomerOf(row),
            services.Clock.GetUtcNow()
        );
        if (decided)
        {
            await services.Held.TellAsync(caller.Account, withNotices: true);
            return null;
        }
        var now = (await services.Store.FindAsync(caller.Scope, row.Id))!;
        var same =
            now.State == decision.State
            || now.State == ApprovalStates.Sent && decision.State == ApprovalStates.Approved;
        return same && now.DecidedBy is { } by && by == caller.Agent?.Value
            ? null
            : Problems.Of(
                409,
                "already_decided",
                "Somebody has decided about this message already.",
                more: [("state", now.State), ("by", now.DecidedName)]
            );
    }

    private static async Task<ApprovalRow?> FindAsync(Caller caller, string id, ApprovalServices services) =>
        Guid.TryParseExact(id, "N", out var approval) ? await services.Store.FindAsync(caller.Scope, approval) : null;

    private static ProblemHttpResult NotThere(Caller caller) => Problems.NotVisible("message", caller.Scope);
}
