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
    /// <summary>A ticket cannot be put off for longer.</summary>
    private static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(366);

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
            return BadStatus();
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
        var now = services.Clock.GetUtcNow();
        if (Check(request, now) is { } wrong)
            return wrong;
        AgentId? owner = null;
        if (request.OwnerId is { } named)
        {
            if (
                !Guid.TryParseExact(named, "N", out var agent)
                || !await services.Agents.HasAsync(caller.Account, [agent])
            )
                return Problems.Of(422, "owner_not_found", "There is no such agent any more: choose another owner.");
            owner = new AgentId(agent);
        }
        TeamId? team = null;
        if (request.TeamId is { } teamId)
        {
            if (
                !Guid.TryParseExact(teamId, "N", out var found)
                || !await services.Agents.HasTeamAsync(caller.Account, found)
            )
                return Problems.Of(422, "team_not_found", "There is no such team any more: choose another one.");
            team = new TeamId(found);
        }
        if (
            !SkillLevelView.TryRead(request.Skills, out var skills)
            || !SkillLevelView.TryRead(request.AddSkills, out var addSkills)
        )
            return Problems.BadRequest(
                $"skills must be up to {SkillLevel.MostNeeds} ids of skills with levels from 1 to {SkillLevel.Highest}."
            );
        if (!await services.Skills.HasAllAsync(caller.Account, SkillLevel.ReadAll([.. skills, .. addSkills])))
            return Problems.Of(422, "skill_not_found", "There is no such skill any more: choose another one.");
        var (values, badValue) = await OwnPropertyReader.ReadAsync(
            services.Properties,
            caller.Account,
            request.Properties
        );
        if (badValue is not null)
            return badValue;
        // Handed to a team it is nobody's until somebody of the team takes it.
        var handsOver = team is not null && !request.Fields.HasFlag(TicketFields.Owner);
        var command = new ChangeTicket
        {
            Ticket = ticket,
            ExpectedVersion = request.Version,
            By = caller.Agent,
            Fields = handsOver ? request.Fields | TicketFields.Owner : request.Fields,
            Status = request.Status,
            Priority = request.Priority,
            Category = Trimmed(request.Category),
            Owner = owner,
            Team = team,
            Skills = skills,
            AddSkills = addSkills,
            Properties = values,
            Subject = Trimmed(request.Subject),
            Tags = TagsOf(request.Tags),
            AddTags = TagsOf(request.AddTags),
            RemoveTags = TagsOf(request.RemoveTags),
            SnoozedUntil = request.SnoozedUntil,
        };
        // Said twice it is done once: what is so already is no change.
        var result = await services.Calls.AskAsync(
            () =>
                services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, thread)).ChangeTicket(command),
            answer => answer == ChangeTicketResult.Unavailable
        );
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
    }

    private static ProblemHttpResult? Check(ChangeTicketRequest request, DateTimeOffset now)
    {
        if (request.Fields.HasFlag(TicketFields.Status) && !TicketWords.Statuses.Contains(request.Status))
            return BadStatus();
        if (request.Fields.HasFlag(TicketFields.Priority) && !TicketWords.Priorities.Contains(request.Priority))
            return Problems.BadRequest("priority must be low, normal, high or urgent.");
        if (!IsLine(request.Subject, TicketWords.LongestSubject))
            return Problems.BadRequest($"subject may hold {TicketWords.LongestSubject} characters on one line.");
        if (!IsLine(request.Category, TicketWords.LongestCategory))
            return Problems.BadRequest($"category may hold {TicketWords.LongestCategory} characters on one line.");
        string[] tags = [.. request.Tags ?? [], .. request.AddTags ?? [], .. request.RemoveTags ?? []];
        if (
            tags.Length > 2 * TicketWords.MostTags
            || tags.Any(t => string.IsNullOrWhiteSpace(t) || !IsLine(t, TicketWords.LongestTag))
        )
            return Problems.BadRequest(
                $"A ticket has at most {TicketWords.MostTags} tags of up to {TicketWords.LongestTag} characters on one line."
            );
        if (request.SnoozedUntil is { } until && (until <= now || until > now + LongestSnooze))
            return Problems.BadRequest("snoozedUntil must lie ahead, by a year at most.");
        return null;
    }

    private static bool IsLine(string? text, int longest) =>
        text is null || text.Length <= longest && !text.Any(char.IsControl);

    private static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;

    private static string[] TagsOf(IReadOnlyList<string>? tags) =>
        [.. (tags ?? []).Select(t => t.Trim()).Distinct(StringComparer.Ordinal)];

    private static ProblemHttpResult BadStatus() =>
        Problems.BadRequest("status must be new, waiting_on_us, waiting_on_contact or closed.");
}
