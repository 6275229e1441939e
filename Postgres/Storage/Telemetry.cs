using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Threadkeep.Storage;

/// <summary>What every process tells about itself at <c>/metrics</c>, in Prometheus' format.</summary>
public static class Telemetry
{
    /// <summary>Names of our own meters begin with this.</summary>
    public const string MeterPrefix = "Threadkeep.";

    public static void AddThreadkeepMetrics(this IServiceCollection services) =>
        services
            .AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddMeter("Microsoft.Orleans", "Npgsql", "System.Runtime", MeterPrefix + "*")
                    .AddPrometheusExporter()
            );
}
