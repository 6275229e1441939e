using Threadkeep.Accounts;

namespace Threadkeep.Threads;

/// <summary>
/// Messages that were taken back, in accounts that keep nothing of them. What is stored goes first, each by a commit of its own; then the word
/// that took it back is stored. So whatever breaks off in between, Meta repeats it and it is done once more.
/// </summary>
public sealed partial class ThreadGrain
{
    /// <summary>What of these messages, or for them, has been taken back by now; null: it could not be found out for now.</summary>
    private async Task<IReadOnlyList<TakenBack>?> PurgeAsync(ReceiveMessages command)
    {
        var state = await LoadAsync();
        TakenBack[] now = [.. PurgeDecider.In(command.Items)];
        if (!state.Exists)
            return now;
        foreach (var seq in await store.ToPurgeAsync(state.Account, state.Thread, now))
        {
            var done = await DecideAndCommitAsync(s => PurgeDecider.Purge(s, seq, Clock.GetUtcNow()));
            if (done != CommitResult.Stored)
                return null;
        }
        // Told before what it takes back, perhaps.
        string[] wamids =
        [
            .. command.Items.Select(i => i.Wamid),
            .. command.Items.Where(i => i.Type == "edit").Select(i => i.ContextWamid).OfType<string>(),
        ];
        return [.. now, .. await store.TakenBackAsync(state.Account, state.Thread, wamids)];
    }

    private async Task<bool> IsPurgedAsync(int seq)
    {
        var (account, thread) = GrainKeys.ParseThread(this.GetPrimaryKeyString());
        return (await RulesAsync()).PurgeDeleted && await store.IsPurgedAsync(account, thread, seq);
    }
}
