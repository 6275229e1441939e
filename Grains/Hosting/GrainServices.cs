using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Threadkeep.Assignment;
using Threadkeep.Channels;
using Threadkeep.Contacts;
using Threadkeep.Live;
using Threadkeep.Media;
using Threadkeep.Messages;
using Threadkeep.Notices;
using Threadkeep.Quota;
using Threadkeep.Search;
using Threadkeep.Storage;
using Threadkeep.Templates;
using Threadkeep.Threads;
using Threadkeep.Tickets;
using Threadkeep.WhatsApp;
using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.Hosting;

/// <summary>How the writers are sized. More loops are not faster: a batch grows while one commits.</summary>
public sealed class WriterOptions
{
    /// <summary>Commits of threads under way at once (1 to 8).</summary>
    [Range(1, 8)]
    public int Loops { get; set; } = 2;

    /// <summary>
    /// Intents that may wait; one more is refused and its webhook answered 503 (100 to 100,000). More than one Api host lets in, so
    /// that it is the last bound and not the first: a batch refused here in part is repeated whole.
    /// </summary>
    [Range(100, 100_000)]
    public int Capacity { get; set; } = 20_000;

    /// <summary>Rows in one statement (10 to 5,000).</summary>
    [Range(10, 5_000)]
    public int MaxRows { get; set; } = 600;

    /// <summary>Bytes in one statement, also the connection's write buffer (64 KiB to 16 MiB).</summary>
    [Range(65_536, 16_777_216)]
    public int MaxBytes { get; set; } = 1_048_576;

    /// <summary>Session alarms that a silo works off at once (1 to 1,000).</summary>
    [Range(1, 1_000)]
    public int AlarmPlaces { get; set; } = 32;
}

/// <summary>How fast messages leave.</summary>
public sealed class DispatchOptions
{
    /// <summary>
    /// Bulk messages a second and channel (1 to 1,000). Meta takes 80 messages a second of a number, in and out together, 1,000 of
    /// the largest (Cloud API, "Limits"); what bulk leaves of it is for customers and replies.
    /// </summary>
    [Range(1, 1_000)]
    public int BulkPerSecond { get; set; } = 40;

    /// <summary>
    /// Customers a day that a business which Meta has not verified writes to outside a session, over all its numbers (1 to 1,000,000);
    /// Meta's own tier counts where it is lower.
    /// </summary>
    [Range(1, 1_000_000)]
    public int UnverifiedPerDay { get; set; } = 50;

    /// <summary>
    /// Messages to one customer that leave at once (1 to 1,000,000); what is more follows one each six seconds. Meta's own number, unless Meta
    /// lets the business have more (Cloud API, "Limits").
    /// </summary>
    [Range(1, 1_000_000)]
    public int PairBurst { get; set; } = MetaLimits.PairBurst;
}

/// <summary>Registers what the grains need.</summary>
public static class GrainServices
{
    private const string FilesClient = "graph files";

