using System.Globalization;
using System.Text;
using System.Text.Json;
using static Threadkeep.Messages.Reading;

namespace Threadkeep.Messages;

/// <summary>
/// Reads what a message holds from the event as Meta sent it, or from the body that we sent. Tolerant: what is not as it should be is left
/// out, never thrown at.
/// </summary>
public static class MessageContent
{
    // A card of every contact there is, in one message: the rest is counted.
    private const int MaxCards = 20;
    private const int MaxItems = 100;

    /// <summary>Every type with something of its own to show. One that is not here shows its text, its file, or a placeholder.</summary>
    private static readonly Dictionary<string, Func<JsonElement, MessageContentView>> Readers = new()
    {
        ["location"] = content => new MessageContentView { Location = PlaceOf(content) },
        ["contacts"] = content => new MessageContentView
        {
            Contacts = [.. Items(content).Take(MaxCards).Select(CardOf)],
            MoreContacts = Items(content).Skip(MaxCards).Count() is > 0 and var more ? more : null,
        },
        ["button"] = content => new MessageContentView
        {
            Answer = new TappedView("quick_reply", Text(content, "payload"), Text(content, "text"), null, null),
        },
        ["interactive"] = content => new MessageContentView
        {
            Answer = AnswerOf(content),
            Interactive = InteractiveOf(content),
        },
        ["order"] = content => new MessageContentView { Order = OrderOf(content) },
        ["reaction"] = content => new MessageContentView { Reaction = new ReactionMarkView(Text(content, "emoji")) },
        ["system"] = content => new MessageContentView { Event = Text(content, "type") },
        ["audio"] = content => new MessageContentView { Voice = Flag(content, "voice") },
        ["voice"] = _ => new MessageContentView { Voice = true },
        ["sticker"] = content => new MessageContentView { Animated = Flag(content, "animated") },
    };

