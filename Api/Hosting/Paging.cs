using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Threadkeep.Hosting;

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Continues the list; null at its end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>What a caller asks of a list.</summary>
/// <param name="Limit">Rows a page; the list is asked for one more, which tells whether there is a next.</param>
/// <param name="After">The last row of the page before; null: from the beginning.</param>
public readonly record struct PageRequest(int Limit, (DateTimeOffset At, Guid Id)? After)
{
    /// <summary>Reads it; null, or why it cannot be.</summary>
    public static ProblemHttpResult? Read(int? limit, string? cursor, out PageRequest asked)
    {
        asked = default;
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        if (cursor is null)
        {
            asked = new PageRequest(count, null);
            return null;
        }
        if (!Cursor.TryParse(cursor, out var place) || !Guid.TryParseExact(place.Id, "N", out var id))
            return Problems.BadCursor();
        asked = new PageRequest(count, (place.At, id));
        return null;
    }

    /// <summary>The page that begins with these rows.</summary>
    /// <param name="rows">Up to <see cref="Limit"/> and one.</param>
    /// <param name="place">What a row is ordered by.</param>
    public Page<TItem> PageOf<TRow, TItem>(
        IReadOnlyList<TRow> rows,
        Func<TRow, TItem> item,
        Func<TRow, (DateTimeOffset At, Guid Id)> place
    )
    {
        var items = rows.Take(Limit).Select(item).ToArray();
        if (rows.Count <= Limit)
            return new Page<TItem>(items, null);
        var (at, id) = place(rows[Limit - 1]);
        return new Page<TItem>(items, new Cursor(at, id.ToString("N")).ToString());
    }
}

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
