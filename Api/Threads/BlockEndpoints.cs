using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.Messages;
using Threadkeep.People;

namespace Threadkeep.Threads;

/// <summary>What blocking needs.</summary>
public sealed record BlockServices(
    ThreadQueries Threads,
    NpgsqlDataSource Database,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock
);

/// <summary>Customers whom nobody wants to hear from any more (CO11): here at once, at Meta when it allows.</summary>
public static class BlockEndpoints
{
    private const int LongestReason = 500;

    public static void MapBlocks(this RouteGroupBuilder api)
    {
        api.MapGet("/blocks", List).Needs(Permission.Read).WithName("listBlocks");
        api.MapPut("/threads/{id}/block", Block).Needs(Permission.Reply).WithName("blockCustomer");
        api.MapDelete("/threads/{id}/block", Unblock).Needs(Permission.Reply).WithName("unblockCustomer");
    }

    private static async Task<Results<Ok<Page<ThreadView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        ThreadQueries threads,
        TimeProvider clock,
        int? limit,
        string? cursor
    )
    {
        if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
            return refused;
        var rows = await threads.BlockedAsync(user.Caller().Scope, asked.After, asked.Limit + 1);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(asked.PageOf(rows, r => ThreadView.Of(r, now), r => (r.BlockedAt!.Value, r.Id)));
    }

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> Block(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        BlockRequest request,
        [AsParameters] BlockServices services
    )
    {
        var caller = user.Caller();
        if (request.Reason.Trim() is not { Length: > 0 and <= LongestReason } reason || reason.Contains('\0'))
            return Problems.Of(422, "reason_missing", "Say why, in 1 to 500 characters.");
        if (await ThreadEndpoints.FindConversationAsync(services.Threads, caller.Scope, id) is not { } row)
            return Problems.NotVisible("thread", caller.Scope);
        var thread = new ThreadId(row.Id);
        var grain = services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, thread));
        var done = await services.Calls.AskAsync(
            () => grain.Block(new BlockCustomer(reason, caller.Agent, caller.KeyName)),
            answer => answer == BlockOutcome.Unavailable
        );
        if (done == BlockOutcome.NoSuchThread)
            return Problems.NotVisible("thread", caller.Scope);
        if (done != BlockOutcome.Done)
            return Problems.Unavailable();
        if (row.BlockedAt is null)
            await WriteAuditAsync(services, caller, http, "customer.blocked", row, new { reason });
        // Meta's word comes with the answer. Where it does not come in time the block holds here, and is tried when the customer writes.
        if (row.BlockAtMeta != BlockRow.Blocked)
            await services.Calls.AskAsync(
                () => Dispatcher(services, caller, row).BlockAtMeta(thread, block: true),
                _ => false
            );
        return await ThreadEndpoints.ShowAsync(services.Threads, caller.Scope, thread, services.Clock);
    }

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> Unblock(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        [AsParameters] BlockServices services
    )
    {
        var caller = user.Caller();
        if (await ThreadEndpoints.FindConversationAsync(services.Threads, caller.Scope, id) is not { } row)
            return Problems.NotVisible("thread", caller.Scope);
        var thread = new ThreadId(row.Id);
        if (row.BlockedAt is null)
            return await ThreadEndpoints.ShowAsync(services.Threads, caller.Scope, thread, services.Clock);
        // Meta first: a block that were left there alone would keep the customer's messages from us, and nobody would know why.
        if (row.BlockAtMeta != BlockRow.Refused)
        {
            var said = await services.Calls.AskAsync(
                () => Dispatcher(services, caller, row).BlockAtMeta(thread, block: false),
                _ => false
            );
            if (!said.Done && row.BlockAtMeta == BlockRow.Blocked)
                return Problems.Of(
                    409,
                    "unblock_refused",
                    "Meta did not take the block back: the customer is still blocked.",
                    said.Detail,
                    ("metaCode", said.Code)
                );
        }
        var grain = services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, thread));
        var done = await services.Calls.AskAsync(
            () => grain.Unblock(caller.Agent),
            answer => answer == BlockOutcome.Unavailable
        );
        if (done != BlockOutcome.Done)
            return Problems.Unavailable();
        await WriteAuditAsync(services, caller, http, "customer.unblocked", row, null);
        return await ThreadEndpoints.ShowAsync(services.Threads, caller.Scope, thread, services.Clock);
    }

    private static IDispatcherGrain Dispatcher(BlockServices services, Caller caller, ThreadListRow row) =>
        services.Grains.GetGrain<IDispatcherGrain>(GrainKeys.Channel(caller.Account, new ChannelId(row.ChannelId)));

    private static async Task WriteAuditAsync(
        BlockServices services,
        Caller caller,
        HttpContext http,
        string action,
        ThreadListRow row,
        object? after
    )
    {
        await using var connection = await services.Database.OpenConnectionAsync();
        await AuditLog.AppendAsync(
            connection,
            caller.ActorAt(http),
            new AuditEntry(action, "thread", row.Id.ToString("N"), row.ContactName ?? row.ProfileName, After: after),
            services.Clock.GetUtcNow()
        );
    }
}

/// <param name="Reason">Why, for colleagues; the customer is told nothing. 1 to 500 characters.</param>
public sealed record BlockRequest([property: Required(AllowEmptyStrings = true)] string Reason);
