using Threadkeep.Storage;

namespace Threadkeep.Channels;

/// <summary>A channel's token for Meta, revealed only where a call needs it.</summary>
public sealed class ChannelTokens(SecretBox secrets)
{
    public string Of(ChannelRecord channel) =>
        secrets.Reveal(channel.AccessToken, SecretPurpose.AccessToken(channel.Id));
}
