using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;
using Threadkeep.Media;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Media;

/// <summary>What every store promises.</summary>
public abstract class MediaStoreTests
{
    protected static readonly CancellationToken Never = CancellationToken.None;
    private readonly AccountId account = new(Guid.NewGuid());

    protected abstract IMediaStore Store { get; }

    protected static (string Sha256, byte[] Bytes) NewFile(int size = 1_000)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        return (Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    private async Task<byte[]?> ReadAsync(string sha256, MediaPart part = MediaPart.Whole, AccountId? of = null)
    {
        await using var stream = await Store.OpenAsync(of ?? account, sha256, Never, part);
        if (stream is null)
            return null;
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    [Fact]
    public async Task A_file_comes_back_as_it_was_and_for_its_account_alone()
    {
        var (sha256, bytes) = NewFile(300_000);
        await Store.PutAsync(account, sha256, new MemoryStream(bytes), Never);
        await Store.PutAsync(account, sha256, new MemoryStream(bytes), Never);

        (await ReadAsync(sha256)).ShouldBe(bytes);
        (await ReadAsync(sha256, of: new AccountId(Guid.NewGuid()))).ShouldBeNull();
        (await ReadAsync(NewFile().Sha256)).ShouldBeNull();
    }

    [Fact]
    public async Task It_is_read_from_anywhere_over_the_borders_of_pieces()
    {
        var (sha256, bytes) = NewFile(5 * 1024 * 1024);
        await Store.PutAsync(account, sha256, new MemoryStream(bytes), Never);

        await using var stream = (await Store.OpenAsync(account, sha256, Never))!;
        stream.Length.ShouldBe(bytes.Length);
        foreach (var from in new[] { 4 * 1024 * 1024 - 10, 0, bytes.Length - 20 })
        {
            stream.Position = from;
            var part = new byte[20];
            await stream.ReadExactlyAsync(part);
            part.ShouldBe(bytes[from..(from + 20)]);
        }
        (await stream.ReadAsync(new byte[1])).ShouldBe(0);
        stream.Position = 0;
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        copy.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task What_was_made_from_a_file_lies_beside_it_and_goes_with_it()
    {
        var (sha256, bytes) = NewFile();
        await Store.PutAsync(account, sha256, new MemoryStream(bytes), Never);
        await Store.PutAsync(account, sha256, new MemoryStream([1, 2, 3]), Never, MediaPart.Thumbnail);
        (await ReadAsync(sha256, MediaPart.Thumbnail)).ShouldBe([1, 2, 3]);
        (await ReadAsync(sha256)).ShouldBe(bytes);

        await Store.DeleteAsync(account, sha256, Never);

        (await ReadAsync(sha256)).ShouldBeNull();
        (await ReadAsync(sha256, MediaPart.Thumbnail)).ShouldBeNull();
        await Store.DeleteAsync(account, sha256, Never);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task A_name_that_is_no_hash_is_refused(string name) =>
        await Should.ThrowAsync<ArgumentException>(() => Store.OpenAsync(account, name, Never));
}

public sealed class FileMediaStoreTests : MediaStoreTests, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("threadkeep-files-").FullName;

    protected override IMediaStore Store => new FileMediaStore(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_file_that_broke_off_is_not_there()
    {
        var sha256 = new string('a', 64);
        var account = new AccountId(Guid.NewGuid());

        await Should.ThrowAsync<IOException>(() =>
            Store.PutAsync(account, sha256, new Broken(), CancellationToken.None)
        );

        (await Store.OpenAsync(account, sha256, CancellationToken.None)).ShouldBeNull();
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private sealed class Broken() : MemoryStream(new byte[10])
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("The caller has gone.");
    }
}

/// <summary>The same against a real server.</summary>
[Collection(nameof(S3))]
public sealed class S3MediaStoreTests(S3 s3) : MediaStoreTests
{
    protected override IMediaStore Store => s3.Store;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_that_refuses_or_is_not_there_is_said_to_be_so_and_the_secret_is_in_no_error(
        bool isThere
    )
    {
        const string Secret = "a-secret-that-nobody-reads";
        using var store = new S3MediaStore(
            new S3Options
            {
                Bucket = isThere ? "no-such-bucket" : S3Server.Bucket,
                Endpoint = isThere ? s3.Endpoint.ToString() : "http://127.0.0.1:1",
                AccessKey = S3Server.AccessKey,
                SecretKey = Secret,
            }
        );
        var (sha256, bytes) = NewFile();

        var failed = await Should.ThrowAsync<MediaStoreException>(() =>
            store.PutAsync(new AccountId(Guid.NewGuid()), sha256, new MemoryStream(bytes), Never)
        );

        failed.ToString().ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("Bucket", "No Bucket")]
    [InlineData("Endpoint", "somewhere")]
    [InlineData("Region", "")]
    [InlineData("AccessKey", "")]
    [InlineData("SecretKey", "")]
    public void Settings_that_are_missing_or_wrong_are_named(string setting, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Media:S3:Bucket"] = "files",
            ["Media:S3:Endpoint"] = "http://localhost:9000",
            ["Media:S3:AccessKey"] = "key",
            ["Media:S3:SecretKey"] = "secret",
        };
        Of(settings).S3.IsOn.ShouldBeTrue();
        settings[$"Media:S3:{setting}"] = value;

        Should.Throw<OptionsValidationException>(() => Of(settings)).Message.ShouldContain($"Media:S3:{setting}");
    }

    [Fact]
    public void Without_a_bucket_a_directory_is_needed() =>
        Should.Throw<OptionsValidationException>(() => Of([])).Message.ShouldContain("Media:Directory");

    private static MediaOptions Of(Dictionary<string, string?> settings)
    {
        using var services = new ServiceCollection()
            .AddThreadkeepMedia(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<MediaOptions>>().Value;
    }
}
