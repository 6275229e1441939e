namespace Threadkeep.Sandbox.Configuration;

/// <summary>What the Sandbox is told at start: section <c>Sandbox</c> of the configuration.</summary>
public sealed class SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>Where webhooks are posted until the control API says otherwise. Absolute http(s) address.</summary>
    public string WebhookUrl { get; set; } = "http://127.0.0.1:5080/webhooks/whatsapp";

    /// <summary>The app's id, digits.</summary>
    public string AppId { get; set; } = "100200300400501";

    /// <summary>Key of the webhooks' HMAC.</summary>
    public string AppSecret { get; set; } = "sandbox-app-secret";

    /// <summary>Sent in the handshake as <c>hub.verify_token</c>.</summary>
    public string VerifyToken { get; set; } = "sandbox-verify-token";

    /// <summary>The bearer that Graph calls must carry.</summary>
    public string AccessToken { get; set; } = "sandbox-access-token";

    /// <summary>The business numbers. Empty: one demo number in Japan.</summary>
    public List<NumberOptions> Numbers { get; } = [];

    /// <summary>Port of the mail catcher, on this machine only; 0: any free one. Empty: there is none.</summary>
    public int? MailPort { get; set; }

    /// <summary>Folder of the journal and of media. Empty: everything is forgotten at the end.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Address that media URLs begin with. Empty: the address the Sandbox listens on.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Lets <c>Urls</c> name other than loopback addresses, as a container needs. The control API has no sign-in.</summary>
    public bool ListenBeyondLoopback { get; set; }

    /// <summary>How long a webhook's receiver may take, in seconds. 1 to 60, default 10 (Meta's is not published).</summary>
    public int WebhookTimeoutSeconds { get; set; } = 10;
}

/// <summary>One business number of the configuration.</summary>
public sealed class NumberOptions
{
    /// <summary>Meta's id of the number, digits.</summary>
    public string PhoneNumberId { get; set; } = "";

    /// <summary>Id of the WhatsApp Business account that holds it, digits.</summary>
    public string WabaId { get; set; } = "";

    /// <summary>The number as people write it, for example <c>+81 3-4567-8901</c>.</summary>
    public string DisplayPhoneNumber { get; set; } = "";

    /// <summary>The name customers see.</summary>
    public string VerifiedName { get; set; } = "";
}
