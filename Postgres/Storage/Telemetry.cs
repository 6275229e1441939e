using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Threadkeep.Storage;

/// <summary>
/// What every process tells about itself: metrics at <c>/metrics</c> in Prometheus' format, always; metrics, traces and logs by
/// OTLP where the standard variables name a collector (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin). Without them nobody listens
/// to a span, and none is made.
/// </summary>
public static class Telemetry
{
    /// <summary>Names of our own meters begin with this.</summary>
    public const string MeterPrefix = "Threadkeep.";

    // Orleans' own spans. A call's is in Application; what the runtime does by itself would drown it.
    private const string OrleansCalls = "Microsoft.Orleans.Application";

    // In milliseconds, from a commit alone (0.25) to a statement that has run into its time-out.
    private static readonly double[] Milliseconds =
    [
        0.25,
        0.5,
        1,
        2,
        4,
        8,
        16,
        32,
        64,
        128,
        256,
        512,
        1_000,
        4_000,
        16_000,
    ];

    // Told several times a call or request, and asked for by nobody: counting them took a fifth of what a message costs Api and silo.
    private static readonly string[] NotCounted =
    [
        "orleans-messaging-processing-",
        "orleans-messaging-received-",
        "orleans-messaging-sent-header-size",
        "orleans-messaging-sent-local",
        "orleans-messaging-sent-messages-size",
        "orleans-directory-lookups-",
        "orleans-gateway-received",
        "orleans-gateway-sent",
        "aspnetcore.routing.match_attempts",
        "http.server.active_requests",
    ];

    private static readonly double[] Intents = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

    /// <summary>True where a collector is named: only then do calls between processes carry the trace along.</summary>
    public static bool IsTraced(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && (
            configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 }
            || configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] is { Length: > 0 }
        );

    /// <param name="process"><c>api</c> or <c>silo</c>; <c>OTEL_SERVICE_NAME</c> overrules the name made of it.</param>
    public static void AddThreadkeepTelemetry(this IHostApplicationBuilder builder, string process)
    {
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddMeter("Microsoft.Orleans", "Npgsql", "System.Runtime", "System.Net.Http", MeterPrefix + "*")
                    .AddView(i =>
                        Array.Exists(NotCounted, n => i.Name.StartsWith(n, StringComparison.Ordinal))
                            ? MetricStreamConfiguration.Drop
                            : null
                    )
                    .AddView(i =>
                        i.Unit == "ms" && i.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal)
                            ? new ExplicitBucketHistogramConfiguration { Boundaries = Milliseconds }
                            : null
                    )
                    .AddView(
                        "threadkeep.writer.batch",
                        new ExplicitBucketHistogramConfiguration { Boundaries = Intents }
                    )
                    .AddPrometheusExporter()
            );
        if (!IsTraced(builder.Configuration))
            return;
        telemetry
            .ConfigureResource(r =>
            {
                if (builder.Configuration["OTEL_SERVICE_NAME"] is not { Length: > 0 })
                    r.AddService("threadkeep-" + process);
            })
            .WithTracing(traces =>
                traces
                    .AddAspNetCoreInstrumentation(o =>
                        // Probes and scrapers ask all day long.
                        o.Filter = context =>
                            !context.Request.Path.StartsWithSegments("/health")
                            && !context.Request.Path.StartsWithSegments("/metrics")
                    )
                    .AddSource(Tracing.SourceName, OrleansCalls)
            )
            .WithLogging()
            .UseOtlpExporter();
    }
}
