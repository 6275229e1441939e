using System.Collections.Frozen;

namespace Threadkeep.Sandbox.Graph;

/// <summary>Meta's error codes with the HTTP status and title of its published list (12 December 2025).</summary>
public static class ErrorTable
{
    /// <param name="HttpStatus">Status of a synchronous answer; webhook-only codes have 400.</param>
    /// <param name="Title">Title, also the message behind <c>(#code)</c>.</param>
    /// <param name="Details">Usual <c>error_data.details</c>.</param>
    public sealed record Entry(int HttpStatus, string Title, string Details);

    public static Entry Find(int code) =>
        Entries.GetValueOrDefault(code) ?? new Entry(400, "Something went wrong", "Error asked for at the Sandbox.");

    private static readonly FrozenDictionary<int, Entry> Entries = new Dictionary<int, Entry>
    {
        [0] = new(401, "AuthException", "We were unable to authenticate the app user."),
        [1] = new(400, "API Unknown", "Invalid request or possible server error."),
        [2] = new(503, "API Service", "Temporary due to downtime or due to being overloaded."),
        [3] = new(500, "API Method", "Capability or permissions issue."),
        [4] = new(400, "API Too Many Calls", "The app has reached its API call rate limit."),
        [10] = new(403, "API Permission Denied", "Permission is either not granted or has been removed."),
        [33] = new(400, "Parameter value is not valid", "The business phone number has been deleted."),
        [100] = new(400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
        [190] = new(401, "Access token has expired", "Your access token has expired."),
        [200] = new(403, "API Permission", "Permission is either not granted or has been removed."),
        [368] = new(403, "Temporarily blocked for policies violations", "The account has been restricted."),
        [613] = new(400, "Calls to this api have exceeded the rate limit", "Too many calls."),
        [80007] = new(400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
        [130403] = new(400, "User is blocked", "The business has blocked this user."),
        [130429] = new(400, "Rate limit hit", "Cloud API message throughput has been reached."),
        [130472] = new(400, "User's number is part of an experiment", "Message was not sent as part of an experiment."),
        [130497] = new(
            403,
            "Business account is restricted from messaging users in this country",
            "The account may not message users in this country."
        ),
        [131000] = new(500, "Something went wrong", "Message failed to send due to an unknown error."),
        [131005] = new(403, "Access denied", "Permission is either not granted or has been removed."),
        [131008] = new(400, "Required parameter is missing", "The request is missing a required parameter."),
        [131009] = new(400, "Parameter value is not valid", "One or more parameter values are invalid."),
        [131016] = new(500, "Service unavailable", "A service is temporarily unavailable."),
        [131021] = new(400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
        [131026] = new(400, "Message undeliverable", "Message Undeliverable."),
        [131030] = new(400, "Recipient phone number not in allowed list", "Add the recipient to the allowed list."),
        [131031] = new(403, "Business Account locked", "The account has been locked for a policy violation."),
        [131037] = new(400, "Display name approval needed", "The 555 number needs an approved display name."),
        [131042] = new(400, "Business eligibility payment issue", "There was an error with the payment method."),
        [131045] = new(500, "Incorrect certificate", "Message failed to send due to a registration error."),
        [131047] = new(
            400,
            "Re-engagement message",
            "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
        ),
        [131048] = new(400, "Spam rate limit hit", "Too many previous messages were blocked or flagged as spam."),
        [131049] = new(
            400,
            "This message was not delivered to maintain healthy ecosystem engagement",
            "In order to maintain a healthy ecosystem engagement, the message failed to be delivered."
        ),
        [131050] = new(400, "User's has stopped receiving marketing messages", "The user stopped marketing messages."),
        [131051] = new(400, "Message type unknown", "Message type is currently not supported."),
        [131052] = new(400, "Media download error", "Unable to download the media sent by the user."),
        [131053] = new(400, "Media upload error", "Unable to upload the media used in the message."),
        [131056] = new(
            400,
            "(Business Account, Consumer Account) pair rate limit hit",
            "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time."
        ),
        [131057] = new(500, "Account in maintenance mode", "Business Account is in maintenance mode."),
        [131060] = new(400, "This message is currently unavailable.", "This message is currently unavailable."),
        [131062] = new(400, "Business-scoped user id not supported", "Recipient is not supported for this message."),
        [131063] = new(400, "Marketing templates disabled", "Marketing templates are disabled on Cloud API."),
        [131064] = new(400, "Classification violations limit", "The limit of classification violations was reached."),
        [2593107] = new(400, "Sync request limit exceeded", "The synchronisation was asked for already."),
        [2593108] = new(
            400,
            "Sync request outside the allowed time",
            "The number was onboarded more than 24 hours ago."
        ),
        [2593109] = new(400, "History sharing declined", "History sharing is turned off by the business."),
        [132000] = new(
            400,
            "Number of parameters does not match the expected number of params",
            "The number of variable parameter values did not match the template."
        ),
        [132001] = new(404, "Template name does not exist in the translation", "The template does not exist."),
        [132005] = new(400, "Translated text too long", "Translated text is too long."),
        [132007] = new(400, "Template format character policy violated", "Template content violates a policy."),
        [132012] = new(
            400,
            "Parameter format does not match format in the created template",
            "Variable parameter values formatted incorrectly."
        ),
        [132015] = new(400, "Template is paused", "Template is paused due to low quality."),
        [132016] = new(400, "Template is disabled", "Template has been paused too many times due to low quality."),
        [132018] = new(400, "Template parameter validation", "A template parameter is not valid."),
        [132068] = new(400, "Flow is blocked", "Flow is in blocked state."),
        [132069] = new(400, "Flow is throttled", "Flow is in throttled state."),
        [133000] = new(500, "Incomplete deregistration", "A previous deregistration attempt failed."),
        [133004] = new(503, "Server temporarily unavailable", "Server is temporarily unavailable."),
        [133005] = new(400, "Two step verification PIN mismatch", "Two-step verification PIN is incorrect."),
        [133006] = new(400, "Phone number re-verification needed", "Phone number needs to be verified first."),
        [136024] = new(400, "Request code error", "The code could not be sent."),
        [136025] = new(400, "Verify code error", "The code could not be verified."),
        [133010] = new(
            400,
            "Phone number not registered",
            "Phone number not registered on the WhatsApp Business Platform."
        ),
        [133016] = new(400, "Account register deregister rate limit exceeded", "Too many attempts in 72 hours."),
        [134011] = new(400, "Payments terms not accepted", "Accept the terms of service first."),
        [139100] = new(400, "Failed to block/unblock users", "Some of the users could not be blocked or unblocked."),
        [139101] = new(400, "Block list limit reached", "The list of blocked users is full."),
        [139102] = new(400, "Block list concurrent update", "The list of blocked users is being changed; try again."),
        [139103] = new(400, "Internal error", "The list of blocked users could not be changed."),
        [135000] = new(400, "Generic user error", "Message failed to send because of an unknown parameter error."),
        [137000] = new(400, "Recipient identity hash mismatch", "The identity key hash does not match."),
    }.ToFrozenDictionary();
}
