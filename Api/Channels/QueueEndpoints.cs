using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Messages;
using Threadkeep.People;
using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.Channels;

/// <summary>What waits to leave by a number, and why.</summary>
public static class QueueEndpoints
{
    public static void MapQueue(this RouteGroupBuilder api) =>
        api.MapGet("/channels/{id}/queue", Get).Needs(Permission.ManageChannels).WithName("getChannelQueue");

    /// <param name="limit">Messages to name, 1 to 200; absent: 50. The counts are of all.</param>
    private static async Task<Results<Ok<QueueView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        ChannelStore channels,
        QueueQueries queue,
        PortfolioStore portfolios,
        IGrainFactory grains,
        TimeProvider clock,
        int? limit
    )
    {
        var caller = user.Caller();
        if (!Cursor.TryLimit(limit, out var most))
            return Problems.BadLimit();
        if (
            !Guid.TryParseExact(id, "N", out var known)
            || !caller.Scope.Sees(known)
            || await channels.ByIdAsync(caller.Account, new ChannelId(known)) is not { } channel
        )
            return Problems.NotVisible("channel", caller.Scope);
        var now = clock.GetUtcNow();
        var counts = await queue.CountAsync(caller.Account, known, now);
        var rows = await queue.ListAsync(caller.Account, known, most);
        var holds = await HoldsAsync(grains, channel);
        var standing = await StandingAsync(
            grains,
            channel,
            await portfolios.OfChannelAsync(channel.Account, channel.Channel)
        );
        return TypedResults.Ok(
            new QueueView(
                counts.Total,
                counts.Due,
                counts.Sending,
                counts.Bulk,
                counts.OldestAt,
                new QueueLimitsView(
                    MetaLimits.PerSecond(channel.Throughput, channel.IsOnPhoneApp),
                    standing?.Limit,
                    standing?.Reached ?? 0,
                    standing?.IsUnverified ?? false,
                    channel.LimitsReadAt
                ),
                [
                    .. rows.Select(row =>
                        QueuedMessageView.Of(
                            row,
                            QueueState.Of(
                                row,
                                channel.State,
                                channel.Attention,
                                holds.TryGetValue(new ThreadId(row.ThreadId), out var until) ? until : null,
                                now
                            )
                        )
                    ),
                ]
            )
        );
    }

    // Only a hint of why something waits: without it the page is as right, and says less.
    private static async Task<IReadOnlyDictionary<ThreadId, DateTimeOffset>> HoldsAsync(
        IGrainFactory grains,
        ChannelRecord channel
    )
    {
        if (channel.State != "connected")
            return ImmutableDictionary<ThreadId, DateTimeOffset>.Empty;
        try
        {
            var key = GrainKeys.Channel(channel.Account, channel.Channel);
            return (await grains.GetGrain<IDispatcherGrain>(key).Holds()).ToDictionary(h => h.Thread, h => h.Until);
        }
        catch (Exception failed) when (failed is OrleansException or TimeoutException)
        {
            return ImmutableDictionary<ThreadId, DateTimeOffset>.Empty;
        }
    }

    private static async Task<PortfolioStanding?> StandingAsync(
        IGrainFactory grains,
        ChannelRecord channel,
        string? portfolio
    )
    {
        try
        {
            return portfolio is null
                ? null
                : await grains.GetGrain<IPortfolioGrain>(GrainKeys.Portfolio(channel.Account, portfolio)).Standing();
        }
        catch (Exception failed) when (failed is OrleansException or TimeoutException)
        {
            return null;
        }
    }
}

/// <param name="Total">All that waits or is leaving.</param>
/// <param name="Due">What may leave now.</param>
/// <param name="Bulk">Of bulk sends.</param>
/// <param name="OldestAt">When the one that has waited longest was accepted; what is scheduled does not wait yet. Null: nothing waits.</param>
/// <param name="Items">The first of them: replies before bulk.</param>
public sealed record QueueView(
    int Total,
    int Due,
    int Sending,
    int Bulk,
    DateTimeOffset? OldestAt,
    QueueLimitsView Limits,
    IReadOnlyList<QueuedMessageView> Items
);

/// <param name="PerSecond">Messages a second that Meta takes of the number.</param>
/// <param name="Customers">Different customers in 24 hours outside a session, for all numbers of the business; null: no limit, or Meta has said none.</param>
/// <param name="Reached">Of them, in the last 24 hours.</param>
/// <param name="IsUnverified">The business is not verified, and that is what limits it.</param>
/// <param name="ReadAt">When Meta was asked; null: not yet.</param>
public sealed record QueueLimitsView(
    int PerSecond,
    int? Customers,
    int Reached,
    bool IsUnverified,
    DateTimeOffset? ReadAt
);

/// <param name="State">sending, waiting, paced, paused, retrying or scheduled.</param>
/// <param name="Reason">Why; null: its turn comes.</param>
/// <param name="Since">When it was accepted; of a scheduled one, when it is to leave.</param>
/// <param name="NextAt">When it is tried next; null: that is not known.</param>
/// <param name="AgentName">Who wrote it; null: no person.</param>
public sealed record QueuedMessageView(
    string Id,
    string ThreadId,
    string? ContactName,
    string? WaId,
    string Type,
    string? TemplateName,
    string? AgentName,
    bool Bulk,
    string State,
    string? Reason,
    int? MetaCode,
    int Tries,
    DateTimeOffset Since,
    DateTimeOffset? NextAt
)
{
    public static QueuedMessageView Of(QueuedMessageRow row, QueueState state) =>
        new(
            new MessageId(new ThreadId(row.ThreadId), row.Seq).ToString(),
            row.ThreadId.ToString("N"),
            row.ContactName,
            row.WaId,
            row.Type,
            row.TemplateName,
            row.AgentName,
            row.Lane != 0,
            state.State,
            state.Reason,
            state.State == "retrying" ? row.MetaErrorCode : null,
            row.Tries,
            row.AcceptedAt,
            state.NextAt
        );
}
