using System.Buffers.Binary;
using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Threadkeep.Media;

/// <summary>A clamd that looks at every file. Off unless a host is named.</summary>
public sealed class ScannerOptions : IValidatableObject
{
    /// <summary>Host name or address of clamd; empty: files are not scanned.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its TCPSocket (1 to 65,535).</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 3310;

    /// <summary>Longest time for one file, in seconds, connecting included (1 to 300).</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Host.Length == 0 || Uri.CheckHostName(Host) != UriHostNameType.Unknown
            ? []
            : [new ValidationResult("Scanner:Host must be a host name or an address.", [nameof(Host)])];
}

/// <summary>What a scanner said of a file. Stored as these numbers; null where there was none to ask.</summary>
public enum FileScan : short
{
    /// <summary>It was out of reach, or gave no answer: it is asked again.</summary>
    Waiting = 0,
    Clean = 1,
    Infected = 2,

    /// <summary>Larger than the scanner takes: it is not asked again.</summary>
    TooLarge = 3,
}

/// <summary>
/// Asks clamd, by its command INSTREAM: chunks with their lengths, an empty one, one line of answer
/// (https://docs.clamav.net/manual/Usage/Scanning.html, "clamd").
/// </summary>
public sealed partial class VirusScanner(IOptions<ScannerOptions> options, ILogger<VirusScanner> logger)
{
    private const int ChunkBytes = 64 * 1024;
    private const int LengthBytes = sizeof(int);

    // An answer is a line; what is longer is none.
    private const int MostAnswerBytes = 4 * 1024;

    /// <summary>False: no scanner is configured, and <see cref="ScanAsync"/> answers null.</summary>
    public bool IsOn => options.Value.Host.Length > 0;

    /// <summary>Reads a file from its beginning and puts it back there. Null where there is no scanner.</summary>
    public async Task<FileScan?> ScanAsync(Stream file, CancellationToken cancellation)
    {
        if (!IsOn)
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        try
        {
            file.Position = 0;
            var answer = await AskAsync(file, patience.Token);
            if (answer.EndsWith(" FOUND", StringComparison.Ordinal))
            {
                LogInfected(logger, answer);
                return FileScan.Infected;
            }
            if (answer.EndsWith(": OK", StringComparison.Ordinal))
                return FileScan.Clean;
            if (answer.Contains("size limit exceeded", StringComparison.OrdinalIgnoreCase))
                return FileScan.TooLarge;
            LogRefused(logger, answer);
            return FileScan.Waiting;
        }
        catch (Exception failed)
            when (failed is SocketException or IOException or OperationCanceledException
                && !cancellation.IsCancellationRequested
            )
        {
            LogUnreachable(logger, failed);
            return FileScan.Waiting;
        }
        finally
        {
            file.Position = 0;
        }
    }

    private async Task<string> AskAsync(Stream file, CancellationToken cancellation)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(options.Value.Host, options.Value.Port, cancellation);
        await using var stream = client.GetStream();
        try
        {
            await SendAsync(file, stream, cancellation);
        }
        catch (IOException)
        {
            // A file that is too large for it is refused before its end has come: then the answer is there already.
        }
        return await ReadAsync(stream, cancellation);
    }

    private static async Task SendAsync(Stream file, NetworkStream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), cancellation);
        var chunk = new byte[LengthBytes + ChunkBytes];
        int read;
        do
        {
            read = await file.ReadAsync(chunk.AsMemory(LengthBytes), cancellation);
            // The last one is empty, and tells it so.
            BinaryPrimitives.WriteInt32BigEndian(chunk, read);
            await stream.WriteAsync(chunk.AsMemory(0, LengthBytes + read), cancellation);
        } while (read > 0);
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var answer = new byte[MostAnswerBytes];
        var length = 0;
        int read;
        while (length < answer.Length && (read = await stream.ReadAsync(answer.AsMemory(length), cancellation)) > 0)
        {
            length += read;
            if (answer.AsSpan(0, length).Contains((byte)0))
                break;
        }
        return Encoding.UTF8.GetString(answer, 0, length).TrimEnd('\0', '\n', '\r');
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The scanner found something in a file: {Answer}")]
    private static partial void LogInfected(ILogger logger, string answer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The scanner gave no verdict on a file: {Answer}")]
    private static partial void LogRefused(ILogger logger, string answer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The scanner is out of reach; files wait for it")]
    private static partial void LogUnreachable(ILogger logger, Exception exception);
}
