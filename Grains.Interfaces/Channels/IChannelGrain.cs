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

    /// <summary>Subscribes its webhooks and registers the number. Repeating it is harmless. Null: it is connected.</summary>
    [Alias("Connect")]
    Task<ChannelRefusal?> Connect(ConnectChannel how);

    /// <summary>Its webhooks stop and nothing is sent any more; its threads stay. Null: it is disconnected.</summary>
    [Alias("Disconnect")]
    Task<ChannelRefusal?> Disconnect();

    /// <summary>What Meta says of the number now.</summary>
    [Alias("Look")]
    Task<ChannelLook> Look();

    /// <summary>Asks Meta what it lets the number send, and notes it. False: Meta did not say.</summary>
    [Alias("ReadLimits")]
    Task<bool> ReadLimits();

    /// <summary>Changes what customers see of the business. Null: done.</summary>
    [Alias("ChangeProfile")]
    Task<ChannelRefusal?> ChangeProfile(BusinessProfile profile);

    /// <summary>Walks token, number and subscription, each as far as the one before holds.</summary>
    [Alias("Check")]
    Task<ChannelCheck[]> Check();

    /// <summary>Asks Meta for the chats that the phone app holds from before; they come by webhooks. Null: asked.</summary>
    [Alias("AskForHistory")]
    Task<ChannelRefusal?> AskForHistory();

    /// <summary>Hands a template in for Meta's review, or in anew where it names one.</summary>
    [Alias("SubmitTemplate")]
    Task<TemplateResult> SubmitTemplate(TemplateSubmission submission);

    /// <summary>Deletes one language of a template at Meta and here. Null: it is gone.</summary>
    [Alias("DeleteTemplate")]
    Task<ChannelRefusal?> DeleteTemplate(string graphId, string name);
}

/// <param name="GraphId">Meta's id of the template that is changed; null: a new one.</param>
/// <param name="Components">Meta's JSON, the header's sample apart.</param>
/// <param name="HeaderFile">The sample of a header that is a file.</param>
[GenerateSerializer, Immutable, Alias("TemplateSubmission")]
public sealed record TemplateSubmission(
    [property: Id(0)] string? GraphId,
    [property: Id(1)] string Name,
    [property: Id(2)] string Language,
    [property: Id(3)] string Category,
    [property: Id(4)] string Format,
    [property: Id(5)] string Components,
    [property: Id(6)] Threads.StoredMedia? HeaderFile
);

/// <param name="GraphId">Meta's id; null where it refused.</param>
[GenerateSerializer, Immutable, Alias("TemplateResult")]
public sealed record TemplateResult(
    [property: Id(0)] string? GraphId,
    [property: Id(1)] ChannelRefusal? Refusal = null
);

/// <param name="Pin">Six digits: the number's two-step code; null: the one that is known, or a new one.</param>
/// <param name="CallbackUrl">Where webhooks of an app of the account's own go, without the app's key; null: it is not known.</param>
[GenerateSerializer, Immutable, Alias("ConnectChannel")]
public sealed record ConnectChannel([property: Id(0)] string? Pin, [property: Id(1)] string? CallbackUrl);

/// <summary>A number as Meta describes it, in Meta's words; null where Meta said nothing.</summary>
/// <param name="Refusal">Why Meta said nothing; null: it answered.</param>
[GenerateSerializer, Immutable, Alias("ChannelLook")]
public sealed record ChannelLook(
    [property: Id(0)] ChannelRefusal? Refusal,
    [property: Id(1)] string? VerifiedName = null,
    [property: Id(2)] string? NameStatus = null,
    [property: Id(3)] string? Quality = null,
    [property: Id(4)] string? MessagingLimit = null,
    [property: Id(5)] string? Throughput = null,
    [property: Id(6)] string? Verification = null,
    [property: Id(7)] string? Status = null,
    [property: Id(8)] bool IsOnPhoneApp = false,
    [property: Id(9)] BusinessProfile? Profile = null
);

/// <summary>What customers see of a business. Limits: Cloud API, "Limits".</summary>
/// <param name="Websites">Asked: null where they stay as they are. Told: never null.</param>
/// <param name="PictureUrl">Where Meta shows the picture; never asked for.</param>
/// <param name="Picture">Another picture; null: it stays. Never told.</param>
[GenerateSerializer, Immutable, Alias("BusinessProfile")]
public sealed record BusinessProfile(
    [property: Id(0)] string? About,
    [property: Id(1)] string? Address,
    [property: Id(2)] string? Description,
    [property: Id(3)] string? Email,
    [property: Id(4)] string[]? Websites,
    [property: Id(5)] string? Vertical,
    [property: Id(6)] string? PictureUrl = null,
    [property: Id(7)] Threads.StoredMedia? Picture = null
);

/// <param name="Step">token, number, subscription or webhook.</param>
/// <param name="Detail">What was wrong; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("ChannelCheck")]
public sealed record ChannelCheck(
    [property: Id(0)] string Step,
    [property: Id(1)] bool Holds,
    [property: Id(2)] string? Detail = null
);

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
