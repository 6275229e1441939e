using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;

namespace Threadkeep.Search;

/// <summary>A message's place in the order of hits: newest first.</summary>
public readonly record struct SearchPlace(DateTimeOffset At, Guid Thread, int Seq)
{
    /// <summary>Before every message.</summary>
    public static readonly SearchPlace Start = new(new DateTimeOffset(2900, 1, 1, 0, 0, 0, TimeSpan.Zero), default, 0);
}

/// <summary>Which messages a search wants.</summary>
/// <param name="Terms">Folded, without white space, each of which must be in the message; at least one.</param>
/// <param name="Direction">0 inbound, 1 outbound; null: both.</param>
/// <param name="From">Written then or later.</param>
/// <param name="To">Written before then.</param>
/// <param name="OfWhatsApp">False: nothing of conversations on WhatsApp, whatever it is; true: nothing else; null: both.</param>
public sealed record SearchFilter(
    IReadOnlyList<string> Terms,
    Guid? Channel = null,
    short? Direction = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    bool? HasMedia = null,
    SearchTicket? Ticket = null,
    bool? OfWhatsApp = null
);

/// <summary>What the thread's current ticket must be; what is null may be anything.</summary>
/// <param name="IsUnassigned">Only those of nobody.</param>
public sealed record SearchTicket(string? Status, Guid? Owner, bool IsUnassigned);

/// <summary>A message that was found.</summary>
public sealed record MessageHit
{
    public Guid ThreadId { get; init; }
    public int Seq { get; init; }
    public Guid ChannelId { get; init; }
    public DateTimeOffset At { get; init; }
    public short Direction { get; init; }
    public string Type { get; init; } = "";
    public short? Status { get; init; }
    public string? Text { get; init; }
    public string? FileName { get; init; }
    public byte[]? Raw { get; init; }
    public Guid ContactId { get; init; }
    public string? ContactName { get; init; }
    public string? ProfileName { get; init; }
    public string? WaId { get; init; }
    public string? UserId { get; init; }

    /// <summary>Of a ticket without a conversation.</summary>
    public string? Subject { get; init; }

    public SearchPlace Place => new(At, ThreadId, Seq);
}

/// <summary>A ticket that was found.</summary>
public sealed record TicketHit
{
    public Guid? ThreadId { get; init; }
    public Guid? ChannelId { get; init; }
    public DateTimeOffset At { get; init; }
    public Guid ContactId { get; init; }
    public string? ContactName { get; init; }
    public string? ProfileName { get; init; }
    public string? WaId { get; init; }
    public string? UserId { get; init; }
    public string? Subject { get; init; }
    public int TicketNumber { get; init; }
    public string TicketStatus { get; init; } = "";
}

/// <summary>
/// Searches, every one bound to what its caller may see. A word that is everywhere is found by looking through the newest messages; a rare one in the
/// index of pairs, week by week from the newest, until the page is full. Neither needs statistics, and neither reads all that
/// has a common word.
/// </summary>
public sealed class SearchQueries(NpgsqlDataSource database)
{
    /// <summary>Messages looked through before the index is asked, and all that a word of one character is looked for in at once.</summary>
    public const int Window = 20_000;

    /// <summary>Pairs asked for at once; the text decides in the end.</summary>
    private const int MaxPairs = 12;

    /// <summary>Messages after a place, newest first.</summary>
    /// <returns>Hits, and where to go on: null where nothing is left to look through. A word of one character may leave a page short with more to come.</returns>
    public async Task<(IReadOnlyList<MessageHit> Hits, SearchPlace? Next)> MessagesAsync(
        Scope scope,
        SearchFilter filter,
        SearchPlace? after,
        int limit
    )
    {
        var place = after ?? SearchPlace.Start;
        if (filter.To is { } to && to < place.At)
            place = new SearchPlace(to, default, 0);
        await using var connection = await database.OpenConnectionAsync();
        // One more than asked for tells whether there is a next page.
        var found = await WalkAsync(connection, scope, filter, place, limit + 1);
        SearchPlace? end = null;
        if (found.Count <= limit && await WindowEndAsync(connection, scope, filter, place) is { } windowEnd)
        {
            var pairs = filter.Terms.SelectMany(Grams.PairsIn).Distinct().ToArray();
            if (pairs.Length == 0)
                end = windowEnd;
            else
            {
                // Messages that came meanwhile move the window's end: what both have seen counts once.
                var older = await OlderAsync(connection, scope, filter, windowEnd, pairs, limit + 1 + found.Count);
                found = [.. found.Union(older).OrderDescending(NewestFirst).Take(limit + 1)];
            }
        }
        if (found.Count > limit)
        {
            found = [.. found.Take(limit)];
            end = found[^1];
        }
        return (await LoadAsync(connection, scope.Account, found), end);
    }

