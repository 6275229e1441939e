using System.Collections.Concurrent;
using Threadkeep.Accounts;
using Threadkeep.Threads;

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
        if (channels.TryGetValue((scope.Account, thread), out var known))
            return scope.Sees(known);
        if (await threads.ChannelOfAsync(scope.Account, thread) is not { } channel)
            return false;
        if (channels.Count >= MaxRemembered)
            channels.Clear();
        channels[(scope.Account, thread)] = channel;
        return scope.Sees(channel);
    }
}
