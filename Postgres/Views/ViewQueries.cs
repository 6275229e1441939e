using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Views;

/// <summary>How many threads the default views of an account hold, for all of its agents at once.</summary>
/// <param name="ByOwner">Open tickets that are not put off, by owner.</param>
/// <param name="Mentions">Threads with an open ticket that name them, by agent.</param>
public sealed record DefaultCounts(
    int Open,
    int Unassigned,
    int Snoozed,
    int Closed,
    int Closing,
    IReadOnlyDictionary<Guid, int> ByOwner,
    IReadOnlyDictionary<Guid, int> Mentions
);

/// <summary>Lists and counts of views, every one bound to what its caller may see.</summary>
public sealed class ViewQueries(NpgsqlDataSource database)
{
    /// <summary>A view of somebody's own is counted up to here: beyond, more is enough to know.</summary>
    public const int MostCounted = 1_000;

    /// <summary>So many threads are looked through first, newest activity first.</summary>
    private const int Newest = 2_000;

    private const string From = $"""
        from threadkeep.thread_activity {ThreadQueries.Joins}
        where a.account_id = @account and (@channels::uuid[] is null or a.channel_id = any(@channels)) and {ThreadQueries.IsThere}
        """;

    private const string FromNewest = $"""
        from (
            select * from threadkeep.thread_activity a
            where a.account_id = @account and (@channels::uuid[] is null or a.channel_id = any(@channels))
                and (@at::timestamptz is null or (a.at, a.thread_id) < (@at, @id))
            order by {ViewSql.NewestFirst}
            limit @newest) {ThreadQueries.Joins}
        where {ThreadQueries.IsThere}
        """;

    /// <summary>Threads of a default view, newest activity first.</summary>
    public Task<IReadOnlyList<ThreadListRow>> ListAsync(
        Scope scope,
        AgentId? me,
        DefaultView view,
        (DateTimeOffset At, Guid Id)? after,
        int limit,
        DateTimeOffset now
    ) => ListAsync(Start(scope, me, now), ViewSql.Of(view), "null::text", ViewSql.NewestFirst, after, 0, limit);

    /// <summary>Threads of a view that somebody made, in its order.</summary>
    /// <param name="after">For one ordered by activity; the others go by <paramref name="skip"/>.</param>
    public Task<IReadOnlyList<ThreadListRow>> ListAsync(
        Scope scope,
        AgentId? me,
        ViewDefinition view,
        ViewCatalogue catalogue,
        (DateTimeOffset At, Guid Id)? after,
        int skip,
        int limit,
        DateTimeOffset now
    )
    {
        var parameters = Start(scope, me, now);
        var where = ViewSql.Of(view.Filters, me?.Value, parameters, catalogue);
        var columns = ViewSql.Columns(view.Columns, catalogue);
        return ListAsync(parameters, where, columns, ViewSql.OrderBy(view, catalogue), after, skip, limit);
    }

    private async Task<IReadOnlyList<ThreadListRow>> ListAsync(
        DynamicParameters parameters,
        string where,
        string columns,
        string order,
        (DateTimeOffset At, Guid Id)? after,
        int skip,
        int limit
    )
    {
        parameters.Add("at", after?.At);
        parameters.Add("id", after?.Id);
        parameters.Add("skip", skip);
        parameters.Add("limit", limit);
        parameters.Add("newest", Newest);
        await using var connection = await database.OpenConnectionAsync();
        // What most lists want is among the newest, and finding it there costs the same however many threads there are. Planned over
        // all threads, PostgreSQL begins with all that fit the condition and sorts them. A condition that few fit it plans well.
        if (order == ViewSql.NewestFirst && skip == 0 && await RowsAsync(FromNewest) is { } page && page.Count == limit)
            return page;
        return await RowsAsync(From);

        // Which threads first, and then what is shown of them: inside, PostgreSQL leaves out every join that the condition does not need.
        async Task<IReadOnlyList<ThreadListRow>> RowsAsync(string from) =>
            [
                .. await connection.QueryAsync<ThreadListRow>(
                    $"""
                    {ThreadQueries.Columns}, {columns} as columns
                    from (
                        select a.*
                        {from}
                            and (@at::timestamptz is null or (a.at, a.thread_id) < (@at, @id))
                            and {where}
                        order by {order}
                        offset @skip limit @limit) {ThreadQueries.Joins}
                    order by {order}
                    """,
                    parameters
                ),
            ];
    }

