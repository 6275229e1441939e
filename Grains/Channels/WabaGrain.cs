using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Threadkeep.Accounts;
using Threadkeep.Live;
using Threadkeep.Templates;
using Threadkeep.Threads;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Channels;

/// <summary>
/// Writes what Meta tells of a WhatsApp Business account into the event logs of its channels, and lets what it says of templates count.
/// A repeat finds its event there and changes nothing; an older word never undoes a newer one.
/// </summary>
[GrainType("waba")]
public sealed partial class WabaGrain(
    ChannelStore channels,
    TemplateStore templates,
    LeftoverStore leftovers,
    ILogger<WabaGrain> logger
) : Grain, IWabaGrain
{
    // What these tell may change what Meta lets a number send.
    private static readonly string[] Limiting =
    [
        "phone_number_quality_update",
        "business_capability_update",
        "account_update",
        "account_review_update",
    ];

    public async Task<DeliveryResult> Tell(AccountEvents events)
    {
        try
        {
            var owners = await channels.OfWabaAsync(this.GetPrimaryKeyString(), events.AppKey);
            if (owners.Count == 0)
            {
                await leftovers.AddAsync([.. events.Events.Select(e => ToLeftover(events.AppKey, e))]);
                return DeliveryResult.LeftOver;
            }
            foreach (var told in events.Events)
                await TellAsync(owners, told);
            return DeliveryResult.Committed;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            LogFailed(logger, failed);
            return DeliveryResult.TryAgain;
        }
    }

    private async Task TellAsync(IReadOnlyList<ChannelRecord> owners, AccountEvent told)
    {
        var change = WabaChange.Of(told.Field, told.Raw);
        var named = owners.Where(c => IsAbout(c, change)).ToList();
        // A number that is not connected here is the account's matter all the same.
        foreach (var channel in named.Count > 0 ? named : owners)
            await channels.AddEventsAsync(
                channel.Account,
                channel.Channel,
                [
                    new ChannelEvent(
                        "event:" + Convert.ToHexStringLower(SHA256.HashData(told.Raw)),
                        told.Field,
                        told.At,
                        told.ReceivedAt,
                        Encoding.UTF8.GetString(told.Raw)
                    ),
                ]
            );
        if (Limiting.Contains(told.Field))
            await ReadLimitsAsync(owners);
        if (change.Template is not { } template)
            return;
        foreach (var account in owners.DistinctBy(c => c.AccountId))
            await ChangeAsync(account, template, told.At);
    }

    // The payload says less than the number itself does, and older words of it come late.
    private async Task ReadLimitsAsync(IReadOnlyList<ChannelRecord> owners)
    {
        foreach (var channel in owners)
            await GrainFactory
                .GetGrain<IChannelGrain>(GrainKeys.Channel(channel.Account, channel.Channel))
                .ReadLimits();
    }

    private async Task ChangeAsync(ChannelRecord channel, TemplateChange change, DateTimeOffset at)
    {
        var known = await templates.ChangeAsync(
            channel.Account,
            channel.WabaId,
            new ToldOfTemplate(change.GraphId, change.Status, change.Reason, change.Quality, change.Category),
            at
        );
        if (!known || change.HasNewContent)
            await FetchAsync(channel);
        await GrainFactory.TellAccountAsync(channel.Account, AccountHint.Templates);
    }

    private async Task FetchAsync(ChannelRecord channel)
    {
        try
        {
            await GrainFactory
                .GetGrain<IChannelGrain>(GrainKeys.Channel(channel.Account, channel.Channel))
                .SyncTemplates();
        }
        catch (ChannelUnavailableException unreachable)
        {
            // They are fetched every quarter of an hour anyway.
            LogNotFetched(logger, unreachable.Message);
        }
    }

    private static bool IsAbout(ChannelRecord channel, WabaChange change) =>
        change.PhoneNumberId is { } id
            ? channel.PhoneNumberId == id
            : change.DisplayNumber is null || channel.Number == change.DisplayNumber;

    private static Leftover ToLeftover(string appKey, AccountEvent told) =>
        new()
        {
            Id = Guid.CreateVersion7(told.ReceivedAt),
            AppKey = appKey,
            PhoneNumberId = "",
            Kind = "event",
            Reason = "event",
            Detail = told.Field,
            Item = told.Raw,
            ReceivedAt = told.ReceivedAt,
            ExpiresAt = told.ReceivedAt + TimeSpan.FromDays(30),
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of an account must be repeated")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed templates could not be fetched: {Reason}")]
    private static partial void LogNotFetched(ILogger logger, string reason);
}
