using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Live;
using Threadkeep.Notices;
using Threadkeep.Search;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Search;

/// <summary>The index and the log it is written from, on a database without silos: each turn is taken here.</summary>
public sealed class IndexTests : IAsyncLifetime
{
    private static readonly AccountId Account = new(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"));
    private static readonly Guid Thread = Guid.Parse("0199aaaa-0000-7000-8000-0000000000aa");
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private TestDatabase database = null!;
    private SearchDatabase indexer = null!;
    private SearchDatabase searches = null!;
    private SearchIndex index = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        // As the serving role: what it may not do fails here.
        indexer = SearchDatabase.ForIndexer(database.RuntimeConnectionString);
        searches = SearchDatabase.ForSearches(database.RuntimeConnectionString, 5);
        index = new SearchIndex(indexer.Source);
        await database.ExecuteAsync(
            $"""
            insert into threadkeep.threads (account_id, id, channel_id, contact_id, generation, wa_id, identity_at, profile_name, version, revision,
                last_seq, read_seq, unread, answer_owed, session_warned, session_closed, session_counted, created_at)
            values ('{Account.Value}', '{Thread}', gen_random_uuid(), gen_random_uuid(), 0, '819012345678', now(), 'Yui', 1, 1,
                0, 0, 0, false, false, false, false, now())
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await indexer.DisposeAsync();
        await searches.DisposeAsync();
        await database.DisposeAsync();
    }

    private static string Message(int seq, string text, DateTimeOffset? at = null) =>
        $"""
            insert into threadkeep.messages (account_id, thread_id, seq, channel_id, direction, type, text, at, received_at, late, time_doubtful)
            values ('{Account.Value}', '{Thread}', {seq}, gen_random_uuid(), 0, 'text', '{text}', '{Stamp(
                at ?? Now.AddSeconds(seq)
            )}', now(), false, false);
            """;

    private static string Stamp(DateTimeOffset at) => at.ToString("o", null);

    private static string Told(string first, string last) =>
        $"insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq) values ('{Account.Value}', '{Thread}', 1, {first}, {last});";

    private static string Commit(int seq, string text) => Message(seq, text) + Told($"{seq}", $"{seq}");

    private async Task<int[]> FoundAsync(string word)
    {
        var (hits, _) = await new SearchQueries(searches.Source).MessagesAsync(
            Scope.Whole(Account),
            new SearchFilter([Folding.Fold(word)]),
            null,
            50
        );
        return [.. hits.Select(h => h.Seq).Order()];
    }

    private Task<IndexTurn?> TurnAsync() => index.FollowAsync(100, passOver: false, Cancellation);

    /// <summary>Turns until everything is read; any transaction of the server may hold a turn back. How many messages were looked at.</summary>
    private async Task<int> FollowAsync()
    {
        var messages = 0;
        await Eventually.IsTrueAsync(
            "the log is read",
            async () =>
            {
                messages += (await TurnAsync())?.Messages ?? 0;
                return await index.LagAsync(Cancellation) == TimeSpan.Zero;
            }
        );
        return messages;
    }

    [Fact]
    public async Task A_commit_that_comes_late_is_not_passed_over()
    {
        await using var late = await database.DataSource.OpenConnectionAsync(Cancellation);
        await using var transaction = await late.BeginTransactionAsync(Cancellation);
        await using (var command = new NpgsqlCommand(Commit(1, "late word"), late))
            await command.ExecuteNonQueryAsync(Cancellation);
        await database.ExecuteAsync(Commit(2, "early word"));

        // The one that is committed has the larger number and waits for the one before it.
        (await TurnAsync())!.Value.Messages.ShouldBe(0);
        (await FoundAsync("word")).ShouldBeEmpty();
        (await index.LagAsync(Cancellation)).ShouldBeGreaterThan(TimeSpan.Zero);

        await transaction.CommitAsync(Cancellation);
        (await FollowAsync()).ShouldBe(2);
        (await FoundAsync("word")).ShouldBe([1, 2]);
        (await index.LagAsync(Cancellation)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_turn_that_is_cut_short_leaves_nothing_and_the_next_one_indexes_once()
    {
        await database.ExecuteAsync(Commit(1, "注文"));
        var log = new OutboxLog(indexer.Source);
        OutboxTurn? killed = null;
        await Eventually.IsTrueAsync(
            "the commit can be read",
            async () =>
            {
                if (killed is not null)
                    await killed.DisposeAsync();
                killed = await log.TakeAsync(SearchIndex.Reader, 100, Cancellation);
                return killed!.Rows.Count == 1;
            }
        );
        await using (killed)
        {
            // While somebody has the place, nobody else works.
            (await TurnAsync()).ShouldBeNull();
            (await index.FillAsync(100, Cancellation)).ShouldBeNull();
        }
        (await FollowAsync()).ShouldBe(1);
        (await FollowAsync()).ShouldBe(0);
        (await FoundAsync("注文")).ShouldBe([1]);
    }

    [Fact]
    public async Task What_an_earlier_version_folded_in_another_way_is_folded_anew()
    {
        await database.ExecuteAsync(
            Commit(1, "渋谷〜新宿") + Commit(2, "Hauptstraße 5") + Commit(3, "as ever") + Commit(4, "gone ß")
        );
        await FollowAsync();
        // As that version wrote them; the last one was erased since.
        await database.ExecuteAsync(
            """
            update threadkeep.message_search set text = '渋谷〜新宿', grams = '{}' where seq = 1;
            update threadkeep.message_search set text = 'hauptstraße 5', grams = '{}' where seq = 2;
            update threadkeep.message_search set text = 'gone ß', grams = '{}' where seq = 4;
            delete from threadkeep.messages where seq = 4;
            update threadkeep.threads set profile_name = 'Yui Weiß';
            update threadkeep.thread_search set text = 'yui weiß', grams = '{}';
            """
        );
        (await FoundAsync("strasse")).ShouldBeEmpty();

        while (await index.FoldAnewAsync(1, Cancellation) is not null) { }

        (await FoundAsync("谷～新")).ShouldBe([1]);
        (await FoundAsync("STRASSE")).ShouldBe([2]);
        (await FoundAsync("ever")).ShouldBe([3]);
        (await database.ScalarAsync<long>("select count(*) from threadkeep.message_search")).ShouldBe(3);
        (await database.ScalarAsync<string>("select text from threadkeep.thread_search")).ShouldBe("yui weiss");
        (
            await database.ScalarAsync<bool>("select cardinality(grams) > 0 from threadkeep.thread_search")
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_stored_before_the_log_is_filled_in_batch_by_batch_and_once()
    {
        await database.ExecuteAsync(string.Concat(Enumerable.Range(1, 7).Select(n => Message(n, $"stored {n}"))));
        await database.ExecuteAsync("analyze threadkeep.messages");
        (await index.LeftToFillAsync(Cancellation)).ShouldBe(7);

        var turns = new List<int>();
        while (await index.FillAsync(3, Cancellation) is { } turn)
            turns.Add(turn.Messages);

        turns.ShouldBe([3, 3, 1]);
        (await index.LeftToFillAsync(Cancellation)).ShouldBe(0);
        (await FoundAsync("stored")).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        (await database.ScalarAsync<string>("select text || ' ' || digits from threadkeep.thread_search")).ShouldBe(
            "yui 819012345678"
        );
    }

    [Fact]
    public async Task A_commit_of_a_version_before_the_log_is_indexed_too()
    {
        await database.ExecuteAsync(Commit(1, "new"));
        await FollowAsync();
        await database.ExecuteAsync(Message(2, "old one") + Told("null", "null"));
        await FollowAsync();
        (await FoundAsync("old")).ShouldBe([2]);
    }

    [Fact]
    public async Task A_message_whose_words_change_is_found_by_the_new_ones_only_and_without_words_not_at_all()
    {
        await database.ExecuteAsync(Commit(1, "leftover"));
        await FollowAsync();
        await database.ExecuteAsync("update threadkeep.messages set text = 'content';" + Told("1", "1"));
        await FollowAsync();
        (await FoundAsync("leftover")).ShouldBeEmpty();
        (await FoundAsync("content")).ShouldBe([1]);
        await database.ExecuteAsync("update threadkeep.messages set text = null;" + Told("1", "1"));
        await FollowAsync();
        (await FoundAsync("content")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_rows_of_the_log_stay_until_every_reader_is_past_them()
    {
        var outbox = new OutboxQueries(database.DataSource);
        await database.ExecuteAsync(Commit(1, "kept") + "update threadkeep.outbox set at = now() - interval '3 hours'");
        (await outbox.RemoveOldAsync(TimeSpan.FromHours(1))).ShouldBe(0);
        (await index.LagAsync(Cancellation)).ShouldBeGreaterThan(TimeSpan.FromHours(2));
        await FollowAsync();
        (await outbox.RemoveOldAsync(TimeSpan.FromHours(1))).ShouldBe(0);
        await new ContactUpkeep(database.DataSource, TimeProvider.System).FollowAsync(100, false, Cancellation);
        (await outbox.RemoveOldAsync(TimeSpan.FromHours(1))).ShouldBe(0);
        await using (var turn = await new NoticeLog(database.DataSource).TakeAsync(100, Cancellation))
            await turn!.CommitAsync(Cancellation);
        (await outbox.RemoveOldAsync(TimeSpan.FromHours(1))).ShouldBe(1);
        (await FoundAsync("kept")).ShouldBe([1]);
    }

    [Fact]
    public async Task In_a_database_restored_from_a_dump_the_log_begins_anew()
    {
        await database.ExecuteAsync(Commit(1, "followed"));
        // As a dump brings it into a young server: numbers of transactions that this one has not had.
        await database.ExecuteAsync(
            "update threadkeep.outbox set tx = '4000000000000'; update threadkeep.outbox_consumers set tx = '4000000000001', filling = false"
        );
        (await TurnAsync())!.Value.Restarted.ShouldBeTrue();
        while (await index.FillAsync(100, Cancellation) is not null) { }
        await database.ExecuteAsync(Commit(2, "followed after"));
        (await FollowAsync()).ShouldBe(1);
        (await FoundAsync("followed")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Rare_words_are_found_behind_any_number_of_messages_and_pages_neither_skip_nor_repeat()
    {
        await database.ExecuteAsync(
            string.Concat(Enumerable.Range(1, 9).Select(n => Message(n, $"鶴亀 {n % 3}", Now.AddDays(-20 * n))))
        );
        while (await index.FillAsync(100, Cancellation) is not null) { }
        await database.ExecuteAsync(
            $"""
            insert into threadkeep.message_search (account_id, thread_id, seq, at, channel_id, direction, has_media, text, grams)
            select '{Account.Value}', '{Thread}', n, '{Stamp(
                Now
            )}', gen_random_uuid(), 0, false, 'filler', array[]::int[]
            from generate_series(1001, {1000 + SearchQueries.Window + 50}) n
            """
        );
        var queries = new SearchQueries(searches.Source);
        foreach (var word in new[] { "鶴亀", "鶴" })
        {
            var seen = new List<int>();
            SearchPlace? place = null;
            do
            {
                var (hits, next) = await queries.MessagesAsync(
                    Scope.Whole(Account),
                    new SearchFilter([word]),
                    place,
                    4
                );
                seen.AddRange(hits.Select(h => h.Seq));
                place = next;
            } while (place is not null);
            seen.ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9], word);
        }
        var (between, _) = await queries.MessagesAsync(
            Scope.Whole(Account),
            new SearchFilter(["鶴亀"], From: Now.AddDays(-100), To: Now.AddDays(-40)),
            null,
            50
        );
        between.Select(h => h.Seq).ShouldBe([3, 4, 5]);
    }
}