    /// <summary>The ticket with this number, if there is one that the caller may see.</summary>
    /// <param name="ofWhatsApp">By what began the ticket; null: whatever did.</param>
    public async Task<TicketHit?> TicketAsync(Scope scope, int number, Guid? channel, bool? ofWhatsApp)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<TicketHit>(
            $"""
            select k.thread_id, t.channel_id, k.opened_at as at, coalesce(c.id, k.contact_id) as contact_id, c.name as contact_name, t.profile_name, t.wa_id, t.user_id,
                k.subject, k.number as ticket_number, coalesce(case when t.ticket_number = k.number then t.ticket_status end, k.status) as ticket_status
            from threadkeep.tickets k
            left join threadkeep.threads t on t.account_id = k.account_id and t.id = k.thread_id
            {ContactSql.OfTicket}
            where k.account_id = @account and k.number = @number and (@channel::uuid is null or t.channel_id = @channel)
                and (@channels::uuid[] is null or t.channel_id = any(@channels))
                and (@ofWhatsApp::boolean is null or (k.source = 'whatsapp') = @ofWhatsApp)
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                number,
                channel,
                ofWhatsApp,
            }
        );
    }

    private static readonly IComparer<SearchPlace> NewestFirst = Comparer<SearchPlace>.Create(
        (a, b) =>
            a.At != b.At ? a.At.CompareTo(b.At)
            : a.Thread != b.Thread ? Threads.UuidOrder.Compare(a.Thread, b.Thread)
            : a.Seq.CompareTo(b.Seq)
    );

    // `offset 0` and an inner `limit` keep what stands inside as it is written: the index that is meant, and only then the text.
    private static async Task<List<SearchPlace>> WalkAsync(
        NpgsqlConnection connection,
        Scope scope,
        SearchFilter filter,
        SearchPlace place,
        int limit
    ) =>
        await PlacesAsync(
            connection,
            """
            select m.at, m.thread_id, m.seq
            from (
                select at, thread_id, seq, channel_id, direction, has_media, text
                from threadkeep.message_search
                where account_id = @account and (at, thread_id, seq) < (@at, @thread, @seq) and at >= @from
                order by at desc, thread_id desc, seq desc
                limit @window) m
            where m.text like all(@patterns)
                and (@channel::uuid is null or m.channel_id = @channel)
                and (@channels::uuid[] is null or m.channel_id = any(@channels))
                and (@direction::smallint is null or m.direction = @direction)
                and (@hasMedia::boolean is null or m.has_media = @hasMedia)
                and (@ofWhatsApp::boolean is null or (m.channel_id <> m.thread_id) = @ofWhatsApp)
                and (not @byTicket or exists (select from threadkeep.threads th
                    join threadkeep.tickets k on k.account_id = th.account_id and k.id = th.ticket_id
                    where th.account_id = @account and th.id = m.thread_id and (@status::text is null or th.ticket_status = @status)
                        and (@owner::uuid is null or k.owner_id = @owner) and (not @unassigned or k.owner_id is null)))
            limit @limit
            """,
            Parameters(scope, filter, place, limit)
        );

    // The last of the messages that were looked through; null where they were all.
    private static async Task<SearchPlace?> WindowEndAsync(
        NpgsqlConnection connection,
        Scope scope,
        SearchFilter filter,
        SearchPlace place
    )
    {
        var last = await PlacesAsync(
            connection,
            """
            select at, thread_id, seq
            from threadkeep.message_search
            where account_id = @account and (at, thread_id, seq) < (@at, @thread, @seq) and at >= @from
            order by at desc, thread_id desc, seq desc
            offset @window - 1
            limit 1
            """,
            Parameters(scope, filter, place, 1)
        );
        return last.Count == 0 ? null : last[0];
    }

    private static async Task<List<SearchPlace>> OlderAsync(
        NpgsqlConnection connection,
        Scope scope,
        SearchFilter filter,
        SearchPlace place,
        ulong[] pairs,
        int limit
    )
    {
        if (pairs.Length > MaxPairs)
            pairs = [.. Enumerable.Range(0, MaxPairs).Select(n => pairs[n * pairs.Length / MaxPairs])];
        var oldest = await connection.QuerySingleAsync<DateTimeOffset>(
            "select min(at) from threadkeep.message_search where account_id = @account",
            new { account = scope.Account.Value }
        );
        var newestWeek = Grams.WeekOf(place.At);
        var oldestWeek = Grams.WeekOf(filter.From > oldest ? filter.From.Value : oldest);
        var weeks = newestWeek - oldestWeek + 1;
        var grams = Enumerable
            .Range(0, weeks)
            .Select(n => Grams.OfMessage(scope.Account, newestWeek - n, pairs))
            .ToArray();
        var parameters = Parameters(scope, filter, place, limit);
        parameters.Add("grams", grams.SelectMany(g => g).ToArray());
        var upto = 0;
        parameters.Add("tos", grams.Select(g => upto += g.Length).ToArray());
        return await PlacesAsync(
            connection,
            """
            select m.at, m.thread_id, m.seq
            from unnest(@tos, array[0] || @tos) as w (upto, below)
            cross join lateral (
                select x.at, x.thread_id, x.seq
                from (select * from threadkeep.message_search where grams @> (@grams)[w.below + 1 : w.upto] offset 0) x
                where x.account_id = @account and x.text like all(@patterns)
                    and (x.at, x.thread_id, x.seq) < (@at, @thread, @seq) and x.at >= @from
                    and (@channel::uuid is null or x.channel_id = @channel)
                    and (@channels::uuid[] is null or x.channel_id = any(@channels))
                    and (@direction::smallint is null or x.direction = @direction)
                    and (@hasMedia::boolean is null or x.has_media = @hasMedia)
                    and (@ofWhatsApp::boolean is null or (x.channel_id <> x.thread_id) = @ofWhatsApp)
                    and (not @byTicket or exists (select from threadkeep.threads th
                        join threadkeep.tickets k on k.account_id = th.account_id and k.id = th.ticket_id
                        where th.account_id = @account and th.id = x.thread_id and (@status::text is null or th.ticket_status = @status)
                            and (@owner::uuid is null or k.owner_id = @owner) and (not @unassigned or k.owner_id is null)))
                order by x.at desc, x.thread_id desc, x.seq desc
                limit @limit) m
            where w.upto is not null
            limit @limit
            """,
            parameters
        );
    }

    private static async Task<IReadOnlyList<MessageHit>> LoadAsync(
        NpgsqlConnection connection,
        AccountId account,
        IReadOnlyList<SearchPlace> places
    )
    {
        if (places.Count == 0)
            return [];
        var rows = await connection.QueryAsync<MessageHit>(
            $"""
            select m.thread_id, m.seq, m.channel_id, m.at, m.direction, m.type, m.status, m.text, m.media_name as file_name,
                {SearchWords.Source} as raw,
                coalesce(c.id, t.contact_id) as contact_id, c.name as contact_name, t.profile_name, t.wa_id, t.user_id,
                case when t.channel_id = t.id then (
                    select k.subject from threadkeep.tickets k where k.account_id = t.account_id and k.id = t.id) end as subject
            from unnest(@threads, @seqs) with ordinality as p (thread_id, seq, n)
            join threadkeep.messages m on m.account_id = @account and m.thread_id = p.thread_id and m.seq = p.seq
            join threadkeep.threads t on t.account_id = m.account_id and t.id = m.thread_id
            {ContactSql.OfThread}
            -- What was written of a ticket at its desk is found in the conversation that it went over to.
            where t.channel_id <> t.id or t.ticket_id is not null
            order by p.n
            """,
            new
            {
                account = account.Value,
                threads = places.Select(p => p.Thread).ToArray(),
                seqs = places.Select(p => p.Seq).ToArray(),
            }
        );
        return [.. rows];
    }

    private static async Task<List<SearchPlace>> PlacesAsync(
        NpgsqlConnection connection,
        string sql,
        DynamicParameters parameters
    )
    {
        var rows = await connection.QueryAsync<(DateTimeOffset At, Guid Thread, int Seq)>(sql, parameters);
        return [.. rows.Select(r => new SearchPlace(r.At, r.Thread, r.Seq))];
    }

    private static DynamicParameters Parameters(Scope scope, SearchFilter filter, SearchPlace place, int limit) =>
        new(
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                at = place.At,
                thread = place.Thread,
                seq = place.Seq,
                from = filter.From ?? DateTimeOffset.UnixEpoch.AddYears(-1000),
                patterns = Patterns(filter.Terms),
                channel = filter.Channel,
                direction = filter.Direction,
                hasMedia = filter.HasMedia,
                ofWhatsApp = filter.OfWhatsApp,
                byTicket = filter.Ticket is not null,
                status = filter.Ticket?.Status,
                owner = filter.Ticket?.Owner,
                unassigned = filter.Ticket?.IsUnassigned ?? false,
                window = Window,
                limit,
            }
        );

    /// <summary>For <c>like all</c>: each of them somewhere in the text.</summary>
    internal static string[] Patterns(IEnumerable<string> terms) =>
        [
            .. terms.Select(t =>
                "%"
                + t.Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("%", "\\%", StringComparison.Ordinal)
                    .Replace("_", "\\_", StringComparison.Ordinal)
                + "%"
            ),
        ];
}
