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
}
