using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.People;
using Threadkeep.Storage;
using Threadkeep.WhatsApp;

namespace Threadkeep.Operations;

/// <summary>How the deployment is: silos, Api hosts, what they do and what waits (docs/api.md).</summary>
public static class OperationsEndpoints
{
    /// <summary>A process writes every 5 s; one that was silent for so long is not there any more.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(20);

    public static void AddThreadkeepOperations(this IServiceCollection services)
    {
        services.AddOptions<OperatorOptions>().BindConfiguration("Operators");
        services.AddOptions<ClusterNames>().BindConfiguration("Cluster");
        services.AddSingleton<OperationsQueries>();
        services.AddHostedService<BacklogWatch>();
        services.AddSingleton<MetaAppStore>();
        services.AddSingleton<MetaAppChecker>();
        services.AddHostedService(p => p.GetRequiredService<MetaAppChecker>());
        // For the check of the Meta app alone: whatever else is asked of Meta, silos ask.
        services.AddHttpClient<GraphClient>(
            (p, http) =>
            {
                var graph = p.GetRequiredService<Microsoft.Extensions.Options.IOptions<GraphOptions>>().Value;
                http.BaseAddress = new Uri($"{graph.BaseUrl.TrimEnd('/')}/{graph.Version}/");
                http.Timeout = TimeSpan.FromSeconds(graph.TimeoutSeconds);
            }
        );
    }

    public static void MapOperations(this RouteGroupBuilder api) =>
        api.MapGet("/operations", Get).Needs(Permission.Operate).WithName("getOperations");

    private static async Task<Ok<OperationsView>> Get(
        OperationsQueries queries,
        Microsoft.Extensions.Options.IOptions<ClusterNames> cluster,
        TimeProvider clock
    )
    {
        var now = clock.GetUtcNow();
        var members = queries.MembersAsync(cluster.Value.ClusterId);
        var reports = await queries.ReportsAsync(SilentAfter);
        var backlog = await queries.BacklogAsync(now, BacklogWatch.AlarmPatience);
        var bySilo = reports.Where(r => r.Kind == "silo").ToDictionary(r => r.Host);
        return TypedResults.Ok(
            new OperationsView(
                now,
                [.. (await members).Select(m => SiloView.Of(m, bySilo.GetValueOrDefault(m.Host)))],
                [.. reports.Where(r => r.Kind == "api").Select(ApiHostView.Of)],
                new BacklogView(
                    backlog.Outbound,
                    backlog.OutboundOldest,
                    backlog.Leftovers,
                    backlog.Unclaimed,
                    backlog.Overdue,
                    backlog.AlarmLag,
                    backlog.Reminders,
                    backlog.MediaJobs
                )
            )
        );
    }
}

/// <param name="Silos">Of the last day, dead ones included, youngest first.</param>
/// <param name="ApiHosts">Those that are there now.</param>
public sealed record OperationsView(
    DateTimeOffset At,
    IReadOnlyList<SiloView> Silos,
    IReadOnlyList<ApiHostView> ApiHosts,
    BacklogView Backlog
);

/// <param name="State">created, joining, active, shuttingDown, stopping or dead.</param>
/// <param name="LastSeenAt">When it last said so in the membership table; written every half minute or so.</param>
/// <param name="Figures">Of its last minute; null where it has not reported lately.</param>
public sealed record SiloView(
    string Address,
    string Name,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset LastSeenAt,
    SiloFigures? Figures
)
{
    private static readonly string[] States =
    [
        "none",
        "created",
        "joining",
        "active",
        "shuttingDown",
        "stopping",
        "dead",
    ];

    public static SiloView Of(MemberRow member, ReportRow? reported) =>
        new(
            member.Host[..member.Host.IndexOf('@', StringComparison.Ordinal)],
            member.Name,
            States[Math.Clamp(member.Status, 0, States.Length - 1)],
            member.StartedAt,
            member.LastSeenAt,
            reported is { Report: { Sends: { } sends } report }
                ? new SiloFigures(report.CpuPercent, report.MemoryBytes, report.Writers, sends)
                : null
        );
}

public sealed record SiloFigures(
    double CpuPercent,
    long MemoryBytes,
    IReadOnlyList<WriterReport> Writers,
    SendReport Sends
);

public sealed record ApiHostView(
    string Name,
    DateTimeOffset StartedAt,
    double CpuPercent,
    long MemoryBytes,
    WebhookReport Webhooks,
    FeedReport Feed
)
{
    public static ApiHostView Of(ReportRow row) =>
        new(
            row.Host,
            row.StartedAt,
            row.Report.CpuPercent,
            row.Report.MemoryBytes,
            row.Report.Webhooks ?? new WebhookReport(0, 0, 0, null, null),
            row.Report.Feed ?? new FeedReport(0, 0, 0)
        );
}

/// <param name="Outbound">Messages queued or being sent.</param>
/// <param name="OutboundOldestSeconds">Since the oldest of them that may leave now was accepted.</param>
/// <param name="Leftovers">Not replayed; at most 100,000 are counted.</param>
/// <param name="UnclaimedLeftovers">Of these, for a number that no channel has.</param>
/// <param name="OverdueAlarms">Sessions whose warning or end is late by over two minutes.</param>
/// <param name="Reminders">Session alarms that Orleans keeps, about.</param>
/// <param name="MediaJobs">Files of customers still to be fetched.</param>
public sealed record BacklogView(
    long Outbound,
    double OutboundOldestSeconds,
    long Leftovers,
    long UnclaimedLeftovers,
    long OverdueAlarms,
    double AlarmLagSeconds,
    long Reminders,
    long MediaJobs
);
