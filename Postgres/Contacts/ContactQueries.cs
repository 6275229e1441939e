using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Search;
using Threadkeep.Threads;

namespace Threadkeep.Contacts;

/// <summary>A contact's ticket, as its page lists it.</summary>
public sealed record ContactTicketRow(
    Guid Id,
    int Number,
    string Status,
    string? Subject,
    DateTimeOffset OpenedAt,
    Guid? ThreadId
);

/// <summary>
/// Reads of contacts. A record is the whole account's; of what came by WhatsApp (who wrote, threads, tickets, profile names) a caller
/// hears only as far as they may see its channels.
/// </summary>
public sealed class ContactQueries(NpgsqlDataSource database)
{
    // Somebody who sees only some channels does not hear of customers who are known from other channels alone.
    internal const string IsVisible = """
        (@channels::uuid[] is null or c.is_record or exists (
            select from threadkeep.threads v
            where v.account_id = c.account_id and v.channel_id = any(@channels)
                and v.contact_id in (
                    select c.id union all
                    select y.id from threadkeep.contacts y where y.account_id = c.account_id and y.same_as = c.id)))
        """;

    private const string VisibleProfileName = """
        (select v.profile_name from threadkeep.threads v
            where v.account_id = c.account_id and v.profile_name is not null and (@channels::uuid[] is null or v.channel_id = any(@channels))
                and v.contact_id in (
                    select c.id union all
                    select y.id from threadkeep.contacts y where y.account_id = c.account_id and y.same_as = c.id)
            order by v.last_inbound_at desc nulls last limit 1) as profile_name
        """;

    /// <summary>In the order of names, as a Japanese directory has them (<see cref="KanaOrder"/>).</summary>
    /// <param name="query">Null: all.</param>
    public async Task<IReadOnlyList<ContactRow>> ListAsync(
        Scope scope,
        CustomerQuery? query,
        (string SortKey, Guid Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ContactRow>(
            $"""
            select {ContactRow.Columns}, {VisibleProfileName}
            from threadkeep.contacts c
            where c.account_id = @account and c.same_as is null and c.sort_key is not null
                and (@key::text is null or (c.sort_key, c.id) > (@key collate "C", @id))
                and (@patterns::text[] is null or c.search_text like all(@patterns) or c.search_text like any(@numbers))
                and {IsVisible}
            order by c.sort_key, c.id
            limit @limit
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                key = after?.SortKey,
                id = after?.Id,
                patterns = query is null ? null : SearchQueries.Patterns(query.Terms),
                numbers = query is null ? [] : SearchQueries.Patterns(query.Digits),
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>The contact, or the one that it was found to be; null where there is none, or the caller may not see it.</summary>
    public async Task<ContactRow?> FindAsync(Scope scope, Guid contact)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ContactRow>(
            $"""
            select {ContactRow.Columns}, {VisibleProfileName}
            from threadkeep.contacts own
            join threadkeep.contacts c on c.account_id = own.account_id and c.id = coalesce(own.same_as, own.id)
            where own.account_id = @account and own.id = @contact and {IsVisible}
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                contact,
            }
        );
    }

