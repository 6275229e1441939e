using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;

namespace Threadkeep.Channels;

/// <summary>Channels, and the items of their webhooks that could not be stored as they are.</summary>
public static class ChannelEndpoints
{
    public static void MapChannels(this RouteGroupBuilder api)
    {
        api.MapGet("/channels", List).Needs(Permission.Read).WithName("listChannels");
        api.MapGet("/leftovers", Leftovers).Needs(Permission.ManageChannels).WithName("listLeftovers");
        api.MapPost("/leftovers/{id}/replay", Replay).Needs(Permission.ManageChannels).WithName("replayLeftover");
    }

    private static async Task<Ok<ChannelListView>> List(ClaimsPrincipal user, ChannelQueries channels)
    {
        var scope = user.Caller().Scope;
        var rows = await channels.ListAsync(scope.Account);
        return TypedResults.Ok(
            new ChannelListView([
                .. rows.Where(c => scope.Sees(c.Id))
                    .Select(c => new ChannelView(
                        c.Id.ToString("N"),
                        c.Name,
                        c.DisplayPhoneNumber,
                        c.PhoneNumberId,
                        c.WabaId,
                        c.State,
                        c.Attention
                    )),
            ])
        );
    }

    private static async Task<Results<Ok<Page<LeftoverView>>, ProblemHttpResult>> Leftovers(
        ClaimsPrincipal user,
        LeftoverStore leftovers,
        int? limit,
        string? cursor
    )
    {
        if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
            return refused;
        var rows = await leftovers.ListAsync(user.Caller().Account, asked.After, asked.Limit + 1);
        return TypedResults.Ok(asked.PageOf(rows, LeftoverView.Of, r => (r.ReceivedAt, r.Id)));
    }

    private static async Task<Results<Ok<ReplayedView>, ProblemHttpResult>> Replay(
        ClaimsPrincipal user,
        string id,
        LeftoverStore leftovers,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var account = caller.Account;
        if (
            !Guid.TryParseExact(id, "N", out var known) || await leftovers.FindAsync(account, known) is not { } leftover
        )
            return Problems.NotFound("leftover");
        if (leftover.ReplayedAt is not null)
            return TypedResults.Ok(new ReplayedView(true));
        var reason = leftover switch
        {
            { Kind: "unreadable" } => "It lacks what every message must have: " + leftover.Detail,
            { ThreadId: { } thread } => await grains
                .GetGrain<IThreadGrain>(GrainKeys.Thread(account, new ThreadId(thread)))
                .Replay(leftover.Id, leftover.ReadItem<InboundItem>()),
            _ => await DeliverAsync(leftover, grains, leftovers, clock),
        };
        if (reason is not null)
            return Problems.Of(409, "replay_failed", "The item still cannot be stored.", reason);
        await people.RecordAsync(
            caller.ActorAt(context),
            new AuditEntry("leftover.replayed", "leftover", id, leftover.Kind),
            clock.GetUtcNow()
        );
        return TypedResults.Ok(new ReplayedView(true));
    }

    // Without a thread: through the front door again.
    private static async Task<string?> DeliverAsync(
        Leftover leftover,
        IGrainFactory grains,
        LeftoverStore leftovers,
        TimeProvider clock
    )
    {
        var result = await grains
            .GetGrain<IPhoneNumberGrain>(GrainKeys.PhoneNumber(leftover.PhoneNumberId, 0))
            .Deliver(leftover.ToDelivery());
        if (result == DeliveryResult.TryAgain)
            return "The database is out of reach for the moment.";
        if (result == DeliveryResult.LeftOver)
            return leftover.Detail;
        await leftovers.MarkReplayedAsync(leftover.Id, clock.GetUtcNow());
        return null;
    }
}

public sealed record ChannelListView(IReadOnlyList<ChannelView> Items);

/// <param name="State">connected or disconnected.</param>
/// <param name="Attention">Why Meta refuses it; null: it does not.</param>
public sealed record ChannelView(
    string Id,
    string Name,
    string DisplayPhoneNumber,
    string PhoneNumberId,
    string WabaId,
    string State,
    string? Attention
);

/// <param name="Raw">The item, as JSON text.</param>
public sealed record LeftoverView(
    string Id,
    string? ChannelId,
    string PhoneNumberId,
    string? ThreadId,
    string? MessageId,
    string Kind,
    string Reason,
    string Detail,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? ReplayedAt,
    string Raw
)
{
    public static LeftoverView Of(Leftover leftover) =>
        new(
            leftover.Id.ToString("N"),
            leftover.ChannelId?.ToString("N"),
            leftover.PhoneNumberId,
            leftover.ThreadId?.ToString("N"),
            leftover is { ThreadId: { } thread, Seq: { } seq }
                ? new MessageId(new ThreadId(thread), seq).ToString()
                : null,
            leftover.Kind,
            leftover.Reason,
            leftover.Detail,
            leftover.ReceivedAt,
            leftover.ReplayedAt,
            Encoding.UTF8.GetString(leftover.Item)
        );
}

public sealed record ReplayedView(bool Replayed);
