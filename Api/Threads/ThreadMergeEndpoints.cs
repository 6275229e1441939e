using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Threads;

/// <summary>What merging conversations needs.</summary>
public sealed record ThreadMergeServices(
    ThreadQueries Threads,
    NpgsqlDataSource Database,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock
);

/// <summary>
/// Two conversations of one number that turn out to be one person's (CO9, ADR 092): the one goes on in the other until somebody takes that
/// back. An account's merges are made one after another: two that merge into each other at once would wait for each other.
/// </summary>
public static class ThreadMergeEndpoints
{
    private const int MostLikely = 20;

    public static void MapThreadMerges(this RouteGroupBuilder api)
    {
        api.MapGet("/threads/{id}/likely-same", LikelySame).Needs(Permission.MergeThreads).WithName("listLikelySame");
        api.MapPost("/threads/{id}/merge", Merge).Needs(Permission.MergeThreads).WithName("mergeThread");
        api.MapPost("/threads/{id}/unmerge", Unmerge).Needs(Permission.MergeThreads).WithName("unmergeThread");
    }

    private static async Task<Results<Ok<ThreadView[]>, ProblemHttpResult>> LikelySame(
        ClaimsPrincipal user,
        string id,
        ThreadQueries threads,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (!ThreadEndpoints.TryId(id, out var thread) || await threads.FindAsync(caller.Scope, thread) is not { } row)
            return Problems.NotVisible("thread", caller.Scope);
        var now = clock.GetUtcNow();
        var rows = await threads.LikelyTheSameAsync(caller.Scope, row, MostLikely);
        return TypedResults.Ok(rows.Select(r => ThreadView.Of(r, now)).ToArray());
    }

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> Merge(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        MergeThreadRequest request,
        [AsParameters] ThreadMergeServices services
    )
    {
        var caller = user.Caller();
        await using var turn = await TakeTurnAsync(services, caller.Account);
        if (
            await ThreadEndpoints.FindConversationAsync(services.Threads, caller.Scope, id) is not { } from
            || await ThreadEndpoints.FindConversationAsync(services.Threads, caller.Scope, request.Into) is not { } into
        )
            return Problems.NotVisible("thread", caller.Scope);
        if (from.Id == into.Id)
            return Problems.BadRequest("A conversation cannot be merged into itself.");
        // What is so already is done: this may be the second call.
        if (from.MergedInto != into.Id || from.MergePending)
        {
            if (from.MergedInto is { } elsewhere && elsewhere != into.Id)
                return ProblemOf(MergeOutcome.AlreadyMerged, caller);
            if (from.ChannelId != into.ChannelId)
                return ProblemOf(MergeOutcome.OtherChannel, caller);
            if (into.MergedInto is not null)
                return ProblemOf(MergeOutcome.TargetMerged, caller);
            var command = new MergeThread(new ThreadId(into.Id), Guid.NewGuid(), caller.Agent);
            var done = await services.Calls.AskAsync(
                () => Grain(services, caller, from).MergeInto(command),
                answer => answer == MergeOutcome.Unavailable
            );
            if (done != MergeOutcome.Done)
                return ProblemOf(done, caller);
            await WriteAuditAsync(services, caller, http, "thread.merged", from, into.Id);
        }
        return await ThreadEndpoints.ShowAsync(services.Threads, caller.Scope, new ThreadId(into.Id), services.Clock);
    }

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> Unmerge(
        ClaimsPrincipal user,
        HttpContext http,
        string id,
        [AsParameters] ThreadMergeServices services
    )
    {
        var caller = user.Caller();
        await using var turn = await TakeTurnAsync(services, caller.Account);
        if (await ThreadEndpoints.FindConversationAsync(services.Threads, caller.Scope, id) is not { } from)
            return Problems.NotVisible("thread", caller.Scope);
        if (from.MergedInto is not { } into)
            return ProblemOf(MergeOutcome.NotMerged, caller);
        var done = await services.Calls.AskAsync(
            () => Grain(services, caller, from).Unmerge(caller.Agent),
            answer => answer == MergeOutcome.Unavailable
        );
        // A first try may have done it, and its answer been lost.
        if (done is not (MergeOutcome.Done or MergeOutcome.NotMerged))
            return ProblemOf(done, caller);
        await WriteAuditAsync(services, caller, http, "thread.unmerged", from, into);
        return await ThreadEndpoints.ShowAsync(services.Threads, caller.Scope, new ThreadId(from.Id), services.Clock);
    }

    private static Task<Turn> TakeTurnAsync(ThreadMergeServices services, AccountId account) =>
        Turn.TakeAsync(services.Database, $"threadkeep merges {account}");

    private static IThreadGrain Grain(ThreadMergeServices services, Caller caller, ThreadListRow row) =>
        services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, new ThreadId(row.Id)));

    private static async Task WriteAuditAsync(
        ThreadMergeServices services,
        Caller caller,
        HttpContext http,
        string action,
        ThreadListRow from,
        Guid into
    )
    {
        await using var connection = await services.Database.OpenConnectionAsync();
        await AuditLog.AppendAsync(
            connection,
            caller.ActorAt(http),
            new AuditEntry(
                action,
                "thread",
                from.Id.ToString("N"),
                from.ContactName ?? from.ProfileName,
                After: new { other = into.ToString("N") }
            ),
            services.Clock.GetUtcNow()
        );
    }

    private static ProblemHttpResult ProblemOf(MergeOutcome outcome, Caller caller) =>
        outcome switch
        {
            MergeOutcome.AlreadyMerged => Problems.Of(
                409,
                "thread_already_merged",
                "This conversation goes on in another one already."
            ),
            MergeOutcome.TargetMerged => Problems.Of(
                409,
                "merge_target_merged",
                "The other conversation goes on in a third one: choose that."
            ),
            MergeOutcome.Blocked => Problems.Of(
                409,
                "customer_blocked",
                "The customer of one of them is blocked: take the block back first."
            ),
            MergeOutcome.OtherChannel => Problems.Of(
                409,
                "not_same_channel",
                "Only conversations of the same number can be merged: answers leave from the number that the customer wrote to."
            ),
            MergeOutcome.NotMerged => Problems.Of(409, "thread_not_merged", "This conversation goes on in no other."),
            MergeOutcome.NoSuchThread => Problems.NotVisible("thread", caller.Scope),
            _ => Problems.Unavailable(),
        };
}

/// <param name="Into">The conversation that goes on.</param>
public sealed record MergeThreadRequest([property: Required] string Into);
