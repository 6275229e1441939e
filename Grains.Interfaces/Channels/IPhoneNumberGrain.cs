namespace Threadkeep.Channels;

/// <summary>Everything that one webhook body holds for one number.</summary>
/// <param name="AppKey">The Meta app whose secret signed the body; only channels of this app may be written.</param>
[GenerateSerializer, Immutable, Alias("Delivery")]
public sealed record Delivery(
    [property: Id(0)] string AppKey,
    [property: Id(1)] InboundItem[] Messages,
    [property: Id(2)] StatusItem[] Statuses,
    [property: Id(3)] UnreadableItem[] Unreadable
);

/// <summary>What became of a delivery as a whole.</summary>
public enum DeliveryResult
{
    /// <summary>Every item is in its place.</summary>
    Committed = 0,

    /// <summary>Some item failed for a passing reason; Meta repeats the delivery and what is stored already costs nothing.</summary>
    TryAgain = 1,

    /// <summary>Committed as well, but some item is (still) in the leftovers.</summary>
    LeftOver = 2,
}

/// <summary>Routes the webhooks of one number to its threads. Key: <see cref="Accounts.GrainKeys.PhoneNumber"/>. Holds a bounded cache and no truth.</summary>
[Alias("IPhoneNumberGrain")]
public interface IPhoneNumberGrain : IGrainWithStringKey
{
    /// <summary>Returns once every item is committed or some could not be for now.</summary>
    [Alias("Deliver")]
    Task<DeliveryResult> Deliver(Delivery delivery);

    /// <summary>The conversation with a number, which is begun where there is none yet; null: not for now, or the channel is not connected.</summary>
    /// <param name="numbers">The number in every way of writing it, digits only; the first is what Meta is to be told.</param>
    /// <param name="contact">Whom a new one is with.</param>
    [Alias("Begin")]
    Task<Accounts.ThreadId?> Begin(string[] numbers, Accounts.ContactId contact);
}
