using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Threadkeep.Hosting;

/// <summary>
/// What one Api host takes in at most. Beyond it a caller hears 503 with Retry-After at once: a queue that only grows turns every
/// answer into a time-out. docs/adr/015-admission.md says how the numbers came about.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>Open connections (100 to 1,000,000). One more is closed at once; the system's own limit of files must lie above.</summary>
    [Range(100, 1_000_000)]
    public int Connections { get; set; } = 10_000;

    /// <summary>Webhooks that are being committed at once (256 to 100,000); fewer where the cluster is slower.</summary>
    [Range(256, 100_000)]
    public int Webhooks { get; set; } = 2_048;

    /// <summary>Messages and statuses that are being committed at once (100 to 1,000,000); the last webhook let in may pass it.</summary>
    [Range(100, 1_000_000)]
    public int WebhookItems { get; set; } = 16_384;

    /// <summary>Bytes of webhooks in memory, whoever sent them, in MiB (16 to 65,536).</summary>
    [Range(16, 65_536)]
    public int WebhookMegabytes { get; set; } = 256;

    /// <summary>Calls of the REST interface at work at once, the live feed apart (16 to 10,000).</summary>
    [Range(16, 10_000)]
    public int Calls { get; set; } = 256;
}

/// <summary>Limits that hold before any code of ours sees a request.</summary>
public static class ApiLimits
{
    /// <summary>The largest body that anything here takes, files apart: those have a limit of their own (MediaEndpoints).</summary>
    private const long MaxBodyBytes = 6 * 1024 * 1024;

    /// <summary>Meta sends its headers in one packet; who needs longer only holds the connection.</summary>
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    public static void AddThreadkeepLimits(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<LimitOptions>()
            .BindConfiguration("Limits")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<CallGate>();
        var limits = builder.Configuration.GetSection("Limits").Get<LimitOptions>() ?? new LimitOptions();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, limits));
    }

    private static void Configure(KestrelServerOptions kestrel, LimitOptions limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        // Below 240 bytes a second after 5 seconds, a body or a reader is given up: Kestrel's own figures, said here because we rely on them.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
    }
}
