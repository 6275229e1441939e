using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Graph;

/// <summary>JSON as Meta writes it: every non-ASCII character as lowercase <c>\uXXXX</c>, slashes bare.</summary>
public static class MetaJson
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The bytes that are signed and sent.</summary>
    public static byte[] ToBytes(JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Encoding.ASCII.GetBytes(Escape(node.ToJsonString(Relaxed)));
    }

    /// <summary>Escapes valid JSON text; what is escaped already stays, with its hex in lower case.</summary>
    public static string Escape(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.AsSpan().IndexOfAnyExcept(Plain) < 0)
            return json;
        var escaped = new StringBuilder(json.Length + 64);
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c == '\\' && json[i + 1] == 'u')
            {
                escaped.Append("\\u");
                for (var hex = i + 2; hex < i + 6; hex++)
                    escaped.Append(char.ToLowerInvariant(json[hex]));
                i += 5;
            }
            else if (c == '\\')
                escaped.Append(c).Append(json[++i]);
            else if (c < 0x7f)
                escaped.Append(c);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return escaped.ToString();
    }

    private static readonly SearchValues<char> Plain = SearchValues.Create([
        .. Enumerable.Range(0, 0x7f).Select(c => (char)c).Where(c => c != '\\'),
    ]);
}
