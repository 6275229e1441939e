using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Webhooks;

/// <summary>
/// Makes webhooks of every field and every type of message with something wrong in them, among good neighbours; the same ones for the same
/// seed. What is good comes from customers of its own and is never touched.
/// </summary>
internal sealed class FieldFuzzer(int seed, Office office, DateTimeOffset start)
{
    private const int Strangers = 12;

    // Strings hold these until the body is text: what no JSON writer would write.
    private const string LoneSurrogate = "\u2603lone\u2603";
    private const string Nul = "\u2603nul\u2603";

    private readonly Random dice = new(seed);
    private readonly List<string> used = ["wamid.never"];
    private int counter;

    /// <summary>Good messages so far: the wamid, with the customer and the text that must come with it.</summary>
    public Dictionary<string, (string Customer, string Text)> Good { get; } = [];

    /// <summary>Customers whose messages are tampered with.</summary>
    public string[] Odd { get; } = [.. Enumerable.Range(0, Strangers).Select(_ => Office.NewCustomer())];

    /// <summary>Fields of which something was told that belongs into the log of the number, with the values told.</summary>
    public Dictionary<string, HashSet<string>> Told { get; } = [];

    private readonly string[] good = [.. Enumerable.Range(0, 4).Select(_ => Office.NewCustomer())];

    /// <summary>One body: something odd between good messages, in the same value and beside it.</summary>
    public (string Kind, byte[] Body) Next()
    {
        var changes = new JsonArray { Change("messages", Value(GoodMessage())) };
        string kind;
        if (dice.Next(2) == 0)
        {
            var (type, message, contact) = OddMessage();
            kind = type;
            var value = Value(GoodMessage(), new Said(message, contact), GoodMessage());
            if (dice.Next(3) == 0)
            {
                var status = Parse(Statuses[dice.Next(Statuses.Length)]);
                Spoil(status);
                value["statuses"] = new JsonArray(status);
            }
            changes.Add(Change("messages", value));
        }
        else
        {
            var (field, json) = Fields[dice.Next(Fields.Length)];
            kind = field;
            JsonNode? value = Parse(json);
            if (dice.Next(12) == 0)
                value = Odds();
            else
                Spoil((JsonObject)value);
            changes.Add(Change(field, value));
            if (!CustomersFields.Contains(field))
                (Told.TryGetValue(field, out var told) ? told : Told[field] = []).Add(Written(changes[^1]!));
        }
        changes.Add(Change("messages", Value(GoodMessage())));
        var body = new JsonObject
        {
            ["object"] = "whatsapp_business_account",
            ["entry"] = new JsonArray(new JsonObject { ["id"] = office.Waba, ["changes"] = changes }),
        };
        return (kind, Encoding.UTF8.GetBytes(Written(body)));
    }

    /// <summary>The next good message of a customer, whoever it is.</summary>
    public Said Message(string customer)
    {
        var text = $"good {seed} {counter++}";
        var said = Hook.Text(customer, text, start.AddSeconds(counter));
        Good.Add(said.Wamid, (customer, text));
        return said;
    }

    private Said GoodMessage() => Message(good[dice.Next(good.Length)]);

    private static JsonObject Change(string field, JsonNode? value) => new() { ["field"] = field, ["value"] = value };

    private JsonObject Value(params Said[] said) => Hook.Value(office.Number, said);

    private JsonObject Parse(string json) =>
        JsonNode
            .Parse(
                json.Replace("{metadata}", Metadata, StringComparison.Ordinal)
                    .Replace("{template}", OfTemplate, StringComparison.Ordinal)
                    .Replace("{number}", office.Number, StringComparison.Ordinal)
                    .Replace("{waba}", office.Waba, StringComparison.Ordinal)
                    .Replace("{odd}", Odd[dice.Next(Odd.Length)], StringComparison.Ordinal)
                    .Replace("{other}", Odd[dice.Next(Odd.Length)], StringComparison.Ordinal)
                    .Replace("{used}", used[dice.Next(used.Count)], StringComparison.Ordinal)
                    .Replace("{new}", NewId(), StringComparison.Ordinal)
                    .Replace("{at}", Stamp(), StringComparison.Ordinal)
            )!
            .AsObject();

