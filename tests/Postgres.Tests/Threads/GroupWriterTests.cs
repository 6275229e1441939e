using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Threadkeep.Testing;
using Threadkeep.Threads;

namespace Threadkeep.Postgres.Tests.Threads;

/// <summary>A writer whose statement stands still until it is let go.</summary>
public sealed class GroupWriterTests : IAsyncLifetime
{
    private const int Capacity = 5;

    private TestDatabase database = null!;
    private Writer writer = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        writer = new Writer(database.DataSource, new GroupWriterSize(1, Capacity, 100, 1_000));
    }

    public async ValueTask DisposeAsync()
    {
        writer.LetGo.TrySetResult();
        await writer.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_full_writer_refuses_at_once_and_loses_nothing_that_it_took()
    {
        var first = writer.WriteAsync("0");
        await writer.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var waiting = Enumerable.Range(1, Capacity).Select(n => writer.WriteAsync($"{n}")).ToArray();
        writer.Depth.ShouldBe(Capacity);

        var refused = writer.WriteAsync("one more");

        refused.IsCompletedSuccessfully.ShouldBeTrue("it waits for nobody");
        (await refused).ShouldBe("unavailable");
        waiting.ShouldAllBe(w => !w.IsCompleted);
        writer.LetGo.SetResult();
        (await first).ShouldBe("wrote 0");
        (await Task.WhenAll(waiting)).ShouldBe(Enumerable.Range(1, Capacity).Select(n => $"wrote {n}"));
        (await writer.WriteAsync("one more")).ShouldBe("wrote one more");
    }

    [Fact]
    public async Task A_writer_whose_statement_stands_still_says_for_how_long_and_only_while_somebody_waits()
    {
        var first = writer.WriteAsync("0");
        await writer.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        writer.Stalled.ShouldBe(TimeSpan.Zero);

        var second = writer.WriteAsync("1");
        await Eventually.IsTrueAsync("it stalls", () => Task.FromResult(writer.Stalled > TimeSpan.Zero));
        var before = writer.Stalled;
        await Eventually.IsTrueAsync("longer and longer", () => Task.FromResult(writer.Stalled > before));

        writer.LetGo.SetResult();
        await Task.WhenAll(first, second);
        writer.Stalled.ShouldBe(TimeSpan.Zero);
    }

    private sealed class Writer(NpgsqlDataSource database, GroupWriterSize size)
        : GroupWriter<string, string>(database, size, NullLogger.Instance)
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override string Unavailable => "unavailable";

        protected override string Unknown => "unknown";

        public new Task<string> WriteAsync(string intent) => base.WriteAsync(intent);

        protected override string Rejected(string reason) => "rejected";

        protected override object KeyOf(string intent) => intent;

        protected override (int Rows, int Bytes) SizeOf(string intent) => (1, 1);

        protected override int Compare(string a, string b) => string.CompareOrdinal(a, b);

        protected override IStatement Prepare(NpgsqlConnection connection) => new Statement(this);

        private sealed class Statement(Writer writer) : IStatement
        {
            public async Task<string[]> ExecuteAsync(IReadOnlyList<string> intents, CancellationToken cancellation)
            {
                writer.Begun.TrySetResult();
                await writer.LetGo.Task;
                return [.. intents.Select(i => $"wrote {i}")];
            }

            public void Dispose() { }
        }
    }
}