    /// <param name="connectionString">PostgreSQL; the schema's names are in every statement.</param>
    public static IServiceCollection AddThreadkeepGrains(
        this IServiceCollection services,
        IConfiguration configuration,
        string connectionString
    )
    {
        services.AddValidated<GraphOptions>(configuration, "Graph");
        services.AddValidated<WriterOptions>(configuration, "Writer");
        services.AddValidated<RoutingOptions>(configuration, "Routing");
        services.AddValidated<DispatchOptions>(configuration, "Dispatch");
        services.AddValidated<QuotaOptions>(configuration, "Quota");
        services.AddThreadkeepMedia(configuration);
        services.AddValidated<SecretOptions>(configuration, "Secrets");
        services.AddValidated<SearchOptions>(configuration, "Search");
        services.AddValidated<NoticeOptions>(configuration, "Notices");

        services.AddNpgsqlDataSource(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxAutoPrepare = 100,
                ApplicationName = "threadkeep-silo",
                // No statement leaves anything behind in its session.
                NoResetOnClose = true,
                // Grains look rows up by key. A plan made while the tables are empty scans them, and is kept while they grow.
                Options = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off",
            }.ConnectionString
        );
        services.AddSingleton(p => new WriterDataSource(
            connectionString,
            p.GetRequiredService<IOptions<WriterOptions>>().Value.MaxBytes * 2
        ));
        services.AddSingleton<ThreadHints>();
        services.AddSingleton<IThreadHints>(p => p.GetRequiredService<ThreadHints>());
        services.AddHostedService(p => p.GetRequiredService<ThreadHints>());
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<CommitWriter>(p, SizeOf(p)));
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<StatusWriter>(p, SizeOf(p)));
        services.AddSingleton<RouteCache>();
        services.AddSingleton<GrainReferences>();
        services.AddSingleton<ThreadStore>();
        services.AddSingleton<StoredMessages>();
        services.AddSingleton<ChannelStore>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<LeftoverStore>();
        services.AddSingleton<QuotaStore>();
        services.AddSingleton<QuotaSettings>();
        services.AddSingleton<TicketStore>();
        services.AddSingleton<TicketRulesStore>();
        services.AddSingleton<AccountRules>();
        services.AddSingleton<RoutingStore>();
        services.AddSingleton<AwayStore>();
        services.AddSingleton<AssignmentNudges>();
        services.AddSingleton<TemplateStore>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<ChannelTokens>();
        services.AddSingleton<PortfolioStore>();
        services.AddSingleton<PortfolioKeys>();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<OutboundMedia>(p, GraphForFiles(p)));
        services.AddSingleton(p => new AlarmGate(p.GetRequiredService<IOptions<WriterOptions>>().Value.AlarmPlaces));
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<ThreadServices>(p));
        services.AddSingleton<ManagementBudget>();
        services.AddHttpClient<GraphClient>(
            (p, http) =>
            {
                var graph = p.GetRequiredService<IOptions<GraphOptions>>().Value;
                http.BaseAddress = new Uri($"{graph.BaseUrl.TrimEnd('/')}/{graph.Version}/");
                http.Timeout = TimeSpan.FromSeconds(graph.TimeoutSeconds);
            }
        );
        // A document of 100 MB takes longer on the way than any other call may.
        services.AddHttpClient(
            FilesClient,
            (p, http) =>
            {
                var graph = p.GetRequiredService<IOptions<GraphOptions>>().Value;
                http.BaseAddress = new Uri($"{graph.BaseUrl.TrimEnd('/')}/{graph.Version}/");
                http.Timeout = TimeSpan.FromMinutes(10);
            }
        );
        services.AddSingleton<IIncomingGrainCallFilter, DatabaseFailures>();
        services.AddSingleton(_ => SearchDatabase.ForIndexer(connectionString));
        services.AddSingleton(p => new SearchIndex(p.GetRequiredService<SearchDatabase>().Source));
        services.AddHostedService<SearchIndexer>();
        services.AddSingleton<ContactUpkeep>();
        services.AddHostedService<ContactKeeper>();
        services.AddSingleton<NoticeLog>();
        services.AddHostedService<NoticeKeeper>();
        services.AddHostedService(p => ActivatorUtilities.CreateInstance<MediaFetcher>(p, GraphForFiles(p)));
        services.AddHostedService<MediaKeeper>();
        services.AddHostedService<WriterWatch>();
        services.AddHostedService<ClusterStart>();
        return services;
    }

    private static GraphClient GraphForFiles(IServiceProvider services) =>
        new(
            services.GetRequiredService<IHttpClientFactory>().CreateClient(FilesClient),
            services.GetRequiredService<TimeProvider>()
        );

    private static GroupWriterSize SizeOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<WriterOptions>>().Value;
        return new GroupWriterSize(options.Loops, options.Capacity, options.MaxRows, options.MaxBytes);
    }

    /// <summary>Binds an options class and refuses to start with values out of range.</summary>
    public static void AddValidated<TOptions>(
        this IServiceCollection services,
        IConfiguration configuration,
        string section
    )
        where TOptions : class =>
        services
            .AddOptions<TOptions>()
            .Bind(configuration.GetSection(section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
}
