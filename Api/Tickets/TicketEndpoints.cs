using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Assignment;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Tickets;

/// <summary>What tickets need.</summary>
public sealed record TicketServices(
    TicketQueries Tickets,
    AgentDirectory Agents,
    SkillStore Skills,
    CustomPropertyStore Properties,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock
);

/// <summary>Tickets: lists, one, and changes of its properties. Changes go to the thread, their only writer.</summary>
public static class TicketEndpoints
{
    public static void MapTickets(this RouteGroupBuilder api)
    {
        api.MapGet("/tickets", List).Needs(Permission.Read).WithName("listTickets");
        api.MapGet("/tickets/words", Words).Needs(Permission.Read).WithName("getTicketWords");
        api.MapGet("/tickets/{id}", Get).Needs(Permission.Read).WithName("getTicket");
        api.MapPatch("/tickets/{id}", Change).Needs(Permission.Reply).WithName("changeTicket");
    }

    private static async Task<Results<Ok<Page<TicketDetailsView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        TicketQueries tickets,
        TimeProvider clock,
        string? status,
        string? ownerId,
        string? teamId,
        string? threadId,
        string? contactId,
        int? limit,
        string? cursor
    )
    {
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        if (status is not null && !TicketWords.Statuses.Contains(status))
            return TicketChanges.BadStatus();
        Guid? owner = null;
        if (ownerId is not (null or "none"))
        {
            if (!Guid.TryParseExact(ownerId, "N", out var known))
                return Problems.BadRequest("ownerId is neither the id of an agent nor none.");
            owner = known;
        }
        Guid? team = null;
        if (teamId is not null)
        {
            if (!Guid.TryParseExact(teamId, "N", out var known))
                return Problems.BadRequest("teamId is not the id of a team.");
            team = known;
        }
        Guid? thread = null;
        if (threadId is not null)
        {
            if (!ThreadEndpoints.TryId(threadId, out var known))
                return Problems.BadRequest("threadId is not the id of a thread.");
            thread = known.Value;
        }
        Guid? contact = null;
        if (contactId is not null)
        {
            if (!Guid.TryParseExact(contactId, "N", out var known))
                return Problems.BadRequest("contactId is not the id of a contact.");
            contact = known;
        }
        var before = int.MaxValue;
        if (cursor is not null && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Problems.BadCursor();
        var rows = await tickets.ListAsync(
            user.Caller().Scope,
            new TicketFilter(status, owner, ownerId == "none", team, thread, contact),
            before,
            count + 1
        );
        var now = clock.GetUtcNow();
        return TypedResults.Ok(
            new Page<TicketDetailsView>(
                [.. rows.Take(count).Select(r => TicketDetailsView.Of(r, now))],
                rows.Count > count ? rows[count - 1].Number.ToString(CultureInfo.InvariantCulture) : null
            )
        );
    }

    private static async Task<Ok<TicketWordsView>> Words(ClaimsPrincipal user, TicketQueries tickets)
    {
        var (categories, tags) = await tickets.WordsAsync(user.Caller().Account);
        return TypedResults.Ok(new TicketWordsView(categories, tags));
    }

    private static async Task<Results<Ok<TicketDetailsView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        TicketQueries tickets,
        TimeProvider clock
    ) =>
        Guid.TryParseExact(id, "N", out var ticket) && await tickets.FindAsync(user.Caller().Scope, ticket) is { } row
            ? TypedResults.Ok(TicketDetailsView.Of(row, clock.GetUtcNow()))
            : Problems.NotVisible("ticket", user.Caller().Scope);

    private static async Task<Results<Ok<TicketDetailsView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        ChangeTicketRequest request,
        [AsParameters] TicketServices services
    )
    {
        var caller = user.Caller();
        if (
            !Guid.TryParseExact(id, "N", out var ticket)
            || await services.Tickets.ThreadOfAsync(caller.Scope, ticket) is not { } thread
        )
            return Problems.NotVisible("ticket", caller.Scope);
        var (command, wrong) = await TicketChanges.ReadAsync(services, caller, ticket, request);
        if (command is null)
            return wrong!;
        var result = await AskAsync(thread);
        // It may have gone over to a conversation meanwhile (ADR 066).
        if (
            result == ChangeTicketResult.NoSuchTicket
            && await services.Tickets.ThreadOfAsync(caller.Scope, ticket) is { } now
            && now != thread
        )
            result = await AskAsync(now);
        return result switch
        {
            ChangeTicketResult.Changed => await Get(user, id, services.Tickets, services.Clock),
            ChangeTicketResult.NoSuchTicket => Problems.NotFound("ticket"),
            ChangeTicketResult.VersionConflict => Problems.Of(
                409,
                "ticket_changed",
                "Somebody else changed this ticket in the meantime: look at it again, then change it."
            ),
            ChangeTicketResult.Superseded => Problems.Of(
                409,
                "ticket_superseded",
                "A newer ticket continues this conversation: this one stays as it is."
            ),
            ChangeTicketResult.IsClosed => Problems.Of(
                409,
                "ticket_closed",
                "The ticket is closed: open it again before it is put off."
            ),
            ChangeTicketResult.TooManySkills => Problems.BadRequest(
                $"A ticket needs at most {SkillLevel.MostNeeds} skills."
            ),
            ChangeTicketResult.TooManyTags => Problems.BadRequest($"A ticket has at most {TicketWords.MostTags} tags."),
            ChangeTicketResult.Invalid => Problems.BadRequest("The change cannot be stored as it is."),
            _ => Problems.Unavailable(),
        };

        // Said twice it is done once: what is so already is no change.
        Task<ChangeTicketResult> AskAsync(ThreadId owner) =>
            services.Calls.AskAsync(
                () =>
                    services
                        .Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, owner))
                        .ChangeTicket(command),
                answer => answer == ChangeTicketResult.Unavailable
            );
    }
}
