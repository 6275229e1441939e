using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Assignment;

/// <summary>What the caller is told, and taking tickets back that went away from them.</summary>
public static class NoticeEndpoints
{
    private const int AtOnce = 8;

    public static void MapNotices(this RouteGroupBuilder api)
    {
        api.MapGet("/notices", List).Needs(Permission.Own).WithName("listNotices");
        api.MapPost("/notices/{id}/seen", Seen).Needs(Permission.Own).WithName("markNoticeSeen");
        api.MapPost("/notices/{id}/take-back", TakeBack).Needs(Permission.Reply).WithName("takeTicketsBack");
    }

    private static async Task<Ok<NoticeListView>> List(ClaimsPrincipal user, NoticeStore notices)
    {
        var caller = user.Caller();
        // An API key is told nothing.
        var rows = caller.Agent is { } agent ? await notices.UnseenAsync(caller.Account, agent) : [];
        return TypedResults.Ok(new NoticeListView([.. rows.Select(NoticeView.Of)]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Seen(
        ClaimsPrincipal user,
        string id,
        NoticeStore notices,
        TimeProvider clock
    ) =>
        user.Caller() is { Agent: { } agent } caller
        && Guid.TryParseExact(id, "N", out var notice)
        && await notices.SetSeenAsync(caller.Account, agent, notice, clock.GetUtcNow())
            ? TypedResults.NoContent()
            : Problems.NotFound("notice");

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
            || await services.Notices.FindAsync(caller.Account, agent, notice) is not { } found
        )
            return Problems.NotFound("notice");
        var taken = 0;
        foreach (var some in found.Data.Tickets.Chunk(AtOnce))
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
        return TypedResults.Ok(new TakenBackView(taken, found.Data.Tickets.Count - taken));
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

/// <summary>What taking back needs.</summary>
public sealed record NoticeServices(
    NoticeStore Notices,
    WorkStore Work,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock,
    HttpContext Context
);

public sealed record NoticeListView(IReadOnlyList<NoticeView> Items);

/// <param name="Kind">tickets_returned: <paramref name="Owner"/> was away for <paramref name="Minutes"/>, and <paramref name="Count"/> tickets that waited on us went back.</param>
/// <param name="Tickets">Which; empty for whoever did not have them.</param>
public sealed record NoticeView(
    string Id,
    DateTimeOffset At,
    string Kind,
    AgentRefView Owner,
    int Minutes,
    int Count,
    IReadOnlyList<NoticeTicketView> Tickets
)
{
    public static NoticeView Of(NoticeRow row) =>
        new(
            row.Id.ToString("N"),
            row.At,
            row.Kind,
            new AgentRefView(row.Data.Owner.ToString("N"), row.Data.OwnerName),
            row.Data.Minutes,
            row.Data.Count,
            [
                .. row.Data.Tickets.Select(t => new NoticeTicketView(
                    t.Id.ToString("N"),
                    t.Thread.ToString("N"),
                    t.Number
                )),
            ]
        );
}

public sealed record NoticeTicketView(string Id, string ThreadId, int Number);

/// <param name="TakenBack">Tickets that are the caller's again.</param>
/// <param name="Gone">Those that are closed, or that somebody else has answered.</param>
public sealed record TakenBackView(int TakenBack, int Gone);
