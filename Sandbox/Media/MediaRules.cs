namespace Threadkeep.Sandbox.Media;

/// <summary>Which files Meta takes, and how large.</summary>
public static class MediaRules
{
    private const long Kilobyte = 1024;
    private const long Megabyte = 1024 * Kilobyte;

    /// <summary>Largest file there is, bytes.</summary>
    public const long Max = 100 * Megabyte;

    private static readonly (string Mime, long Max)[] Allowed =
    [
        ("audio/aac", 16 * Megabyte),
        ("audio/mp4", 16 * Megabyte),
        ("audio/mpeg", 16 * Megabyte),
        ("audio/amr", 16 * Megabyte),
        ("audio/ogg", 16 * Megabyte),
        ("application/vnd.ms-powerpoint", Max),
        ("application/msword", Max),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Max),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation", Max),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Max),
        ("application/pdf", Max),
        ("text/plain", Max),
        ("application/vnd.ms-excel", Max),
        ("image/jpeg", 5 * Megabyte),
        ("image/png", 5 * Megabyte),
        ("image/webp", 500 * Kilobyte),
        ("video/mp4", 16 * Megabyte),
        ("video/3gpp", 16 * Megabyte),
    ];

    public static string AllowedList => string.Join(", ", Allowed.Select(a => a.Mime));

    /// <summary>Largest size of this type in bytes; null where Meta does not take it.</summary>
    public static long? MaxOf(string mimeType)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        var bare = mimeType.Split(';')[0].Trim();
        return Allowed
            .Where(a => string.Equals(a.Mime, bare, StringComparison.OrdinalIgnoreCase))
            .Select(a => (long?)a.Max)
            .FirstOrDefault();
    }
}
