using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;
using Threadkeep.Media;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Media;

/// <summary>The collector with the stores that there are, and what it does when the same content comes at the wrong moment.</summary>
[Collection(nameof(S3))]
public sealed class MediaCollectorTests(S3 s3) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly string folder = Directory.CreateTempSubdirectory("threadkeep-files-").FullName;
    private readonly AccountId account = new(Guid.NewGuid());
    private readonly MovedClock clock = new();
    private readonly IOptions<MediaOptions> options = Options.Create(new MediaOptions { UnsentHours = 24 });
    private TestDatabase database = null!;
    private MediaIndex index = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        index = new MediaIndex(database.DataSource, options, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private MediaCollector Collector(IMediaStore store) => new(database.DataSource, store, options, clock);

    private async Task<string> TakeAsync(IMediaStore store, string content)
    {
        var scanner = new VirusScanner(Options.Create(new ScannerOptions()), NullLogger<VirusScanner>.Instance);
        using var file = new MemoryStream(Encoding.ASCII.GetBytes(content));
        var taken = await new MediaIntake(store, index, scanner).TakeAsync(
            account,
            file,
            "text/plain",
            null,
            uploaded: true,
            Never
        );
        return taken.Media.Sha256;
    }

    private static async Task<bool> HasAsync(IMediaStore store, AccountId account, string sha256)
    {
        await using var file = await store.OpenAsync(account, sha256, Never);
        return file is not null;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_nothing_names_goes_from_either_store(bool inS3)
    {
        IMediaStore store = inS3 ? s3.Store : new FileMediaStore(folder);
        var sha256 = await TakeAsync(store, "unsent");
        clock.Now += TimeSpan.FromHours(23);
        (await Collector(store).CollectAsync(10, Never)).ShouldBe(0);
        (await HasAsync(store, account, sha256)).ShouldBeTrue();

        clock.Now += TimeSpan.FromHours(1);
        (await Collector(store).CollectAsync(10, Never)).ShouldBe(1);

        (await HasAsync(store, account, sha256)).ShouldBeFalse();
        (await Collector(store).CollectAsync(10, Never)).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_content_that_comes_while_it_is_removed_is_kept()
    {
        var store = new SlowlyForgetting(new FileMediaStore(folder));
        var sha256 = await TakeAsync(store, "again");
        clock.Now += TimeSpan.FromHours(24);

        var collecting = Collector(store).CollectAsync(10, Never);
        await store.Deleting.Task;
        var taking = TakeAsync(store, "again");
        await Eventually.IsTrueAsync("the upload waits for the row", async () => await WaitersAsync() == 1);
        store.Go.SetResult();
        await collecting;
        await taking;

        (await HasAsync(store, account, sha256)).ShouldBeTrue();
        (await Collector(store).CollectAsync(10, Never)).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_is_about_to_be_sent_is_left_alone()
    {
        var store = new FileMediaStore(folder);
        var sha256 = await TakeAsync(store, "in a moment");
        clock.Now += TimeSpan.FromHours(24);

        (await index.HoldAsync(account, sha256)).ShouldBeTrue();

        (await Collector(store).CollectAsync(10, Never)).ShouldBe(0);
        (await HasAsync(store, account, sha256)).ShouldBeTrue();
        (await index.HoldAsync(account, new string('a', 64))).ShouldBeFalse();
    }

    [Fact]
    public async Task One_silo_collects_at_a_time()
    {
        var store = new SlowlyForgetting(new FileMediaStore(folder));
        await TakeAsync(store, "one");
        await TakeAsync(store, "two");
        clock.Now += TimeSpan.FromHours(24);

        var first = Collector(store).CollectAsync(1, Never);
        await store.Deleting.Task;
        (await Collector(store).CollectAsync(1, Never)).ShouldBe(0);
        store.Go.SetResult();

        (await first).ShouldBe(1);
        (await Collector(store).CollectAsync(1, Never)).ShouldBe(1);
    }

    private async Task<long> WaitersAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        );
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class MovedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class SlowlyForgetting(IMediaStore store) : IMediaStore
    {
        public TaskCompletionSource Deleting { get; } = new();
        public TaskCompletionSource Go { get; } = new();

        public Task PutAsync(
            AccountId account,
            string sha256,
            Stream file,
            CancellationToken cancellation,
            MediaPart part = MediaPart.Whole
        ) => store.PutAsync(account, sha256, file, cancellation, part);

        public Task<Stream?> OpenAsync(
            AccountId account,
            string sha256,
            CancellationToken cancellation,
            MediaPart part = MediaPart.Whole
        ) => store.OpenAsync(account, sha256, cancellation, part);

        public async Task DeleteAsync(AccountId account, string sha256, CancellationToken cancellation)
        {
            Deleting.TrySetResult();
            await Go.Task;
            await store.DeleteAsync(account, sha256, cancellation);
        }
    }
}
