using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using Threadkeep.Sandbox.Configuration;

namespace Threadkeep.Sandbox.Mail;

/// <summary>A mail that somebody sent.</summary>
public sealed record CaughtMail(
    string Id,
    DateTimeOffset At,
    string From,
    IReadOnlyList<string> To,
    string Subject,
    string Text
);

/// <summary>
/// A mail server that delivers nothing: it takes every mail (SMTP, RFC 5321, without encryption or sign-in), on this machine only, and shows
/// the last of them at <c>/mail</c> and <c>/control/mails</c>.
/// </summary>
public sealed partial class MailCatcher(
    IOptions<SandboxOptions> options,
    TimeProvider clock,
    ILogger<MailCatcher> logger
) : BackgroundService
{
    private const int Kept = 200;
    private const int LongestLine = 2_000;
    private const int LargestMail = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<CaughtMail> caught = new();
    private TcpListener? listener;

    /// <summary>The port it listens on; 0: it does not.</summary>
    public int Port => (listener?.LocalEndpoint as IPEndPoint)?.Port ?? 0;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<CaughtMail> Mails => [.. caught.Reverse()];

    public void Clear() => caught.Clear();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.MailPort is { } port)
        {
            listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (listener is null)
            return;
        using var open = listener;
        while (!stoppingToken.IsCancellationRequested)
        {
            var client = await open.AcceptTcpClientAsync(stoppingToken);
            _ = ServeAsync(client, stoppingToken);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken stopping)
    {
        using var own = client;
        try
        {
            // Latin 1 keeps every byte as it is; MimeKit reads what they mean.
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
            await TalkAsync(reader, writer, stopping);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or FormatException)
        {
            LogBroken(logger, broken);
        }
    }

    private async Task TalkAsync(StreamReader reader, StreamWriter writer, CancellationToken stopping)
    {
        var from = "";
        var to = new List<string>();
        await writer.WriteLineAsync("220 sandbox ready");
        while (await LineAsync(reader, stopping) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (verb)
            {
                case "HELO" or "EHLO" or "NOOP":
                    await writer.WriteLineAsync("250 sandbox");
                    break;
                case "MAIL":
                    from = Address(line);
                    to.Clear();
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "RCPT":
                    to.Add(Address(line));
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on; a line with a dot ends it");
                    Keep(from, to, await DataAsync(reader, stopping));
                    await writer.WriteLineAsync("250 caught");
                    break;
                case "RSET":
                    to.Clear();
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("502 not known here");
                    break;
            }
        }
    }

    private void Keep(string from, List<string> to, string data)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(data));
        var message = MimeMessage.Load(stream);
        caught.Enqueue(
            new CaughtMail(
                Guid.NewGuid().ToString("N"),
                clock.GetUtcNow(),
                from,
                [.. to],
                message.Subject ?? "",
                message.TextBody ?? ""
            )
        );
        while (caught.Count > Kept)
            caught.TryDequeue(out _);
    }

    private static async Task<string> DataAsync(StreamReader reader, CancellationToken stopping)
    {
        var data = new StringBuilder();
        while (await LineAsync(reader, stopping) is { } line && line != ".")
        {
            // A line that begins with a dot was sent with one more (RFC 5321, 4.5.2).
            data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            if (data.Length > LargestMail)
                throw new IOException("The mail is larger than 1 MiB.");
        }
        return data.ToString();
    }

    private static async Task<string?> LineAsync(StreamReader reader, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        var line = await reader.ReadLineAsync(patience.Token);
        return line is { Length: > LongestLine } ? throw new IOException("A line is too long.") : line;
    }

    // MAIL FROM:<somebody@example.com> SIZE=100
    private static string Address(string line)
    {
        var begin = line.IndexOf('<', StringComparison.Ordinal);
        var end = line.IndexOf('>', StringComparison.Ordinal);
        return begin >= 0 && end > begin ? line[(begin + 1)..end] : "";
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A mail connection ended badly")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
