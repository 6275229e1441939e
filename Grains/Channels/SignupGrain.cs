using Threadkeep.Accounts;
using Threadkeep.Storage;
using Threadkeep.WhatsApp;

namespace Threadkeep.Channels;

/// <summary>Lets one account have numbers: by embedded signup, or of an app of its own. One number after the other; Meta is asked before anything is stored.</summary>
[GrainType("signup")]
public sealed class SignupGrain(ConnectionStore connections, SecretBox secrets, GraphClient graph) : Grain, ISignupGrain
{
    private AccountId Account => new(Guid.ParseExact(this.GetPrimaryKeyString(), "N"));

    public async Task<SignupResult> Finish(FinishedSignup signup)
    {
        if (await connections.SignupAppAsync() is not { } app)
            return Refused(ChannelRefusals.NoMetaApp);
        var secret = secrets.Reveal(app.AppSecret, SecretPurpose.AppSecret(app.AppKey));
        string token;
        try
        {
            token = await graph.ExchangeCodeAsync(app.AppId, secret, signup.Code, CancellationToken.None);
        }
        catch (GraphException refused)
        {
            return Refused(GraphRefusal.Of(refused, ChannelRefusals.CodeRefused));
        }
        try
        {
            // Not what the pop-up says counts, but what Meta lets the token do.
            var facts = await graph.InspectTokenAsync(token, $"{app.AppId}|{secret}", CancellationToken.None);
            if (!facts.Wabas.Contains(signup.WabaId))
                return Refused(ChannelRefusals.NotWabaAdmin);
            var numbers = await graph.NumbersAsync(signup.WabaId, token, CancellationToken.None);
            var chosen = numbers.Where(n => signup.PhoneNumberId is null || n.Id == signup.PhoneNumberId).ToList();
            if (chosen.Count == 0)
                return Refused(ChannelRefusals.NoNumber);
            var ready = new List<Guid>();
            ChannelRefusal? refusal = null;
            foreach (var number in chosen)
            {
                var added = await AddAsync(app.AppKey, signup.WabaId, number, token);
                ready.AddRange(added.Channels);
                refusal ??= added.Refusal;
            }
            // Of several numbers those that are free are taken; what stood in the way of the others is of interest only where it stood in all.
            return new SignupResult([.. ready], ready.Count == 0 ? refusal : null);
        }
        catch (GraphException refused)
        {
            return Refused(GraphRefusal.Of(refused, ChannelRefusals.MetaRefused));
        }
    }

    public async Task<SignupResult> Add(ManualChannel channel)
    {
        TokenFacts facts;
        try
        {
            facts = await graph.InspectTokenAsync(channel.AccessToken, channel.AccessToken, CancellationToken.None);
        }
        catch (GraphException refused)
        {
            return Refused(GraphRefusal.Of(refused, ChannelRefusals.TokenWrong));
        }
        if (!facts.IsValid)
            return Refused(ChannelRefusals.TokenWrong);
        try
        {
            await graph.InspectTokenAsync(
                channel.AccessToken,
                $"{facts.AppId}|{channel.AppSecret}",
                CancellationToken.None
            );
        }
        catch (GraphException refused)
        {
            return Refused(GraphRefusal.Of(refused, ChannelRefusals.SecretWrong));
        }
        IReadOnlyList<GraphNumber> numbers;
        try
        {
            numbers = await graph.NumbersAsync(channel.WabaId, channel.AccessToken, CancellationToken.None);
        }
        catch (GraphException refused)
        {
            return Refused(GraphRefusal.Of(refused, ChannelRefusals.WabaWrong));
        }
        if (numbers.FirstOrDefault(n => n.Id == channel.PhoneNumberId) is not { } number)
            return Refused(ChannelRefusals.NumberWrong);
        var app = await connections.AppKeyAsync(Account, facts.AppId, channel.AppSecret);
        return await AddAsync(app, channel.WabaId, number, channel.AccessToken);
    }

    private async Task<SignupResult> AddAsync(string appKey, string wabaId, GraphNumber number, string token)
    {
        var added = await connections.AddAsync(
            Account,
            new NewChannel(
                appKey,
                wabaId,
                number.Id,
                number.DisplayPhoneNumber,
                number.VerifiedName.Length > 0 ? number.VerifiedName : number.DisplayPhoneNumber,
                token
            )
        );
        return added.Refusal is null
            ? new SignupResult([added.Channel])
            : Refused(
                added.Channel == Guid.Empty
                    ? new ChannelRefusal(added.Refusal)
                    : new ChannelRefusal(added.Refusal, Channel: added.Channel, ChannelName: added.Name)
            );
    }

    private static SignupResult Refused(string code) => Refused(new ChannelRefusal(code));

    private static SignupResult Refused(ChannelRefusal refusal) => new([], refusal);
}
