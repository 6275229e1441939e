using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Sla;
using Threadkeep.Threads;

namespace Threadkeep.Tickets;

/// <summary>A ticket with the details of its WhatsApp thread.</summary>
public sealed record TicketDetailsRow : SlaColumns
{
    public Guid Id { get; init; }
    public int Number { get; init; }
    public string Status { get; init; } = "";
    public string? Subject { get; init; }
    public string Priority { get; init; } = "";
    public string? Category { get; init; }
    public Guid? OwnerId { get; init; }
    public string? OwnerName { get; init; }
    public Guid? TeamId { get; init; }
    public string? TeamName { get; init; }
    public string[] Skills { get; init; } = [];
    public DateTimeOffset? QueuedAt { get; init; }
    public string[] Tags { get; init; } = [];

    /// <summary>The account's own properties, a JSON object; null: none.</summary>
    public string? Properties { get; init; }
    public DateTimeOffset? SnoozedUntil { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? FirstResponseAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public int Version { get; init; }
    public string Source { get; init; } = "";

    /// <summary>False where a newer ticket of the thread followed it.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>The ticket that this one goes on in; it is closed.</summary>
    public Guid? MergedInto { get; init; }
    public int? MergedIntoNumber { get; init; }
    public Guid? MergedIntoThread { get; init; }
    public Guid? ThreadId { get; init; }
    public Guid ContactId { get; init; }
    public string? ContactName { get; init; }
    public string? ProfileName { get; init; }
    public string? WaId { get; init; }
    public string? UserId { get; init; }
    public Guid? ChannelId { get; init; }
    public string? ChannelName { get; init; }
    public string? ChannelNumber { get; init; }
    public DateTimeOffset? LastInboundAt { get; init; }
    public DateTimeOffset? SessionOpenedAt { get; init; }
    public DateTimeOffset? LastOutboundAt { get; init; }
    public int Received { get; init; }
    public int Sent { get; init; }
    public string? TemplateName { get; init; }
    public string? TemplateLanguage { get; init; }
    public DateTimeOffset? TemplateAt { get; init; }
}

/// <summary>A note, as far as a merge takes it along.</summary>
public sealed record NoteRow
{
    public string Text { get; init; } = "";
    public Guid? AgentId { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>Which tickets a list wants; what is null may be anything.</summary>
/// <param name="IsUnassigned">Only those of nobody.</param>
public sealed record TicketFilter(
    string? Status,
    Guid? Owner,
    bool IsUnassigned,
    Guid? Team,
    Guid? Thread,
    Guid? Contact = null
);

/// <summary>Reads of tickets, every one bound to what its caller may see.</summary>
public sealed class TicketQueries(NpgsqlDataSource database)
{
    // Counts are of the messages between the ticket's opening and the next one's: its own items stand in the thread.
    private const string Columns = $"""
        select k.id, k.number, case when not k.is_open then 'closed' else coalesce(t.ticket_status, k.status) end as status,
            k.subject, k.priority, k.category, k.owner_id, o.name as owner_name, g.id as team_id,
            g.name as team_name, k.skills, k.queued_at, k.tags, k.snoozed_until, k.opened_at, k.first_response_at,
            k.closed_at, k.version, k.source, k.thread_id, coalesce(c.id, k.contact_id) as contact_id,
            coalesce(c.name, case when t.channel_id = t.id then coalesce(c.profile_name, c.phone, c.mobile_phone) end) as contact_name, t.profile_name, t.wa_id, t.user_id,
            t.channel_id, h.name as channel_name, h.display_phone_number as channel_number, t.last_inbound_at, t.session_opened_at,
            n.last_outbound_at, n.received, n.sent, p.template_name, p.template_language, p.at as template_at,
            coalesce(t.ticket_id = k.id, true) as is_current,
            i.id as merged_into, i.number as merged_into_number, i.thread_id as merged_into_thread,
            {SlaColumns.Sql}, {CustomPropertyStore.ValuesSql} as properties
        from (
            select * from threadkeep.tickets
            where account_id = @account
                and (@channels::uuid[] is null or exists (
                    select from threadkeep.threads v where v.account_id = tickets.account_id and v.id = tickets.thread_id
                        and v.channel_id = any(@channels)))
        """;

    private const string Joins = $"""
        ) k
        left join threadkeep.threads t on t.account_id = k.account_id and t.id = k.thread_id
        left join threadkeep.channels h on h.account_id = t.account_id and h.id = t.channel_id
        {ContactSql.OfTicket}
        left join threadkeep.agents o on o.account_id = k.account_id and o.id = k.owner_id
        left join threadkeep.ticket_terms e on e.account_id = k.account_id and e.ticket_id = k.id
        left join threadkeep.ticket_merges r on r.account_id = k.account_id and r.ticket_id = k.id and not k.is_open
        left join threadkeep.tickets i on i.account_id = r.account_id and i.id = r.into_id
        left join threadkeep.teams g on g.account_id = k.account_id and g.id = k.team_id
        left join lateral (
            select min(e.seq) filter (where e.data::jsonb ->> 'ticketNumber' = k.number::text) as first,
                min(e.seq) filter (where (e.data::jsonb ->> 'ticketNumber')::int > k.number) as next
            from threadkeep.messages e
            where e.account_id = k.account_id and e.thread_id = k.thread_id and e.direction = 2 and e.type = 'ticket_opened'
        ) s on true
        left join lateral (
            select max(m.at) filter (where m.direction = 1) as last_outbound_at,
                (count(*) filter (where m.direction = 0))::int as received, (count(*) filter (where m.direction = 1))::int as sent,
                max(m.seq) filter (where m.direction = 1 and m.template_name is not null) as template_seq
            from threadkeep.messages m
            where m.account_id = k.account_id and m.thread_id = k.thread_id and m.direction < 2
                and m.seq > coalesce(s.first, 0) and m.seq < coalesce(s.next, 2147483647)
        ) n on true
        left join threadkeep.messages p on p.account_id = k.account_id and p.thread_id = k.thread_id and p.seq = n.template_seq
        order by k.number desc
        """;

    /// <summary>Null where the account has no such ticket, or the caller may not see it.</summary>
    public async Task<TicketDetailsRow?> FindAsync(Scope scope, Guid ticket)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<TicketDetailsRow>(
            Columns + " and id = @ticket" + Joins,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                ticket,
            }
        );
    }

