using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Search;

/// <summary>Search over everything that an account has stored.</summary>
public static class SearchEndpoints
{
    /// <summary>UTF-16 units of a query.</summary>
    private const int Longest = 200;
    private const int MostTerms = 10;

    /// <summary>Customers shown before the messages of a search for anything.</summary>
    private const int ContactsBeside = 5;

    /// <summary>Digits that a number is found by.</summary>
    private const int FewestDigits = 4;
    private static readonly string[] Kinds = ["message", "contact", "ticket"];

    public static void MapSearch(this RouteGroupBuilder api) =>
        api.MapGet("/search", Search).Needs(Permission.Read).WithName("search");

    private static async Task<Results<Ok<Page<SearchHitView>>, ProblemHttpResult>> Search(
        ClaimsPrincipal user,
        SearchQueries search,
        ThreadFinder finder,
        PeopleStore people,
        TimeProvider clock,
        string? q,
        string? kind,
        string? channelId,
        string? direction,
        DateTimeOffset? from,
        DateTimeOffset? to,
        bool? hasMedia,
        string? ownerId,
        string? status,
        string? source,
        int? limit,
        string? cursor
    )
    {
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        if (q?.Length > Longest)
            return Problems.Of(
                400,
                "query_too_long",
                "What is searched for is too long.",
                $"q may hold {Longest} characters."
            );
        string[] terms = [.. Folding.Fold(q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];
        if (terms.Length == 0)
            return Problems.Of(
                400,
                "query_missing",
                "Say what is searched for.",
                "q is empty, or holds nothing but white space and marks."
            );
        if (terms.Length > MostTerms)
            return Problems.Of(
                400,
                "query_too_long",
                "What is searched for is too long.",
                $"q may hold {MostTerms} words."
            );
        if (kind is not null && !Kinds.Contains(kind))
            return Problems.BadRequest("kind must be message, contact or ticket.");
        if (direction is not (null or "inbound" or "outbound" or "note"))
            return Problems.BadRequest("direction must be inbound, outbound or note.");
        if (status is not null && !TicketWords.Statuses.Contains(status))
            return Problems.BadRequest("status must be new, waiting_on_us, waiting_on_contact or closed.");
        if (source is not (null or "whatsapp" or "other"))
            return Problems.BadRequest("source must be whatsapp or other.");
        Guid? owner = null;
        if (ownerId is not (null or "none"))
        {
            if (!Guid.TryParseExact(ownerId, "N", out var known))
                return Problems.BadRequest("ownerId is neither the id of a person nor none.");
            owner = known;
        }
        Guid? channel = null;
        if (channelId is not null)
        {
            if (!Guid.TryParseExact(channelId, "N", out var parsed))
                return Problems.BadRequest("channelId is not the id of a channel.");
            channel = parsed;
        }

        var scope = user.Caller().Scope;
        var filter = new SearchFilter(
            terms,
            channel,
            direction switch
            {
                null => null,
                "inbound" => 0,
                "outbound" => 1,
                _ => 3,
            },
            from,
            to,
            hasMedia,
            ownerId is null && status is null ? null : new SearchTicket(status, owner, ownerId == "none"),
            source is null ? null : source == "whatsapp"
        );
        // What only messages have leaves only messages.
        var messagesOnly =
            direction is not null
            || from is not null
            || to is not null
            || hasMedia is not null
            || filter.Ticket is not null;
        if (kind is "contact" or "ticket" && messagesOnly)
            return Problems.BadRequest("direction, from, to, hasMedia, ownerId and status are about messages.");
        return kind switch
        {
            "contact" => await ContactsAsync(),
            "ticket" => TypedResults.Ok(new Page<SearchHitView>(await TicketsAsync(), null)),
            _ => await MessagesAsync(),
        };

        async Task<Results<Ok<Page<SearchHitView>>, ProblemHttpResult>> ContactsAsync()
        {
            if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
                return refused;
            var digits = await DigitsAsync();
            var rows = await CustomersAsync(digits, asked.After, asked.Limit + 1);
            return TypedResults.Ok(
                asked.PageOf(rows, r => SearchHitView.Of(r, terms, digits), r => (r.ActivityAt, r.Id))
            );
        }

        async Task<SearchHitView[]> TicketsAsync() =>
            ReadNumber(terms) is { } number
            && await search.TicketAsync(scope, number, channel, filter.OfWhatsApp) is { } ticket
                ? [SearchHitView.Of(ticket)]
                : [];

        async Task<Results<Ok<Page<SearchHitView>>, ProblemHttpResult>> MessagesAsync()
        {
            SearchPlace? after = null;
            if (cursor is not null)
            {
                if (!Cursor.TryParse(cursor, out var place) || !MessageId.TryParse(place.Id, out var id))
                    return Problems.BadCursor();
                after = new SearchPlace(place.At, id.Thread.Value, id.Seq);
            }
            var items = new List<SearchHitView>();
            if (kind is null && after is null && !messagesOnly)
            {
                items.AddRange(await TicketsAsync());
                var digits = await DigitsAsync();
                var contacts = await CustomersAsync(digits, null, ContactsBeside);
                items.AddRange(contacts.Select(c => SearchHitView.Of(c, terms, digits)).Take(count - items.Count));
            }
            // A page that others fill leaves all messages to the next.
            if (items.Count == count)
                return TypedResults.Ok(new Page<SearchHitView>(items, CursorOf(SearchPlace.Start)));
            var (hits, next) = await search.MessagesAsync(scope, filter, after, count - items.Count);
            items.AddRange(hits.Select(h => SearchHitView.Of(h, terms)));
            return TypedResults.Ok(new Page<SearchHitView>(items, next is { } end ? CursorOf(end) : null));
        }

        Task<IReadOnlyList<ThreadListRow>> CustomersAsync(
            string[] digits,
            (DateTimeOffset At, Guid Id)? place,
            int most
        ) =>
            // Customers are found by their conversations, and these are on WhatsApp.
            filter.OfWhatsApp == false
                ? Task.FromResult<IReadOnlyList<ThreadListRow>>([])
                : finder.ListAsync(
                    scope,
                    new CustomerQuery(terms, digits),
                    new ThreadFilter("all", channel),
                    place,
                    most,
                    clock.GetUtcNow()
                );

        async Task<string[]> DigitsAsync() =>
            [
                .. (NumberQuery.Digits(q!, (await people.AccountAsync(scope.Account)).Country) ?? []).Where(d =>
                    d.Length >= FewestDigits
                ),
            ];
    }

    private static string CursorOf(SearchPlace place) =>
        new Cursor(place.At, new MessageId(new ThreadId(place.Thread), place.Seq).ToString()).ToString();

    // 4711 or #4711.
    private static int? ReadNumber(string[] terms) =>
        terms.Length == 1
        && int.TryParse(
            terms[0].AsSpan().TrimStart('#'),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
