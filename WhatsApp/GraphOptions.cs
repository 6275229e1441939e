using System.ComponentModel.DataAnnotations;

namespace Threadkeep.WhatsApp;

/// <summary>Where Meta is.</summary>
public sealed class GraphOptions
{
    /// <summary>Meta's Graph API, or a Sandbox.</summary>
    [Required, Url]
    public string BaseUrl { get; set; } = "https://graph.facebook.com";

    /// <summary>Graph API version; Meta retires one about two years after its release.</summary>
    [Required, RegularExpression(@"v\d+\.\d+")]
    public string Version { get; set; } = "v25.0";

    /// <summary>Longest wait for an answer, in seconds (1 to 25: less than an attempt's life of 30).</summary>
    [Range(1, 25)]
    public int TimeoutSeconds { get; set; } = 20;

    /// <summary>Where browsers find a Sandbox, if that is another address than <see cref="BaseUrl"/>; empty: it is not. Meta needs none.</summary>
    [Url]
    public string? BrowserUrl { get; set; }

    /// <summary>True where Meta itself answers, and no Sandbox.</summary>
    public bool IsMeta =>
        new Uri(BaseUrl).Host is var host
        && (host == "facebook.com" || host.EndsWith(".facebook.com", StringComparison.Ordinal));
}
