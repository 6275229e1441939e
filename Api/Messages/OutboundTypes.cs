using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.Media;
using Threadkeep.Threads;

namespace Threadkeep.Messages;

/// <summary>Reads and checks the content of one type of message.</summary>
internal delegate Task<SendRequest> ReadOutbound(JsonObject json, AcceptMessage message, SendContext context);

/// <summary>Every type of message that can be sent, with what reads it. What is not here is refused.</summary>
internal static class OutboundTypes
{
    private const int MaxCaption = 1_024;
    private const int MaxCards = 257;
    private const int MaxPlaceText = 1_000;
    private const int MaxFileName = 240;

    public static readonly IReadOnlyDictionary<string, ReadOutbound> All = new Dictionary<string, ReadOutbound>
    {
        ["text"] = (json, message, _) => Task.FromResult(SendRequest.ReadText(json, message)),
        ["image"] = ReadFileAsync,
        ["video"] = ReadFileAsync,
        ["audio"] = ReadFileAsync,
        ["document"] = ReadFileAsync,
        ["sticker"] = ReadFileAsync,
        ["location"] = (json, message, _) => Task.FromResult(ReadLocation(json, message)),
        ["contacts"] = (json, message, _) => Task.FromResult(ReadContacts(json, message)),
        ["interactive"] = (json, message, _) => Task.FromResult(OutboundInteractive.Read(json, message)),
        ["reaction"] = ReadReactionAsync,
        ["template"] = OutboundTemplate.ReadAsync,
    };

    private static async Task<SendRequest> ReadFileAsync(JsonObject json, AcceptMessage message, SendContext context)
    {
        var type = message.Type;
        var content = json[type];
        if (SendRequest.Text(content, "id") is not { } id)
            return SendRequest.Invalid($"{type}.id must be an id that POST /media answered.");
        var isVoice = type == "audio" && content?["voice"]?.GetValueKind() == JsonValueKind.True;
        var sendable = SendableFiles.Of(isVoice ? "voice" : type)!;
        var caption = SendRequest.Text(content, "caption");
        if (caption is not null && !sendable.TakesCaption)
            return SendRequest.Invalid($"{type} takes no caption.");
        if (caption?.Length > MaxCaption)
            return SendRequest.TooLong($"{type}.caption", MaxCaption);
        var name = SendRequest.Text(content, "filename");
        if (name is not null && type != "document")
            return SendRequest.Invalid("Only a document has a filename.");
        if (name?.Length > MaxFileName)
            return SendRequest.TooLong("document.filename", MaxFileName);
        var (file, refused) = await FindFileAsync(id, sendable, context);
        if (file is null)
            return new SendRequest(null, refused);
        // Without a name of its own the phone would show Meta's.
        if (type == "document" && (name ??= file.FileName) is not null)
            content!["filename"] = name;
        return new SendRequest(
            message with
            {
                Text = caption,
                Media = file with { FileName = name ?? file.FileName },
            },
            null
        );
    }

    /// <summary>A file that was uploaded here and that WhatsApp takes; or why not.</summary>
    internal static async Task<(StoredMedia? File, ProblemHttpResult? Problem)> FindFileAsync(
        string id,
        SendableFiles sendable,
        SendContext context
    )
    {
        if (id.Length != 64 || await context.Media.FindAsync(context.Scope, id) is not { } known)
            return (null, Problems.Of(422, "media_not_found", "There is no such file: upload it first."));
        var file = known.Media;
        var refused = MediaProblems.OfScan(known.Scan, file) ?? sendable.Refuse(file.MimeType, file.Size);
        if (refused is not null)
            return (null, refused);
        return await context.Media.HoldAsync(context.Scope.Account, id)
            ? (file, null)
            : (null, Problems.Of(422, "media_not_found", "There is no such file: upload it first."));
    }

    private static SendRequest ReadLocation(JsonObject json, AcceptMessage message)
    {
        var place = json["location"] as JsonObject;
        return Place(place, "location")
            ?? new SendRequest(
                message with
                {
                    Text = SendRequest.Text(place, "name") ?? SendRequest.Text(place, "address"),
                },
                null
            );
    }

    /// <summary>What is wrong with a place; null where nothing is. Its degrees are numbers then.</summary>
    internal static SendRequest? Place(JsonObject? place, string field)
    {
        if (
            !TryDegrees(place?["latitude"], 90, out var latitude)
            || !TryDegrees(place?["longitude"], 180, out var longitude)
        )
            return SendRequest.Invalid($"{field} needs latitude (-90 to 90) and longitude (-180 to 180).");
        var (name, address) = (SendRequest.Text(place, "name"), SendRequest.Text(place, "address"));
        foreach (var (part, text) in new[] { ("name", name), ("address", address) })
        {
            if (text?.Length > MaxPlaceText)
                return SendRequest.TooLong($"{field}.{part}", MaxPlaceText);
        }
        // Meta shows the address only under a name.
        if (address is not null && name is null)
            return SendRequest.Invalid($"{field}.address needs {field}.name.");
        place!["latitude"] = latitude;
        place["longitude"] = longitude;
        return null;
    }

    private static bool TryDegrees(JsonNode? node, double most, out double degrees)
    {
        degrees = 0;
        return node is JsonValue value
            && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out degrees)
            && Math.Abs(degrees) <= most;
    }

    private static SendRequest ReadContacts(JsonObject json, AcceptMessage message)
    {
        if (json["contacts"] is not JsonArray { Count: > 0 and <= MaxCards } cards)
            return SendRequest.Invalid($"contacts must hold 1 to {MaxCards} cards.");
        var names = cards.Select(c => SendRequest.Text((c as JsonObject)?["name"], "formatted_name")).ToArray();
        if (names.Any(string.IsNullOrWhiteSpace))
            return SendRequest.Invalid("Each of contacts needs name.formatted_name.");
        return new SendRequest(message with { Text = string.Join(", ", names.Take(3)) }, null);
    }

    private static async Task<SendRequest> ReadReactionAsync(
        JsonObject json,
        AcceptMessage message,
        SendContext context
    )
    {
        if (SendRequest.Text(json["reaction"], "message_id") is not { } wamid)
            return SendRequest.Invalid("reaction.message_id must be the wamid of a message of this thread.");
        var emoji = SendRequest.Text(json["reaction"], "emoji") ?? "";
        // One sign, however many code points it is made of.
        if (emoji.Length > 64 || new StringInfo(emoji).LengthInTextElements > 1)
            return SendRequest.Invalid("reaction.emoji must be one emoji; an empty text takes the reaction back.");
        if (!await context.KnowsAsync(wamid))
            return SendRequest.NoSuchMessage();
        json["reaction"] = new JsonObject { ["message_id"] = wamid, ["emoji"] = emoji };
        return new SendRequest(message with { Text = emoji.Length == 0 ? null : emoji, ContextWamid = wamid }, null);
    }
}
