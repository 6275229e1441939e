using System.Text;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Control;

/// <summary>Contents for calls that name a type and nothing more.</summary>
public static class Samples
{
    /// <summary>Names of the built-in pictures, under <c>wwwroot/samples</c>.</summary>
    public static readonly string[] Pictures = ["parcel", "mug", "receipt"];

    public static JsonNode? ContentOf(string type) =>
        type switch
        {
            "location" => new JsonObject
            {
                ["latitude"] = 35.6812,
                ["longitude"] = 139.7671,
                ["name"] = "東京駅",
                ["address"] = "東京都千代田区丸の内1丁目",
            },
            "contacts" => new JsonArray
            {
                new JsonObject
                {
                    ["name"] = new JsonObject { ["formatted_name"] = "高橋 陽子", ["first_name"] = "陽子" },
                    ["phones"] = new JsonArray
                    {
                        new JsonObject
                        {
                            ["phone"] = "+81 90-1111-2222",
                            ["wa_id"] = "819011112222",
                            ["type"] = "CELL",
                        },
                    },
                },
            },
            "unsupported" => new JsonObject { ["type"] = "poll_creation" },
            _ => null,
        };

    /// <summary>A file of this type; null where there is none built in.</summary>
    public static (string MimeType, byte[] Bytes, string? FileName)? FileOf(string type) =>
        type switch
        {
            "image" => Picture(Pictures[0]),
            "document" => ("text/plain", Encoding.UTF8.GetBytes("Threadkeep Sandbox\n"), "sample.txt"),
            _ => null,
        };

    public static (string MimeType, byte[] Bytes, string? FileName)? Picture(string name) =>
        Pictures.Contains(name)
            ? (
                "image/png",
                File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "wwwroot", "samples", name + ".png")),
                null
            )
            : null;
}
