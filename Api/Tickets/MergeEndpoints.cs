using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Tickets;

/// <summary>
/// Merges: one ticket goes on in another of the same contact, with its tags and notes. Each thread commits its own side; a call that ended
/// half-way is made again and finishes, since each side has a key that is used once.
/// </summary>
public static class MergeEndpoints
{
    /// <summary>Notes that come along, the newest; the rest stays where it is, and the answer says how many.</summary>
    private const int MostNotes = 50;

    /// <summary>Characters of all that come along: they are one item of the thread that takes them in.</summary>
    private const int MostCharacters = 200_000;

    public static void MapMerges(this RouteGroupBuilder api)
    {
        api.MapPost("/tickets/{id}/merge", Merge).Needs(Permission.Reply).WithName("mergeTicket");
        api.MapPost("/tickets/{id}/unmerge", Unmerge).Needs(Permission.Reply).WithName("unmergeTicket");
    }

    private static async Task<Results<Ok<TicketDetailsView>, ProblemHttpResult>> Merge(
        ClaimsPrincipal user,
        string id,
        MergeRequest request,
        [AsParameters] TicketServices services
    )
    {
        var caller = user.Caller();
        if (await FindAsync(services, caller, id) is not { } seen)
            return Problems.NotVisible("ticket", caller.Scope);
        await using var turn = await services.Tickets.MergeTurnAsync(caller.Account, seen.ContactId);
        if (
            await FindAsync(services, caller, id) is not { } from
            || await FindAsync(services, caller, request.Into) is not { } into
        )
            return Problems.NotVisible("ticket", caller.Scope);
        if (Refuse(from, into) is { } refused)
            return refused;
        var (fromThread, intoThread) = (new ThreadId(from.ThreadId!.Value), new ThreadId(into.ThreadId!.Value));
        MergedNote[] notes = [];
        var left = 0;
        if (fromThread != intoThread)
        {
            // What is so already is not done again, so this may be the second call.
            if (from.MergedInto is null)
            {
                var close = new ChangeTicket
                {
                    Ticket = from.Id,
                    By = caller.Agent,
                    ByKey = caller.KeyName,
                    Fields = TicketFields.Status,
                    Status = TicketWords.Closed,
                    Merge = Side(MergeSide.GoesInto, $"merge-{from.Id:N}-{from.Version}", into),
                };
                var closed = await AskAsync(services, caller, fromThread, close);
                if (closed != ChangeTicketResult.Changed)
                    return ProblemOf(closed);
                from = (await FindAsync(services, caller, id))!;
            }
            var (found, older) = await services.Tickets.NotesAsync(
                caller.Account,
                fromThread.Value,
                MostNotes,
                MostCharacters
            );
            left = older;
            notes =
            [
                .. found.Select(n => new MergedNote
                {
                    Text = n.Text,
                    By = n.AgentId is { } agent ? new AgentId(agent) : null,
                    At = n.At,
                }),
            ];
        }
        // What was closed for this merge stays at its version; an earlier ticket of the thread never moves, but the one that takes it in does.
        var key = fromThread == intoThread ? $"take-{from.Id:N}-v{into.Version}" : $"take-{from.Id:N}-{from.Version}";
        var take = new ChangeTicket
        {
            Ticket = into.Id,
            By = caller.Agent,
            ByKey = caller.KeyName,
            AddTags = from.Tags,
            Merge = Side(MergeSide.TakesIn, key, from) with { Notes = notes, NotesLeft = left },
        };
        // Once more after a call whose answer was lost: the tie says that it has happened.
        if (from.MergedInto == into.Id && fromThread == intoThread)
            return await ShowAsync(services, caller, id);
        var taken = await AskAsync(services, caller, intoThread, take);
        return taken == ChangeTicketResult.Changed ? await ShowAsync(services, caller, id, left) : ProblemOf(taken);
    }

