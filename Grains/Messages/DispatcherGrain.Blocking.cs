using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Threads;
using Threadkeep.WhatsApp;

namespace Threadkeep.Messages;

/// <summary>
/// Blocks at Meta. It holds nothing: whether Meta blocks somebody is in the thread. Asked twice, Meta does it once. Meta blocks only who
/// wrote within 24 hours (131047), at most 64,000 (139101), and one change of the list at a time (139102).
/// </summary>
public sealed partial class DispatcherGrain
{
    private const int ListIsChanging = 139102;
    private const int MaxBlockTries = 3;
    private static readonly TimeSpan BetweenBlockTries = TimeSpan.FromMilliseconds(400);

    public async Task<MetaBlock> BlockAtMeta(ThreadId thread, bool block)
    {
        var (account, channelId) = Key;
        if (
            await channels.ByIdAsync(account, channelId) is not { } channel
            || await channels.CustomerOfAsync(account, thread) is not (var waId, var userId)
        )
            return new MetaBlock(false);
        var said = await AskAsync(channel, waId, userId, block);
        if (block)
            await GrainFactory
                .GetGrain<IThreadGrain>(GrainKeys.Thread(account, thread))
                .NoteBlockAtMeta(said.Done, said.Code);
        return said;
    }

    public async Task BlockLater(ThreadId thread)
    {
        try
        {
            await BlockAtMeta(thread, block: true);
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed) || failed is OrleansException or TimeoutException)
        {
            LogBlockFailed(logger, failed);
        }
    }

    private async Task<MetaBlock> AskAsync(Channels.ChannelRecord channel, string? waId, string? userId, bool block)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await graph.BlockAsync(
                    channel.PhoneNumberId,
                    tokens.Of(channel),
                    waId,
                    userId,
                    block,
                    CancellationToken.None
                );
                return new MetaBlock(true);
            }
            catch (GraphException changing) when (changing.Failure?.Code == ListIsChanging && tries < MaxBlockTries)
            {
                await Task.Delay(BetweenBlockTries * tries, clock);
            }
            catch (GraphException refused)
            {
                return new MetaBlock(false, refused.Failure?.Code, refused.Failure?.Detail);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A customer could not be blocked at Meta")]
    private static partial void LogBlockFailed(ILogger logger, Exception exception);
}
