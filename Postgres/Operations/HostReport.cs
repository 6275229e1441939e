namespace Threadkeep.Operations;

/// <summary>What a process says about itself; figures are of its last minute.</summary>
public sealed record HostReport
{
    /// <summary>Processor use in percent of the whole machine.</summary>
    public double CpuPercent { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>A silo's: of threads and of statuses.</summary>
    public IReadOnlyList<WriterReport> Writers { get; init; } = [];

    /// <summary>A silo's.</summary>
    public SendReport? Sends { get; init; }

    /// <summary>An Api host's.</summary>
    public WebhookReport? Webhooks { get; init; }

    /// <summary>An Api host's.</summary>
    public FeedReport? Feed { get; init; }
}

/// <param name="Name"><c>threads</c> or <c>statuses</c>.</param>
/// <param name="Waiting">Intents that wait for their statement now.</param>
/// <param name="PerSecond">Statements.</param>
/// <param name="BatchP50">Intents in a statement.</param>
/// <param name="CommitP50">Milliseconds of a statement, its sync included.</param>
/// <param name="TurnedAwayPerSecond">Intents refused because too many waited.</param>
public sealed record WriterReport(
    string Name,
    int Waiting,
    double PerSecond,
    double? BatchP50,
    double? BatchP99,
    double? CommitP50,
    double? CommitP99,
    double TurnedAwayPerSecond
);

/// <param name="RetryLaterPerSecond">Meta asked for patience, or was out of reach before anything was sent.</param>
/// <param name="UnknownPerSecond">Perhaps sent: a time-out, a reset.</param>
public sealed record SendReport(
    double AcceptedPerSecond,
    double RefusedPerSecond,
    double RetryLaterPerSecond,
    double UnknownPerSecond
);

/// <param name="AcknowledgedPerSecond">200.</param>
/// <param name="TryAgainPerSecond">503.</param>
/// <param name="RefusedPerSecond">401, 403, 413 and the like.</param>
/// <param name="P50">Milliseconds until 200.</param>
public sealed record WebhookReport(
    double AcknowledgedPerSecond,
    double TryAgainPerSecond,
    double RefusedPerSecond,
    double? P50,
    double? P99
);

/// <param name="Browsers">Open feeds now.</param>
public sealed record FeedReport(int Browsers, double HintsPerSecond, double ResyncsPerMinute);
