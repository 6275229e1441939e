namespace Threadkeep.Sandbox.Media;

/// <summary>One file at Meta: uploaded by the business or sent by a customer.</summary>
/// <param name="Id">Meta's media id.</param>
/// <param name="PhoneNumberId">The number it belongs to.</param>
/// <param name="MimeType">Type as given.</param>
/// <param name="Sha256">Hash of the bytes, lowercase hex. Webhooks carry the same as base64.</param>
/// <param name="Size">Bytes.</param>
/// <param name="FromCustomer">True: the id lives 7 days, else 30.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record MediaItem(
    string Id,
    string PhoneNumberId,
    string MimeType,
    string Sha256,
    long Size,
    bool FromCustomer,
    DateTimeOffset CreatedAt
)
{
    public DateTimeOffset ExpiresAt => CreatedAt + TimeSpan.FromDays(FromCustomer ? 7 : 30);
}
