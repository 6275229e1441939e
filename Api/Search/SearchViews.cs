using System.Globalization;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Search;

/// <summary>Something that was found (docs/api.md).</summary>
/// <param name="Kind">message, contact or ticket.</param>
/// <param name="ThreadId">Null for a ticket without a thread.</param>
/// <param name="MessageId">The message; null for the other kinds.</param>
/// <param name="Cursor">The message's place in its thread, for <c>before</c> and <c>after</c> of the thread's messages.</param>
/// <param name="At">When the message was written, the customer's thread last moved, or the ticket was opened.</param>
/// <param name="Snippet">Where the words stand; null for a ticket.</param>
public sealed record SearchHitView(
    string Kind,
    string? ThreadId,
    string? MessageId,
    string? Cursor,
    string? ChannelId,
    DateTimeOffset At,
    string? Direction,
    string? Type,
    string? Status,
    ContactView Contact,
    CustomerView Customer,
    TicketView? Ticket,
    SnippetView? Snippet
)
{
    public static SearchHitView Of(MessageHit hit, IReadOnlyList<string> terms)
    {
        var id = new MessageId(new ThreadId(hit.ThreadId), hit.Seq);
        return new SearchHitView(
            "message",
            id.Thread.ToString(),
            id.ToString(),
            new Hosting.Cursor(hit.At, hit.Seq.ToString(CultureInfo.InvariantCulture)).ToString(),
            hit.ChannelId == hit.ThreadId ? null : hit.ChannelId.ToString("N"),
            hit.At,
            Names.Direction(hit.Direction),
            hit.Type,
            Names.Status(hit.Status),
            ContactView.Of(hit.ContactId, hit.ContactName, hit.ProfileName, hit.WaId, hit.UserId, hit.Subject),
            new CustomerView(hit.WaId, hit.UserId, hit.ProfileName),
            null,
            SnippetView.Of(SearchWords.Of(hit.Type, hit.Text, hit.FileName, hit.Raw), terms)
        );
    }

    /// <param name="digits">The number that was asked for, as it may stand in the customer's; none: none was.</param>
    public static SearchHitView Of(ThreadListRow row, IReadOnlyList<string> terms, IReadOnlyList<string> digits)
    {
        SearchPart[] parts =
        [
            new("name", row.ContactName ?? ""),
            new("name", row.ProfileName ?? ""),
            new("number", row.WaId is { } waId ? "+" + waId : ""),
        ];
        return new SearchHitView(
            "contact",
            row.Id.ToString("N"),
            null,
            null,
            row.ChannelId == row.Id ? null : row.ChannelId.ToString("N"),
            row.ActivityAt,
            null,
            null,
            null,
            ContactView.Of(row.ContactId, row.ContactName, row.ProfileName, row.WaId, row.UserId, row.Subject),
            new CustomerView(row.WaId, row.UserId, row.ProfileName),
            null,
            SnippetView.Of(parts, [.. terms, .. digits])
        );
    }

    public static SearchHitView Of(TicketHit hit) =>
        new(
            "ticket",
            hit.ThreadId?.ToString("N"),
            null,
            null,
            hit.ChannelId == hit.ThreadId ? null : hit.ChannelId?.ToString("N"),
            hit.At,
            null,
            null,
            null,
            ContactView.Of(hit.ContactId, hit.ContactName, hit.ProfileName, hit.WaId, hit.UserId, hit.Subject),
            new CustomerView(hit.WaId, hit.UserId, hit.ProfileName),
            new TicketView(hit.TicketNumber, hit.TicketStatus),
            null
        );
}

/// <summary>A piece of the original around what was found. Offsets and lengths are in UTF-16 units, as in JavaScript's strings.</summary>
/// <param name="Field">text, fileName, details (of a location or contact card), name or number.</param>
/// <param name="Start">Where the piece begins in the whole field.</param>
/// <param name="Highlights">Within <paramref name="Text"/>, in order, apart from each other.</param>
public sealed record SnippetView(string Field, string Text, int Start, IReadOnlyList<HighlightView> Highlights)
{
    private const int Before = 40;
    private const int Longest = 200;
    private const int MostHighlights = 50;

    /// <summary>The first part that holds a term, cut around it; the first part's beginning where none does.</summary>
    internal static SnippetView Of(IReadOnlyList<SearchPart> parts, IReadOnlyList<string> terms)
    {
        foreach (var part in parts)
        {
            var found = FoldedText.Of(part.Text).Find(terms, MostHighlights);
            if (found.Count > 0)
                return Cut(part, found);
        }
        return parts.Count > 0 ? Cut(parts[0], []) : new SnippetView("text", "", 0, []);
    }

    private static SnippetView Cut(SearchPart part, IReadOnlyList<(int Start, int Length)> found)
    {
        var text = part.Text;
        var start = found.Count == 0 || text.Length <= Longest ? 0 : Math.Max(0, found[0].Start - Before);
        var end = Math.Min(text.Length, start + Longest);
        // Never between the halves of a surrogate pair.
        if (start > 0 && char.IsLowSurrogate(text[start]))
            start--;
        if (end < text.Length && char.IsLowSurrogate(text[end]))
            end--;
        var highlights = found
            .Where(f => f.Start < end)
            .Select(f => new HighlightView(f.Start - start, Math.Min(f.Start + f.Length, end) - f.Start))
            .ToArray();
        return new SnippetView(part.Field, text[start..end], start, highlights);
    }
}

public sealed record HighlightView(int Start, int Length);
