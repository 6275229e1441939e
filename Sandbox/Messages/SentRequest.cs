using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Messages;

/// <summary>One <c>POST /messages</c> as it was asked, accepted or not.</summary>
/// <param name="Id">Ours, ascending.</param>
/// <param name="PhoneNumberId">The number it was asked of.</param>
/// <param name="Wamid">The id it got; null if it was not accepted.</param>
/// <param name="To">Receiver: digits, or a user id.</param>
/// <param name="Type">Message type; <c>read</c> for read receipts.</param>
/// <param name="Body">The body, whole.</param>
/// <param name="BizOpaqueCallbackData">The caller's own data.</param>
/// <param name="At">When it came, UTC.</param>
/// <param name="Accepted">True once a wamid was given, even if the answer never left.</param>
/// <param name="HttpStatus">Status of the answer; null while it waits, or if there was none.</param>
public sealed record SentRequest(
    string Id,
    string PhoneNumberId,
    string? Wamid,
    string To,
    string Type,
    JsonNode? Body,
    string? BizOpaqueCallbackData,
    DateTimeOffset At,
    bool Accepted,
    int? HttpStatus
)
{
    public const string Receipt = "read";
}