    /// <summary>Null where there is nothing besides text and file.</summary>
    /// <param name="raw">The event as it came; null for what we sent.</param>
    /// <param name="body">The body that we sent; null for what came.</param>
    public static MessageContentView? Of(string type, byte[]? raw, string? body)
    {
        if ((raw ?? (body is null ? null : Encoding.UTF8.GetBytes(body))) is not { Length: > 0 } json)
            return null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1_000 });
            return Read(type, document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static MessageContentView? Read(string type, JsonElement message)
    {
        var content = Readers.TryGetValue(type, out var read) ? read(Member(message, type)) : null;
        var context = Member(message, "context");
        var whole = (content ?? new MessageContentView()) with
        {
            Unsupported = UnsupportedOf(type, message),
            Caller = type == "call" ? Short(Text(message, "from")) : null,
            Referral = ReferralOf(Member(message, "referral")),
            Product = ProductOf(Member(context, "referred_product")),
            Forwarded =
                Flag(context, "frequently_forwarded") ? "often"
                : Flag(context, "forwarded") ? "once"
                : null,
        };
        return whole == new MessageContentView() ? null : whole;
    }

    private static PlaceView PlaceOf(JsonElement place)
    {
        var (latitude, longitude) = (Number(place, "latitude"), Number(place, "longitude"));
        var sensible = latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180;
        return new PlaceView(
            (double?)latitude,
            (double?)longitude,
            sensible,
            Short(Text(place, "name")),
            Short(Text(place, "address"))
        );
    }

    private static CardView CardOf(JsonElement card)
    {
        var name = Member(card, "name");
        var org = Member(card, "org");
        return new CardView(
            Short(Text(name, "formatted_name") ?? Text(name, "first_name")) ?? "?",
            Short(Text(name, "first_name")),
            Short(Text(name, "last_name")),
            [
                .. Items(Member(card, "phones"))
                    .Take(MaxCards)
                    .Where(p => (Text(p, "phone") ?? Text(p, "wa_id")) is not null)
                    .Select(p => new CardPhoneView(
                        Short(Text(p, "phone") ?? "+" + Text(p, "wa_id"))!,
                        Short(Text(p, "wa_id")),
                        Short(Text(p, "type"))
                    )),
            ],
            Each("emails", "email"),
            [
                .. Items(Member(card, "addresses"))
                    .Take(MaxCards)
                    .Select(a => Joined(a, "street", "city", "state", "zip", "country"))
                    .Where(a => a.Length > 0),
            ],
            Each("urls", "url"),
            Joined(org, "company", "department", "title") is { Length: > 0 } told ? told : null,
            Short(Text(card, "birthday"))
        );

        string[] Each(string list, string member) =>
            [.. Items(Member(card, list)).Take(MaxCards).Select(i => Short(Text(i, member))).OfType<string>()];
    }

    private static TappedView? AnswerOf(JsonElement interactive)
    {
        if (Member(interactive, "button_reply") is { ValueKind: JsonValueKind.Object } button)
            return new TappedView("button", Text(button, "id"), Text(button, "title"), null, null);
        if (Member(interactive, "list_reply") is { ValueKind: JsonValueKind.Object } row)
            return new TappedView("list", Text(row, "id"), Text(row, "title"), Text(row, "description"), null);
        if (Member(interactive, "nfm_reply") is { ValueKind: JsonValueKind.Object } form)
            return new TappedView("flow", null, Text(form, "body"), Text(form, "name"), FilledIn(form));
        return null;
    }

    // What the customer filled in comes as JSON in a text. Its token is ours and says nothing to people.
    private static FlowValueView[] FilledIn(JsonElement form)
    {
        try
        {
            using var values = JsonDocument.Parse(Text(form, "response_json") ?? "{}");
            return values.RootElement.ValueKind != JsonValueKind.Object
                ? []
                :
                [
                    .. values
                        .RootElement.EnumerateObject()
                        .Where(v => v.Name != "flow_token")
                        .Take(MaxItems)
                        .Select(v => new FlowValueView(Short(v.Name)!, Short(v.Value.ToString()) ?? "")),
                ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static OrderView OrderOf(JsonElement order) =>
        new(
            Text(order, "catalog_id"),
            Text(order, "text"),
            [
                .. Items(Member(order, "product_items"))
                    .Take(MaxItems)
                    .Select(i => new OrderItemView(
                        Short(Text(i, "product_retailer_id")) ?? "?",
                        Number(i, "quantity"),
                        Number(i, "item_price"),
                        Short(Text(i, "currency"))
                    )),
            ]
        );

    private static InteractiveView? InteractiveOf(JsonElement interactive)
    {
        var action = Member(interactive, "action");
        if (action.ValueKind != JsonValueKind.Object || Text(interactive, "type") is not { } kind)
            return null;
        var parameters = Member(action, "parameters");
        var buttons = Items(Member(action, "buttons")).Select(b => Text(Member(b, "reply"), "title"));
        return new InteractiveView(
            kind,
            Text(Member(interactive, "header"), "text"),
            Text(Member(interactive, "footer"), "text"),
            [.. buttons.Append(Text(action, "button")).Append(Text(parameters, "display_text")).OfType<string>()],
            Text(parameters, "url"),
            [
                .. Items(Member(action, "sections"))
                    .Select(s => new InteractiveSectionView(
                        Text(s, "title"),
                        [
                            .. Items(Member(s, "rows"))
                                .Select(r => new InteractiveRowView(Text(r, "title") ?? "?", Text(r, "description"))),
                        ]
                    )),
            ]
        );
    }

    private static UnsupportedView? UnsupportedOf(string type, JsonElement message)
    {
        var error = Items(Member(message, "errors")).FirstOrDefault();
        var kind = Text(Member(message, "unsupported"), "type");
        if (type != "unsupported" && error.ValueKind != JsonValueKind.Object)
            return null;
        int? code = Number(error, "code") is >= 0 and <= int.MaxValue and var known ? (int)known : null;
        return new UnsupportedView(Short(kind), code, Short(Text(error, "title")));
    }

    private static ReferralView? ReferralOf(JsonElement referral) =>
        referral.ValueKind == JsonValueKind.Object
            ? new ReferralView(
                Short(Text(referral, "source_type")),
                Text(referral, "source_url"),
                Short(Text(referral, "headline")),
                Short(Text(referral, "body"))
            )
            : null;

    private static ProductView? ProductOf(JsonElement product) =>
        product.ValueKind == JsonValueKind.Object
            ? new ProductView(Short(Text(product, "catalog_id")), Short(Text(product, "product_retailer_id")))
            : null;

    private static string Joined(JsonElement parent, params string[] names) =>
        string.Join(", ", names.Select(n => Short(Text(parent, n))).OfType<string>());
}

/// <summary>Members of JSON that may be missing or of another kind.</summary>
internal static class Reading
{
    private const int MaxShort = 1_000;

    public static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    public static IEnumerable<JsonElement> Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    public static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } found
            ? found
            : null;

    public static bool Flag(JsonElement parent, string name) => Member(parent, name).ValueKind == JsonValueKind.True;

    // Meta writes numbers as numbers in some places and as texts in others.
    public static decimal? Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number or JsonValueKind.String } value
        && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static string? Short(string? text) =>
        text is null || text.Length <= MaxShort
            ? text
            : text[..(char.IsHighSurrogate(text[MaxShort - 1]) ? MaxShort - 1 : MaxShort)] + "…";
}
