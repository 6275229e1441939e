using System.Data.Common;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Threadkeep.Threads;

namespace Threadkeep.Mail;

/// <summary>
/// Hands waiting mails to the mail server, each at least once: one that the server took just before we were killed goes out twice. A
/// server that is out of reach is asked again, later and later, until the mail is of no use any more.
/// </summary>
public sealed partial class MailSender(
    MailQueue queue,
    IOptions<MailOptions> options,
    TimeProvider clock,
    ILogger<MailSender> logger
) : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);
    private readonly MailOptions server = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!server.IsConfigured)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            var rest = LookEvery;
            try
            {
                if (await queue.TakeAsync(AtOnce, clock.GetUtcNow()) is { Count: > 0 } due)
                {
                    await SendAsync(due, stoppingToken);
                    continue;
                }
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                // A line a minute: an outage is told by others, too.
                LogUnread(logger, failed.Message);
                rest = AfterOutage;
            }
            await Task.Delay(rest, clock, stoppingToken);
        }
    }

    private async Task SendAsync(IReadOnlyList<DueMail> due, CancellationToken cancellation)
    {
        using var client = new SmtpClient { Timeout = 20_000 };
        foreach (var mail in due)
        {
            if (mail.Mail is null)
            {
                LogUnreadable(logger, mail.Id);
                await queue.RemoveAsync(mail.Id);
                continue;
            }
            try
            {
                if (!client.IsConnected)
                    await ConnectAsync(client, cancellation);
                await client.SendAsync(ToMime(mail.Mail), cancellation);
                await queue.RemoveAsync(mail.Id);
            }
            catch (SmtpCommandException refused) when ((int)refused.StatusCode >= 500)
            {
                // The server will not take it, however often it is asked.
                LogRefused(logger, mail.Id, (int)refused.StatusCode);
                await queue.RemoveAsync(mail.Id);
            }
            // Whatever it was, it is this mail's; the database's own troubles are the loop's.
            catch (Exception failed) when (failed is not (OperationCanceledException or DbException))
            {
                await LaterAsync(mail, failed);
            }
        }
        await LeaveAsync(client);
    }

    // A good-bye that does not arrive changes nothing.
    private static async Task LeaveAsync(SmtpClient client)
    {
        try
        {
            if (client.IsConnected)
                await client.DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception failed)
            when (failed is IOException or CommandException or ProtocolException or TimeoutException) { }
    }

    private async Task ConnectAsync(SmtpClient client, CancellationToken cancellation)
    {
        var security = server.Security switch
        {
            "tls" => SecureSocketOptions.SslOnConnect,
            "none" => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        };
        await client.ConnectAsync(server.Host, server.Port, security, cancellation);
        if (server.Username.Length > 0)
            await client.AuthenticateAsync(server.Username, server.Password, cancellation);
    }

    private async Task LaterAsync(DueMail mail, Exception failed)
    {
        var now = clock.GetUtcNow();
        var pause = TimeSpan.FromSeconds(10) * Math.Pow(2, Math.Min(mail.Tries - 1, 10));
        var next = now + (pause < LongestPause ? pause : LongestPause);
        LogFailed(logger, mail.Id, mail.Tries, failed);
        if (next < mail.GiveUpAt)
            await queue.TryAgainAsync(mail.Id, next);
        else
            await queue.RemoveAsync(mail.Id);
    }

    private MimeMessage ToMime(OutgoingMail mail)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Body = new TextPart("plain") { Text = mail.Text },
        };
        message.From.Add(MailboxAddress.Parse(server.From));
        message.To.Add(new MailboxAddress(null, mail.To));
        // No answering machine should write back.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The waiting mails could not be read ({Reason}); trying again in a minute"
    )]
    private static partial void LogUnread(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Id} was stored under another master key: it is given up")]
    private static partial void LogUnreadable(ILogger logger, Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server did not take mail {Id} at try {Try}")]
    private static partial void LogFailed(ILogger logger, Guid id, int @try, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The mail server refused mail {Id} with {Status}: it is given up"
    )]
    private static partial void LogRefused(ILogger logger, Guid id, int status);
}
