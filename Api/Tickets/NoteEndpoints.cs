using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Messages;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Tickets;

/// <summary>Notes of agents for each other. They never leave to the customer.</summary>
public static class NoteEndpoints
{
    public static void MapNotes(this RouteGroupBuilder api) =>
        api.MapPost("/threads/{id}/notes", Add).Needs(Permission.Reply).WithName("addNote");

    private static async Task<Results<Created<MessageView>, ProblemHttpResult>> Add(
        ClaimsPrincipal user,
        string id,
        [FromHeader(Name = "Idempotency-Key")] string? key,
        NoteRequest request,
        SendServices services,
        AgentDirectory agents
    )
    {
        var caller = user.Caller();
        if (
            !ThreadEndpoints.TryId(id, out var thread) || await services.Threads.FindAsync(caller.Scope, thread) is null
        )
            return Problems.NotVisible("thread", caller.Scope);
        if (MessageEndpoints.KeyProblem(key) is { } wrongKey)
            return wrongKey;
        var text = request.Text.Trim();
        if (text.Length is 0 or > TicketWords.LongestNote || text.Contains('\0'))
            return Problems.BadRequest($"text must hold 1 to {TicketWords.LongestNote} characters, and no U+0000.");
        var mentions = new List<Guid>();
        foreach (var named in request.Mentions ?? [])
        {
            if (!Guid.TryParseExact(named, "N", out var agent) || mentions.Count == TicketWords.MostMentions)
                return Problems.BadRequest($"mentions must be ids of agents, {TicketWords.MostMentions} at most.");
            mentions.Add(agent);
        }
        if (!await agents.HasAsync(caller.Account, mentions))
            return Problems.Of(422, "agent_not_found", "Somebody named in the note is not here any more.");

        var hash = SendRequest.HashOf(thread, JsonSerializer.SerializeToUtf8Bytes(request));
        if (await services.Messages.KeyAsync(caller.Account, key!) is { } used)
            return await AnswerAsync(used);
        var command = new AddNote
        {
            IdempotencyKey = key!,
            RequestHash = hash,
            Text = text,
            By = caller.Agent,
            ByKey = caller.KeyName,
            Mentions = [.. mentions.Select(m => new AgentId(m))],
        };
        var result = await services.Calls.AskAsync(
            () => services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(caller.Account, thread)).AddNote(command),
            answer => answer.Refusal == AcceptRefusal.Unavailable
        );
        return result.Refusal switch
        {
            AcceptRefusal.None => await ShowAsync(result.Seq),
            AcceptRefusal.KeyInUse when await services.Messages.KeyAsync(caller.Account, key!) is { } known =>
                await AnswerAsync(known),
            AcceptRefusal.NoSuchThread => Problems.NotFound("thread"),
            AcceptRefusal.Invalid => Problems.BadRequest("The note cannot be stored as it is."),
            _ => Problems.Unavailable(),
        };

        async Task<Results<Created<MessageView>, ProblemHttpResult>> AnswerAsync(KeyUse use) =>
            use.ThreadId == thread.Value && use.RequestHash.AsSpan().SequenceEqual(hash)
                ? await ShowAsync(use.Seq)
                : Problems.Of(422, "idempotency_key_reused", "This Idempotency-Key was used for another message.");

        async Task<Results<Created<MessageView>, ProblemHttpResult>> ShowAsync(int seq)
        {
            var message = new MessageId(thread, seq);
            var row = await services.Messages.FindAsync(caller.Scope, message);
            return TypedResults.Created(
                $"/api/v1/threads/{thread}/messages/{message}",
                MessageView.Of(thread, row!, services.Clock.GetUtcNow())
            );
        }
    }
}

/// <param name="Text">Up to 10,000 characters.</param>
/// <param name="Mentions">Ids of agents that it names.</param>
public sealed record NoteRequest([property: Required] string Text, IReadOnlyList<string>? Mentions = null);
