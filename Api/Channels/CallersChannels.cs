using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Channels;

/// <summary>The channels that a caller sees: one of them is looked up by its id, or has something done to it that the audit log keeps.</summary>
public sealed class CallersChannels(
    ChannelQueries channels,
    PeopleStore people,
    IGrainFactory grains,
    TimeProvider clock
)
{
    /// <returns>Null: there is none of this id that the caller sees.</returns>
    public async Task<ChannelListRow?> FindAsync(Caller caller, string id) =>
        Guid.TryParseExact(id, "N", out var known) && caller.Scope.Sees(known)
            ? (await channels.ListAsync(caller.Account)).FirstOrDefault(c => c.Id == known)
            : null;

    public IChannelGrain GrainOf(Caller caller, Guid channel) =>
        grains.GetGrain<IChannelGrain>(GrainKeys.Channel(caller.Account, new ChannelId(channel)));

    /// <param name="action">What the audit log says once it is done.</param>
    /// <returns>Null: it is done.</returns>
    public async Task<ProblemHttpResult?> DoAsync(
        HttpContext context,
        string id,
        string action,
        Func<IChannelGrain, Task<ChannelRefusal?>> act
    )
    {
        var caller = context.User.Caller();
        if (await FindAsync(caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        if (await act(GrainOf(caller, row.Id)) is { } refusal)
            return ChannelProblems.Of(refusal);
        await people.RecordAsync(
            caller.ActorAt(context),
            new AuditEntry(action, "channel", row.Id.ToString("N"), row.Name),
            clock.GetUtcNow()
        );
        return null;
    }
}
