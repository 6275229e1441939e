using System.Security.Cryptography;
using System.Text;
using Threadkeep.Accounts;
using Threadkeep.Channels;

namespace Threadkeep.Threads;

/// <summary>Who owns one identity now, as PostgreSQL has it.</summary>
/// <param name="UserId">The business-scoped id that the owning thread last heard.</param>
/// <param name="IdentityAt">Meta's time of the message that it heard it from.</param>
public sealed record IdentityOwner(ThreadId Thread, string? UserId, DateTimeOffset IdentityAt);

/// <summary>Where a message goes.</summary>
/// <param name="ConflictsWith">Another thread that the same payload names as this person.</param>
/// <param name="ReleaseFrom">This thread must let the number go before anything else happens; then ask again.</param>
/// <param name="ByUserIdOnly">The number in the payload is somebody else's by now: the message must not claim it.</param>
/// <param name="IsNew">Nobody owns the identity, so the thread is probably not there yet.</param>
public sealed record IdentityRoute(
    ThreadId Thread,
    int Generation,
    ThreadId? ConflictsWith = null,
    ThreadId? ReleaseFrom = null,
    bool ByUserIdOnly = false,
    bool IsNew = false
);

/// <summary>Identity keys, the ids derived from them, and the choice of a thread for a payload that may name two.</summary>
public static class Identities
{
    public static string OfWaId(string waId) => "wa:" + waId;

    public static string OfUserId(string userId) => "user:" + userId;

    public static IEnumerable<string> Of(CustomerIdentity customer)
    {
        if (customer.WaId is { } waId)
            yield return OfWaId(waId);
        if (customer.UserId is { } userId)
            yield return OfUserId(userId);
    }

    /// <summary>The identity that a new customer's ids are made of: the number where present, so that parallel first messages meet.</summary>
    public static string Primary(CustomerIdentity customer) =>
        customer.WaId is { } waId ? OfWaId(waId) : OfUserId(customer.UserId!);

    /// <param name="generation">How often the identity has changed hands.</param>
    public static ThreadId ThreadOf(ChannelId channel, string identity, int generation) =>
        new(Derive($"thread/{channel}/{identity}/{generation}"));

    public static ContactId ContactOf(AccountId account, string identity, int generation) =>
        new(Derive($"contact/{account}/{identity}/{generation}"));

    /// <summary>
    /// The thread for a message. A business-scoped id changes with the number it belongs to, so the same number with another id
    /// is another person: whoever was there before keeps the old thread and loses the number.
    /// </summary>
    /// <param name="at">Meta's time of the message: an old one must not take a number back.</param>
    public static IdentityRoute Route(
        ChannelId channel,
        CustomerIdentity customer,
        DateTimeOffset at,
        IdentityOwner? waOwner,
        IdentityOwner? userOwner,
        Func<string, int> generationOf
    )
    {
        var sameOwner = waOwner is not null && waOwner.Thread == userOwner?.Thread;
        if (
            waOwner is not null
            && !sameOwner
            && customer.UserId is { } told
            && waOwner.UserId is { } known
            && told != known
        )
        {
            var stranger = at >= waOwner.IdentityAt;
            if (stranger)
                return new IdentityRoute(waOwner.Thread, 0, ReleaseFrom: waOwner.Thread);
            var owners = userOwner is not null ? new IdentityRoute(userOwner.Thread, 0) : NewThread(OfUserId(told));
            return owners with { ByUserIdOnly = true };
        }
        if (waOwner is not null)
            return new IdentityRoute(
                waOwner.Thread,
                0,
                ConflictsWith: userOwner is not null && userOwner.Thread != waOwner.Thread ? userOwner.Thread : null
            );
        return userOwner is not null ? new IdentityRoute(userOwner.Thread, 0) : NewThread(Primary(customer));

        IdentityRoute NewThread(string identity)
        {
            var generation = generationOf(identity);
            return new IdentityRoute(ThreadOf(channel, identity, generation), generation, IsNew: true);
        }
    }

    private static Guid Derive(string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // version 8: made by our own rule (RFC 9562)
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
