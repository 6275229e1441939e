namespace Threadkeep.Channels;

/// <summary>Lets a business account have numbers. Key: the account. Holds no truth.</summary>
[Alias("ISignupGrain")]
public interface ISignupGrain : IGrainWithStringKey
{
    /// <summary>What a pop-up of embedded signup handed over: its code is exchanged, and the numbers are ready to be connected.</summary>
    [Alias("Finish")]
    Task<SignupResult> Finish(FinishedSignup signup);

    /// <summary>A number of an app of their own. Each part is checked with Meta before anything is stored.</summary>
    [Alias("Add")]
    Task<SignupResult> Add(ManualChannel channel);
}

/// <param name="Code">Valid for 30 seconds (Cloud API, "Onboarding").</param>
/// <param name="PhoneNumberId">Null: all numbers of the account.</param>
[GenerateSerializer, Immutable, Alias("FinishedSignup")]
public sealed record FinishedSignup(
    [property: Id(0)] string Code,
    [property: Id(1)] string WabaId,
    [property: Id(2)] string? PhoneNumberId
);

[GenerateSerializer, Immutable, Alias("ManualChannel")]
public sealed record ManualChannel(
    [property: Id(0)] string WabaId,
    [property: Id(1)] string PhoneNumberId,
    [property: Id(2)] string AccessToken,
    [property: Id(3)] string AppSecret
);

/// <param name="Channels">The channels that are ready, or were given a new token.</param>
/// <param name="Refusal">Null: none.</param>
[GenerateSerializer, Immutable, Alias("SignupResult")]
public sealed record SignupResult([property: Id(0)] Guid[] Channels, [property: Id(1)] ChannelRefusal? Refusal = null);

/// <summary>Why something about a channel cannot be done.</summary>
/// <param name="Code">Stable; see <see cref="ChannelRefusals"/>.</param>
/// <param name="Detail">Meta's words, where it said some.</param>
/// <param name="Channel">The channel that stands in the way.</param>
/// <param name="ChannelName">Its name.</param>
[GenerateSerializer, Immutable, Alias("ChannelRefusal")]
public sealed record ChannelRefusal(
    [property: Id(0)] string Code,
    [property: Id(1)] string? Detail = null,
    [property: Id(2)] Guid? Channel = null,
    [property: Id(3)] string? ChannelName = null
);

/// <summary>The codes of refusals; docs/api.md says what each means.</summary>
public static class ChannelRefusals
{
    public const string NoMetaApp = "no_meta_app";
    public const string CodeRefused = "signup_code_refused";
    public const string NotWabaAdmin = "not_waba_admin";
    public const string NoNumber = "no_number";
    public const string ConnectedHere = "number_connected_here";
    public const string ConnectedElsewhere = "number_connected_elsewhere";
    public const string WabaFull = "waba_full";
    public const string TokenWrong = "access_token_wrong";
    public const string SecretWrong = "app_secret_wrong";
    public const string WabaWrong = "waba_wrong";
    public const string NumberWrong = "phone_number_wrong";
    public const string NotVerified = "number_not_verified";
    public const string PinWrong = "pin_wrong";
    public const string PinLocked = "pin_locked";
    public const string RegisterLimit = "register_limit";
    public const string NotFound = "not_found";
    public const string NotOnPhoneApp = "not_on_phone_app";
    public const string HistoryAsked = "history_asked_already";
    public const string HistoryTooLate = "history_too_late";
    public const string MetaUnreachable = "meta_unreachable";
    public const string MetaRefused = "meta_refused";
}
