using System.Buffers.Text;
using System.Text.Json;

namespace Threadkeep.Hosting;

/// <summary>A place in a list in the order of names, opaque to callers.</summary>
internal static class NamePlace
{
    public static string Of(Guid id, string sortKey) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { id.ToString("N"), sortKey }));

    /// <summary>False where it is none that a list gave out. No cursor is the beginning.</summary>
    public static bool TryRead(string? cursor, out (string SortKey, Guid Id)? place)
    {
        place = null;
        if (cursor is null)
            return true;
        if (cursor.Length > 2_000 || !Base64Url.IsValid(cursor))
            return false;
        try
        {
            if (
                JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(cursor)) is not [{ } id, { } key]
                || !Guid.TryParseExact(id, "N", out var known)
                || key.Contains('\0', StringComparison.Ordinal)
            )
                return false;
            place = (key, known);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
