using Threadkeep.Channels;

namespace Threadkeep.Threads;

/// <summary>Who the customer is, by what messages tell.</summary>
public static partial class ReceiveDecider
{
    // Takes on what the payload says of who this is, unless something newer was heard before.
    internal static void Recognise(ThreadChanges changes, InboundItem item, DateTimeOffset at, ReceiveContext context)
    {
        if (context.IsFormer)
            return;
        var row = changes.Row;
        var customer = item.Customer;
        var newer = at >= row.IdentityAt;
        foreach (var identity in Identities.Of(customer))
        {
            if (changes.Identities.Contains(identity))
                continue;
            if (context.Denied.TryGetValue(identity, out var owner))
                changes.Conflict(owner, item.Wamid);
            else if (newer || changes.Identities.IsEmpty)
                changes.Claim(identity);
        }
        if (!newer)
            return;
        // Never a number that another thread owns: an answer would reach a stranger.
        var waId = customer.WaId is { } told && changes.Identities.Contains(Identities.OfWaId(told)) ? told : row.WaId;
        if (row.WaId is { } before && (waId is null || !Identities.IsSameNumber(waId, before)))
            ReleaseNumber(changes, before, at);
        changes.Row = row with
        {
            WaId = waId,
            UserId = customer.UserId ?? row.UserId,
            ProfileName = item.ProfileName ?? row.ProfileName,
            IdentityAt = at,
        };
        if (item.Username is { } username && username != changes.Person?.Username)
        {
            // The first is no change; a later one is seen in the thread, for whoever knew the customer by the one before.
            if (changes.Person?.Username is { } formerly)
                changes.AddOwn("username_changed", at, new { from = formerly, to = username });
            changes.Person = (changes.Person ?? PersonRow.None) with { Username = username };
        }
    }

    // The customer goes by another number from now on; the old one will be given to a stranger some day.
    internal static void ChangeNumber(
        ThreadChanges changes,
        InboundItem item,
        CustomerIdentity next,
        DateTimeOffset at,
        ReceiveContext context
    )
    {
        var row = changes.Row;
        // Told late, after something newer was heard: it must not turn the thread back to a number that was given up since.
        if (context.IsFormer || at < row.IdentityAt)
            return;
        // Meta stamps whole seconds: what was written in the second of the change was still written under the old number.
        var left = at + TimeSpan.FromSeconds(1);
        if (next.WaId is { } waId && row.WaId is { } oldWaId && !Identities.IsSameNumber(waId, oldWaId))
            ReleaseNumber(changes, oldWaId, left);
        if (next.UserId is { } userId && row.UserId is { } oldUserId && userId != oldUserId)
            ReleaseOwned(changes, Identities.OfUserId(oldUserId), left);
        foreach (var identity in Identities.Of(next))
        {
            if (changes.Identities.Contains(identity))
                continue;
            if (context.Denied.TryGetValue(identity, out var owner))
                changes.Conflict(owner, item.Wamid);
            else
                changes.Claim(identity);
        }
        changes.Row = changes.Row with
        {
            WaId = next.WaId ?? row.WaId,
            UserId = next.UserId ?? row.UserId,
            IdentityAt = at,
        };
        changes.AddOwn("identity_changed", at, new { from = row.WaId ?? row.UserId, to = next.WaId ?? next.UserId });
    }

    /// <summary>Lets an identity go that belongs to somebody else from now on. Nothing changes where it is not owned.</summary>
    /// <param name="at">Meta's time of the new owner's message: what was written before it must not take the identity back.</param>
    public static Decision Release(
        ThreadState state,
        string identity,
        string newOwner,
        DateTimeOffset at,
        DateTimeOffset now
    )
    {
        var changes = new ThreadChanges(state, now);
        var number = identity.StartsWith(Identities.OfWaId(""), StringComparison.Ordinal) ? identity[3..] : null;
        var forms = (number is null ? [identity] : Identities.OfNumber(number))
            .Where(state.Identities.Contains)
            .ToArray();
        if (forms.Length == 0 || state.Identities.Contains(Identities.OfUserId(newOwner)))
            return new Decision(null, state);
        foreach (var form in forms)
            changes.Release(form, at);
        if (number is not null && state.Row.WaId is { } waId && Identities.IsSameNumber(waId, number))
            changes.Row = changes.Row with { WaId = null };
        if (at > state.Row.IdentityAt)
            changes.Row = changes.Row with { IdentityAt = at };
        changes.AddOwn("identity_changed", now, new { from = identity.Split(':', 2)[1], to = (string?)null });
        return changes.ToDecision();
    }

    /// <param name="at">What was written before it under the identity was written by this thread's customer.</param>
    private static void ReleaseOwned(ThreadChanges changes, string identity, DateTimeOffset at)
    {
        if (changes.Identities.Contains(identity))
            changes.Release(identity, at);
    }

    private static void ReleaseNumber(ThreadChanges changes, string waId, DateTimeOffset at)
    {
        foreach (var form in Identities.OfNumber(waId))
            ReleaseOwned(changes, form, at);
    }
}
