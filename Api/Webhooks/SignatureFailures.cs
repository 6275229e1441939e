using System.Collections.Concurrent;
using Threadkeep.Channels;
using Threadkeep.Threads;

namespace Threadkeep.Webhooks;

/// <summary>
/// Counts webhooks without a valid signature by the address that they came to. Anybody can post there: so they are added up here and written
/// now and then, never one by one.
/// </summary>
public sealed partial class SignatureFailures(RefusalStore store, TimeProvider clock, ILogger<SignatureFailures> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    // Whoever makes addresses up must not fill the memory; those of apps that are known come first.
    private const int MostAddresses = 1_000;
    private const string Shared = "default";

    private ConcurrentDictionary<string, long> counts = [];

    /// <param name="appKey">The app that the path names; null: none.</param>
    public void Note(string? appKey)
    {
        var address = appKey ?? Shared;
        // The count locks the whole: it is asked for new addresses alone.
        if (counts.ContainsKey(address) || counts.Count < MostAddresses)
            counts.AddOrUpdate(address, 1, (_, count) => count + 1);
    }

    /// <summary>Writes what has been counted since the last time. What cannot be written is forgotten: it is a figure, no evidence.</summary>
    public async Task WriteAsync()
    {
        if (counts.IsEmpty)
            return;
        var counted = Interlocked.Exchange(ref counts, []);
        try
        {
            await store.AddAsync(counted, clock.GetUtcNow());
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            LogFailed(logger, failed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await WriteAsync();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Counts of unsigned webhooks could not be written")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
