using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Assignment;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Notices;

/// <summary>What the caller is told, and taking tickets back that went away from them.</summary>
public static class NoticeEndpoints
{
    private const int AtOnce = 8;

    public static void MapNotices(this RouteGroupBuilder api)
    {
        api.MapGet("/notices", List).Needs(Permission.Read).WithName("listNotices");
        api.MapPost("/notices/seen", AllSeen).Needs(Permission.Read).WithName("markNoticesSeen");
        api.MapPost("/notices/{id}/seen", Seen).Needs(Permission.Read).WithName("markNoticeSeen");
        api.MapPost("/notices/{id}/take-back", TakeBack).Needs(Permission.Reply).WithName("takeTicketsBack");
    }

    private static async Task<Results<Ok<NoticeListView>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        NoticeStore notices,
        TimeProvider clock,
        bool all = false,
        int? limit = null,
        string? cursor = null
    )
    {
        if (PageRequest.Read(limit, cursor, out var asked) is { } wrong)
            return wrong;
        var caller = user.Caller();
        // A program is told nothing.
        if (caller.Agent is not { } agent)
            return TypedResults.Ok(new NoticeListView([], null, 0, false));
        var rows = await notices.ListAsync(caller.Scope, agent, all, asked.After, asked.Limit + 1);
        var page = asked.PageOf(rows, NoticeView.Of, r => (r.At, r.Id));
        var (settings, zone) = await notices.SettingsAsync(caller.Account, agent);
        return TypedResults.Ok(
            new NoticeListView(
                page.Items,
                page.NextCursor,
                await notices.CountUnseenAsync(caller.Scope, agent),
                settings.Sound && !settings.IsQuiet(clock.GetUtcNow(), zone)
            )
        );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AllSeen(
        ClaimsPrincipal user,
        SeenRequest request,
        [AsParameters] NoticeServices services
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return Problems.Of(403, "not_allowed", "An API key is told nothing.");
        ThreadId? thread = null;
        if (request.ThreadId is { } named)
        {
            if (!ThreadEndpoints.TryId(named, out var id))
                return Problems.BadRequest("threadId is not an id.");
            thread = id;
        }
        var now = services.Clock.GetUtcNow();
        var seen = await services.Notices.SetAllSeenAsync(
            caller.Account,
            agent,
            thread?.Value,
            request.UpTo ?? now,
            now
        );
        if (seen > 0)
            await TellOwnAsync(caller.Account, agent, services);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Seen(
        ClaimsPrincipal user,
        string id,
        [AsParameters] NoticeServices services
    )
    {
        if (
            user.Caller() is not { Agent: { } agent } caller
            || !Guid.TryParseExact(id, "N", out var notice)
            || !await services.Notices.SetSeenAsync(caller.Account, agent, notice, services.Clock.GetUtcNow())
        )
            return Problems.NotFound("notice");
        await TellOwnAsync(caller.Account, agent, services);
        return TypedResults.NoContent();
    }

    // Their other browsers show it too.
    private static Task TellOwnAsync(AccountId account, AgentId agent, NoticeServices services) =>
        services.Grains.TellAccountAsync(account, AccountHint.Notices, [agent.Value]);

    private static async Task<Results<Ok<TakenBackView>, ProblemHttpResult>> TakeBack(
        ClaimsPrincipal user,
        string id,
        [AsParameters] NoticeServices services
    )
    {
        var caller = user.Caller();
        if (
            caller.Agent is not { } agent
            || !Guid.TryParseExact(id, "N", out var notice)
            || await services.Notices.ReturnedAsync(caller.Account, agent, notice) is not { } returned
        )
            return Problems.NotFound("notice");
        var taken = 0;
        foreach (var some in returned.Tickets.Chunk(AtOnce))
        {
            var results = await Task.WhenAll(some.Select(t => AskAsync(caller.Account, agent, t, services)));
            // Said again it is done: whose it is already it stays.
            if (results.Contains(RouteResult.Unavailable))
                return Problems.Unavailable();
            taken += results.Count(r => r == RouteResult.Done);
        }
        var now = services.Clock.GetUtcNow();
        // Whoever takes tickets is there.
        await services.Work.SetAvailableAsync(caller.ActorAt(services.Context), agent, true, recorded: false, now);
        await services.Notices.SetSeenAsync(caller.Account, agent, notice, now);
        await services.Grains.TellAccountAsync(caller.Account, AccountHint.Availability);
        await TellOwnAsync(caller.Account, agent, services);
        return TypedResults.Ok(new TakenBackView(taken, returned.Tickets.Count - taken));
    }

    private static Task<RouteResult> AskAsync(
        AccountId account,
        AgentId agent,
        ReturnedTicket ticket,
        NoticeServices services
    ) =>
        services.Calls.AskAsync(
            () =>
                services
                    .Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(account, new ThreadId(ticket.Thread)))
                    .Route(
                        new RouteTicket
                        {
                            Ticket = ticket.Id,
                            Act = RouteAct.TakeBack,
                            Agent = agent,
                            By = agent,
                        }
                    ),
            answer => answer == RouteResult.Unavailable
        );
}

/// <summary>What saying that something is seen, and taking back, need.</summary>
public sealed record NoticeServices(
    NoticeStore Notices,
    WorkStore Work,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock,
    HttpContext Context
);

/// <param name="ThreadId">Only what is of this thread; absent: everything.</param>
/// <param name="UpTo">Nothing that was told later; absent: now.</param>
public sealed record SeenRequest(string? ThreadId = null, DateTimeOffset? UpTo = null);

/// <param name="TakenBack">Tickets that are the caller's again.</param>
/// <param name="Gone">Those that are closed, or that somebody else has answered.</param>
public sealed record TakenBackView(int TakenBack, int Gone);
