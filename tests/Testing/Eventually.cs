namespace Threadkeep.Testing;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    /// <summary>
    /// Asks until the answer is yes; after the deadline (30 s unless given) fails with what was waited for.
    /// </summary>
    public static async Task IsTrueAsync(string what, Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(deadline) > (within ?? TimeSpan.FromSeconds(30)))
                throw new TimeoutException($"Waited in vain: {what}");
            await Task.Delay(25);
        }
    }
}