    /// <summary>The contact of a thread as it is stored with it, whatever that was found to be; null where the caller may not see the thread.</summary>
    public async Task<Guid?> OwnOfThreadAsync(Scope scope, ThreadId thread)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<Guid?>(
            """
            select contact_id from threadkeep.threads
            where account_id = @account and id = @thread and (@channels::uuid[] is null or channel_id = any(@channels))
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                thread = thread.Value,
            }
        );
    }

    /// <summary>Other records with one of its numbers, unless somebody said that they are somebody else.</summary>
    public async Task<IReadOnlyList<ContactMatch>> MatchesAsync(Scope scope, Guid contact)
    {
        await using var connection = await database.OpenConnectionAsync();
        var numbers = await connection.QueryAsync<string>(
            $"""
            with {ContactSql.Everyone}
            select t.wa_id from threadkeep.threads t
            where t.account_id = @account and t.contact_id in (select id from everyone) and t.wa_id is not null
            union
            select n.number from threadkeep.contacts x
            cross join lateral (values (x.phone), (x.mobile_phone)) as n (number)
            where x.account_id = @account and x.id in (select id from everyone) and n.number is not null
            """,
            new { account = scope.Account.Value, contact }
        );
        var rows = await connection.QueryAsync<ContactMatch>(
            $"""
            with {ContactSql.Everyone}, found as ({ContactWriting.WithNumber})
            select c.id, coalesce(c.name, c.phone, c.mobile_phone, c.email, '?') as name, c.email, c.phone, c.mobile_phone
            from found f
            join threadkeep.contacts c on c.account_id = @account and c.id = f.id
            where c.id <> @contact and not @contact = any(c.apart_from)
                and not exists (
                    select from threadkeep.contacts x
                    where x.account_id = @account and x.id in (select id from everyone) and c.id = any(x.apart_from))
            order by c.sort_key, c.id
            limit 20
            """,
            new
            {
                account = scope.Account.Value,
                contact,
                keys = numbers.Select(n => NumberForms.KeyOf(n)!).Distinct().ToArray(),
            }
        );
        return [.. rows];
    }

    /// <summary>What was found to be this contact, newest first.</summary>
    public async Task<IReadOnlyList<ContactMerge>> MergesAsync(Scope scope, Guid contact)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ContactMerge>(
            """
            select m.id, m.contact_id, coalesce(x.name, x.phone, x.mobile_phone, x.email, '?') as name, m.kind, o.name as by, m.at
            from threadkeep.contact_merges m
            join threadkeep.contacts x on x.account_id = m.account_id and x.id = m.contact_id and x.same_as = m.into_id
            left join threadkeep.agents o on o.account_id = m.account_id and o.id = m.agent_id
            where m.account_id = @account and m.into_id = @contact and m.undone_at is null
                and (@channels::uuid[] is null or x.is_record or exists (
                    select from threadkeep.threads v
                    where v.account_id = x.account_id and v.contact_id = x.id and v.channel_id = any(@channels)))
            order by m.at desc, m.id desc
            limit 50
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                contact,
            }
        );
        return [.. rows];
    }

    /// <summary>The contact that another one was found to be; null where that was taken back, or there is no such finding.</summary>
    public async Task<Guid?> IntoOfMergeAsync(AccountId account, Guid merge)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<Guid?>(
            "select into_id from threadkeep.contact_merges where account_id = @account and id = @merge and undone_at is null",
            new { account = account.Value, merge }
        );
    }

    /// <summary>Its threads that the caller may see, newest activity first.</summary>
    public async Task<IReadOnlyList<ThreadListRow>> ThreadsAsync(Scope scope, Guid contact, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ThreadListRow>(
            $"""
            with {ContactSql.Everyone}
            {ThreadQueries.Columns}
            from (
                select x.* from threadkeep.threads h
                join threadkeep.thread_activity x on x.account_id = h.account_id and x.thread_id = h.id
                where h.account_id = @account and h.contact_id in (select id from everyone) and h.channel_id <> h.id
                    and (@channels::uuid[] is null or h.channel_id = any(@channels))) {ThreadQueries.Joins}
            order by a.at desc, a.thread_id desc
            limit @limit
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                contact,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>Its tickets that the caller may see, newest number first.</summary>
    public async Task<IReadOnlyList<ContactTicketRow>> TicketsAsync(Scope scope, Guid contact, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ContactTicketRow>(
            $"""
            with {ContactSql.Everyone}
            select k.id, k.number, case when not k.is_open then 'closed' else coalesce(t.ticket_status, k.status) end as status, k.subject,
                k.opened_at, k.thread_id
            from threadkeep.tickets k
            left join threadkeep.threads t on t.account_id = k.account_id and t.id = k.thread_id
            where k.account_id = @account and k.contact_id in (select id from everyone)
                and (@channels::uuid[] is null or t.channel_id = any(@channels))
            order by k.number desc
            limit @limit
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                contact,
                limit,
            }
        );
        return [.. rows];
    }
}
