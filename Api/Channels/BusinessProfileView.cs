namespace Threadkeep.Channels;

/// <summary>What customers see of the business.</summary>
/// <param name="About">1 to 139 characters.</param>
/// <param name="Websites">Up to two.</param>
/// <param name="Vertical">One of Meta's categories.</param>
/// <param name="PictureUrl">Where Meta shows the picture; only told.</param>
/// <param name="PictureId">Another picture, as POST /media named it: JPEG or PNG, up to 5 MB; absent: it stays. Only asked.</param>
public sealed record BusinessProfileView(
    string? About,
    string? Address,
    string? Description,
    string? Email,
    IReadOnlyList<string>? Websites,
    string? Vertical,
    string? PictureUrl = null,
    string? PictureId = null
)
{
    // Cloud API, "Limits".
    internal string? Problem =>
        About is { Length: > 139 } ? "about holds up to 139 characters."
        : Address is { Length: > 256 } ? "address holds up to 256 characters."
        : Description is { Length: > 512 } ? "description holds up to 512 characters."
        : Email is { Length: > 128 } ? "email holds up to 128 characters."
        : Websites is { Count: > 2 } ? "websites holds up to two addresses."
        : Websites?.Any(w =>
            w.Length > 256 || !Uri.TryCreate(w, UriKind.Absolute, out var u) || u.Scheme is not ("http" or "https")
        )
            is true
            ? "each website is an address that begins with http:// or https://, up to 256 characters."
        : null;

    internal BusinessProfile ToProfile() =>
        new(
            About,
            Address,
            Description,
            Email,
            Websites is null ? null : [.. Websites],
            Vertical is { Length: > 0 } ? Vertical : null
        );

    internal static BusinessProfileView? Of(BusinessProfile? profile) =>
        profile is null
            ? null
            : new(
                profile.About,
                profile.Address,
                profile.Description,
                profile.Email,
                profile.Websites,
                profile.Vertical,
                profile.PictureUrl
            );
}