    private string NewId()
    {
        var id = $"wamid.odd.{seed}.{counter++}";
        used.Add(id);
        return id;
    }

    private string Stamp() =>
        start.AddSeconds(dice.Next(600)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private (string Type, JsonObject Message, JsonObject Contact) OddMessage()
    {
        var content = Parse(Types[dice.Next(Types.Length)]);
        var customer = Odd[dice.Next(Odd.Length)];
        var type = content["type"]!.ToString();
        var said = Hook.Text(
            customer,
            null,
            start.AddSeconds(dice.Next(600)),
            dice.Next(6) == 0 ? used[dice.Next(used.Count)] : NewId(),
            dice.Next(3) == 0 ? "JP.odd" + customer : null,
            type: type,
            more: content
        );
        Spoil(said.Message);
        if (dice.Next(3) == 0)
            Spoil(said.Contact);
        return (type, said.Message, said.Contact);
    }

    // Mutations -----------------------------------------------------------------------------------------------

    // Once to three times, anywhere in it.
    private void Spoil(JsonObject whole)
    {
        for (var n = dice.Next(1, 4); n > 0; n--)
        {
            var places = Places(whole).ToList();
            if (places.Count == 0)
                return;
            var (parent, key) = places[dice.Next(places.Count)];
            if (parent is JsonObject members)
                SpoilMember(members, (string)key);
            else
                SpoilItem((JsonArray)parent, (int)key);
        }
    }

    private void SpoilMember(JsonObject parent, string name)
    {
        if (dice.Next(5) == 0)
            parent.Remove(name);
        else
            parent[name] = Odds();
    }

    private void SpoilItem(JsonArray parent, int at)
    {
        switch (dice.Next(4))
        {
            case 0:
                parent.RemoveAt(at);
                break;
            case 1: // the same once more, under the same id
                parent.Add(parent[at]?.DeepClone());
                break;
            default:
                parent[at] = Odds();
                break;
        }
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, child) in members)
            {
                yield return (node, name);
                foreach (var below in Places(child))
                    yield return below;
            }
        }
        else if (node is JsonArray items)
        {
            for (var n = 0; n < items.Count; n++)
            {
                yield return (node, n);
                foreach (var below in Places(items[n]))
                    yield return below;
            }
        }
    }

    private JsonNode? Odds() =>
        dice.Next(24) switch
        {
            0 => null,
            1 => "",
            2 => " ",
            3 => true,
            4 => -1,
            5 => 0,
            6 => JsonNode.Parse("99999999999999999999999999"),
            7 => JsonNode.Parse("-1e308"),
            8 => JsonNode.Parse("1.5"),
            9 => long.MaxValue,
            10 => new JsonArray(),
            11 => new JsonObject(),
            12 => new JsonArray(new JsonArray(), null, 7, "x"),
            13 => new JsonObject { ["id"] = 7, ["body"] = new JsonArray() },
            14 => Deep(dice.Next(2, 400)),
            15 => new string('x', dice.Next(60, 3_000)),
            16 => new string('語', dice.Next(4_000, 70_000)),
            17 => LoneSurrogate + "a" + Nul,
            18 => "\u202e\u200f\ufeff\ufffe'; drop table x; --",
            19 => "🏳️‍🌈" + new string('\u0301', 200),
            20 => used[dice.Next(used.Count)],
            21 => Odd[dice.Next(Odd.Length)],
            22 => "-9223372036854775809",
            _ => string.Concat(Enumerable.Range(0, dice.Next(1, 40)).Select(_ => (char)dice.Next(1, 0xD7FF))),
        };

    private static JsonNode Deep(int levels)
    {
        JsonNode node = "bottom";
        for (var n = 0; n < levels; n++)
            node = n % 2 == 0 ? new JsonArray(node) : new JsonObject { ["in"] = node };
        return node;
    }

    private static string Written(JsonNode node) =>
        node.ToJsonString(new() { MaxDepth = 1_000 })
            .Replace("\\u2603lone\\u2603", "\\ud83d", StringComparison.Ordinal)
            .Replace("\\u2603nul\\u2603", "\\u0000", StringComparison.Ordinal);

    // Samples (Cloud API, "Inbound message types", "Statuses", "Other fields") --------------------------------

    private static readonly string[] Types =
    [
        """{"type":"text","text":{"body":"Is it open today?"},"context":{"from":"1","id":"{used}"}}""",
        """{"type":"text","text":{"body":"hi"},"context":{"frequently_forwarded":true,"referred_product":{"catalog_id":"7","product_retailer_id":"s"}}}""",
        """{"type":"text","text":{"body":"hi"},"referral":{"source_url":"https://fb.me/a","source_id":"12","source_type":"ad","headline":"Sale","body":"Now","media_type":"image","image_url":"https://x.example/a","ctwa_clid":"A","welcome_message":{"text":"Hi"}}}""",
        """{"type":"image","image":{"caption":"broken","mime_type":"image/jpeg","sha256":"SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=","id":"9"}}""",
        """{"type":"video","video":{"caption":"see","mime_type":"video/mp4","id":"9"}}""",
        """{"type":"audio","audio":{"mime_type":"audio/ogg; codecs=opus","id":"9","voice":true}}""",
        """{"type":"document","document":{"caption":"bill","filename":"bill.pdf","mime_type":"application/pdf","id":"9"}}""",
        """{"type":"sticker","sticker":{"mime_type":"image/webp","id":"9","animated":false}}""",
        """{"type":"location","location":{"latitude":38.7139,"longitude":-9.1394,"name":"Rossio","address":"Praça"}}""",
        """{"type":"contacts","contacts":[{"name":{"formatted_name":"Ana Sá","first_name":"Ana"},"phones":[{"phone":"+351 910 000 003","wa_id":"351910000003","type":"CELL"}],"emails":[{"email":"a@x.example"}],"addresses":[{"street":"R. A","city":"L"}],"urls":[{"url":"https://x.example"}],"org":{"company":"X"},"birthday":"1990-01-31"}]}""",
        """{"type":"reaction","reaction":{"message_id":"{used}","emoji":"👍"}}""",
        """{"type":"interactive","context":{"id":"{used}"},"interactive":{"type":"button_reply","button_reply":{"id":"yes","title":"Yes"}}}""",
        """{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"row","title":"Friday","description":"10:00"}}}""",
        """{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"day\":\"fri\"}"}}}""",
        """{"type":"button","button":{"payload":"STOP","text":"Stop"}}""",
        """{"type":"order","order":{"catalog_id":"700","text":"thanks","product_items":[{"product_retailer_id":"s","quantity":2,"item_price":3.5,"currency":"EUR"}]}}""",
        """{"type":"system","system":{"body":"changed","wa_id":"{other}","type":"user_changed_number"}}""",
        """{"type":"system","system":{"body":"changed","user_id":"JP.next{other}","type":"user_changed_user_id"}}""",
        """{"type":"request_welcome"}""",
        """{"type":"edit","edit":{"original_message_id":"{used}","message":{"context":{"id":"{used}"},"type":"text","text":{"body":"new"}}}}""",
        """{"type":"revoke","revoke":{"original_message_id":"{used}"}}""",
        """{"type":"unsupported","errors":[{"code":131051,"title":"Unknown","error_data":{"details":"Not supported"}}],"unsupported":{"type":"poll_creation"}}""",
        """{"type":"text","text":{"body":"in a group"},"group_id":"g1"}""",
        """{"type":"hologram","hologram":{"depth":3}}""",
    ];

    private static readonly string[] Statuses =
    [
        """{"id":"{used}","status":"delivered","timestamp":"{at}","recipient_id":"{odd}","pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"utility"},"conversation":{"id":"c","origin":{"type":"service"}}}""",
        """{"id":"{new}","status":"failed","timestamp":"{at}","recipient_id":"{odd}","biz_opaque_callback_data":"x","errors":[{"code":131047,"title":"T","error_data":{"details":"D"}}]}""",
    ];

    // Their items are messages of customers: they are in threads, and not in the log.
    private static readonly string[] CustomersFields =
    [
        "user_id_update",
        "user_preferences",
        "smb_message_echoes",
        "history",
        "calls",
    ];

    private const string Metadata =
        "\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":\"81300000000\",\"phone_number_id\":\"{number}\"}";

    private const string OfTemplate =
        "\"message_template_id\":1200000000000001,\"message_template_name\":\"visit\",\"message_template_language\":\"pt_PT\"";

    private static readonly (string Field, string Json)[] Fields =
    [
        (
            "message_template_status_update",
            """{"event":"REJECTED",{template},"reason":"INVALID_FORMAT","message_template_category":"UTILITY","rejection_info":{"reason":"r","recommendation":"s"},"other_info":{"title":"FIRST_PAUSE","description":"d"}}"""
        ),
        (
            "message_template_quality_update",
            """{"previous_quality_score":"GREEN","new_quality_score":"YELLOW",{template}}"""
        ),
        (
            "message_template_components_update",
            """{{template},"message_template_title":"Hi","message_template_element":"B","message_template_buttons":[{"message_template_button_type":"URL","message_template_button_text":"Go"}]}"""
        ),
        (
            "template_category_update",
            """{{template},"previous_category":"UTILITY","new_category":"MARKETING","category_update_timestamp":1790090000}"""
        ),
        (
            "phone_number_quality_update",
            """{"display_phone_number":"81300000000","event":"THROUGHPUT_UPGRADE","max_daily_conversations_per_business":"TIER_UNLIMITED"}"""
        ),
        (
            "phone_number_name_update",
            """{"display_phone_number":"81300000000","decision":"REJECTED","requested_verified_name":"L","rejection_reason":"X"}"""
        ),
        (
            "business_capability_update",
            """{"max_daily_conversations_per_business":2000,"max_phone_numbers_per_waba":25}"""
        ),
        ("account_review_update", """{"decision":"APPROVED"}"""),
        (
            "account_alerts",
            """{"entity_type":"PHONE_NUMBER","entity_id":"{number}","alert_info":{"alert_severity":"WARNING","alert_status":"ACTIVE","alert_type":"OBA_APPROVED","alert_description":"d"}}"""
        ),
        (
            "account_update",
            """{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"R","expiration":1790600000}],"violation_info":{"violation_type":"SCAM"},"ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"April 17, 2026"},"waba_info":{"waba_id":"{waba}","owner_business_id":"4"}}"""
        ),
        ("security", """{"display_phone_number":"81300000000","event":"PIN_CHANGED","requester":"6"}"""),
        (
            "user_preferences",
            """{{metadata},"contacts":[{"profile":{"name":"R"},"wa_id":"{odd}"}],"user_preferences":[{"wa_id":"{odd}","detail":"User requested to stop marketing messages","category":"marketing_messages","value":"stop","timestamp":{at}}]}"""
        ),
        (
            "smb_app_state_sync",
            """{{metadata},"state_sync":[{"type":"contact","contact":{"full_name":"R","phone_number":"{odd}"},"action":"add","metadata":{"timestamp":"{at}"}}]}"""
        ),
        (
            "smb_message_echoes",
            """{{metadata},"message_echoes":[{"from":"81300000000","to":"{odd}","id":"{new}","timestamp":"{at}","type":"text","text":{"body":"from the phone"}}]}"""
        ),
        (
            "history",
            """{{metadata},"history":[{"metadata":{"phase":0,"chunk_order":1,"progress":40},"threads":[{"id":"{odd}","messages":[{"from":"{odd}","id":"{new}","timestamp":"{at}","type":"text","text":{"body":"old"},"history_context":{"status":"READ"}}]}]}]}"""
        ),
        (
            "flows",
            """{"event":"ENDPOINT_LATENCY","message":"m","flow_id":"3","p50_latency":500,"threshold":7000,"alert_state":"ACTIVATED","errors":[{"error_type":"e","error_rate":1}]}"""
        ),
        (
            "user_id_update",
            """{{metadata},"contacts":[{"user_id":"JP.8"}],"user_id_update":[{"wa_id":"{odd}","detail":"d","user_id":{"previous":"JP.odd{odd}","current":"JP.{other}"},"timestamp":"{at}"}]}"""
        ),
        (
            "business_username_updates",
            """{"display_phone_number":"81300000000","username":"loja","status":"approved"}"""
        ),
        ("partner_solutions", """{"event":"SOLUTION_CREATED","solution_id":"7"}"""),
        ("calls", """{{metadata},"calls":[{"id":"c","from":"{odd}","event":"connect","timestamp":"{at}"}]}"""),
        ("something_new", """{"event":"X","list":[1,{"a":null}]}"""),
    ];
}
