using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;

namespace Threadkeep.Sandbox.Storage;

/// <summary>
/// Keeps the tables on disk: one JSON line for every row put or removed, the last line of a row wins. Read once at
/// start, when it is also rewritten without what was overtaken. Lines are handed to the operating system at once but
/// not forced to disk: a killed Sandbox loses nothing, a power cut may lose the last moment of a game.
/// </summary>
public sealed class Journal : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Lock gate = new();
    private readonly OrderedDictionary<(string Table, string Id), JsonElement> restored = [];
    private readonly StreamWriter? writer;

    public Journal(IOptions<SandboxOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.Value.DataDirectory))
            return;
        Directory.CreateDirectory(options.Value.DataDirectory);
        var path = Path.Combine(options.Value.DataDirectory, "journal.jsonl");
        Restore(path);
        Rewrite(path);
        writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            AutoFlush = true,
        };
    }

    /// <summary>Rows of one table as the last run left them, in the order they were first put.</summary>
    public IEnumerable<T> Restored<T>(string table) =>
        restored.Where(row => row.Key.Table == table).Select(row => row.Value.Deserialize<T>(Json)!);

    public void Put<T>(string table, string id, T value) =>
        Append(new Line(table, id, JsonSerializer.SerializeToElement(value, Json)));

    public void Remove(string table, string id) => Append(new Line(table, id, null));

    public void Dispose() => writer?.Dispose();

    private void Append(Line line)
    {
        if (writer is null)
            return;
        var text = JsonSerializer.Serialize(line, Json);
        lock (gate)
            writer.WriteLine(text);
    }

    private void Restore(string path)
    {
        if (!File.Exists(path))
            return;
        foreach (var text in File.ReadLines(path))
        {
            if (ParseOrNull(text) is not { } line)
                continue;
            if (line.Value is { } value)
                restored[(line.Table, line.Id)] = value;
            else
                restored.Remove((line.Table, line.Id));
        }
    }

    // A process killed in the middle of a write leaves half a line: it was never answered for.
    private static Line? ParseOrNull(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Rewrite(string path)
    {
        var next = path + ".next";
        File.WriteAllLines(
            next,
            restored.Select(row => JsonSerializer.Serialize(new Line(row.Key.Table, row.Key.Id, row.Value), Json))
        );
        File.Move(next, path, overwrite: true);
    }

    private sealed record Line(
        [property: JsonPropertyName("t")] string Table,
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("v")] JsonElement? Value
    );
}