    private static async Task<Results<Ok<TicketDetailsView>, ProblemHttpResult>> Unmerge(
        ClaimsPrincipal user,
        string id,
        [AsParameters] TicketServices services
    )
    {
        var caller = user.Caller();
        if (await FindAsync(services, caller, id) is not { } seen)
            return Problems.NotVisible("ticket", caller.Scope);
        await using var turn = await services.Tickets.MergeTurnAsync(caller.Account, seen.ContactId);
        if (await FindAsync(services, caller, id) is not { } from)
            return Problems.NotVisible("ticket", caller.Scope);
        if (
            from.MergedInto is not { } target
            || await services.Tickets.FindAsync(caller.Scope, target) is not { ThreadId: not null } into
        )
            return Problems.Of(409, "not_merged", "This ticket goes on in no other.");
        var (fromThread, intoThread) = (new ThreadId(from.ThreadId!.Value), new ThreadId(into.ThreadId.Value));
        // A newer ticket goes on in its thread: it cannot be opened again.
        if (fromThread != intoThread && !from.IsCurrent || !into.IsCurrent)
            return ProblemOf(ChangeTicketResult.Superseded);
        var letGo = new ChangeTicket
        {
            Ticket = into.Id,
            By = caller.Agent,
            ByKey = caller.KeyName,
            RemoveTags = await services.Tickets.TagsOfMergeAsync(caller.Account, intoThread.Value, from.Id),
            Merge = Side(MergeSide.LetsGo, $"unmerge-{from.Id:N}-{from.Version}-{into.Version}", from),
        };
        var gone = await AskAsync(services, caller, intoThread, letGo);
        if (gone != ChangeTicketResult.Changed)
            return ProblemOf(gone);
        if (fromThread != intoThread)
        {
            var before = await services.Tickets.BeforeMergeAsync(caller.Account, fromThread.Value, into.Id);
            var snoozed = before?.SnoozedUntil > services.Clock.GetUtcNow() ? before.Value.SnoozedUntil : null;
            var open = new ChangeTicket
            {
                Ticket = from.Id,
                By = caller.Agent,
                ByKey = caller.KeyName,
                Fields = snoozed is null ? TicketFields.Status : TicketFields.Status | TicketFields.SnoozedUntil,
                Status = before?.Status ?? TicketWords.WaitingOnUs,
                SnoozedUntil = snoozed,
            };
            var opened = await AskAsync(services, caller, fromThread, open);
            if (opened != ChangeTicketResult.Changed)
                return ProblemOf(opened);
        }
        return await ShowAsync(services, caller, id);
    }

    private static ProblemHttpResult? Refuse(TicketDetailsRow from, TicketDetailsRow into)
    {
        if (from.Id == into.Id)
            return Problems.BadRequest("A ticket cannot be merged into itself.");
        if (from.ContactId != into.ContactId || from.ContactId == Guid.Empty)
            return Problems.Of(409, "not_same_contact", "Only tickets of one contact can be merged.");
        if (from.ThreadId is null || into.ThreadId is null)
            return Problems.Of(409, "no_thread", "Only tickets with a conversation can be merged.");
        if (from.MergedInto is { } other && other != into.Id)
            return Problems.Of(409, "already_merged", "This ticket goes on in another one already.");
        if (into.Status == TicketWords.Closed || !into.IsCurrent)
            return Problems.Of(409, "merge_target_closed", "Only an open ticket can take in another one.");
        if (!from.IsCurrent && from.ThreadId != into.ThreadId)
            return ProblemOf(ChangeTicketResult.Superseded);
        if (from.Status == TicketWords.Closed && from.ThreadId != into.ThreadId && from.MergedInto is null)
            return Problems.Of(409, "ticket_closed", "The ticket is closed: open it again before it is merged.");
        return from.Tags.Union(into.Tags).Count() > TicketWords.MostTags
            ? Problems.BadRequest($"Together they would have more than {TicketWords.MostTags} tags.")
            : null;
    }

    private static TicketMerge Side(MergeSide side, string key, TicketDetailsRow other) =>
        new()
        {
            Side = side,
            Key = key,
            OtherTicket = other.Id,
            OtherNumber = other.Number,
            OtherThread = new ThreadId(other.ThreadId!.Value),
        };

    private static Task<ChangeTicketResult> AskAsync(
        TicketServices services,
        Caller caller,
        ThreadId thread,
        ChangeTicket command
    ) =>
        services.Calls.AskAsync(
            () =>
                services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, thread)).ChangeTicket(command),
            answer => answer == ChangeTicketResult.Unavailable
        );

    private static async Task<TicketDetailsRow?> FindAsync(TicketServices services, Caller caller, string id) =>
        Guid.TryParseExact(id, "N", out var ticket) ? await services.Tickets.FindAsync(caller.Scope, ticket) : null;

    private static async Task<Results<Ok<TicketDetailsView>, ProblemHttpResult>> ShowAsync(
        TicketServices services,
        Caller caller,
        string id,
        int notesLeft = 0
    ) =>
        await FindAsync(services, caller, id) is { } row
            ? TypedResults.Ok(TicketDetailsView.Of(row, services.Clock.GetUtcNow()) with { NotesLeft = notesLeft })
            : Problems.NotFound("ticket");

    private static ProblemHttpResult ProblemOf(ChangeTicketResult result) =>
        result switch
        {
            ChangeTicketResult.Superseded => Problems.Of(
                409,
                "ticket_superseded",
                "A newer ticket continues this conversation: this one stays as it is."
            ),
            ChangeTicketResult.NoSuchTicket => Problems.NotFound("ticket"),
            ChangeTicketResult.Unavailable => Problems.Unavailable(),
            _ => Problems.Of(409, "ticket_changed", "Somebody changed one of the tickets: look at them again."),
        };
}

/// <param name="Into">The id of the ticket that goes on.</param>
public sealed record MergeRequest([property: Required] string Into);
