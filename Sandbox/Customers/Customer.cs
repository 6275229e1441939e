namespace Threadkeep.Sandbox.Customers;

/// <summary>A person with WhatsApp on the phone.</summary>
/// <param name="WaId">Phone number, digits only.</param>
/// <param name="Name">Name in the WhatsApp profile.</param>
/// <param name="UserId">What the business sees of a person who hides the number (BSUID).</param>
/// <param name="HidesNumber">True: webhooks carry the user id alone.</param>
/// <param name="Username">What the person is found by in place of the number; null: none.</param>
/// <param name="StoppedMarketing">The person wants no marketing from businesses: such templates fail with 131050.</param>
/// <param name="AddedAt">When the Sandbox first heard of the person, UTC.</param>
public sealed record Customer(
    string WaId,
    string Name,
    string UserId,
    bool HidesNumber,
    DateTimeOffset AddedAt,
    string? Username = null,
    bool StoppedMarketing = false
);
