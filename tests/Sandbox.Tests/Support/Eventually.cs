namespace Threadkeep.Sandbox.Tests.Support;

/// <summary>Waits for conditions, never for a time.</summary>
public static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> enough)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            var now = await read();
            if (enough(now))
                return now;
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Still not so: {now}");
            }
        }
    }
}
