using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Mail;
using Threadkeep.Operations;
using Threadkeep.Storage;
using Threadkeep.WhatsApp;

namespace Threadkeep.Channels;

/// <summary>
/// Walks the way of a message: Meta is asked about token, number and subscription; a body signed as Meta signs goes to our own public
/// address; then a message of the number to itself does, and has to be stored by the time it is acknowledged. Such a message is noted in
/// the channel's event log and makes no thread.
/// </summary>
public sealed class ChannelSelfTest(
    ChannelQueries channels,
    SecretBox secrets,
    IOptions<ConsoleOptions> console,
    IOptions<GraphOptions> graph,
    TimeProvider clock
)
{
    /// <returns>The steps that were taken; the message is sent only where all before it hold.</returns>
    public async Task<IReadOnlyList<ChannelCheck>> WalkAsync(
        AccountId account,
        ChannelListRow channel,
        IChannelGrain grain,
        CancellationToken cancellation
    )
    {
        var steps = new List<ChannelCheck>(await grain.Check());
        var app = (await channels.AppsAsync()).First(a => a.AppKey == channel.AppKey);
        var secret = secrets.Reveal(app.AppSecret, SecretPurpose.AppSecret(app.AppKey));
        using var address = new PublicAddress(console.Value.Address, graph.Value.IsMeta);
        steps.Add(await TakesSignedAsync(address, app.AppKey, secret, cancellation));
        if (channel.State == "connected" && steps.TrueForAll(s => s.Holds))
            steps.Add(await KeepsMessageAsync(address, account, channel, secret, cancellation));
        return steps;
    }

    private async Task<ChannelCheck> TakesSignedAsync(
        PublicAddress address,
        string appKey,
        string secret,
        CancellationToken cancellation
    )
    {
        const string Step = "webhook";
        if (PublicAddress.HookOf(console.Value.Address) is null)
            return new ChannelCheck(Step, Holds: false, "Console:Address is not configured.");
        var (state, found) = await address.TakesSignedAsync(secret, cancellation, appKey) switch
        {
            { State: "ok" } => (true, null),
            { } failed => (false, failed.Found ?? failed.Code),
        };
        return new ChannelCheck(Step, state, found);
    }

    private async Task<ChannelCheck> KeepsMessageAsync(
        PublicAddress address,
        AccountId account,
        ChannelListRow channel,
        string secret,
        CancellationToken cancellation
    )
    {
        const string Step = "message";
        var wamid = $"wamid.self-test.{Guid.NewGuid():N}";
        var body = MessageToItself(channel, wamid, clock.GetUtcNow()).ToJsonString();
        var (status, told) = await address.PostSignedAsync(secret, body, cancellation, channel.AppKey);
        if (status != 200)
            return new ChannelCheck(Step, Holds: false, status is null ? told : $"HTTP {status}");
        return new ChannelCheck(Step, await channels.HasEventAsync(account, channel.Id, wamid));
    }

    // Cloud API, "Webhooks": a text, from the number that it is addressed to.
    private static JsonObject MessageToItself(ChannelListRow channel, string wamid, DateTimeOffset at)
    {
        var own = NumberForms.Digits(channel.DisplayPhoneNumber);
        return new JsonObject
        {
            ["object"] = "whatsapp_business_account",
            ["entry"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = channel.WabaId,
                    ["changes"] = new JsonArray(
                        new JsonObject
                        {
                            ["field"] = "messages",
                            ["value"] = new JsonObject
                            {
                                ["messaging_product"] = "whatsapp",
                                ["metadata"] = new JsonObject
                                {
                                    ["display_phone_number"] = own,
                                    ["phone_number_id"] = channel.PhoneNumberId,
                                },
                                ["contacts"] = new JsonArray(
                                    new JsonObject
                                    {
                                        ["profile"] = new JsonObject { ["name"] = channel.Name },
                                        ["wa_id"] = own,
                                    }
                                ),
                                ["messages"] = new JsonArray(
                                    new JsonObject
                                    {
                                        ["from"] = own,
                                        ["id"] = wamid,
                                        ["timestamp"] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                                        ["type"] = "text",
                                        ["text"] = new JsonObject { ["body"] = "Self-test" },
                                    }
                                ),
                            },
                        }
                    ),
                }
            ),
        };
    }
}