    /// <summary>Newest number first.</summary>
    /// <param name="before">Only numbers below this.</param>
    public async Task<IReadOnlyList<TicketDetailsRow>> ListAsync(
        Scope scope,
        TicketFilter filter,
        int before,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<TicketDetailsRow>(
            Columns
                + """

                    and number < @before
                    and (@thread::uuid is null or thread_id = @thread)
                    and (@contact::uuid is null or contact_id = @contact or contact_id in (
                        select s.id from threadkeep.contacts s where s.account_id = @account and s.same_as = @contact))
                    and (@owner::uuid is null or owner_id = @owner)
                    and (not @isUnassigned or owner_id is null)
                    and (@team::uuid is null or team_id = @team)
                    and case
                        when @status::text is null then true
                        when @status = 'closed' then not is_open
                        else is_open and @status = coalesce(
                            (select x.ticket_status from threadkeep.threads x
                             where x.account_id = tickets.account_id and x.id = tickets.thread_id), status)
                    end
                order by number desc
                limit @limit
                """
                + Joins,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                before,
                thread = filter.Thread,
                contact = filter.Contact,
                owner = filter.Owner,
                isUnassigned = filter.IsUnassigned,
                team = filter.Team,
                status = filter.Status,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>The thread that a ticket belongs to; null where there is no such ticket, or it has none.</summary>
    public async Task<ThreadId?> ThreadOfAsync(Scope scope, Guid ticket)
    {
        await using var connection = await database.OpenConnectionAsync();
        var thread = await connection.ExecuteScalarAsync<Guid?>(
            """
            select k.thread_id
            from threadkeep.tickets k
            join threadkeep.threads t on t.account_id = k.account_id and t.id = k.thread_id
            where k.account_id = @account and k.id = @ticket and (@channels::uuid[] is null or t.channel_id = any(@channels))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                ticket,
            }
        );
        return thread is { } id ? new ThreadId(id) : null;
    }

    /// <summary>A conversation with a contact that a ticket could go over to; null where the caller sees no such conversation.</summary>
    /// <returns>The contact it is with, and whether it has an open ticket.</returns>
    public async Task<(Guid Contact, bool HasOpenTicket)?> ConversationAsync(Scope scope, ThreadId thread)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = await connection.QueryAsync<(Guid Contact, bool HasOpenTicket)>(
            $"""
            select coalesce(c.id, t.contact_id), coalesce(k.is_open, false)
            from threadkeep.threads t
            left join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id and k.thread_id = t.id
            {ContactSql.OfThread}
            where t.account_id = @account and t.id = @thread and t.channel_id <> t.id
                and (@channels::uuid[] is null or t.channel_id = any(@channels))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                thread = thread.Value,
            }
        );
        foreach (var row in found)
            return row;
        return null;
    }

    /// <summary>The newest notes of a thread, oldest first, and how many older ones there are.</summary>
    /// <param name="limit">Notes at most.</param>
    /// <param name="characters">Of all of them together at most; one alone may be longer.</param>
    public async Task<(IReadOnlyList<NoteRow> Notes, int Left)> NotesAsync(
        AccountId account,
        Guid thread,
        int limit,
        int characters
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = (
            await connection.QueryAsync<NoteRow>(
                """
                select text, agent_id, at from threadkeep.messages
                where account_id = @account and thread_id = @thread and direction = 3 and text is not null
                order by seq desc limit @limit
                """,
                new
                {
                    account = account.Value,
                    thread,
                    limit,
                }
            )
        ).ToArray();
        var all = await connection.ExecuteScalarAsync<int>(
            """
            select count(*)::int from threadkeep.messages
            where account_id = @account and thread_id = @thread and direction = 3 and text is not null
            """,
            new { account = account.Value, thread }
        );
        var taken = rows.Length;
        for (var (n, sum) = (0, 0); n < rows.Length; n++)
        {
            sum += rows[n].Text.Length;
            if (n > 0 && sum > characters)
            {
                taken = n;
                break;
            }
        }
        return ([.. rows.Take(taken).Reverse()], Math.Max(0, all - taken));
    }

    /// <summary>The tags that a ticket got when the other was merged into it last.</summary>
    public Task<string[]> TagsOfMergeAsync(AccountId account, Guid thread, Guid other) =>
        TagsOfMergeAsync(database, account, thread, other);

    internal static async Task<string[]> TagsOfMergeAsync(
        NpgsqlDataSource database,
        AccountId account,
        Guid thread,
        Guid other
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var tags = await connection.ExecuteScalarAsync<string?>(
            """
            select data::jsonb ->> 'tags' from threadkeep.messages
            where account_id = @account and thread_id = @thread and direction = 2 and type = 'ticket_absorbed'
                and data::jsonb ->> 'otherTicketId' = @other
            order by seq desc limit 1
            """,
            new
            {
                account = account.Value,
                thread,
                other = other.ToString("N"),
            }
        );
        return tags is null ? [] : JsonSerializer.Deserialize<string[]>(tags)!;
    }

    /// <summary>How a ticket stood before it went on in another one; null: no merge tells.</summary>
    public async Task<(string Status, DateTimeOffset? SnoozedUntil)?> BeforeMergeAsync(
        AccountId account,
        Guid thread,
        Guid into
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<(string, DateTimeOffset?)?>(
            """
            select data::jsonb ->> 'status', (data::jsonb ->> 'snoozedUntil')::timestamptz
            from threadkeep.messages
            where account_id = @account and thread_id = @thread and direction = 2 and type = 'ticket_merged'
                and data::jsonb ->> 'otherTicketId' = @into and data::jsonb ? 'status'
            order by seq desc limit 1
            """,
            new
            {
                account = account.Value,
                thread,
                into = into.ToString("N"),
            }
        );
    }

    /// <summary>
    /// Waits until nobody else merges tickets of this contact, and keeps others waiting until it is disposed of: of two that merge a pair
    /// crosswise, the second sees what the first has left.
    /// </summary>
    public Task<Turn> MergeTurnAsync(AccountId account, Guid contact) =>
        Turn.TakeAsync(database, $"ticket merges {account}{contact:N}");

    /// <summary>Categories and tags in use on tickets, the most used first: what a menu offers.</summary>
    public async Task<(string[] Categories, string[] Tags)> WordsAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        using var results = await connection.QueryMultipleAsync(
            """
            select category from (select * from threadkeep.tickets where account_id = @account order by number desc limit 20000) k
            where category is not null group by category order by count(*) desc, category limit 100;
            select g.tag from (select * from threadkeep.tickets where account_id = @account order by number desc limit 20000) k
            cross join lateral unnest(k.tags) as g (tag) group by g.tag order by count(*) desc, g.tag limit 100;
            """,
            new { account = account.Value }
        );
        return ([.. await results.ReadAsync<string>()], [.. await results.ReadAsync<string>()]);
    }
}
