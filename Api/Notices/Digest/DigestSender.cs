using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Threadkeep.Mail;
using Threadkeep.Threads;

namespace Threadkeep.Notices.Digest;

/// <summary>The mails that gather notices.</summary>
public sealed class DigestOptions
{
    /// <summary>How often an Api host looks whose mail is due, in seconds (1 to 300).</summary>
    [Range(1, 300)]
    public int LookEverySeconds { get; set; } = 20;
}

/// <summary>Puts what people have not seen into mails, each notice once: the mail, what it gathered and the time of the next are one transaction.</summary>
public sealed partial class DigestSender(
    DigestStore digests,
    NoticeStore notices,
    DigestText texts,
    MailQueue mails,
    IOptions<MailOptions> mail,
    IOptions<DigestOptions> options,
    TimeProvider clock,
    ILogger<DigestSender> logger
) : BackgroundService
{
    /// <summary>What is not taken by the mail server within a day is no news any more.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(1);

    /// <summary>In quiet hours it is looked again so often whether they are over.</summary>
    private static readonly TimeSpan WhileQuiet = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mail.Value.IsConfigured)
            return;
        var rest = TimeSpan.FromSeconds(options.Value.LookEverySeconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await digests.TakeAsync(clock.GetUtcNow()) is { } turn)
                {
                    await using (turn)
                        await SendAsync(turn);
                }
            }
            catch (Exception failed) when (SqlErrors.IsPassing(failed))
            {
                LogFailed(logger, failed.Message);
            }
            await Task.Delay(rest, clock, stoppingToken);
        }
    }

    private async Task SendAsync(DigestTurn turn)
    {
        var now = clock.GetUtcNow();
        if (await notices.ReaderAsync(turn.Account, turn.Agent) is not { } reader)
        {
            // Turned off: nothing until they set it anew.
            await turn.CommitAsync(null);
            return;
        }
        if (reader.Settings.IsQuiet(now, reader.AccountZone))
        {
            await turn.CommitAsync(now + WhileQuiet);
            return;
        }
        var rows = await notices.UnmailedAsync(reader.Scope, turn.Agent, DigestText.MostListed + 1);
        if (rows.Count > 0)
        {
            await mails.AddAsync(turn.Connection, turn.Account, texts.Of(reader, rows, now), now, now + GivenUpAfter);
            await turn.SetMailedAsync(rows, now);
        }
        await turn.CommitAsync(reader.Settings.NextDigest(now, reader.AccountZone));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mails of notices could not be made ({Reason}); trying again")]
    private static partial void LogFailed(ILogger logger, string reason);
}
