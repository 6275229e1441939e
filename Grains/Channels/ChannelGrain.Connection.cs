using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Threadkeep.Messages;
using Threadkeep.Storage;
using Threadkeep.WhatsApp;

namespace Threadkeep.Channels;

/// <summary>How a number begins and ceases to be a channel, and what Meta says of it.</summary>
public sealed partial class ChannelGrain
{
    public async Task<ChannelRefusal?> Connect(ConnectChannel how)
    {
        if (await channels.ByIdAsync(Key.Account, Key.Channel) is not { } channel)
            return new ChannelRefusal(ChannelRefusals.NotFound);
        if (channel is { State: "connected", Attention: null })
            return null;
        // Asked before Meta is: registering changes the number's PIN. The index has the last word.
        if (await connections.IsTakenAsync(channel))
            return new ChannelRefusal(ChannelRefusals.ConnectedElsewhere);
        if (
            channel.State != "connected"
            && await connections.ConnectedOfWabaAsync(channel.WabaId) >= ConnectionStore.MostOfWaba
        )
            return new ChannelRefusal(ChannelRefusals.WabaFull);
        var token = tokens.Of(channel);
        string? pin = null;
        try
        {
            var number = await graph.NumberAsync(channel.PhoneNumberId, token, CancellationToken.None);
            // What stays in the phone's app is registered there (Cloud API, "Coexistence").
            if (!number.IsOnPhoneApp)
            {
                if (number.Verification is not (null or "VERIFIED"))
                    return new ChannelRefusal(ChannelRefusals.NotVerified);
                pin =
                    how.Pin
                    ?? connections.PinOf(channel)
                    ?? RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
                await graph.RegisterAsync(channel.PhoneNumberId, token, pin, CancellationToken.None);
            }
            await graph.SubscribeAsync(
                channel.WabaId,
                token,
                await CallbackAsync(channel, how.CallbackUrl),
                CancellationToken.None
            );
        }
        catch (GraphException failed)
        {
            return GraphRefusal.Of(failed, ChannelRefusals.MetaRefused);
        }
        if (!await connections.SetConnectedAsync(channel, pin, clock.GetUtcNow()))
            return new ChannelRefusal(ChannelRefusals.ConnectedElsewhere);
        await GrainFactory.GetGrain<IDispatcherGrain>(this.GetPrimaryKeyString()).Start();
        await CatchUpAsync();
        return null;
    }

    // The deployment's app has one address for all; an account's own app is told where its webhooks go.
    private async Task<(string Url, string VerifyToken)?> CallbackAsync(ChannelRecord channel, string? url)
    {
        var app = await connections.AppAsync(channel.AppKey);
        return app.AccountId is null || url is null
            ? null
            : ($"{url}/{app.AppKey}", secrets.Reveal(app.VerifyToken, SecretPurpose.VerifyToken(app.AppKey)));
    }

    // It is connected whatever becomes of this: the next start of a silo does it as well.
    private async Task CatchUpAsync()
    {
        try
        {
            await ReadLimits();
            await SyncTemplates();
            await ReplayLeftovers();
        }
        catch (ChannelUnavailableException unreachable)
        {
            LogNotCaughtUp(logger, unreachable.Message);
        }
    }

    public async Task<ChannelRefusal?> Disconnect()
    {
        if (await channels.ByIdAsync(Key.Account, Key.Channel) is not { } channel)
            return new ChannelRefusal(ChannelRefusals.NotFound);
        if (channel.State != "connected")
            return null;
        var last = await connections.SetDisconnectedAsync(channel, clock.GetUtcNow());
        if (!last)
            return null;
        try
        {
            await graph.UnsubscribeAsync(channel.WabaId, tokens.Of(channel), CancellationToken.None);
        }
        catch (GraphException failed)
        {
            // With a revoked token it cannot be done, and need not: what Meta still sends finds no channel.
            LogNotUnsubscribed(logger, failed.Message);
        }
        return null;
    }

    public async Task<ChannelRefusal?> AskForHistory()
    {
        if (await channels.ByIdAsync(Key.Account, Key.Channel) is not { State: "connected" } channel)
            return new ChannelRefusal(ChannelRefusals.NotFound);
        try
        {
            var token = tokens.Of(channel);
            var number = await graph.NumberAsync(channel.PhoneNumberId, token, CancellationToken.None);
            if (!number.IsOnPhoneApp)
                return new ChannelRefusal(ChannelRefusals.NotOnPhoneApp);
            // Said first: the first of it may be here before Meta's answer is.
            await connections.SetHistoryAskedAsync(channel, clock.GetUtcNow());
            await graph.AskPhoneAppAsync(channel.PhoneNumberId, token, "history", CancellationToken.None);
            return null;
        }
        catch (GraphException failed)
        {
            var refusal = GraphRefusal.Of(failed, ChannelRefusals.MetaRefused);
            // Asked for already, here or elsewhere, or perhaps with this very call, it is under way. Otherwise nothing will come.
            if (refusal.Code is not (ChannelRefusals.HistoryAsked or ChannelRefusals.MetaUnreachable))
                await connections.SetHistoryAskedAsync(channel, channel.HistoryAskedAt);
            return refusal;
        }
    }

