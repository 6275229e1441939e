using Threadkeep.Channels;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Channels;

public sealed class LeftoverStoreTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    /// <summary>Found by fuzzing: the detail may quote what came, and megabytes of it were kept twice.</summary>
    [Theory]
    [InlineData(2_000_000, "", 500)]
    [InlineData(499, "😀", 499)] // never between the halves of a pair, which could not be stored
    [InlineData(498, "😀", 499)] // PostgreSQL counts characters
    public async Task A_leftovers_detail_is_cut(int length, string end, int kept)
    {
        await new LeftoverStore(database.DataSource).AddAsync(
            new Leftover
            {
                Id = Guid.NewGuid(),
                AppKey = "app",
                Kind = "unreadable",
                Reason = "unreadable",
                Detail = new string('x', length) + end,
                Item = [1],
                ReceivedAt = DateTimeOffset.UnixEpoch,
            }
        );

        (await database.ScalarAsync<int>("select length(detail) from threadkeep.webhook_leftovers")).ShouldBe(kept);
    }

    [Fact]
    public async Task What_is_kept_of_numbers_that_nobody_has_connected_is_bounded_and_the_oldest_go_first()
    {
        var store = new LeftoverStore(database.DataSource);
        await store.AddAsync([.. Enumerable.Range(1, 5).Select(n => Unclaimed("loud", n, bytes: 10))]);
        await store.AddAsync([.. Enumerable.Range(1, 5).Select(n => Unclaimed("large", n, bytes: 1_000))]);
        await store.AddAsync([Unclaimed("quiet", 1, bytes: 10)]);
        // An account's own is for its people to look at.
        await store.AddAsync([
            .. Enumerable.Range(6, 5).Select(n => Unclaimed("loud", n, bytes: 10) with { AccountId = Guid.NewGuid() }),
        ]);

        (await store.RemoveBeyondAsync((4, 2_500))).ShouldBe(1 + 3);

        (await KeptAsync("loud")).ShouldBe("2 3 4 5 6 7 8 9 10");
        (await KeptAsync("large")).ShouldBe("4 5");
        (await KeptAsync("quiet")).ShouldBe("1");
        (await store.RemoveBeyondAsync((4, 2_500))).ShouldBe(0);

        Task<string?> KeptAsync(string app) =>
            database.ScalarAsync<string>(
                $"select string_agg(detail, ' ' order by received_at) from threadkeep.webhook_leftovers where app_key = '{app}'"
            );
    }

    private static Leftover Unclaimed(string app, int n, int bytes) =>
        new()
        {
            Id = Guid.NewGuid(),
            AppKey = app,
            PhoneNumberId = $"{n}",
            Kind = "message",
            Reason = "unknown_number",
            Detail = $"{n}",
            Item = [.. Enumerable.Repeat((byte)n, bytes)],
            ReceivedAt = DateTimeOffset.UnixEpoch.AddMinutes(n),
        };
}
