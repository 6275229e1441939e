using System.Globalization;
using Threadkeep.Accounts;
using Threadkeep.Search;
using Threadkeep.Testing;
using Threadkeep.Threads;

namespace Threadkeep.Postgres.Tests.Search;

/// <summary>Threads by customer, on a database without silos: the index knows what a test lets it know.</summary>
public sealed class ThreadFinderTests : IAsyncLifetime
{
    private static readonly AccountId Account = new(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"));
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private TestDatabase database = null!;
    private SearchDatabase indexer = null!;
    private SearchDatabase searches = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        // As the serving role: what it may not do fails here.
        indexer = SearchDatabase.ForIndexer(database.RuntimeConnectionString);
        searches = SearchDatabase.ForSearches(database.RuntimeConnectionString, 5);
    }

    public async ValueTask DisposeAsync()
    {
        await indexer.DisposeAsync();
        await searches.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Threads with these numbers, the lowest the newest, a second apart; every third is unread.</summary>
    /// <param name="name">SQL for the name of n.</param>
    private Task AddAsync(int first, int last, string name) =>
        database.ExecuteAsync(
            $"""
            with n as materialized (
                select n, ('0199bbbb-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid as id, {Stamp(
                Now
            )} - n * interval '1 second' as at, {name} as name
                from generate_series({first}, {last}) n
            ), t as (
                insert into threadkeep.threads (account_id, id, channel_id, contact_id, generation, wa_id, identity_at, profile_name, version,
                    revision, last_seq, read_seq, unread, answer_owed, session_warned, session_closed, session_counted, created_at)
                select '{Account.Value}', id, gen_random_uuid(), gen_random_uuid(), 0, '8190' || lpad((n * 7919::bigint % 100000000)::text, 8, '0'), at,
                    name, 1, 1, 1, 0, (n % 3 = 0)::int, false, false, false, false, at
                from n
            ), a as (
                insert into threadkeep.thread_activity (account_id, thread_id, channel_id, at)
                select '{Account.Value}', id, gen_random_uuid(), at from n
            )
            insert into threadkeep.messages (account_id, thread_id, seq, channel_id, direction, type, text, at, received_at, late, time_doubtful)
            select '{Account.Value}', id, 1, gen_random_uuid(), 0, 'text', 'hi', at, at, false, false from n
            """
        );

    private static string Stamp(DateTimeOffset at) => $"timestamptz '{at.ToString("o", CultureInfo.InvariantCulture)}'";

    private static string IdOf(int n) => $"'0199bbbb-0000-7000-8000-{n:D12}'";

    private Task CommitAsync(int n) =>
        database.ExecuteAsync(
            $"insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq) values ('{Account.Value}', {IdOf(n)}, 1, 1, 1)"
        );

    /// <summary>Fills the index with what is stored, and reads the log to its end.</summary>
    private async Task IndexAsync()
    {
        var index = new SearchIndex(indexer.Source);
        while (await index.FillAsync(500, Cancellation) is not null) { }
        await Eventually.IsTrueAsync(
            "the log is read",
            async () =>
            {
                await index.FollowAsync(100, passOver: false, Cancellation);
                return await index.LagAsync(Cancellation) == TimeSpan.Zero;
            }
        );
    }

    private async Task<int[]> FindAsync(
        string name,
        string[]? digits = null,
        string filter = "all",
        int limit = 50,
        Scope? scope = null
    )
    {
        var rows = await new ThreadFinder(searches.Source).ListAsync(
            scope ?? Scope.Whole(Account),
            new CustomerQuery(Folding.Fold(name).Split(' '), digits ?? []),
            new ThreadFilter(filter, null),
            null,
            limit,
            Now
        );
        return [.. rows.Select(r => int.Parse(r.Id.ToString()[24..], CultureInfo.InvariantCulture))];
    }

    [Fact]
    public async Task A_thread_is_found_before_the_index_has_heard_of_it_wherever_it_stands_in_the_list()
    {
        await AddAsync(1, 3_000, "'Filler'");
        await IndexAsync();
        // Written now, stamped days ago: behind all that is looked through.
        await AddAsync(900_001, 900_001, "'ﾀﾅｶ　Yui'");
        (await FindAsync("たなか")).ShouldBeEmpty("it is not committed: no row of the log says so");
        await CommitAsync(900_001);
        (await FindAsync("たなか")).ShouldBe([900_001]);
        (await FindAsync("yui タナカ")).ShouldBe([900_001]);
        (await FindAsync("-", [$"{900_001L * 7919 % 100_000_000:D8}"])).ShouldBe([900_001]);

        await IndexAsync();
        (await FindAsync("たなか")).ShouldBe([900_001]);

        await database.ExecuteAsync(
            $"update threadkeep.threads set profile_name = 'Suzuki' where id = {IdOf(900_001)}"
        );
        await CommitAsync(900_001);
        (await FindAsync("suzuki")).ShouldBe([900_001]);
        (await FindAsync("suzuki", scope: Scope.Whole(new AccountId(Guid.NewGuid())))).ShouldBeEmpty();
        (await FindAsync("suzuki", scope: new Scope(Account, [Guid.NewGuid()]))).ShouldBeEmpty("another's channel");
    }

    [Fact]
    public async Task While_the_index_is_filled_nothing_is_missing()
    {
        await AddAsync(1, 30, "case when n = 17 then '山田' else 'Filler' end");
        (await FindAsync("山田")).ShouldBe([17]);
        await new SearchIndex(indexer.Source).FillAsync(10, Cancellation);
        (await FindAsync("山田")).ShouldBe([17]);
        (await FindAsync("filler")).ShouldBe([.. Enumerable.Range(1, 30).Except([17])]);
    }

    [Fact]
    public async Task Of_thousands_a_few_are_found_by_the_index_and_a_name_of_many_by_the_newest()
    {
        // A name of every twelfth, one of two far down, and numbers that all begin alike.
        await AddAsync(
            1,
            6_000,
            "case when n in (4444, 5555) then '鶴亀 Zoë' when n % 12 = 0 then '佐藤 蓮' else 'Rita ' || n end"
        );
        await IndexAsync();
        await database.ExecuteAsync("analyze");

        var before = await ReadAsync();
        (await FindAsync("鶴亀")).ShouldBe([4444, 5555]);
        (await FindAsync("zoe")).ShouldBe([4444, 5555]);
        (await FindAsync("-", ["35192036"])).ShouldBe([4444]); // its last digits: 4444 x 7919
        // Each looked through the newest 2,000, and through no others.
        (await ReadAsync() - before).ShouldBeLessThan(3 * 2 * 2_000 + 100);

        before = await ReadAsync();
        (await FindAsync("佐藤")).ShouldBe([.. Enumerable.Range(1, 50).Select(n => 12 * n)]);
        (await FindAsync("-", ["8190"])).ShouldBe([.. Enumerable.Range(1, 50)]);
        (await ReadAsync() - before).ShouldBeLessThan(2 * 2 * 2_000);

        (await FindAsync("佐藤", filter: "unread", limit: 200)).Length.ShouldBe(200);
        (await FindAsync("該当なし")).ShouldBeEmpty();
        (await FindAsync("亀")).ShouldBe([4444, 5555]);
        // Three digits have no key of their own.
        var three = await FindAsync("-", ["519"], limit: 200);
        three.ShouldBe([
            .. Enumerable.Range(1, 6_000).Where(n => $"8190{n * 7919L % 100_000_000:D8}".Contains("519")).Take(200),
        ]);
        three.Length.ShouldBeGreaterThan(5);
    }

    /// <summary>Rows that were looked up, as PostgreSQL has counted once the searches' connections have ended and told.</summary>
    private async Task<long> ReadAsync()
    {
        await searches.DisposeAsync();
        searches = SearchDatabase.ForSearches(database.RuntimeConnectionString, 5);
        await Eventually.IsTrueAsync(
            "the searches' connections have ended",
            async () =>
                await database.ScalarAsync<long>(
                    "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'threadkeep-search'"
                ) == 0
        );
        return await database.ScalarAsync<long>(
            """
            select sum(idx_tup_fetch + seq_tup_read)::bigint from pg_stat_user_tables
            where schemaname = 'threadkeep' and relname in ('threads', 'thread_activity', 'thread_search')
            """
        );
    }
}
