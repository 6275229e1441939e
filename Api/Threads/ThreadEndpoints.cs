using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Messages;
using Threadkeep.People;
using Threadkeep.Search;

namespace Threadkeep.Threads;

/// <summary>Lists of threads, one thread, and its unread mark.</summary>
public static class ThreadEndpoints
{
    private static readonly string[] Filters = ["all", "unread", "open", "closing", "closed"];

    public static void MapThreads(this RouteGroupBuilder api)
    {
        api.MapGet("/threads", List).Needs(Permission.Read).WithName("listThreads");
        api.MapGet("/threads/counts", Counts).Needs(Permission.Read).WithName("countThreads");
        api.MapPost("/threads/versions", Versions).Needs(Permission.Read).WithName("getThreadVersions");
        api.MapGet("/threads/{id}", Get).Needs(Permission.Read).WithName("getThread");
        api.MapPost("/threads/{id}/read", MarkRead).Needs(Permission.Reply).WithName("markThreadRead");
    }

    private static async Task<Results<Ok<Page<ThreadView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        ThreadQueries threads,
        ThreadFinder finder,
        PeopleStore people,
        TimeProvider clock,
        string? q,
        string? filter,
        string? channelId,
        int? limit,
        string? cursor
    )
    {
        if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
            return refused;
        if (filter is not null && !Filters.Contains(filter))
            return Problems.BadRequest("filter must be all, unread, open, closing or closed.");
        Guid? channel = null;
        if (channelId is not null)
        {
            if (!Guid.TryParseExact(channelId, "N", out var parsed))
                return Problems.BadRequest("channelId is not the id of a channel.");
            channel = parsed;
        }

        if (q?.Contains('\0') == true)
            return Problems.BadRequest("q holds U+0000.");
        var caller = user.Caller();
        var now = clock.GetUtcNow();
        var wanted = new ThreadFilter(filter ?? "all", channel);
        var rows = await ReadQueryAsync(q, people, caller) is { } query
            ? await finder.ListAsync(caller.Scope, query, wanted, asked.After, asked.Limit + 1, now)
            : await threads.ListAsync(caller.Scope, wanted, asked.After, asked.Limit + 1, now);
        return TypedResults.Ok(asked.PageOf(rows, r => ThreadView.Of(r, now), r => (r.ActivityAt, r.Id)));
    }

    // Null where nothing is asked for: white space, or nothing but marks.
    private static async Task<CustomerQuery?> ReadQueryAsync(string? q, PeopleStore people, Caller caller)
    {
        string[] terms = [.. Folding.Fold(q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];
        if (terms.Length == 0)
            return null;
        return new CustomerQuery(
            terms,
            NumberQuery.Digits(q!.Trim(), (await people.AccountAsync(caller.Account)).Country) ?? []
        );
    }

    private static async Task<Ok<ThreadCounts>> Counts(
        ClaimsPrincipal user,
        ThreadQueries threads,
        TimeProvider clock
    ) => TypedResults.Ok(await threads.CountsAsync(user.Caller().Scope, clock.GetUtcNow()));

    private static async Task<Results<Ok<VersionsView>, ProblemHttpResult>> Versions(
        ClaimsPrincipal user,
        VersionsRequest request,
        ThreadQueries threads
    )
    {
        if (request.Ids.Length > Cursor.MaxLimit)
            return Problems.BadRequest("ids may hold at most 200.");
        Guid[] ids = [.. request.Ids.Select(id => Guid.TryParseExact(id, "N", out var known) ? known : Guid.Empty)];
        var found = await threads.RevisionsAsync(user.Caller().Scope, ids);
        return TypedResults.Ok(new VersionsView(found.ToDictionary(f => f.Key.ToString("N"), f => f.Value)));
    }

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        ThreadQueries threads,
        TimeProvider clock
    ) =>
        TryId(id, out var thread)
            ? await ShowAsync(threads, user.Caller().Scope, thread, clock)
            : Problems.NotVisible("thread", user.Caller().Scope);

    /// <summary>The thread as it stands now: what every door answers that has changed it.</summary>
    internal static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> ShowAsync(
        ThreadQueries threads,
        Scope scope,
        ThreadId thread,
        TimeProvider clock
    ) =>
        await threads.FindToShowAsync(scope, thread) is { } row
            ? TypedResults.Ok(ThreadView.Of(row, clock.GetUtcNow()))
            : Problems.NotVisible("thread", scope);

    /// <summary>A conversation that the caller sees; null for a ticket without one, which has no customer.</summary>
    internal static async Task<ThreadListRow?> FindConversationAsync(ThreadQueries threads, Scope scope, string id) =>
        TryId(id, out var thread) && await threads.FindAsync(scope, thread) is { } row && row.ChannelId != row.Id
            ? row
            : null;

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> MarkRead(
        ClaimsPrincipal user,
        string id,
        ReadRequest request,
        ThreadQueries threads,
        IGrainFactory grains,
        ClusterCalls calls,
        CustomerSigns signs,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (!TryId(id, out var thread) || await threads.FindAsync(caller.Scope, thread) is null)
            return Problems.NotVisible("thread", caller.Scope);
        if (!MessageId.TryParse(request.UpTo, out var upTo) || upTo.Thread != thread)
            return Problems.BadRequest("upTo is not the id of a message of this thread.");
        var recorded = await calls.AskAsync(
            () => grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, thread)).MarkRead(upTo.Seq),
            isRefusal: done => !done
        );
        if (!recorded)
            return Problems.Unavailable();
        await signs.ReadAsync(caller.Account, thread, upTo.Seq);
        return await ShowAsync(threads, caller.Scope, thread, clock);
    }

    /// <summary>Reads a thread's id as REST shows it.</summary>
    public static bool TryId(string text, out ThreadId id)
    {
        var known = Guid.TryParseExact(text, "N", out var value);
        id = new ThreadId(value);
        return known;
    }

    /// <summary>Reads the id of a message of this thread as REST shows it.</summary>
    internal static bool TryMessage(string threadId, string messageId, out MessageId message) =>
        MessageId.TryParse(messageId, out message) && TryId(threadId, out var thread) && message.Thread == thread;
}

/// <param name="UpTo">The newest message that has been seen.</param>
public sealed record ReadRequest([property: Required] string UpTo);

public sealed record VersionsRequest([property: Required] string[] Ids);

/// <param name="Versions">By thread id.</param>
public sealed record VersionsView(IReadOnlyDictionary<string, long> Versions);
