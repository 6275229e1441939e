using System.Security.Cryptography;
using System.Text;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Contacts;

namespace Threadkeep.Threads;

/// <summary>Who owns one identity now, as PostgreSQL has it.</summary>
/// <param name="UserId">The business-scoped id that the owning thread last heard.</param>
/// <param name="IdentityAt">Meta's time of the message that it heard it from.</param>
public sealed record IdentityOwner(ThreadId Thread, string? UserId, DateTimeOffset IdentityAt);

/// <summary>A thread that let an identity go.</summary>
/// <param name="At">Meta's time: what was written under the identity before it is that thread's.</param>
public sealed record FormerOwner(ThreadId Thread, DateTimeOffset At);

/// <summary>Through whose hands one identity has gone.</summary>
/// <param name="Generation">How often it has changed hands.</param>
/// <param name="Owners">Those of the last times, the latest first.</param>
public sealed record IdentityHistory(int Generation, IReadOnlyList<FormerOwner> Owners)
{
    public static readonly IdentityHistory None = new(0, []);

    /// <summary>Since when it belongs to its present owner, if to anybody; the least time where it never changed hands.</summary>
    public DateTimeOffset Since => Owners.Count == 0 ? default : Owners[0].At;

    /// <summary>Who had it then and has let it go since; null: it has not changed hands after that time.</summary>
    public ThreadId? OwnerAt(DateTimeOffset at) => Owners.LastOrDefault(o => at < o.At)?.Thread;
}

/// <summary>Where a message goes.</summary>
/// <param name="ConflictsWith">Another thread that the same payload names as this person.</param>
/// <param name="ReleaseFrom">This thread must let the number go before anything else happens; then ask again.</param>
/// <param name="ByUserIdOnly">The number in the payload is somebody else's by now: the message must not claim it.</param>
/// <param name="IsNew">Nobody owns the identity, so the thread is probably not there yet.</param>
/// <param name="IsFormer">The thread owned the identity when the message was written, and has let it go since.</param>
/// <param name="Since">What was written before this under the number is somebody else's, and must be looked up again.</param>
public sealed record IdentityRoute(
    ThreadId Thread,
    int Generation,
    ThreadId? ConflictsWith = null,
    ThreadId? ReleaseFrom = null,
    bool ByUserIdOnly = false,
    bool IsNew = false,
    bool IsFormer = false,
    DateTimeOffset Since = default
);

/// <summary>Identity keys, the ids derived from them, and the choice of a thread for a payload that may name two.</summary>
public static class Identities
{
    public static string OfWaId(string waId) => "wa:" + waId;

    /// <summary>A number as it may be told, the given way of writing it first: whichever comes, it is one person's.</summary>
    public static IEnumerable<string> OfNumber(string waId) =>
        NumberForms.Of(NumberForms.Key(waId)).OrderBy(form => form != waId).Select(OfWaId);

    /// <summary>True where the two are ways of writing one number.</summary>
    public static bool IsSameNumber(string a, string b) => NumberForms.Key(a) == NumberForms.Key(b);

    public static string OfUserId(string userId) => "user:" + userId;

    public static IEnumerable<string> Of(CustomerIdentity customer)
    {
        if (customer.WaId is { } waId)
        {
            foreach (var form in OfNumber(waId))
                yield return form;
        }
        if (customer.UserId is { } userId)
            yield return OfUserId(userId);
    }

    /// <summary>
    /// The identity that a new customer's ids are made of: the number where present, in the form that all ways of writing it share, so that
    /// parallel first messages meet.
    /// </summary>
    public static string Primary(CustomerIdentity customer) =>
        customer.WaId is { } waId ? OfWaId(NumberForms.Key(waId)) : OfUserId(customer.UserId!);

    /// <param name="generation">How often the identity has changed hands.</param>
    public static ThreadId ThreadOf(ChannelId channel, string identity, int generation) =>
        new(Derive($"thread/{channel}/{identity}/{generation}"));

    public static ContactId ContactOf(AccountId account, string identity, int generation) =>
        new(Derive($"contact/{account}/{identity}/{generation}"));

    /// <summary>
    /// The thread for a message. A business-scoped id changes with the number it belongs to, so the same number with another id
    /// is another person: whoever was there before keeps the old thread and loses the number. What was written before a number
    /// changed hands belongs to whoever had it then.
    /// </summary>
    /// <param name="at">Meta's time of the message: an old one must not take a number back.</param>
    public static IdentityRoute Route(
        ChannelId channel,
        CustomerIdentity customer,
        DateTimeOffset at,
        IdentityOwner? waOwner,
        IdentityOwner? userOwner,
        Func<string, IdentityHistory> historyOf
    )
    {
        var number = customer.WaId is { } wa ? HistoryOf(wa, historyOf) : IdentityHistory.None;
        if (customer.UserId is { } id)
        {
            if (userOwner is null && historyOf(OfUserId(id)).OwnerAt(at) is { } known)
                return new IdentityRoute(known, 0, IsFormer: true);
            if (number.OwnerAt(at) is not null)
                return OfIdAlone(channel, id, userOwner, historyOf);
        }
        else if (number.OwnerAt(at) is { } former)
            return new IdentityRoute(former, 0, IsFormer: true);
        return OfPresent(channel, customer, at, waOwner, userOwner, historyOf) with { Since = number.Since };
    }

    // All ways of writing a number are let go together, but one that is older than this rule may have been let go alone.
    private static IdentityHistory HistoryOf(string waId, Func<string, IdentityHistory> historyOf)
    {
        var all = OfNumber(waId).Select(historyOf).ToArray();
        return all.Length == 1
            ? all[0]
            : new IdentityHistory(
                all.Max(h => h.Generation),
                [.. all.SelectMany(h => h.Owners).Distinct().OrderByDescending(o => o.At)]
            );
    }

    // Nobody has let go of what the message names since it was written.
    private static IdentityRoute OfPresent(
        ChannelId channel,
        CustomerIdentity customer,
        DateTimeOffset at,
        IdentityOwner? waOwner,
        IdentityOwner? userOwner,
        Func<string, IdentityHistory> historyOf
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
            return stranger
                ? new IdentityRoute(waOwner.Thread, 0, ReleaseFrom: waOwner.Thread)
                : OfIdAlone(channel, told, userOwner, historyOf);
        }
        if (waOwner is not null)
            return new IdentityRoute(
                waOwner.Thread,
                0,
                ConflictsWith: userOwner is not null && userOwner.Thread != waOwner.Thread ? userOwner.Thread : null
            );
        return userOwner is not null
            ? new IdentityRoute(userOwner.Thread, 0)
            : NewThread(channel, Primary(customer), historyOf);
    }

    // The number in the payload is another person's by now.
    private static IdentityRoute OfIdAlone(
        ChannelId channel,
        string userId,
        IdentityOwner? userOwner,
        Func<string, IdentityHistory> historyOf
    ) =>
        (
            userOwner is not null
                ? new IdentityRoute(userOwner.Thread, 0)
                : NewThread(channel, OfUserId(userId), historyOf)
        ) with
        {
            ByUserIdOnly = true,
        };

    private static IdentityRoute NewThread(ChannelId channel, string identity, Func<string, IdentityHistory> historyOf)
    {
        var generation = historyOf(identity).Generation;
        return new IdentityRoute(ThreadOf(channel, identity, generation), generation, IsNew: true);
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
