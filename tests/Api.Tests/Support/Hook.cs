using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Threadkeep.Api.Tests.Support;

/// <summary>Webhook bodies as Meta writes them.</summary>
public static class Hook
{
    /// <summary>A message of a customer, with the contact that comes with it.</summary>
    /// <param name="at">Meta's stamp, cut to seconds; null: none.</param>
    /// <param name="more">Members of the message beside the usual ones; the content of types other than text.</param>
    public static Said Text(
        string? waId,
        string? text,
        DateTimeOffset? at,
        string? wamid = null,
        string? userId = null,
        string name = "Yui",
        string type = "text",
        JsonObject? more = null
    )
    {
        var message = new JsonObject { ["id"] = wamid ?? NewWamid(), ["type"] = type };
        if (waId is not null)
            message["from"] = waId;
        if (userId is not null)
            message["from_user_id"] = userId;
        if (at is { } stamp)
            message["timestamp"] = stamp
                .ToUnixTimeSeconds()
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (text is not null)
            message["text"] = new JsonObject { ["body"] = text };
        foreach (var (key, value) in more ?? [])
            message[key] = value?.DeepClone();
        var contact = new JsonObject { ["profile"] = new JsonObject { ["name"] = name } };
        if (waId is not null)
            contact["wa_id"] = waId;
        if (userId is not null)
            contact["user_id"] = userId;
        return new Said(message, contact);
    }

    public static string NewWamid() => "wamid." + Convert.ToHexString(RandomNumberGenerator.GetBytes(12));

    /// <summary>A status of a message that we sent.</summary>
    /// <param name="callback">Our own id, as Meta echoes it.</param>
    public static JsonObject Status(
        string wamid,
        string status,
        DateTimeOffset at,
        string? callback = null,
        int? errorCode = null
    )
    {
        var json = new JsonObject
        {
            ["id"] = wamid,
            ["status"] = status,
            ["timestamp"] = at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["recipient_id"] = "819000000000",
        };
        if (callback is not null)
            json["biz_opaque_callback_data"] = callback;
        if (errorCode is { } code)
            json["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["title"] = "Refused" });
        return json;
    }

    /// <summary>What one change says about one number.</summary>
    public static JsonObject Value(
        string phoneNumberId,
        IReadOnlyList<Said> said,
        IReadOnlyList<JsonObject>? statuses = null
    )
    {
        var value = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject
            {
                ["display_phone_number"] = "81300000000",
                ["phone_number_id"] = phoneNumberId,
            },
        };
        if (said.Count > 0)
        {
            value["contacts"] = new JsonArray([.. said.Select(s => s.Contact.DeepClone())]);
            value["messages"] = new JsonArray([.. said.Select(s => s.Message.DeepClone())]);
        }
        if (statuses is { Count: > 0 })
            value["statuses"] = new JsonArray([.. statuses.Select(s => s.DeepClone())]);
        return value;
    }

    /// <summary>A whole body: one entry for each array of values.</summary>
    public static byte[] Body(params JsonObject[][] entries) =>
        Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["object"] = "whatsapp_business_account",
                ["entry"] = new JsonArray([
                    .. entries.Select(values => new JsonObject
                    {
                        ["id"] = "880000000000001",
                        ["changes"] = new JsonArray([
                            .. values.Select(v => new JsonObject { ["field"] = "messages", ["value"] = v }),
                        ]),
                    }),
                ]),
            }.ToJsonString()
        );

    public static string Signature(byte[] body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}

/// <summary>One customer message of a webhook.</summary>
public sealed record Said(JsonObject Message, JsonObject Contact)
{
    public string Wamid => Message["id"]!.ToString();
}
