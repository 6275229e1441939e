using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Hosting;
using Threadkeep.Messages;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Tickets;

/// <summary>What opening a ticket needs beside <see cref="TicketServices"/>; no name stands in both (the framework throws).</summary>
public sealed record DeskServices(MessageQueries Messages, ContactQueries Contacts);

/// <summary>Tickets that no conversation began: opened by hand or by a program, and given a conversation later (ADR 066).</summary>
public static class DeskEndpoints
{
    public static void MapDesks(this RouteGroupBuilder api)
    {
        api.MapPost("/tickets", Open).Needs(Permission.Reply).WithName("createTicket");
        api.MapPost("/tickets/{id}/attach", Attach).Needs(Permission.Reply).WithName("attachTicket");
    }

    private static async Task<Results<Created<TicketDetailsView>, ProblemHttpResult>> Open(
        ClaimsPrincipal user,
        [FromHeader(Name = "Idempotency-Key")] string? key,
        CreateTicketRequest request,
        [AsParameters] TicketServices services,
        [AsParameters] DeskServices desks
    )
    {
        var caller = user.Caller();
        if (MessageEndpoints.KeyProblem(key) is { } wrongKey)
            return wrongKey;
        // Of the key: the same request meets the same ticket, whichever host it comes to.
        var id = IdOf(caller.Account, key!);
        var desk = Desk.Of(id);
        var hash = SendRequest.HashOf(desk, JsonSerializer.SerializeToUtf8Bytes(request));
        if (await desks.Messages.KeyAsync(caller.Account, key!) is { } used)
            return await AnswerAsync(used);
        if (TicketChanges.Trimmed(request.Subject) is null)
            return Problems.BadRequest("subject: a ticket that no conversation began says what it is about.");
        var description = request.Description?.Trim();
        if (description is { Length: > TicketWords.LongestNote } || description?.Contains('\0') == true)
            return Problems.BadRequest($"description may hold {TicketWords.LongestNote} characters, and no U+0000.");
        var contact = default(ContactId);
        if (request.ContactId is { } named)
        {
            if (
                !Guid.TryParseExact(named, "N", out var known)
                || await desks.Contacts.FindAsync(caller.Scope, known) is not { } found
            )
                return Problems.Of(422, "contact_not_found", "There is no such contact (any more).");
            contact = new ContactId(found.Id);
        }
        var change = request.ToChange();
        // Whoever sees only some channels sees tickets without one where they are their own, or their team's.
        if (!caller.Scope.IsWhole && change is { OwnerId: null, TeamId: null })
            change.OwnerId = caller.Agent?.ToString();
        var (properties, wrong) = await TicketChanges.ReadAsync(services, caller, id, change);
        if (properties is null)
            return wrong!;
        var command = new OpenTicket
        {
            IdempotencyKey = key!,
            RequestHash = hash,
            Source = caller.Agent is null ? "api" : "manual",
            Contact = contact,
            Description = description is { Length: > 0 } ? description : null,
            Properties = properties,
        };
        var result = await services.Calls.AskAsync(
            () => services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, desk)).OpenTicket(command),
            answer => answer == OpenTicketResult.Unavailable
        );
        return result switch
        {
            OpenTicketResult.Opened => await ShowAsync(),
            OpenTicketResult.KeyInUse when await desks.Messages.KeyAsync(caller.Account, key!) is { } known =>
                await AnswerAsync(known),
            OpenTicketResult.KeyInUse => KeyReused(),
            OpenTicketResult.TooManyTags => Problems.BadRequest($"A ticket has at most {TicketWords.MostTags} tags."),
            OpenTicketResult.TooManySkills => Problems.BadRequest(
                $"A ticket needs at most {SkillLevel.MostNeeds} skills."
            ),
            OpenTicketResult.IsClosed => Problems.BadRequest("A closed ticket cannot be put off."),
            OpenTicketResult.Invalid => Problems.BadRequest("The ticket cannot be stored as it is."),
            _ => Problems.Unavailable(),
        };

        async Task<Results<Created<TicketDetailsView>, ProblemHttpResult>> AnswerAsync(KeyUse use) =>
            use.ThreadId == desk.Value && use.RequestHash.AsSpan().SequenceEqual(hash)
                ? await ShowAsync()
                : KeyReused();

        async Task<Results<Created<TicketDetailsView>, ProblemHttpResult>> ShowAsync()
        {
            // One that was given to somebody else at once is not seen by whoever sees only some channels.
            var row = await services.Tickets.FindAsync(Scope.Whole(caller.Account), id);
            return row is null
                ? Problems.Unavailable()
                : TypedResults.Created(
                    $"/api/v1/tickets/{id:N}",
                    TicketDetailsView.Of(row, services.Clock.GetUtcNow())
                );
        }
    }

    private static async Task<Results<Ok<TicketDetailsView>, ProblemHttpResult>> Attach(
        ClaimsPrincipal user,
        string id,
        AttachTicketRequest request,
        [AsParameters] TicketServices services
    )
    {
        var caller = user.Caller();
        if (
            !Guid.TryParseExact(id, "N", out var ticket)
            || await services.Tickets.FindAsync(caller.Scope, ticket) is not { } row
        )
            return Problems.NotVisible("ticket", caller.Scope);
        if (!ThreadEndpoints.TryId(request.ThreadId, out var to))
            return Problems.BadRequest("threadId is not the id of a thread.");
        // Said once more after an answer that was lost.
        if (row.ThreadId == to.Value)
            return TypedResults.Ok(TicketDetailsView.Of(row, services.Clock.GetUtcNow()));
        if (row.ThreadId != ticket)
            return Problems.Of(409, "has_conversation", "This ticket has a conversation already.");
        if (await services.Tickets.ConversationAsync(caller.Scope, to) is not var (contact, hasOpen))
            return Problems.NotVisible("thread", caller.Scope);
        if (row.ContactId == Guid.Empty || contact != row.ContactId)
            return Problems.Of(
                409,
                "not_same_contact",
                "A ticket goes over to a conversation with its own contact only."
            );
        // The open one may be this very ticket, by a call at the same time.
        if (hasOpen)
            return await ThereAsync() is { } already ? already : HasOpen();
        var command = new AttachTicket
        {
            Ticket = ticket,
            To = to,
            By = caller.Agent,
        };
        var result = await services.Calls.AskAsync(
            () =>
                services
                    .Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, Desk.Of(ticket)))
                    .AttachTicket(command),
            answer => answer == AttachResult.Unavailable
        );
        // Whatever was answered: where it stands is what counts (somebody else may have finished it).
        if (await ThereAsync() is { } there)
            return there;
        return result switch
        {
            AttachResult.HasOpenTicket => HasOpen(),
            AttachResult.Unavailable => Problems.Unavailable(),
            _ => Problems.Of(
                409,
                "ticket_changed",
                "Somebody gave this ticket a conversation meanwhile: look at it again."
            ),
        };

        async Task<Ok<TicketDetailsView>?> ThereAsync() =>
            await services.Tickets.FindAsync(Scope.Whole(caller.Account), ticket) is { } now && now.ThreadId == to.Value
                ? TypedResults.Ok(TicketDetailsView.Of(now, services.Clock.GetUtcNow()))
                : null;
    }

    private static ProblemHttpResult HasOpen() =>
        Problems.Of(
            409,
            "conversation_has_ticket",
            "This conversation has an open ticket: merge the two, or close that one first."
        );

    private static ProblemHttpResult KeyReused() =>
        Problems.Of(422, "idempotency_key_reused", "This Idempotency-Key was used for something else.");

    private static Guid IdOf(AccountId account, string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"ticket/{account}/{key}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // version 8: made by our own rule (RFC 9562)
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>A ticket that no conversation began.</summary>
/// <param name="Subject">Up to 200 characters on one line.</param>
/// <param name="ContactId">Whose it is; absent: nobody's in particular.</param>
/// <param name="Description">What it is about, as its first note: up to 10,000 characters.</param>
/// <param name="Status">new (where it is absent), waiting_on_us, waiting_on_contact or closed.</param>
/// <param name="Priority">low, normal, high or urgent.</param>
/// <param name="OwnerId">The id of an agent; absent: nobody, or for who sees only some channels they themselves.</param>
public sealed record CreateTicketRequest(
    [property: Required] string Subject,
    string? ContactId = null,
    string? Description = null,
    string? Status = null,
    string? Priority = null,
    string? Category = null,
    string? OwnerId = null,
    string? TeamId = null,
    IReadOnlyList<SkillLevelView>? Skills = null,
    IReadOnlyList<string>? Tags = null,
    DateTimeOffset? SnoozedUntil = null,
    IReadOnlyDictionary<string, JsonElement>? Properties = null
)
{
    internal ChangeTicketRequest ToChange()
    {
        var change = new ChangeTicketRequest { Subject = Subject, Properties = Properties };
        // What is absent is as of every new ticket.
        if (Status is not null)
            change.Status = Status;
        if (Priority is not null)
            change.Priority = Priority;
        if (Category is not null)
            change.Category = Category;
        if (OwnerId is not null)
            change.OwnerId = OwnerId;
        if (TeamId is not null)
            change.TeamId = TeamId;
        if (Skills is not null)
            change.Skills = Skills;
        if (Tags is not null)
            change.Tags = Tags;
        if (SnoozedUntil is not null)
            change.SnoozedUntil = SnoozedUntil;
        return change;
    }
}

/// <param name="ThreadId">A conversation with the ticket's contact that has no open ticket.</param>
public sealed record AttachTicketRequest([property: Required] string ThreadId);
