using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Tickets;

/// <summary>Reads what callers say that a ticket's properties become, and checks it.</summary>
internal static class TicketChanges
{
    /// <summary>A ticket cannot be put off for longer.</summary>
    private static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(366);

    /// <summary>The change as the ticket's owner takes it; else why not.</summary>
    public static async Task<(ChangeTicket? Change, ProblemHttpResult? Refused)> ReadAsync(
        TicketServices services,
        Caller caller,
        Guid ticket,
        ChangeTicketRequest request
    )
    {
        if (Check(request, services.Clock.GetUtcNow()) is { } wrong)
            return (null, wrong);
        AgentId? owner = null;
        if (request.OwnerId is { } named)
        {
            var may = Guid.TryParseExact(named, "N", out var agent)
                ? await services.Agents.MayOwnAsync(caller.Account, agent, ticket)
                : Ownership.NotHere;
            if (may == Ownership.NotHere)
                return (
                    null,
                    Problems.Of(422, "owner_not_found", "There is no such agent any more: choose another owner.")
                );
            if (may == Ownership.CannotAnswer)
                return (
                    null,
                    Problems.Of(
                        422,
                        "owner_cannot_answer",
                        "This person may not answer on the ticket's channel: choose another owner, or let an admin change what they see."
                    )
                );
            owner = new AgentId(agent);
        }
        TeamId? team = null;
        if (request.TeamId is { } teamId)
        {
            if (
                !Guid.TryParseExact(teamId, "N", out var found)
                || !await services.Agents.HasTeamAsync(caller.Account, found)
            )
                return (
                    null,
                    Problems.Of(422, "team_not_found", "There is no such team any more: choose another one.")
                );
            team = new TeamId(found);
        }
        if (
            !SkillLevelView.TryRead(request.Skills, out var skills)
            || !SkillLevelView.TryRead(request.AddSkills, out var addSkills)
        )
            return (
                null,
                Problems.BadRequest(
                    $"skills must be up to {SkillLevel.MostNeeds} ids of skills with levels from 1 to {SkillLevel.Highest}."
                )
            );
        if (!await services.Skills.HasAllAsync(caller.Account, SkillLevel.ReadAll([.. skills, .. addSkills])))
            return (null, Problems.Of(422, "skill_not_found", "There is no such skill any more: choose another one."));
        var (values, badValue) = await OwnPropertyReader.ReadAsync(
            services.Properties,
            caller.Account,
            request.Properties
        );
        if (badValue is not null)
            return (null, badValue);
        // Handed to a team it is nobody's until somebody of the team takes it.
        var handsOver = team is not null && !request.Fields.HasFlag(TicketFields.Owner);
        var command = new ChangeTicket
        {
            Ticket = ticket,
            ExpectedVersion = request.Version,
            By = caller.Agent,
            ByKey = caller.KeyName,
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
        return (command, null);
    }

    private static ProblemHttpResult? Check(ChangeTicketRequest request, DateTimeOffset now)
    {
        if (request.Fields.HasFlag(TicketFields.Status) && !TicketWords.Statuses.Contains(request.Status))
            return BadStatus();
        if (request.Fields.HasFlag(TicketFields.Priority) && !TicketWords.Priorities.Contains(request.Priority))
            return Problems.BadRequest("priority must be low, normal, high or urgent.");
        if (!Lines.IsLineOrNothing(request.Subject, TicketWords.LongestSubject))
            return Problems.BadRequest($"subject may hold {TicketWords.LongestSubject} characters on one line.");
        if (!Lines.IsLineOrNothing(request.Category, TicketWords.LongestCategory))
            return Problems.BadRequest($"category may hold {TicketWords.LongestCategory} characters on one line.");
        string[] tags = [.. request.Tags ?? [], .. request.AddTags ?? [], .. request.RemoveTags ?? []];
        if (tags.Length > 2 * TicketWords.MostTags || tags.Any(t => !Lines.IsLine(t, TicketWords.LongestTag)))
            return Problems.BadRequest(
                $"A ticket has at most {TicketWords.MostTags} tags of up to {TicketWords.LongestTag} characters on one line."
            );
        if (request.SnoozedUntil is { } until && (until <= now || until > now + LongestSnooze))
            return Problems.BadRequest("snoozedUntil must lie ahead, by a year at most.");
        return null;
    }

    internal static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;

    private static string[] TagsOf(IReadOnlyList<string>? tags) =>
        [.. (tags ?? []).Select(t => t.Trim()).Distinct(StringComparer.Ordinal)];

    internal static ProblemHttpResult BadStatus() =>
        Problems.BadRequest("status must be new, waiting_on_us, waiting_on_contact or closed.");
}
