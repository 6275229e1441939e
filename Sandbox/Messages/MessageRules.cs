using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Media;

namespace Threadkeep.Sandbox.Messages;

/// <summary>What Meta refuses at once, before a message gets an id.</summary>
public static class MessageRules
{
    public const int MaxText = 4096;
    public const int MaxCaption = 1024;
    public const int MaxCallbackData = 512;
    private const int MaxContactCards = 257;

    public static readonly string[] MediaTypes = ["image", "video", "audio", "document", "sticker"];

    public static GraphError? Check(JsonObject body, string type, MediaStore media)
    {
        ArgumentNullException.ThrowIfNull(media);
        if (body.Text("biz_opaque_callback_data") is { Length: > MaxCallbackData })
            return TooLong("biz_opaque_callback_data", MaxCallbackData);
        if (type is not ("template" or "text" or "interactive" or "location" or "contacts" or "reaction"))
            return MediaTypes.Contains(type)
                ? CheckMedia(body, type, media)
                : GraphError.Of(131009, $"type: {type} is not a message type.");
        if (type == "contacts")
            return CheckContacts(body.Array("contacts"));
        if (body.Child(type) is not { } content)
            return GraphError.Of(131008, $"{type} is required for messages of type {type}.");
        return type switch
        {
            "text" => CheckText(content),
            "location" => CheckLocation(content),
            "reaction" when content.Text("message_id") is null => Missing("reaction.message_id"),
            "interactive" => InteractiveRules.Check(content),
            _ => null,
        };
    }

    /// <summary>A parameter that must be there.</summary>
    public static GraphError Missing(string field) => GraphError.Of(131008, $"{field} is required.");

    /// <summary>A text over its limit. The literal answer of Meta is not known: code and details by analogy.</summary>
    public static GraphError TooLong(string field, int max) =>
        GraphError.Of(
            131009,
            string.Create(CultureInfo.InvariantCulture, $"{field} must be at most {max} characters long.")
        );

    private static GraphError? CheckText(JsonObject text) =>
        text.Text("body") switch
        {
            null or "" => Missing("text.body"),
            { Length: > MaxText } => TooLong("text.body", MaxText),
            _ => null,
        };

    private static GraphError? CheckMedia(JsonObject body, string type, MediaStore media)
    {
        if (body.Child(type) is not { } content)
            return GraphError.Of(131008, $"{type} is required for messages of type {type}.");
        if (content.Text("caption") is { Length: > MaxCaption })
            return TooLong($"{type}.caption", MaxCaption);
        if (content.Text("id") is { } id)
            return media.Find(id) is null
                ? GraphError.Of(131009, $"{type}.id: media object {id} does not exist.")
                : null;
        return content.Text("link") is null ? GraphError.Of(131008, $"{type}.id or {type}.link is required.") : null;
    }

    private static GraphError? CheckLocation(JsonObject location)
    {
        if (!IsCoordinate(location.Text("latitude"), 90))
            return GraphError.Of(131009, "location.latitude must lie between -90 and 90.");
        return IsCoordinate(location.Text("longitude"), 180)
            ? null
            : GraphError.Of(131009, "location.longitude must lie between -180 and 180.");
    }

    private static bool IsCoordinate(string? text, double limit) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees)
        && Math.Abs(degrees) <= limit;

    private static GraphError? CheckContacts(JsonArray? contacts)
    {
        if (contacts is null or { Count: 0 })
            return Missing("contacts");
        if (contacts.Count > MaxContactCards)
            return GraphError.Of(131009, "contacts must hold at most 257 contacts.");
        return contacts.Objects().All(c => c.Child("name").Text("formatted_name") is not null)
            ? null
            : Missing("contacts.name.formatted_name");
    }
}
