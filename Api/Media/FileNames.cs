using System.Globalization;

namespace Threadkeep.Media;

/// <summary>Names of files as strangers give them.</summary>
public static class FileNames
{
    private const int MaxLength = 200;

    /// <summary>Only the last part of a path, whichever system it was made on, and nothing that turns the writing round; null where nothing is left.</summary>
    public static string? Clean(string? told)
    {
        if (told is null)
            return null;
        var last = told[(told.LastIndexOfAny(['/', '\\']) + 1)..];
        var kept = string.Concat(
            last.Where(c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format))
        );
        if (kept.Length <= MaxLength)
            return kept.Length == 0 ? null : kept;
        return kept[..(char.IsHighSurrogate(kept[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
    }
}
