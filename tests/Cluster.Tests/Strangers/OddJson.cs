using System.Text;
using System.Text.Json.Nodes;

namespace Threadkeep.Cluster.Tests.Strangers;

/// <summary>Makes something odd out of a well-formed body: in its structure, in its bytes, or both.</summary>
internal sealed class OddJson(Random dice)
{
    private static readonly string[] Names =
    [
        "id",
        "from",
        "from_user_id",
        "type",
        "timestamp",
        "text",
        "body",
        "context",
        "group_id",
        "image",
        "wa_id",
        "user_id",
        "profile",
        "name",
        "status",
        "statuses",
        "errors",
        "code",
        "biz_opaque_callback_data",
        "system",
        "new_wa_id",
        "metadata",
        "phone_number_id",
        "field",
        "value",
        "changes",
        "entry",
        "messages",
        "contacts",
    ];

    private static readonly byte[][] Tokens =
    [
        [0],
        [0xff, 0xfe],
        [0xed, 0xa0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0xe3, 0x81],
        "\\u0000"u8.ToArray(),
        "\\ud800"u8.ToArray(),
        "\\udc00\\ud800"u8.ToArray(),
        "\\u12"u8.ToArray(),
        "\\x"u8.ToArray(),
        "1e999"u8.ToArray(),
        "-0"u8.ToArray(),
        "00"u8.ToArray(),
        "\""u8.ToArray(),
        "{"u8.ToArray(),
        "]"u8.ToArray(),
        ",,"u8.ToArray(),
        "/*"u8.ToArray(),
        "\"entry\":[],"u8.ToArray(),
        "\"messages\":[{}],"u8.ToArray(),
        "NaN"u8.ToArray(),
    ];

    public byte[] Of(JsonNode body)
    {
        for (var n = dice.Next(1, 6); n > 0; n--)
            ChangeNode(body);
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        if (dice.Next(2) == 0)
            return bytes;
        var odd = new List<byte>(bytes);
        for (var n = dice.Next(1, 5); n > 0; n--)
            ChangeBytes(odd);
        return [.. odd];
    }

    /// <summary>So many brackets that nobody's stack should follow them.</summary>
    public byte[] Deep()
    {
        var depth = dice.Next(50, 60_000);
        var inner = string.Concat(Enumerable.Repeat("""{"a":[""", depth));
        var outer = dice.Next(2) == 0 ? string.Concat(Enumerable.Repeat("]}", depth)) : "";
        return Encoding.UTF8.GetBytes(
            """{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":"""
                + $"{inner}1{outer}"
                + "}]}]}"
        );
    }

    private void ChangeNode(JsonNode root)
    {
        var node = root;
        // A few steps down, wherever they lead.
        for (var n = dice.Next(1, 12); n > 0; n--)
        {
            var child = node switch
            {
                JsonObject { Count: > 0 } fields => fields.ElementAt(dice.Next(fields.Count)).Value,
                JsonArray { Count: > 0 } items => items[dice.Next(items.Count)],
                _ => null,
            };
            if (child is not (JsonObject or JsonArray))
                break;
            node = child;
        }
        switch (node)
        {
            case JsonObject fields:
                var name =
                    fields.Count > 0 && dice.Next(3) > 0
                        ? fields.ElementAt(dice.Next(fields.Count)).Key
                        : Names[dice.Next(Names.Length)];
                if (dice.Next(6) == 0)
                    fields.Remove(name);
                else
                    fields[name] = Value();
                break;
            case JsonArray items:
                if (items.Count > 0 && dice.Next(2) == 0)
                    items.Add(items[dice.Next(items.Count)]?.DeepClone());
                else
                    items.Add(Value());
                break;
        }
    }

    private JsonNode? Value() =>
        dice.Next(14) switch
        {
            0 => null,
            1 => true,
            2 => dice.Next() - int.MaxValue / 2,
            3 => long.MaxValue,
            4 => -1.5e300,
            5 => "",
            6 => new string('x', dice.Next(1, 70_000)),
            7 => "\0\ud83d\ufffe\u202e../",
            8 => $"{dice.NextInt64()}",
            9 => "-99999999999999999999",
            10 => new JsonArray([.. Enumerable.Range(0, dice.Next(200)).Select(n => (JsonNode?)n)]),
            11 => new JsonObject { [Names[dice.Next(Names.Length)]] = "1", [""] = new JsonArray() },
            12 => Names[dice.Next(Names.Length)],
            _ => "\r\n'; drop table threadkeep.threads; --",
        };

    private void ChangeBytes(List<byte> bytes)
    {
        var at = dice.Next(bytes.Count);
        switch (dice.Next(5))
        {
            case 0:
                bytes[at] = (byte)dice.Next(256);
                break;
            case 1:
                bytes.InsertRange(at, Tokens[dice.Next(Tokens.Length)]);
                break;
            case 2 when bytes.Count > 2:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, dice.Next(1, 40)));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, dice.Next(1, 400))));
                break;
            case 4 when at > 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
