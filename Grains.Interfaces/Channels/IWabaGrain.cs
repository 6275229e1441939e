namespace Threadkeep.Channels;

/// <summary>What Meta tells of a WhatsApp Business account beside messages. Key: its id. Holds no truth.</summary>
[Alias("IWabaGrain")]
public interface IWabaGrain : IGrainWithStringKey
{
    /// <summary>Returns once every event is in the log of its channels and has had its effect, or some could not be for now.</summary>
    [Alias("Tell")]
    Task<DeliveryResult> Tell(AccountEvents events);
}

/// <param name="AppKey">The Meta app whose secret signed the body; only channels of this app are told.</param>
[GenerateSerializer, Immutable, Alias("AccountEvents")]
public sealed record AccountEvents([property: Id(0)] string AppKey, [property: Id(1)] AccountEvent[] Events);

/// <param name="Field">Meta's field.</param>
/// <param name="Raw">The change object as it came, UTF-8.</param>
/// <param name="At">Meta's time of the entry; the arrival where it has none.</param>
[GenerateSerializer, Immutable, Alias("AccountEvent")]
public sealed record AccountEvent(
    [property: Id(0)] string Field,
    [property: Id(1)] byte[] Raw,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] DateTimeOffset ReceivedAt
);
