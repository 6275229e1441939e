using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Drafts;

/// <summary>Drafts, so that what was begun in one browser can be ended in another. Everybody has only their own.</summary>
public static class DraftEndpoints
{
    /// <summary>Characters: the longest note, twice.</summary>
    private const int Longest = 20_000;

    public static void MapDrafts(this RouteGroupBuilder api)
    {
        api.MapGet("/drafts", List).Needs(Permission.Read).WithName("listDrafts");
        api.MapPut("/drafts/{threadId}/{kind}", Save).Needs(Permission.Read).WithName("saveDraft");
    }

    private static async Task<Results<Ok<DraftListView>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        DraftStore drafts
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return NoDrafts();
        var rows = await drafts.ListAsync(caller.Account, agent);
        return TypedResults.Ok(
            new DraftListView([
                .. rows.Select(r => new DraftView(r.ThreadId.ToString("N"), r.Kind, r.Text, r.BasedOn, r.ChangedAt)),
            ])
        );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Save(
        ClaimsPrincipal user,
        string threadId,
        string kind,
        DraftRequest request,
        DraftStore drafts,
        ThreadQueries threads,
        IGrainFactory grains,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return NoDrafts();
        if (kind is not ("reply" or "note"))
            return Problems.BadRequest("A draft is of a reply or a note.");
        if (request.Text.Length > Longest || request.Text.Contains('\0'))
            return Problems.BadRequest($"text may hold {Longest} characters, and no U+0000.");
        if (!ThreadEndpoints.TryId(threadId, out var thread) || await threads.FindAsync(caller.Scope, thread) is null)
            return Problems.NotVisible("thread", caller.Scope);
        // A browser whose clock is ahead must not keep others' words out for as long.
        var now = clock.GetUtcNow();
        var saved = await drafts.SaveAsync(
            caller.Account,
            agent,
            new DraftRow
            {
                ThreadId = thread.Value,
                Kind = kind,
                Text = request.Text,
                BasedOn = request.BasedOn ?? now,
                ChangedAt = request.ChangedAt is { } at && at < now ? at : now,
            }
        );
        // Sent, most likely: it must not stand in another browser's editor, to be sent once more.
        if (saved && request.Text.Length == 0)
            await grains.TellAccountAsync(caller.Account, AccountHint.Drafts, [agent.Value]);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NoDrafts() => Problems.Of(403, "not_allowed", "An API key has no drafts.");
}

/// <param name="Text">Empty: the draft ends.</param>
/// <param name="BasedOn">Up to when its author knew the thread.</param>
/// <param name="ChangedAt">When it was written; an older one never takes the place of a newer.</param>
public sealed record DraftRequest(
    [property: Required(AllowEmptyStrings = true)] string Text,
    DateTimeOffset? BasedOn = null,
    DateTimeOffset? ChangedAt = null
);

/// <param name="Kind">reply or note.</param>
public sealed record DraftView(
    string ThreadId,
    string Kind,
    string Text,
    DateTimeOffset BasedOn,
    DateTimeOffset ChangedAt
);

public sealed record DraftListView(IReadOnlyList<DraftView> Items);
