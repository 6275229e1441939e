namespace Threadkeep.Channels;

/// <summary>One channel's dealings with Meta outside messages. Key: <see cref="Accounts.GrainKeys.Channel"/>.</summary>
[Alias("IChannelGrain")]
public interface IChannelGrain : IGrainWithStringKey
{
    /// <summary>Fetches the WABA's templates from Meta and makes the stored ones equal. Returns how many there are.</summary>
    /// <exception cref="ChannelUnavailableException">Meta could not be reached or refused the token.</exception>
    [Alias("SyncTemplates")]
    Task<int> SyncTemplates();

    /// <summary>Replays the leftovers of this number that came before the channel was known. Returns how many found their place.</summary>
    [Alias("ReplayLeftovers")]
    Task<int> ReplayLeftovers();
}

/// <summary>Meta could not be reached for this channel, or refused it; the message says which.</summary>
[GenerateSerializer, Alias("ChannelUnavailableException")]
public sealed class ChannelUnavailableException : Exception
{
    public ChannelUnavailableException() { }

    public ChannelUnavailableException(string message)
        : base(message) { }

    public ChannelUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}
