namespace Threadkeep.Quota;

/// <summary>Hands out the numbered slots of an account's quota periods. Key: account id. What it hands out counts only once a thread has committed it.</summary>
[Alias("IQuotaGrain")]
public interface IQuotaGrain : IGrainWithStringKey
{
    /// <summary>A free slot of the period that runs at <paramref name="at"/>.</summary>
    /// <param name="mayPassLimit">True for what is never refused (user-initiated sessions, recounts).</param>
    /// <param name="collided">A slot drawn before that turned out to be taken: read the free ones again.</param>
    [Alias("Draw")]
    Task<SlotResult> Draw(DateTimeOffset at, bool mayPassLimit, int? collided);

    /// <summary>A drawn slot was not used, or has been released.</summary>
    [Alias("Return"), Orleans.Concurrency.OneWay]
    Task Return(DateTimeOffset periodStart, int slot);

    /// <summary>Limit, anniversary or zone changed: forget what is cached.</summary>
    [Alias("SettingsChanged")]
    Task SettingsChanged();
}

/// <summary>A slot, or (slot 0) a refusal.</summary>
/// <param name="ResetsAt">When the running period ends.</param>
/// <param name="Limit">The account's limit; null means none.</param>
[GenerateSerializer, Immutable, Alias("SlotResult")]
public sealed record SlotResult(
    [property: Id(0)] int Slot,
    [property: Id(1)] DateTimeOffset PeriodStart,
    [property: Id(2)] DateTimeOffset ResetsAt,
    [property: Id(3)] int? Limit
);
