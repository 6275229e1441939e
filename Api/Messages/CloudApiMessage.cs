using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Threadkeep.Messages;

/// <summary>The body of a send: the Cloud API's own, without the address. For the description of the API; bodies are read as they come.</summary>
/// <param name="Type">text, image, video, audio, document, sticker, location, contacts, interactive, reaction or template.</param>
/// <param name="Context">The message that it answers.</param>
public sealed record CloudApiMessage(
    [property: Required] string Type,
    CloudApiContext? Context = null,
    CloudApiText? Text = null,
    CloudApiFile? Image = null,
    CloudApiFile? Video = null,
    CloudApiAudio? Audio = null,
    CloudApiDocument? Document = null,
    CloudApiSticker? Sticker = null,
    CloudApiLocation? Location = null,
    IReadOnlyList<CloudApiCard>? Contacts = null,
    CloudApiInteractive? Interactive = null,
    CloudApiReaction? Reaction = null,
    CloudApiTemplate? Template = null
);

/// <param name="MessageId">Its wamid; a message of the same thread.</param>
public sealed record CloudApiContext([property: Required, JsonPropertyName("message_id")] string MessageId);

public sealed record CloudApiText(
    [property: Required] string Body,
    [property: JsonPropertyName("preview_url")] bool? PreviewUrl = null
);

/// <param name="Id">From POST /media.</param>
public sealed record CloudApiFile([property: Required] string Id, string? Caption = null);

/// <param name="Voice">It plays as a voice message: Ogg with Opus, one channel.</param>
public sealed record CloudApiAudio([property: Required] string Id, bool? Voice = null);

public sealed record CloudApiDocument([property: Required] string Id, string? Caption = null, string? Filename = null);

public sealed record CloudApiSticker([property: Required] string Id);

public sealed record CloudApiLocation(
    [property: Required] double Latitude,
    [property: Required] double Longitude,
    string? Name = null,
    string? Address = null
);

public sealed record CloudApiCard(
    [property: Required] CloudApiCardName Name,
    IReadOnlyList<CloudApiCardPhone>? Phones = null,
    IReadOnlyList<CloudApiCardEmail>? Emails = null,
    CloudApiCardOrg? Org = null
);

public sealed record CloudApiCardName(
    [property: Required, JsonPropertyName("formatted_name")] string FormattedName,
    [property: JsonPropertyName("first_name")] string? FirstName = null,
    [property: JsonPropertyName("last_name")] string? LastName = null
);

public sealed record CloudApiCardPhone(
    string? Phone = null,
    string? Type = null,
    [property: JsonPropertyName("wa_id")] string? WaId = null
);

public sealed record CloudApiCardEmail(string? Email = null, string? Type = null);

public sealed record CloudApiCardOrg(string? Company = null, string? Department = null, string? Title = null);

/// <param name="Type">button, list, cta_url or location_request_message.</param>
/// <param name="Action">As in the Cloud API, by type.</param>
public sealed record CloudApiInteractive(
    [property: Required] string Type,
    [property: Required] CloudApiWords Body,
    [property: Required] System.Text.Json.Nodes.JsonObject Action,
    CloudApiHeader? Header = null,
    CloudApiWords? Footer = null
);

public sealed record CloudApiWords([property: Required] string Text);

/// <param name="Type">text.</param>
public sealed record CloudApiHeader([property: Required] string Type, [property: Required] string Text);

/// <param name="MessageId">The wamid of what it is for; a message of the same thread.</param>
/// <param name="Emoji">Empty: takes the reaction back.</param>
public sealed record CloudApiReaction(
    [property: Required, JsonPropertyName("message_id")] string MessageId,
    [property: Required] string Emoji
);

public sealed record CloudApiTemplate(
    [property: Required] string Name,
    [property: Required] CloudApiLanguage Language,
    IReadOnlyList<CloudApiComponent>? Components = null
);

public sealed record CloudApiLanguage([property: Required] string Code);

public sealed record CloudApiComponent(
    [property: Required] string Type,
    IReadOnlyList<CloudApiParameter>? Parameters = null
);

public sealed record CloudApiParameter(
    [property: Required] string Type,
    string? Text = null,
    [property: JsonPropertyName("parameter_name")] string? ParameterName = null
);
