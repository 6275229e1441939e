using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Channels;

/// <summary>Conversations that we begin: the same rule finds their threads as finds those of messages, so an answer comes into them.</summary>
public sealed partial class PhoneNumberGrain
{
    public async Task<ThreadId?> Begin(string[] numbers, ContactId contact)
    {
        if (await ChannelAsync(GrainKeys.ParsePhoneNumber(this.GetPrimaryKeyString())) is not { } owner)
            return null;
        for (var n = 0; n < MaxRoutes; n++)
        {
            var identities = numbers.Select(Identities.OfWaId).ToArray();
            var found = await channels.ResolveAsync(owner.Account, owner.Channel, identities);
            if (found.FirstOrDefault(f => f.ThreadId is not null)?.ThreadId is { } known)
                return new ThreadId(known);
            var primary = Identities.Primary(new CustomerIdentity(numbers[0], null));
            var generation = found.First(f => f.Identity == primary).Generation;
            var thread = Identities.ThreadOf(owner.Channel, primary, generation);
            var begun = await grains
                .Thread(owner.Account, thread)
                .Begin(
                    new BeginThread
                    {
                        Channel = owner.Channel,
                        WaId = numbers[0],
                        Generation = generation,
                        Contact = contact,
                    }
                );
            if (begun)
                return thread;
        }
        return null;
    }
}
