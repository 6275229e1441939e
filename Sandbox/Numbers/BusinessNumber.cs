using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Numbers;

/// <summary>One business number as Meta keeps it.</summary>
/// <param name="PhoneNumberId">Meta's id of the number.</param>
/// <param name="WabaId">The WhatsApp Business account that holds it.</param>
/// <param name="DisplayPhoneNumber">The number as people write it.</param>
/// <param name="VerifiedName">The name customers see.</param>
/// <param name="Registered">False: sending answers 133010.</param>
/// <param name="Pin">Two-step code set at registration, six digits.</param>
/// <param name="Profile">Members of the business profile, in Meta's snake_case.</param>
/// <param name="Verified">False: the code that was sent to it has not been entered yet.</param>
/// <param name="OnPhoneApp">It stays in the WhatsApp Business app as well.</param>
/// <param name="CallbackUri">Where its webhooks go instead of its account's address and the app's.</param>
public sealed record BusinessNumber(
    string PhoneNumberId,
    string WabaId,
    string DisplayPhoneNumber,
    string VerifiedName,
    bool Registered,
    string? Pin,
    JsonObject Profile,
    bool Verified = true,
    bool OnPhoneApp = false,
    string? CallbackUri = null
)
{
    /// <summary>The number as webhooks write it: digits only.</summary>
    public string Digits => string.Concat(DisplayPhoneNumber.Where(char.IsAsciiDigit));
}

/// <summary>What Meta keeps of a WhatsApp Business account.</summary>
/// <param name="WabaId">Its id.</param>
/// <param name="Subscribed">False: no webhook arrives.</param>
/// <param name="Name">Null: that of its first number.</param>
/// <param name="BusinessId">The portfolio that it belongs to; null: the first one.</param>
/// <param name="CallbackUri">Where its webhooks go instead of the app's address.</param>
public sealed record Waba(
    string WabaId,
    bool Subscribed,
    string? Name = null,
    string? BusinessId = null,
    string? CallbackUri = null
);
