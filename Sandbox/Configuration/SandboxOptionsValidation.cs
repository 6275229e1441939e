using Microsoft.Extensions.Options;

namespace Threadkeep.Sandbox.Configuration;

/// <summary>Fills in the demo number, and refuses to start on senseless settings with the setting's name.</summary>
public sealed class SandboxOptionsValidation : IPostConfigureOptions<SandboxOptions>, IValidateOptions<SandboxOptions>
{
    public void PostConfigure(string? name, SandboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Numbers.Count == 0)
            options.Numbers.Add(
                new NumberOptions
                {
                    PhoneNumberId = "551122334455667",
                    WabaId = "880011223344556",
                    DisplayPhoneNumber = "+81 3-4567-8901",
                    VerifiedName = "さくら雑貨店",
                }
            );
    }

    public ValidateOptionsResult Validate(string? name, SandboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var wrong = new List<string>();
        if (!IsWebAddress(options.WebhookUrl))
            wrong.Add("Sandbox:WebhookUrl must be an absolute http or https address.");
        if (!string.IsNullOrEmpty(options.PublicUrl) && !IsWebAddress(options.PublicUrl))
            wrong.Add("Sandbox:PublicUrl must be an absolute http or https address.");
        if (!IsGraphId(options.AppId))
            wrong.Add("Sandbox:AppId must be digits.");
        if (options.AppSecret.Length == 0)
            wrong.Add("Sandbox:AppSecret must not be empty.");
        if (options.VerifyToken.Length == 0)
            wrong.Add("Sandbox:VerifyToken must not be empty.");
        if (options.AccessToken.Length == 0)
            wrong.Add("Sandbox:AccessToken must not be empty.");
        if (options.WebhookTimeoutSeconds is < 1 or > 60)
            wrong.Add("Sandbox:WebhookTimeoutSeconds must lie between 1 and 60.");
        for (var i = 0; i < options.Numbers.Count; i++)
        {
            var number = options.Numbers[i];
            if (!IsGraphId(number.PhoneNumberId) || !IsGraphId(number.WabaId))
                wrong.Add($"Sandbox:Numbers:{i} needs PhoneNumberId and WabaId of digits.");
            if (!number.DisplayPhoneNumber.Any(char.IsAsciiDigit) || number.VerifiedName.Length == 0)
                wrong.Add($"Sandbox:Numbers:{i} needs DisplayPhoneNumber and VerifiedName.");
        }
        if (options.Numbers.Select(n => n.PhoneNumberId).Distinct().Count() != options.Numbers.Count)
            wrong.Add("Sandbox:Numbers names a PhoneNumberId twice.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https");

    private static bool IsGraphId(string text) => text.Length is > 0 and <= 32 && text.All(char.IsAsciiDigit);
}
