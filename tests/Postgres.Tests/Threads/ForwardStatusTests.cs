using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Threads;

public sealed class ForwardStatusTests
{
    // The same table as StatusFoldTests in Grains.Tests: rows are where the message stands, columns what is told.
    private static readonly int[][] Table =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8],
        [1, 1, 2, 3, 4, 5, 6, 7, 8],
        [2, 2, 2, 3, 4, 5, 6, 7, 8],
        [3, 3, 3, 3, 4, 5, 6, 7, 8],
        [4, 4, 4, 4, 4, 5, 6, 4, 8],
        [5, 5, 5, 5, 5, 5, 6, 5, 8],
        [6, 6, 6, 6, 6, 6, 6, 6, 8],
        [7, 7, 7, 7, 4, 5, 6, 7, 7],
        [8, 8, 8, 8, 8, 8, 8, 8, 8],
    ];

    [Fact]
    public async Task A_status_moves_in_SQL_as_it_does_in_the_deciders()
    {
        await using var database = await TestDatabase.CreateAsync();
        var all = await database.ScalarAsync<short[]>(
            """
            select array_agg(threadkeep.forward_status(c::int2, t::int2) order by c, t)
            from generate_series(0, 8) c, generate_series(0, 8) t
            """
        );
        all.ShouldBe(Table.SelectMany(row => row).Select(s => (short)s));
    }
}