    /// <summary>One thread as the view shows it; null where it is not in it.</summary>
    public async Task<ThreadListRow?> FindAsync(
        Scope scope,
        AgentId? me,
        DefaultView? standard,
        ViewDefinition? made,
        ViewCatalogue catalogue,
        ThreadId thread,
        DateTimeOffset now
    )
    {
        var parameters = Start(scope, me, now);
        parameters.Add("thread", thread.Value);
        var where = standard is { } view
            ? ViewSql.Of(view)
            : ViewSql.Of(made!.Filters, me?.Value, parameters, catalogue);
        var columns = made is null ? "null::text" : ViewSql.Columns(made.Columns, catalogue);
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ThreadListRow>(
            $"""
            {ThreadQueries.Columns}, {columns} as columns
            {From}
                and a.thread_id = @thread and {where}
            """,
            parameters
        );
    }

    /// <summary>All default views but Sent, for everybody at once: one pass over the index of open tickets.</summary>
    public async Task<DefaultCounts> CountAsync(Scope scope, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        using var results = await connection.QueryMultipleAsync(
            $"""
            select owner_id, (count(*) filter (where snoozed_until is null))::int, (count(*) filter (where snoozed_until is not null))::int
            from threadkeep.tickets k
            where account_id = @account and is_open and thread_id is not null
                and (@channels::uuid[] is null or exists (
                    select from threadkeep.threads t where t.account_id = k.account_id and t.id = k.thread_id and t.channel_id = any(@channels)))
            group by owner_id;

            select count(ticket_id)::int from threadkeep.threads t
            where account_id = @account and (@channels::uuid[] is null or channel_id = any(@channels))
                -- A desk counts while its ticket is there.
                and (channel_id <> id or exists (
                    select from threadkeep.tickets k where k.account_id = t.account_id and k.id = t.id and k.thread_id = t.id))
                and {ThreadQueries.IsNotMerged};

            select count(*)::int from threadkeep.threads t
            join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id
            where t.account_id = @account and (@channels::uuid[] is null or t.channel_id = any(@channels)) and k.is_open and t.alarm_at <= @now + interval '2 hours'
                and t.last_inbound_at > @now - interval '24 hours' and t.last_inbound_at <= @now - interval '22 hours';

            select x.agent_id, count(distinct x.thread_id)::int
            from threadkeep.mentions x
            join threadkeep.threads t on t.account_id = x.account_id and t.id = x.thread_id
            join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id
            where x.account_id = @account and (@channels::uuid[] is null or t.channel_id = any(@channels)) and k.is_open
            group by x.agent_id;
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                now,
            }
        );
        var owners = (await results.ReadAsync<(Guid? Owner, int Awake, int Snoozed)>()).ToArray();
        var threads = await results.ReadSingleAsync<int>();
        var closing = await results.ReadSingleAsync<int>();
        var mentions = await results.ReadAsync<(Guid Agent, int Threads)>();
        var awake = owners.Sum(o => o.Awake);
        var snoozed = owners.Sum(o => o.Snoozed);
        return new DefaultCounts(
            awake,
            owners.Where(o => o.Owner is null).Sum(o => o.Awake),
            snoozed,
            Math.Max(0, threads - awake - snoozed),
            closing,
            owners.Where(o => o.Owner is not null).ToDictionary(o => o.Owner!.Value, o => o.Awake),
            mentions.ToDictionary(x => x.Agent, x => x.Threads)
        );
    }

    /// <summary>How many threads are in a view, up to <see cref="MostCounted"/> and one.</summary>
    public Task<int> CountAsync(
        Scope scope,
        AgentId? me,
        ViewDefinition view,
        ViewCatalogue catalogue,
        DateTimeOffset now
    )
    {
        var parameters = Start(scope, me, now);
        return CountAsync(parameters, ViewSql.Of(view.Filters, me?.Value, parameters, catalogue));
    }

    /// <summary>As the other, of a default view.</summary>
    public Task<int> CountAsync(Scope scope, DefaultView view, DateTimeOffset now) =>
        CountAsync(Start(scope, null, now), ViewSql.Of(view));

    private async Task<int> CountAsync(DynamicParameters parameters, string where)
    {
        parameters.Add("most", MostCounted + 1);
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            $"select count(*)::int from (select 1 {From} and {where} limit @most) x",
            parameters
        );
    }

    private static DynamicParameters Start(Scope scope, AgentId? me, DateTimeOffset now) =>
        new(
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                me = me?.Value,
                now,
            }
        );
}
