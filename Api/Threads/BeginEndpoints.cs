using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Contacts;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Threads;

/// <summary>What beginning a conversation needs.</summary>
public sealed record BeginServices(
    ContactQueries Contacts,
    ChannelQueries Channels,
    ThreadQueries Threads,
    IGrainFactory Grains,
    ClusterCalls Calls,
    TimeProvider Clock
);

/// <summary>Conversations that we begin. They are empty until somebody sends: outside a session that is a template.</summary>
public static class BeginEndpoints
{
    public static void MapBegin(this RouteGroupBuilder api) =>
        api.MapPost("/threads", Begin).Needs(Permission.Reply).WithName("beginThread");

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> Begin(
        ClaimsPrincipal user,
        BeginThreadRequest request,
        [AsParameters] BeginServices services
    )
    {
        var caller = user.Caller();
        if (
            !Guid.TryParseExact(request.ContactId, "N", out var known)
            || await services.Contacts.FindAsync(caller.Scope, known) is not { } contact
        )
            return Problems.Of(422, "contact_not_found", "There is no such contact (any more).");
        var channels = await services.Channels.ListAsync(caller.Account);
        if (
            !Guid.TryParseExact(request.ChannelId, "N", out var id)
            || !caller.Scope.Sees(id)
            || channels.FirstOrDefault(c => c.Id == id) is not { } channel
        )
            return Problems.NotVisible("channel", caller.Scope);
        if (channel.State != "connected")
            return Problems.Of(409, "channel_paused", "The channel is not connected: nothing can be sent.");
        if ((Digits(contact.MobilePhone) ?? Digits(contact.Phone)) is not { } number)
            return Problems.Of(422, "contact_has_no_number", "The contact has no number that WhatsApp could reach.");
        string[] numbers = [number, .. NumberForms.Of(NumberForms.Key(number)).Where(form => form != number)];
        // Begun twice it is begun once: the thread is found by the number.
        var thread = await services.Calls.AskAsync(
            () =>
                services
                    .Grains.GetGrain<IPhoneNumberGrain>(GrainKeys.PhoneNumber(channel.PhoneNumberId, 0))
                    .Begin(numbers, new ContactId(contact.Id)),
            answer => answer is null
        );
        return thread is { } begun && await services.Threads.FindWhereItGoesOnAsync(caller.Scope, begun) is { } row
            ? TypedResults.Ok(ThreadView.Of(row, services.Clock.GetUtcNow()))
            : Problems.Unavailable();
    }

    private static string? Digits(string? number) =>
        number is null ? null
        : NumberForms.Digits(number) is { Length: > 0 } digits ? digits
        : null;
}

/// <param name="ChannelId">The number that we write from.</param>
/// <param name="ContactId">Whom we write to: by the mobile phone number, else the phone number.</param>
public sealed record BeginThreadRequest([property: Required] string ChannelId, [property: Required] string ContactId);
