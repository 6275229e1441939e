using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Audit;

/// <summary>Who did what, when, from where.</summary>
public static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api) =>
        api.MapGet("/audit", List).Needs(Permission.ReadAudit).WithName("listAudit");

    private static async Task<Results<Ok<Page<AuditView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        AuditQueries audit,
        string? action,
        string? actorId,
        string? subjectId,
        DateTimeOffset? from,
        DateTimeOffset? to,
        int? limit,
        string? cursor
    )
    {
        if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
            return refused;
        Guid? actor = null;
        if (actorId is not null)
        {
            if (!Guid.TryParseExact(actorId, "N", out var parsed))
                return Problems.BadRequest("actorId is not the id of a person.");
            actor = parsed;
        }
        if (
            action?.Contains('\0', StringComparison.Ordinal) == true
            || subjectId?.Contains('\0', StringComparison.Ordinal) == true
        )
            return Problems.BadRequest("action and subjectId hold no U+0000.");
        var rows = await audit.ListAsync(
            user.Caller().Account,
            new AuditFilter(action, actor, subjectId, from, to),
            asked.After,
            asked.Limit + 1
        );
        return TypedResults.Ok(asked.PageOf(rows, AuditView.Of, r => (r.At, r.Id)));
    }
}

/// <param name="Actor">Who did it; its id is null for API keys, the operator and strangers.</param>
/// <param name="Action">docs/api.md lists them.</param>
/// <param name="Before">What it was, as far as it changed; null: nothing to tell.</param>
public sealed record AuditView(
    string Id,
    DateTimeOffset At,
    AuditActorView Actor,
    string? Address,
    string Action,
    AuditSubjectView? Subject,
    JsonNode? Before,
    JsonNode? After
)
{
    public static AuditView Of(AuditRow row)
    {
        var details = row.Details is null ? null : JsonNode.Parse(row.Details);
        return new AuditView(
            row.Id.ToString("N"),
            row.At,
            new AuditActorView(row.ActorKind, row.ActorId?.ToString("N"), row.ActorName),
            row.Address,
            row.Action,
            row.SubjectKind is null ? null : new AuditSubjectView(row.SubjectKind, row.SubjectId, row.SubjectName),
            details?["before"]?.DeepClone(),
            details?["after"]?.DeepClone()
        );
    }
}

/// <param name="Kind">agent, api_key, operator or nobody.</param>
public sealed record AuditActorView(string Kind, string? Id, string? Name);

/// <param name="Kind">person, team, invitation, account, quota.</param>
public sealed record AuditSubjectView(string Kind, string? Id, string? Name);
