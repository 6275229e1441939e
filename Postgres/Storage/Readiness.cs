using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Threadkeep.Storage;

/// <summary>How a process takes its leave.</summary>
public sealed class ShutdownOptions
{
    /// <summary>
    /// Seconds between "not ready" and the end of service (0 to 60), so that a balancer that asks every few seconds sends nobody
    /// to a door that is about to close. 0 where nobody asks.
    /// </summary>
    [Range(0, 60)]
    public int DrainSeconds { get; set; }

    /// <summary>Seconds that the end itself may take (5 to 300); the orchestrator's patience must be longer than both together.</summary>
    [Range(5, 300)]
    public int TimeoutSeconds { get; set; } = 30;
}

/// <summary>
/// <c>/health/live</c>: no need to kill it; what is out of reach does not count. <c>/health/ready</c>: send it work; first to fall
/// when the process is told to end.
/// </summary>
public static class Readiness
{
    private const string Live = "live";

    /// <summary>Adds the checks that every process has; further ones with <see cref="HealthChecksBuilderAddCheckExtensions"/> count for readiness.</summary>
    public static IHealthChecksBuilder AddThreadkeepHealth(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<ShutdownOptions>()
            .BindConfiguration("Shutdown")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder
            .Services.AddOptions<HostOptions>()
            .Configure<IOptions<ShutdownOptions>>(
                (host, own) =>
                    host.ShutdownTimeout = TimeSpan.FromSeconds(own.Value.TimeoutSeconds + own.Value.DrainSeconds)
            );
        builder.Services.AddHostedService<Drain>();
        return builder.Services.AddHealthChecks().AddCheck<NotEnding>("ending").AddCheck<DatabaseHealth>("database");
    }

    /// <summary>A check that counts for liveness too: an orchestrator kills the process when it fails.</summary>
    public static IHealthChecksBuilder AddLiveCheck<TCheck>(this IHealthChecksBuilder checks, string name)
        where TCheck : class, IHealthCheck => checks.AddCheck<TCheck>(name, tags: [Live]);

    public static void MapThreadkeepHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = check => check.Tags.Contains(Live) });
        app.MapHealthChecks("/health/ready");
    }

    private sealed class NotEnding(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                lifetime.ApplicationStopping.IsCancellationRequested
                    ? HealthCheckResult.Unhealthy("It is ending.")
                    : HealthCheckResult.Healthy()
            );
    }

    // Runs before anything is stopped: service goes on, only readiness is gone.
    private sealed class Drain(IOptions<ShutdownOptions> options) : IHostedLifecycleService
    {
        public Task StoppingAsync(CancellationToken cancellationToken) =>
            Task.Delay(TimeSpan.FromSeconds(options.Value.DrainSeconds), cancellationToken);

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
