using System.ComponentModel.DataAnnotations;

namespace Threadkeep.People;

/// <summary>An OpenID Connect provider that people may sign in with (<c>Oidc:…</c>). One a deployment; without an authority there is none.</summary>
public sealed class ProviderOptions : IValidatableObject
{
    /// <summary>The issuer, e.g. <c>https://login.example.com/realms/desk</c>; https, or http on this machine. Empty: none.</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    /// <summary>Empty for a public client.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>What the button calls it.</summary>
    public string Name { get; set; } = "OpenID Connect";

    public bool IsConfigured => Authority.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
            yield break;
        if (
            !Uri.TryCreate(Authority, UriKind.Absolute, out var address)
            || !(address.Scheme == "https" || address.Scheme == "http" && address.IsLoopback)
        )
            yield return new ValidationResult("Oidc:Authority must be an https address.");
        if (ClientId.Length == 0)
            yield return new ValidationResult("Oidc:ClientId is missing.");
    }
}
