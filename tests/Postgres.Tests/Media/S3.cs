using Threadkeep.Media;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Media;

/// <summary>A store on a server that speaks S3.</summary>
public sealed class S3 : IAsyncLifetime
{
    private S3Server? server;
    private S3MediaStore? store;

    public Uri Endpoint => server!.Endpoint;

    public IMediaStore Store => store!;

    public async ValueTask InitializeAsync()
    {
        server = await S3Server.StartAsync();
        store = new S3MediaStore(
            new S3Options
            {
                Bucket = S3Server.Bucket,
                Endpoint = server.Endpoint.ToString(),
                AccessKey = S3Server.AccessKey,
                SecretKey = S3Server.SecretKey,
            }
        );
    }

    public ValueTask DisposeAsync()
    {
        store?.Dispose();
        server?.Dispose();
        return default;
    }
}

[CollectionDefinition(nameof(S3))]
public sealed class S3Tests : ICollectionFixture<S3>;
