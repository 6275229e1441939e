using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Threadkeep.Accounts;

namespace Threadkeep.Media;

/// <summary>Files as objects of a bucket, <c>account/ab/abcd...</c>: Amazon's S3 or any service that speaks as it does.</summary>
public sealed class S3MediaStore : IMediaStore, IDisposable
{
    private readonly AmazonS3Client client;
    private readonly string bucket;

    public S3MediaStore(S3Options options)
    {
        bucket = options.Bucket;
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            AuthenticationRegion = options.Region,
            // Others than Amazon refuse, or keep, checksums that they do not know.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromSeconds(60),
            MaxErrorRetry = 2,
        };
        if (options.Endpoint.Length > 0)
            config.ServiceURL = options.Endpoint;
        else
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    public void Dispose() => client.Dispose();

    public async Task PutAsync(
        AccountId account,
        string sha256,
        Stream file,
        CancellationToken cancellation,
        MediaPart part = MediaPart.Whole
    )
    {
        var key = MediaPath.Of(account, sha256, part);
        if (await LengthAsync(key, cancellation) is not null)
            return;
        await TryAsync(() =>
            client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = key,
                    InputStream = file,
                    AutoCloseStream = false,
                    AutoResetStreamPosition = false,
                    ContentType = "application/octet-stream",
                    // Services that do not know Amazon's framing would keep it as a part of the file.
                    UseChunkEncoding = false,
                },
                cancellation
            )
        );
    }

    public async Task<Stream?> OpenAsync(
        AccountId account,
        string sha256,
        CancellationToken cancellation,
        MediaPart part = MediaPart.Whole
    )
    {
        var key = MediaPath.Of(account, sha256, part);
        return await LengthAsync(key, cancellation) is { } length
            ? new S3Stream(length, (from, to, stop) => ReadAsync(key, from, to, stop))
            : null;
    }

    public async Task DeleteAsync(AccountId account, string sha256, CancellationToken cancellation)
    {
        foreach (var part in Enum.GetValues<MediaPart>())
            await TryAsync(() => client.DeleteObjectAsync(bucket, MediaPath.Of(account, sha256, part), cancellation));
    }

    // Null: there is none.
    private Task<long?> LengthAsync(string key, CancellationToken cancellation) =>
        TryAsync<long?>(async () =>
        {
            try
            {
                return (await client.GetObjectMetadataAsync(bucket, key, cancellation)).ContentLength;
            }
            catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        });

    private Task<Stream> ReadAsync(string key, long from, long to, CancellationToken cancellation) =>
        TryAsync(async () =>
        {
            var answer = await client.GetObjectAsync(
                new GetObjectRequest
                {
                    BucketName = bucket,
                    Key = key,
                    ByteRange = new ByteRange(from, to),
                },
                cancellation
            );
            return answer.ResponseStream;
        });

    private static async Task<T> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failed)
            when (failed is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw new MediaStoreException(
                "The S3 service failed: " + (failed as AmazonServiceException)?.ErrorCode,
                failed
            );
        }
    }
}
