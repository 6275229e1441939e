using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Threadkeep.Hosting;

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Continues the list; null at its end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>A place in a list ordered by time and id, opaque to callers.</summary>
public readonly record struct Cursor(DateTimeOffset At, string Id)
{
    // A thousand years on both sides of 1970.
    private const long TicksAround = 365_000 * TimeSpan.TicksPerDay;

    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>The limit to use; false where it is out of range.</summary>
    public static bool TryLimit(int? asked, out int limit)
    {
        limit = asked ?? DefaultLimit;
        return limit is >= 1 and <= MaxLimit;
    }

    /// <summary>Microseconds, as PostgreSQL keeps them: a rounded cursor would skip or repeat rows.</summary>
    public override string ToString() =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks - DateTime.UnixEpoch.Ticks}~{Id}")
            )
        );

    public static bool TryParse([NotNullWhen(true)] string? text, out Cursor cursor)
    {
        cursor = default;
        if (text is not { Length: > 0 and < 200 } || !Base64Url.IsValid(text))
            return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('~', 2);
        if (
            parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks)
            || ticks is < -TicksAround or > TicksAround
        )
            return false;
        cursor = new Cursor(new DateTimeOffset(DateTime.UnixEpoch.Ticks + ticks, TimeSpan.Zero), parts[1]);
        return true;
    }
}
