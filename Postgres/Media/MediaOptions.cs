using System.ComponentModel.DataAnnotations;

namespace Threadkeep.Media;

/// <summary>Where files are kept, and for how long nobody needs to have sent them.</summary>
public sealed class MediaOptions : IValidatableObject
{
    /// <summary>A directory that every silo and Api host can reach. Not needed where <see cref="S3"/> names a bucket.</summary>
    public string Directory { get; set; } = "";

    /// <summary>An S3-compatible service instead of the directory.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>
    /// Hours that a file is kept which nothing points at (24 to 8,760). Drafts keep their attachments in the browser, where nobody else sees
    /// them, and live 90 days: so does this, unless told otherwise.
    /// </summary>
    [Range(24, 8_760)]
    public int UnsentHours { get; set; } = 90 * 24;

    /// <summary>How often a silo looks for files to remove or to scan again, in seconds (1 to 3,600).</summary>
    [Range(1, 3_600)]
    public int LookEverySeconds { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (S3.IsOn)
            return S3.Faults();
        return Directory.Length > 0
            ? []
            :
            [
                new ValidationResult(
                    "Media:Directory is missing, and Media:S3:Bucket names no bucket.",
                    [nameof(Directory)]
                ),
            ];
    }
}

/// <summary>A bucket of an S3-compatible service. The bucket exists; nothing but Threadkeep writes to it.</summary>
public sealed class S3Options
{
    /// <summary>Empty: files lie in a directory.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Its address (http or https); empty: Amazon's own, in <see cref="Region"/>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>What signatures name; services other than Amazon's mostly do not care.</summary>
    public string Region { get; set; } = "us-east-1";
    public string AccessKey { get; set; } = "";

    /// <summary>Never logged, and in no message of an error.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>The bucket is a part of the path and not of the host's name: what most services but Amazon's want.</summary>
    public bool PathStyle { get; set; } = true;

    public bool IsOn => Bucket.Length > 0;

    internal IEnumerable<ValidationResult> Faults()
    {
        if (
            Bucket.Length is < 3 or > 63
            || !Bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        )
            yield return Fault("Bucket", "must be 3 to 63 small letters, digits, dots and hyphens");
        if (
            Endpoint.Length > 0
            && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        )
            yield return Fault("Endpoint", "must be an http or https address");
        if (Region.Length == 0)
            yield return Fault("Region", "is missing");
        if (AccessKey.Length == 0)
            yield return Fault("AccessKey", "is missing");
        if (SecretKey.Length == 0)
            yield return Fault("SecretKey", "is missing");
    }

    private static ValidationResult Fault(string name, string what) => new($"Media:S3:{name} {what}.", [name]);
}
