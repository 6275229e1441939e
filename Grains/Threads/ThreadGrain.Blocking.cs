using Threadkeep.Accounts;
using Threadkeep.Messages;

namespace Threadkeep.Threads;

/// <summary>Customers who are blocked: here at once, and at Meta by the channel's dispatcher.</summary>
public sealed partial class ThreadGrain
{
    public Task<BlockOutcome> Block(BlockCustomer command) =>
        BlockAsync(state => BlockDecider.Block(state, command, Clock.GetUtcNow()));

    public Task<BlockOutcome> Unblock(AgentId? by) =>
        BlockAsync(state => BlockDecider.Unblock(state, by, Clock.GetUtcNow()));

    public Task<BlockOutcome> NoteBlockAtMeta(bool blocked, int? code) =>
        BlockAsync(state => BlockDecider.NoteMeta(state, blocked, code, Clock.GetUtcNow()));

    private Task<BlockOutcome> BlockAsync(Func<ThreadState, Decision?> decide) =>
        BlockAsync(state => Task.FromResult(decide(state)));

    private async Task<BlockOutcome> BlockAsync(Func<ThreadState, Task<Decision?>> decide)
    {
        try
        {
            var isThere = true;
            var committed = await DecideAndCommitAsync(async state =>
            {
                var decision = await decide(state);
                isThere = decision is not null;
                return decision ?? new Decision(null, state);
            });
            return !isThere ? BlockOutcome.NoSuchThread
                : committed == CommitResult.Stored ? BlockOutcome.Done
                : BlockOutcome.Unavailable;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return BlockOutcome.Unavailable;
        }
    }

    // Whoever writes is somebody whom Meta blocks again: it refuses those who have been silent for 24 hours.
    private Task BlockAtMetaAsync(ThreadState state) =>
        state.Person?.Block is { AtMeta: not BlockRow.Blocked }
            ? GrainFactory
                .GetGrain<IDispatcherGrain>(GrainKeys.Channel(state.Account, state.Channel))
                .BlockLater(state.Thread)
            : Task.CompletedTask;
}
