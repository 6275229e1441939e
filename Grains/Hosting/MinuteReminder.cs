namespace Threadkeep.Hosting;

/// <summary>A reminder that rings every minute for ever.</summary>
internal static class MinuteReminder
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Registers it unless it is there: registering anew puts the first tick a whole minute ahead, and one that is asked for more
    /// often than that would never ring.
    /// </summary>
    public static async Task EnsureAsync<TGrain>(TGrain grain, string name)
        where TGrain : Grain, IRemindable
    {
        if (await grain.GetReminder(name) is null)
            await grain.RegisterOrUpdateReminder(name, Minute, Minute);
    }
}
