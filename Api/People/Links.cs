using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Threadkeep.Mail;

namespace Threadkeep.People;

/// <summary>Links that open a door once, and the mails that carry them.</summary>
public sealed class Links(IOptions<ConsoleOptions> console, IOptions<MailOptions> mail)
{
    public static readonly TimeSpan InvitationLasts = TimeSpan.FromDays(7);

    /// <summary>Short: a mailbox is read by others now and then.</summary>
    public static readonly TimeSpan MailedPasswordLasts = TimeSpan.FromHours(1);

    /// <summary>A link that the operator hands over by hand.</summary>
    public static readonly TimeSpan OperatorsPasswordLasts = TimeSpan.FromHours(24);

    public bool CanMail => mail.Value.IsConfigured;

    /// <summary>256 bits that nobody guesses.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>The link of an invitation. The token stands behind #: it is in no log of a server and in no referrer.</summary>
    /// <param name="request">Whose own address serves where none is configured; null: a command, which then names the path only.</param>
    public string Invitation(string token, HttpRequest? request) => $"{Address(request)}/invitation#{token}";

    public string NewPassword(string token, HttpRequest? request) => $"{Address(request)}/new-password#{token}";

    public OutgoingMail InvitationMail(InvitationRow invitation, AccountRecord account, string token) =>
        new(
            invitation.Email,
            Catalogue.Text(invitation.Language, "mail.invitation.subject", ("account", OneLine(account.Name))),
            Catalogue.Text(
                invitation.Language,
                "mail.invitation.text",
                ("by", OneLine(invitation.InvitedBy ?? account.Name)),
                ("account", OneLine(account.Name)),
                ("link", Invitation(token, null)),
                ("until", Catalogue.Moment(invitation.Language, invitation.ExpiresAt, account.TimeZone))
            )
        );

    public OutgoingMail PasswordMail(AgentRecord agent, AccountRecord account, string token, DateTimeOffset until) =>
        new(
            agent.Email,
            Catalogue.Text(agent.Language, "mail.password.subject"),
            Catalogue.Text(
                agent.Language,
                "mail.password.text",
                ("name", OneLine(agent.Name)),
                ("link", NewPassword(token, null)),
                ("until", Catalogue.Moment(agent.Language, until, account.TimeZone))
            )
        );

    // A name with line breaks would write lines of its own into the mail.
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private string Address(HttpRequest? request) =>
        console.Value.Address is { Length: > 0 } configured ? configured.TrimEnd('/')
        : request is null ? ""
        : $"{request.Scheme}://{request.Host}";
}