    public async Task<ChannelLook> Look()
    {
        if (await channels.ByIdAsync(Key.Account, Key.Channel) is not { } channel)
            return new ChannelLook(new ChannelRefusal(ChannelRefusals.NotFound));
        try
        {
            var token = tokens.Of(channel);
            var number = await graph.NumberAsync(channel.PhoneNumberId, token, CancellationToken.None);
            var profile = await graph.ProfileAsync(channel.PhoneNumberId, token, CancellationToken.None);
            await NoteLimitsAsync(channel, token, number);
            return new ChannelLook(
                null,
                number.VerifiedName,
                number.NameStatus,
                number.Quality,
                number.MessagingLimit,
                number.Throughput,
                number.Verification,
                number.Status,
                number.IsOnPhoneApp,
                new BusinessProfile(
                    profile.About,
                    profile.Address,
                    profile.Description,
                    profile.Email,
                    [.. profile.Websites ?? []],
                    profile.Vertical,
                    profile.PictureUrl
                )
            );
        }
        catch (GraphException failed)
        {
            return new ChannelLook(GraphRefusal.Of(failed, ChannelRefusals.MetaRefused));
        }
    }

    public async Task<bool> ReadLimits()
    {
        if (await channels.ByIdAsync(Key.Account, Key.Channel) is not { } channel)
            return false;
        try
        {
            var token = tokens.Of(channel);
            await NoteLimitsAsync(
                channel,
                token,
                await graph.NumberAsync(channel.PhoneNumberId, token, CancellationToken.None)
            );
            return true;
        }
        catch (GraphException failed)
        {
            LogLimitsUnread(logger, failed.Message);
            return false;
        }
    }

    private async Task NoteLimitsAsync(ChannelRecord channel, string token, GraphNumber number)
    {
        var waba = await graph.WabaAsync(channel.WabaId, token, CancellationToken.None);
        await channels.SetLimitsAsync(
            channel.Account,
            channel.Channel,
            new ChannelLimits(
                waba.BusinessId,
                waba.Verification,
                number.MessagingLimit,
                number.Throughput,
                number.IsOnPhoneApp
            ),
            clock.GetUtcNow()
        );
    }

    public async Task<ChannelRefusal?> ChangeProfile(BusinessProfile profile)
    {
        if (await channels.ByIdAsync(Key.Account, Key.Channel) is not { } channel)
            return new ChannelRefusal(ChannelRefusals.NotFound);
        try
        {
            var token = tokens.Of(channel);
            await graph.SetProfileAsync(
                channel.PhoneNumberId,
                token,
                new GraphProfile
                {
                    About = profile.About,
                    Address = profile.Address,
                    Description = profile.Description,
                    Email = profile.Email,
                    Websites = profile.Websites,
                    Vertical = profile.Vertical,
                    PictureHandle = profile.Picture is { } picture
                        ? await UploadToAppAsync(channel, token, picture)
                        : null,
                },
                CancellationToken.None
            );
            return null;
        }
        catch (GraphException failed)
        {
            return GraphRefusal.Of(failed, ChannelRefusals.MetaRefused);
        }
    }

    public async Task<ChannelCheck[]> Check()
    {
        if (await channels.ByIdAsync(Key.Account, Key.Channel) is not { } channel)
            return [];
        var checks = new List<ChannelCheck>();
        try
        {
            var token = tokens.Of(channel);
            var app = await connections.AppAsync(channel.AppKey);
            var secret = secrets.Reveal(app.AppSecret, SecretPurpose.AppSecret(app.AppKey));
            var facts = await graph.InspectTokenAsync(token, $"{app.AppId}|{secret}", CancellationToken.None);
            checks.Add(new ChannelCheck("token", facts.IsValid));
            if (!facts.IsValid)
                return [.. checks];
            var number = await graph.NumberAsync(channel.PhoneNumberId, token, CancellationToken.None);
            checks.Add(new ChannelCheck("number", number.Status is null or "CONNECTED", number.Status));
            var subscribers = await graph.SubscribersAsync(channel.WabaId, token, CancellationToken.None);
            checks.Add(new ChannelCheck("subscription", subscribers.Contains(app.AppId)));
        }
        catch (GraphException failed)
        {
            var step = checks.Count switch
            {
                0 => "token",
                1 => "number",
                _ => "subscription",
            };
            checks.Add(new ChannelCheck(step, Holds: false, failed.Failure?.Detail ?? failed.Message));
        }
        return [.. checks];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What Meta lets a number send could not be read: {Reason}")]
    private static partial void LogLimitsUnread(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A channel just connected could not be caught up with: {Reason}"
    )]
    private static partial void LogNotCaughtUp(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A disconnected channel's webhooks could not be ended: {Reason}"
    )]
    private static partial void LogNotUnsubscribed(ILogger logger, string reason);
}
