using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Threads;

namespace Threadkeep.Search;

/// <summary>
/// Threads by their customer's name or number, by the index, and yet as they stand: what the index has not heard of yet is read and
/// compared here (ADR 025). Every search is bound to what its caller may see.
/// </summary>
public sealed class ThreadFinder(NpgsqlDataSource database)
{
    /// <summary>Threads of the list that are looked through before the index is asked: a name of many fills its page from them.</summary>
    private const int Window = 2_000;

    /// <summary>Commits behind the index that are looked at, the newest; some seconds of all that a cluster takes.</summary>
    private const int MostBehind = 20_000;

    /// <summary>Threads of one account that are compared one by one while the index is being filled, the newest.</summary>
    private const int MostUnfilled = 100_000;

    /// <summary>Newest activity first.</summary>
    public async Task<IReadOnlyList<ThreadListRow>> ListAsync(
        Scope scope,
        CustomerQuery query,
        ThreadFilter filter,
        (DateTimeOffset At, Guid Id)? after,
        int limit,
        DateTimeOffset now
    )
    {
        try
        {
            return await ReadAsync(scope, query, filter, after, limit, now);
        }
        catch (NpgsqlException lost) when (IsLost(lost))
        {
            // Searches are rare enough to be the first to find that PostgreSQL was started again: nobody waits for that twice.
            database.Clear();
            return await ReadAsync(scope, query, filter, after, limit, now);
        }
    }

    private static bool IsLost(NpgsqlException failed) =>
        failed is PostgresException refused
            ? SqlErrors.IsShutdown(refused.SqlState)
            : failed.InnerException is IOException or System.Net.Sockets.SocketException;

    private async Task<IReadOnlyList<ThreadListRow>> ReadAsync(
        Scope scope,
        CustomerQuery query,
        ThreadFilter filter,
        (DateTimeOffset At, Guid Id)? after,
        int limit,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var parameters = ThreadQueries.Parameters(scope, filter, after, limit, now);
        parameters.Add("patterns", SearchQueries.Patterns(query.Terms));
        parameters.Add("numbers", SearchQueries.Patterns(query.Digits));
        parameters.Add("window", Window);
        // First: what the index learns from now on is found by it.
        parameters.Add("fresh", await FreshAsync(connection, scope.Account, query));
        var newest = await RowsAsync(connection, Walk, parameters);
        return newest.Count == limit
            ? newest
            : await RowsAsync(connection, FromIndex(scope.Account, query, parameters), parameters);
    }

    private static async Task<IReadOnlyList<ThreadListRow>> RowsAsync(
        NpgsqlConnection connection,
        string source,
        DynamicParameters parameters
    )
    {
        var rows = await connection.QueryAsync<ThreadListRow>(
            $"""
            {ThreadQueries.Columns}
            from (
                select a.*
                from ({source}) {ThreadQueries.Joins}
                where {ThreadQueries.Conditions}
                order by a.at desc, a.thread_id desc
                limit @limit) {ThreadQueries.Joins}
            order by a.at desc, a.thread_id desc
            """,
            parameters
        );
        return [.. rows];
    }

    // Threads that fit, and that the index may not have as they stand: committed behind its place, or not filled in yet.
    private static async Task<Guid[]> FreshAsync(NpgsqlConnection connection, AccountId account, CustomerQuery query)
    {
        var rows = await connection.QueryAsync<(
            Guid Id,
            string? Name,
            string? Profile,
            string? Username,
            string? WaId,
            string? Phone
        )>(
            $"""
            with place as materialized (select * from threadkeep.outbox_consumers where name = @reader)
            select t.id, {ContactSql.Names}, t.profile_name, z.username, t.wa_id, c.phone
            from (
                select o.thread_id
                from place p
                cross join lateral (
                    select x.account_id, x.thread_id from threadkeep.outbox x
                    where (x.tx, x.id) > (p.tx, p.id) and x.last_seq is distinct from 0
                    order by x.tx desc, x.id desc
                    limit @mostBehind) o
                where o.account_id = @account
                union
                select u.thread_id
                from (
                    select x.account_id, x.thread_id from threadkeep.thread_activity x
                    where x.account_id = @account
                    order by x.at desc, x.thread_id desc
                    limit (select case when filling then @mostUnfilled else 0 end from place)) u
                where not exists (
                    select from threadkeep.thread_search s where s.account_id = u.account_id and s.thread_id = u.thread_id)) f
            join threadkeep.threads t on t.account_id = @account and t.id = f.thread_id
            left join threadkeep.thread_persons z on z.account_id = t.account_id and z.thread_id = t.id
            {ContactSql.OfThread}
            """,
            new
            {
                reader = SearchIndex.Reader,
                account = account.Value,
                mostBehind = MostBehind,
                mostUnfilled = MostUnfilled,
            }
        );
        return
        [
            .. rows.Where(r => CustomerWords.Of(r.Name, r.Profile, r.Username, r.WaId, r.Phone).Fit(query))
                .Select(r => r.Id),
        ];
    }

    // `offset 0` and an inner `limit` keep what stands inside as it is written: the index that is meant, and only then the text.
    private const string Walk = """
        select w.account_id, w.thread_id, w.at
        from (
            select * from threadkeep.thread_activity x
            where x.account_id = @account and (@at::timestamptz is null or (x.at, x.thread_id) < (@at, @id))
            order by x.at desc, x.thread_id desc
            limit @window) w
        left join threadkeep.thread_search s on s.account_id = w.account_id and s.thread_id = w.thread_id
        where s.text like all(@patterns) or s.digits like any(@numbers) or w.thread_id = any(@fresh)
        """;

    private static string FromIndex(AccountId account, CustomerQuery query, DynamicParameters parameters)
    {
        parameters.Add("names", Grams.OfNameTerms(account, query.Terms));
        var byNumber = query.Digits.Select(
            (digits, n) =>
            {
                // A part that is shorter than the index's keys stands in any of those around it.
                var isKey = digits.Length >= 4;
                parameters.Add(
                    $"keys{n}",
                    isKey ? Grams.OfDigits(account, digits) : Grams.AroundDigits(account, digits)
                );
                parameters.Add($"number{n}", $"%{digits}%");
                return $"""

                    union
                    select s.thread_id
                    from (select * from threadkeep.thread_search where grams {(
                        isKey ? "@>" : "&&"
                    )} @keys{n} offset 0) s
                    where s.account_id = @account and s.digits like @number{n}
                    """;
            }
        );
        return $"""
            select x.account_id, x.thread_id, x.at
            from (
                select s.thread_id
                from (select * from threadkeep.thread_search where grams @> @names offset 0) s
                where s.account_id = @account and s.text like all(@patterns)
                union
                select unnest(@fresh){string.Concat(byNumber)}) f
            join threadkeep.thread_activity x on x.account_id = @account and x.thread_id = f.thread_id
            where @at::timestamptz is null or (x.at, x.thread_id) < (@at, @id)
            """;
    }
}
