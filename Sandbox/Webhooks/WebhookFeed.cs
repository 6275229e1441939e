using Threadkeep.Sandbox.Faults;

namespace Threadkeep.Sandbox.Webhooks;

/// <summary>
/// Where updates enter. In fair weather each becomes a notification at once; with the faults batch or reorder they are
/// gathered first, for a moment only, and in memory: Meta's aggregation is not a queue either.
/// </summary>
public sealed class WebhookFeed(WebhookQueue queue, FaultBoard faults, TimeProvider time)
{
    private const int GatheredForReorder = 4;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(300);

    private readonly Lock gate = new();
    private List<WebhookUpdate> gathered = [];

    public void Tell(WebhookUpdate update)
    {
        var set = faults.Current.Webhooks;
        if (set.Batch <= 1 && !set.Reorder)
        {
            _ = queue.SendAsync([update]);
            return;
        }
        List<WebhookUpdate>? full = null;
        lock (gate)
        {
            gathered.Add(update);
            if (gathered.Count >= (set.Batch > 1 ? set.Batch : GatheredForReorder))
                full = TakeGathered();
            else if (gathered.Count == 1)
                _ = FlushLaterAsync(gathered);
        }
        if (full is not null)
            _ = FlushAsync(full);
    }

    private async Task FlushLaterAsync(List<WebhookUpdate> mine)
    {
        await Task.Delay(Linger, time);
        lock (gate)
        {
            if (!ReferenceEquals(mine, gathered))
                return;
            TakeGathered();
        }
        await FlushAsync(mine);
    }

    private List<WebhookUpdate> TakeGathered()
    {
        var taken = gathered;
        gathered = [];
        return taken;
    }

    private async Task FlushAsync(List<WebhookUpdate> updates)
    {
        var set = faults.Current.Webhooks;
        if (set.Reorder)
            updates.Reverse();
        foreach (var notification in updates.Chunk(Math.Max(1, set.Batch)))
            // One after the other: side by side they would arrive in any order, this one included.
            await queue.SendAsync(notification);
    }
}
