using System.Collections.Concurrent;
using Threadkeep.Accounts;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Live;

/// <summary>
/// Which threads a browser may hear of. A thread stays on its channel for ever, so what was once looked up is remembered; callers who
/// see the whole account cost nothing.
/// </summary>
public sealed class VisibleThreads(ThreadQueries threads)
{
    private const int MaxRemembered = 100_000;

    private readonly ConcurrentDictionary<(AccountId, ThreadId), Guid> channels = [];

    public async ValueTask<bool> SeesAsync(Scope scope, ThreadId thread)
    {
        if (scope.IsWhole)
            return true;
        return await ChannelOfAsync(scope.Account, thread) is { } channel && scope.Sees(channel);
    }

    /// <summary>It is a ticket without a conversation: who may see it moves with who has it (ADR 066).</summary>
    public async ValueTask<bool> IsDeskAsync(AccountId account, ThreadId thread) =>
        await ChannelOfAsync(account, thread) is { } channel && Desk.Is(thread, new ChannelId(channel));

    private async ValueTask<Guid?> ChannelOfAsync(AccountId account, ThreadId thread)
    {
        if (channels.TryGetValue((account, thread), out var known))
            return known;
        if (await threads.ChannelOfAsync(account, thread) is not { } channel)
            return null;
        if (channels.Count >= MaxRemembered)
            channels.Clear();
        channels[(account, thread)] = channel;
        return channel;
    }
}
