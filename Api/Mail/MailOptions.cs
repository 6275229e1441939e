using System.ComponentModel.DataAnnotations;

namespace Threadkeep.Mail;

/// <summary>The mail server that takes our mails. Without a host no mail is sent: invitations and new passwords are links to hand over.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary>The SMTP server; empty: none.</summary>
    public string Host { get; set; } = "";

    /// <summary>1 to 65535; 587 is the usual one for handing in mail.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>starttls (default), tls (from the first byte, usually port 465) or none (only for a server on this machine).</summary>
    [RegularExpression("starttls|tls|none")]
    public string Security { get; set; } = "starttls";

    /// <summary>Empty: the server asks for no sign-in.</summary>
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The sender, e.g. <c>Threadkeep &lt;help@example.com&gt;</c>.</summary>
    public string From { get; set; } = "";

    public bool IsConfigured => Host.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsConfigured && !MimeKit.MailboxAddress.TryParse(From, out _))
            yield return new ValidationResult("Mail:From must be an address, such as Threadkeep <help@example.com>.");
    }
}

/// <summary>Where people reach the console.</summary>
public sealed class ConsoleOptions
{
    /// <summary>
    /// The address that links in mails begin with, e.g. <c>https://desk.example.com</c>. Needed where mail is configured: what a request calls
    /// itself is no place to send a password's link to.
    /// </summary>
    public string Address { get; set; } = "";
}
