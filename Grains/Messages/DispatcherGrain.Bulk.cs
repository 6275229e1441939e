using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Messages;

/// <summary>Bulk: one message after the other at the channel's pace, on places that no reply needs.</summary>
public sealed partial class DispatcherGrain
{
    private const int MaxBulk = 32;
    private const int BulkPage = 128;

    private bool pacing;
    private int bulkAtWork;
    private DateTimeOffset nextBulk;

    // Called by each poll; while a bulk send goes on it finds one at work already.
    private void PaceBulk()
    {
        if (!pacing)
            PaceBulkAsync().Ignore();
    }

    private async Task PaceBulkAsync()
    {
        pacing = true;
        try
        {
            while (leaving is null && await PageAsync() > 0) { }
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            LogPollFailed(logger, failed);
        }
        finally
        {
            pacing = false;
        }
    }

    // Begins what is due now. How many that were; none: the next poll looks again.
    private async Task<int> PageAsync()
    {
        var (account, channel) = Key;
        var due = await channels.DueThreadsAsync(
            account,
            channel,
            QueueRow.Bulk,
            clock.GetUtcNow(),
            BulkPage,
            HeldThreads()
        );
        var begun = 0;
        foreach (var thread in due)
        {
            if (atWork.Contains(thread) || IsHeld(thread))
                continue; // what it does may be the very message
            if (leaving is not null || !await MayGoAsync())
                break;
            if (atWork.Contains(thread))
                continue;
            BulkAsync(thread).Ignore();
            begun++;
        }
        return begun;
    }

    // Waits for the pace. False where Meta is so slow that every place is taken: then it sets the pace.
    private async Task<bool> MayGoAsync()
    {
        var now = clock.GetUtcNow();
        if (nextBulk > now)
            await Task.Delay(nextBulk - now, clock);
        // What was missed while nothing waited is not made up for.
        nextBulk = (nextBulk > now ? nextBulk : now) + TimeSpan.FromSeconds(1.0 / BulkPerSecond);
        return bulkAtWork < MaxBulk;
    }

    // Half of what Meta takes is for customers and replies.
    private int BulkPerSecond => Math.Min(options.Value.BulkPerSecond, perSecond / 2);

    private async Task BulkAsync(ThreadId thread)
    {
        bulkAtWork++;
        await WorkAsync(thread, once: true);
        bulkAtWork--;
    }
}
