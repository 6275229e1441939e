using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Messages;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Live;

/// <summary>Who is looking at a thread, and who is writing in it: told to the account's other browsers, stored nowhere.</summary>
public static class PresenceEndpoints
{
    public static void MapPresence(this RouteGroupBuilder api) =>
        api.MapPost("/threads/{id}/presence", Tell).Needs(Permission.Read).WithName("tellPresence");

    private static async Task<Results<NoContent, ProblemHttpResult>> Tell(
        ClaimsPrincipal user,
        string id,
        PresenceRequest request,
        ThreadQueries threads,
        CustomerSigns signs,
        IGrainFactory grains
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return Problems.Of(403, "not_allowed", "An API key looks at nothing.");
        if (
            !ThreadEndpoints.TryId(id, out var thread)
            || await threads.ChannelOfAsync(caller.Account, thread) is not { } channel
            || !caller.Scope.Sees(channel)
        )
            return Problems.NotVisible("thread", caller.Scope);
        // One-way, like every hint: a lost one is made up for by the next, some seconds later.
        await grains
            .GetGrain<ILiveFeedGrain>(GrainKeys.LiveFeedShard(caller.Account))
            .Tell(new Presence(caller.Account, thread, agent, caller.Name, request.State, request.Asks));
        if (request.State == "typing" && Roles.Allows(caller.Role, Permission.Reply))
            await signs.TypesAsync(caller.Account, thread);
        return TypedResults.NoContent();
    }
}

/// <param name="State">viewing, typing or left.</param>
/// <param name="Asks">True at first: who else is there tells so at once.</param>
public sealed record PresenceRequest(
    [property: Required, RegularExpression("viewing|typing|left")] string State,
    bool Asks = false
);
