using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.Search;

namespace Threadkeep.Records;

/// <summary>What a caller asks of a list of records.</summary>
internal readonly record struct RecordQuery(int Limit, IReadOnlyList<string> Terms, (string SortKey, Guid Id)? After)
{
    /// <summary>Reads it; null, or why it cannot be.</summary>
    public static ProblemHttpResult? Read(string? q, int? limit, string? cursor, out RecordQuery asked)
    {
        asked = default;
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        if (!NamePlace.TryRead(cursor, out var after))
            return Problems.BadCursor();
        if (q?.Contains('\0') == true)
            return Problems.BadRequest("q holds U+0000.");
        string[] terms = [.. Folding.Fold(q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];
        asked = new RecordQuery(count, terms, after);
        return null;
    }

    public Page<TView> PageOf<TRow, TView>(
        IReadOnlyList<TRow> rows,
        Func<TRow, TView> view,
        Func<TRow, (Guid Id, string SortKey)> place
    )
    {
        TView[] items = [.. rows.Take(Limit).Select(view)];
        if (rows.Count <= Limit)
            return new Page<TView>(items, null);
        var (id, key) = place(rows[Limit - 1]);
        return new Page<TView>(items, NamePlace.Of(id, key));
    }

    public static LinkedContactListView ViewOf(IReadOnlyList<LinkedContact> contacts) =>
        new([.. contacts.Select(c => new LinkedContactView(c.Id.ToString("N"), c.Name, c.Phone, c.Email))]);

    public static ProblemHttpResult Changed(string what) =>
        Problems.Of(
            409,
            "record_changed",
            $"Somebody else changed this {what} in the meantime: look at it again, then change it."
        );
}
