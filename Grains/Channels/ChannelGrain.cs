using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Media;
using Threadkeep.Storage;
using Threadkeep.Templates;
using Threadkeep.WhatsApp;

namespace Threadkeep.Channels;

/// <summary>One channel's dealings with Meta outside messages: its connection (ChannelGrain.Connection.cs), its templates, and what came before it was known.</summary>
[GrainType("channel")]
public sealed partial class ChannelGrain(
    ChannelStore channels,
    LeftoverStore leftovers,
    TemplateStore templates,
    ConnectionStore connections,
    ChannelTokens tokens,
    SecretBox secrets,
    IMediaStore files,
    GraphClient graph,
    TimeProvider clock,
    ILogger<ChannelGrain> logger
) : Grain, IChannelGrain
{
    private const int ReplayAtOnce = 200;

    private (AccountId Account, ChannelId Channel) Key => GrainKeys.ParseChannel(this.GetPrimaryKeyString());

    public async Task<int> SyncTemplates()
    {
        var channel = await ChannelAsync();
        try
        {
            var now = clock.GetUtcNow();
            var found = await graph.TemplatesAsync(channel.WabaId, tokens.Of(channel), CancellationToken.None);
            var stored = found
                .Select(t => new StoredTemplate
                {
                    Name = t.Name,
                    Language = t.Language,
                    GraphId = t.Id,
                    Category = t.Category,
                    Status = t.Status,
                    ParameterFormat = t.ParameterFormat,
                    Components = t.Components,
                    Quality = t.Quality,
                    Reason = t.Reason,
                })
                .ToArray();
            await templates.ReplaceAsync(Key.Account, channel.WabaId, stored, now);
            return stored.Length;
        }
        catch (GraphException failed)
        {
            throw new ChannelUnavailableException(failed.Message);
        }
    }

    public async Task<int> ReplayLeftovers()
    {
        var channel = await ChannelAsync();
        var router = GrainFactory.GetGrain<IPhoneNumberGrain>(GrainKeys.PhoneNumber(channel.PhoneNumberId, 0));
        var replayed = 0;
        var after = Guid.Empty;
        while (true)
        {
            var some = await leftovers.UnclaimedAsync(channel.PhoneNumberId, channel.AppKey, after, ReplayAtOnce);
            if (some.Count == 0)
                return replayed;
            foreach (var leftover in some)
            {
                after = leftover.Id;
                // Each by itself: one that still finds no place must not keep the others.
                var result = await router.Deliver(leftover.ToDelivery());
                if (result == DeliveryResult.TryAgain)
                    return replayed;
                if (result != DeliveryResult.Committed)
                    continue;
                await leftovers.MarkReplayedAsync(leftover.Id, clock.GetUtcNow());
                replayed++;
            }
        }
    }

    private async Task<ChannelRecord> ChannelAsync() =>
        await channels.ByIdAsync(Key.Account, Key.Channel)
        ?? throw new ChannelUnavailableException("There is no such channel.");
}
