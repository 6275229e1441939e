using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Threadkeep.WhatsApp.Webhooks;

/// <summary>Reads webhook bodies (Cloud API, "Webhooks"). Tolerant: an item it cannot read never hides its neighbours.</summary>
public static partial class WebhookParser
{
    /// <summary>Longer texts are cut; the raw event keeps them whole.</summary>
    public const int MaxTextLength = 65_536;

    private const int MaxNameLength = 1_024;

    // Far beyond anything Meta nests: a message deeper than its neighbours expect must not hide them.
    private const int MaxDepth = 1_000;
    private const int MaxIdLength = 64;
    private const int MaxPriceWord = 64;

    /// <summary>
    /// Meta aggregates up to 1,000 updates (Cloud API, "Delivery semantics"), and ten times as many of its own would not fit into
    /// its largest body. A body of more is not Meta's: it must not keep the cluster busy for minutes.
    /// </summary>
    public const int MaxItems = 10_000;

    /// <summary>Flattens a body that <see cref="JsonCleaner"/> has cleaned.</summary>
    /// <exception cref="JsonException">It is not JSON, or holds more than <see cref="MaxItems"/> items.</exception>
    public static WebhookBody Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        var numbers = new Dictionary<string, Builder>();
        var others = new List<OtherEvent>();
        var count = 0;
        foreach (var entry in Items(document.RootElement, "entry"))
        {
            var waba = Text(entry, "id") ?? "";
            foreach (var change in Items(entry, "changes"))
            {
                var value = Object(change, "value");
                var number = Text(Object(value, "metadata"), "phone_number_id");
                // One without an item is nothing that a number could take; it is kept as it is.
                if (number is { Length: <= MaxIdLength } && ReaderOf(Text(change, "field"), value) is { } field)
                {
                    count += field.Count;
                    if (count <= MaxItems)
                        field.Read(
                            value,
                            numbers.TryGetValue(number, out var known) ? known : numbers[number] = new Builder()
                        );
                }
                else
                    others.Add(
                        new OtherEvent(Cut(Text(change, "field") ?? "", 64)!, waba, Raw(change), Seconds(entry, "time"))
                    );
                if (++count > MaxItems)
                    throw new JsonException($"More than {MaxItems} items");
            }
        }
        return new WebhookBody([.. numbers.Select(n => n.Value.Build(n.Key))], others);
    }

    // The fields whose items belong to a number's customers; null for the others, and for one without items.
    private static (int Count, Action<JsonElement, Builder> Read)? ReaderOf(string? field, JsonElement value)
    {
        (int Count, Action<JsonElement, Builder> Read)? found = field switch
        {
            "messages" => (Length(value, "messages") + Length(value, "statuses") + Length(value, "errors"), Read),
            "user_id_update" => (Length(value, "user_id_update"), ReadUserIds),
            "user_preferences" => (Length(value, "user_preferences"), ReadPreferences),
            "smb_message_echoes" => (Length(value, "message_echoes"), ReadEchoes),
            "history" => (HistoryOf(value).Sum(t => Length(t, "messages")), ReadHistory),
            "calls" => (CallsOf(value).Count(), ReadCalls),
            _ => null,
        };
        return found is { Count: > 0 } ? found : null;
    }

    private static void Read(JsonElement value, Builder into)
    {
        var contacts = new Contacts(Items(value, "contacts"));
        foreach (var message in Items(value, "messages"))
            ReadMessage(message, contacts, into);
        foreach (var status in Items(value, "statuses"))
            ReadStatus(status, into);
        foreach (var error in Items(value, "errors"))
            into.Unreadable.Add(new UnreadableEvent("error", "Meta reports an error of its own", Raw(error)));
    }

    private static int Length(JsonElement value, string name) =>
        Object(value, name) is { ValueKind: JsonValueKind.Array } items ? items.GetArrayLength() : 0;

    // What the business wrote in its phone app: as a customer's message, the other way round.
    private static void ReadEchoes(JsonElement value, Builder into)
    {
        var contacts = new Contacts(Items(value, "contacts"));
        foreach (var echo in Items(value, "message_echoes"))
            ReadMessage(echo, contacts, into, fromUs: true);
    }

    private static void ReadHistory(JsonElement value, Builder into)
    {
        var contacts = new Contacts(Items(value, "contacts"));
        foreach (var thread in HistoryOf(value))
        {
            var customer = Text(thread, "id");
            foreach (var message in Items(thread, "messages"))
                ReadMessage(
                    message,
                    contacts,
                    into,
                    fromUs: Text(message, "to") is { } to && to == customer,
                    historyOf: customer ?? ""
                );
        }
    }

    private static IEnumerable<JsonElement> HistoryOf(JsonElement value) =>
        Items(value, "history").SelectMany(chunk => Items(chunk, "threads"));

    // As people see it, beside other words: nothing in it turns the writing round. The raw event keeps it as it came.
    private static string? NameOf(JsonElement contact) =>
        Cut(Text(Object(contact, "profile"), "name"), MaxNameLength) is not { } name ? null
        : !name.Any(Turns) ? name
        : string.Concat(name.Where(c => !Turns(c))) is { Length: > 0 } left ? left
        : null;

    private static bool Turns(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static void ReadMessage(
        JsonElement message,
        Contacts contacts,
        Builder into,
        bool fromUs = false,
        string? historyOf = null
    )
    {
        var wamid = Text(message, "id");
        var waId = historyOf ?? Text(message, fromUs ? "to" : "from");
        var userId = Text(message, fromUs ? "to_user_id" : "from_user_id");
        if (waId?.Length == 0)
            waId = null;
        var contact = contacts.Of(waId, userId);
        userId ??= Text(contact, "user_id");
        waId ??= Text(contact, "wa_id");
        if (!IsId(wamid) || waId is null && userId is null)
        {
            var reason = IsId(wamid) ? "The message names no sender" : "The message has no usable id";
            into.Unreadable.Add(new UnreadableEvent("message", reason, Raw(message)));
            return;
        }
        var type = Cut(Text(message, "type") ?? "unknown", 64)!;
        var content = Object(message, type);
        var system = type == "system" ? content : default;
        into.Messages.Add(
            new WebhookMessage(
                wamid,
                Cut(waId, 64),
                Cut(userId, 200),
                NameOf(contact),
                type,
                Seconds(message, "timestamp"),
                Cut(TextOf(type, content), MaxTextLength),
                MediaOf(content),
                Text(Object(message, "context"), "id")
                    ?? Text(content, "message_id")
                    ?? Text(content, "original_message_id"),
                Text(system, "wa_id") ?? Text(system, "new_wa_id"),
                Text(system, "user_id"),
                Text(message, "group_id"),
                Raw(message),
                Cut(Text(Object(contact, "profile"), "username"), MaxNameLength)
            )
            {
                FromUs = fromUs,
                IsHistory = historyOf is not null,
                HistoryStatus = Text(Object(message, "history_context"), "status"),
            }
        );
    }

    private static void ReadStatus(JsonElement status, Builder into)
    {
        if (Text(status, "id") is not { } wamid || !IsId(wamid) || Text(status, "status") is not { } stage)
        {
            into.Unreadable.Add(new UnreadableEvent("status", "The status has no id or no stage", Raw(status)));
            return;
        }
        var error = Items(status, "errors").FirstOrDefault();
        into.Statuses.Add(
            new WebhookStatus(
                wamid,
                stage,
                Seconds(status, "timestamp"),
                Text(status, "biz_opaque_callback_data"),
                Number(error, "code") is { } code and >= 0 and <= int.MaxValue ? (int)code : null,
                Cut(Text(Object(error, "error_data"), "details") ?? Text(error, "title"), 2_000),
                Raw(status),
                PricingOf(Object(status, "pricing"))
            )
        );
    }

    // What names no category says nothing. "billable" is what came before there were types.
    private static WebhookPricing? PricingOf(JsonElement pricing) =>
        Text(pricing, "category") is { Length: <= MaxPriceWord } category
        && (Text(pricing, "type") ?? BillableOf(Object(pricing, "billable"))) is { Length: <= MaxPriceWord } type
            ? new WebhookPricing(category, type)
            : null;

    private static string? BillableOf(JsonElement billable) =>
        billable.ValueKind switch
        {
            JsonValueKind.True => "regular",
            JsonValueKind.False => "free",
            _ => null,
        };

    // Meta's ids are base64 behind a prefix; what holds control characters is no id.
    private static bool IsId([NotNullWhen(true)] string? wamid) =>
        wamid is { Length: <= 512 } && !wamid.Any(char.IsControl);

    // What can be read as words; types with a face of their own are read from the raw event.
    private static string? TextOf(string type, JsonElement content) =>
        type switch
        {
            "text" => Text(content, "body"),
            "button" => Text(content, "text"),
            "reaction" => Text(content, "emoji"),
            "system" => Text(content, "body"),
            "location" => Text(content, "name") ?? Text(content, "address"),
            "order" => Text(content, "text"),
            "interactive" => Text(Object(content, "button_reply"), "title")
                ?? Text(Object(content, "list_reply"), "title")
                ?? Text(Object(content, "nfm_reply"), "body"),
            "contacts" when content.ValueKind == JsonValueKind.Array => NamesOn(content),
            "edit" when Object(content, "message") is var edited && Text(edited, "type") is { } inner and not "edit" =>
                TextOf(inner, Object(edited, inner)),
            _ => Text(content, "caption"),
        };

    private static string? NamesOn(JsonElement cards)
    {
        var names = cards.EnumerateArray().Take(3).Select(c => Text(Object(c, "name"), "formatted_name"));
        return string.Join(", ", names.OfType<string>()) is { Length: > 0 } told ? told : null;
    }

    private static WebhookMedia? MediaOf(JsonElement content) =>
        Text(content, "mime_type") is { } mime && Text(content, "id") is { } id
            ? new WebhookMedia(
                id,
                Cut(mime, 200)!,
                Cut(Text(content, "sha256"), 200),
                Cut(Text(content, "filename"), 255)
            )
            : null;

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var items)
        && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : [];

    private static JsonElement Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Object(parent, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } found
            ? found
            : null;

    private static long? Number(JsonElement parent, string name) =>
        Object(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? value
            : null;

    // Seconds come as text in messages and as numbers elsewhere.
    private static long? Seconds(JsonElement parent, string name) =>
        Number(parent, name)
        ?? (
            long.TryParse(Text(parent, name), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : null
        );

    private static byte[] Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    // Never between the halves of a surrogate pair.
    private static string? Cut(string? text, int length) =>
        text is null || text.Length <= length ? text
        : char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];

    /// <summary>People and messages pair by id, never by position; found without reading all of one list for each of the other.</summary>
    private sealed class Contacts
    {
        private readonly Dictionary<string, JsonElement> byWaId = [];
        private readonly Dictionary<string, JsonElement> byUserId = [];

        public Contacts(IEnumerable<JsonElement> contacts)
        {
            foreach (var contact in contacts)
            {
                if (Text(contact, "wa_id") is { } waId)
                    byWaId.TryAdd(waId, contact);
                if (Text(contact, "user_id") is { } userId)
                    byUserId.TryAdd(userId, contact);
            }
        }

        public JsonElement Of(string? waId, string? userId) =>
            waId is not null && byWaId.TryGetValue(waId, out var contact)
            || userId is not null && byUserId.TryGetValue(userId, out contact)
                ? contact
                : default;
    }

    private sealed class Builder
    {
        public List<WebhookMessage> Messages { get; } = [];
        public List<WebhookStatus> Statuses { get; } = [];
        public List<UnreadableEvent> Unreadable { get; } = [];

        public NumberEvents Build(string number) => new(number, Messages, Statuses, Unreadable);
    }
}
