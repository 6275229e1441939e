using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Approvals;
using Threadkeep.Assignment;
using Threadkeep.Audit;
using Threadkeep.Channels;
using Threadkeep.Contacts;
using Threadkeep.Drafts;
using Threadkeep.FirstContact;
using Threadkeep.Hours;
using Threadkeep.Live;
using Threadkeep.Macros;
using Threadkeep.Media;
using Threadkeep.Messages;
using Threadkeep.Notices;
using Threadkeep.Notices.Digest;
using Threadkeep.Notices.Push;
using Threadkeep.Operations;
using Threadkeep.People;
using Threadkeep.Quarantine;
using Threadkeep.Quota;
using Threadkeep.Records;
using Threadkeep.Search;
using Threadkeep.Sla;
using Threadkeep.Storage;
using Threadkeep.Templates;
using Threadkeep.Threads;
using Threadkeep.Tickets;
using Threadkeep.Usage;
using Threadkeep.Views;
using Threadkeep.Webhooks;
using Threadkeep.WhatsApp;

namespace Threadkeep.Hosting;

/// <summary>Wires the Api host: everything but how it reaches the cluster, which a test does in its own way.</summary>
public static class ApiHost
{
    /// <param name="connectionString">PostgreSQL.</param>
    public static void AddThreadkeepApi(this WebApplicationBuilder builder, string connectionString)
    {
        var services = builder.Services;
        services.AddOptions<SecretOptions>().BindConfiguration("Secrets").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<GraphOptions>().BindConfiguration("Graph").ValidateDataAnnotations().ValidateOnStart();
        services.AddThreadkeepMedia(builder.Configuration);
        services.AddSingleton<Thumbnails>();
        services.AddSingleton<Waveforms>();
        services.AddSingleton<MediaReader>();
        // A part of the pool is for searches alone: however many there are, others' queries do not wait for them.
        var pool = new NpgsqlConnectionStringBuilder(connectionString).MaxPoolSize;
        var searches = Math.Max(1, pool / 4);
        services.AddNpgsqlDataSource(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxPoolSize = pool - searches,
                MaxAutoPrepare = 100,
                ApplicationName = "threadkeep-api",
            }.ConnectionString
        );
        builder.AddThreadkeepTelemetry("api");
        builder.AddThreadkeepHealth().AddCheck<ClusterHealth>("cluster");
        builder.AddHostReports("api", _ => $"{Environment.MachineName}:{Environment.ProcessId}");
        builder.AddThreadkeepLimits();
        builder.AddTrustedProxies();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<AppSecrets>();
        services.AddSingleton<RefusalStore>();
        services.AddSingleton<SignatureFailures>();
        services.AddHostedService(p => p.GetRequiredService<SignatureFailures>());
        services.AddSingleton<WebhookGate>();
        services.AddSingleton<ClusterCalls>();
        services.AddSingleton<DeliveryCalls>();
        services.AddSingleton<PeopleStore>();
        services.AddSingleton<DirectoryStore>();
        services.AddSingleton<Callers>();
        services.AddThreadkeepSignIn();
        services.AddSingleton<SetupStore>();
        services.AddSingleton<ThreadQueries>();
        services.AddSingleton<MessageQueries>();
        services.AddSingleton<CustomerSigns>();
        services.AddSingleton<TicketQueries>();
        services.AddSingleton<CustomPropertyStore>();
        services.AddSingleton<ContactStore>();
        services.AddSingleton<ContactQueries>();
        services.AddSingleton<ContactTimeline>();
        services.AddSingleton<RecordStore>();
        services.AddSingleton<ViewStore>();
        services.AddSingleton<DraftStore>();
        services.AddSingleton<ApprovalStore>();
        services.AddSingleton<HeldMessages>();
        services.AddHostedService<ApprovalKeeper>();
        services.AddSingleton<MacroStore>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<SlaStore>();
        services.AddSingleton<FirstContactStore>();
        services.AddSingleton<QuarantineStore>();
        services.AddSingleton<ViewQueries>();
        services.AddSingleton<ViewCounts>();
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<WorkStore>();
        services.AddSingleton<AssignmentStore>();
        services.AddSingleton<SkillStore>();
        services.AddSingleton<NoticeStore>();
        services.AddThreadkeepPush();
        services.AddOptions<DigestOptions>().BindConfiguration("Digest").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DigestStore>();
        services.AddSingleton<DigestText>();
        services.AddHostedService<DigestSender>();
        services.AddSingleton<ChannelQueries>();
        services.AddSingleton<CallersChannels>();
        services.AddSingleton<ChannelSelfTest>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<LeftoverStore>();
        services.AddSingleton<QuotaStore>();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<ChannelStore>();
        services.AddSingleton<QueueQueries>();
        services.AddSingleton<PortfolioStore>();
        services.AddSingleton<TemplateStore>();
        services.AddSingleton<PersonalValues>();
        services.AddSingleton<TemplateLibraryServices>();
        services.AddSingleton<OutboxQueries>();
        services.AddSingleton(_ => SearchDatabase.ForSearches(connectionString, searches));
        services.AddSingleton(p => new SearchQueries(p.GetRequiredService<SearchDatabase>().Source));
        services.AddSingleton(p => new ThreadFinder(p.GetRequiredService<SearchDatabase>().Source));
        services.AddSingleton<SendServices>();
        services.AddSingleton<LiveHub>();
        services.AddSingleton<VisibleThreads>();
        services.AddHostedService<LiveSubscriber>();
        services.AddHostedService<Housekeeping>();
        services.AddThreadkeepOperations();

        services
            .AddAuthentication(CallerAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.Name, null);
        services.AddSingleton<Gatekeeper>();
        services.AddValidation();
        services.AddProblemDetails(o => o.CustomizeProblemDetails = AddCode);
        services.AddThreadkeepDescription();
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new UtcMilliseconds());
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services
            .AddOptions<RetentionOptions>()
            .BindConfiguration("Retention")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<SignInOptions>().BindConfiguration("SignIn").ValidateDataAnnotations().ValidateOnStart();
        var perMinute =
            builder.Configuration.GetSection("SignIn").Get<SignInOptions>()?.PerMinute ?? new SignInOptions().PerMinute;
        services.AddRateLimiter(o =>
        {
            o.AddPolicy(
                PeopleEndpoints.SignInLimit,
                context =>
                    RateLimitPartition.GetFixedWindowLimiter(
                        context.Connection.RemoteIpAddress?.ToString() ?? "",
                        _ => new FixedWindowRateLimiterOptions
                        {
                            PermitLimit = perMinute,
                            Window = TimeSpan.FromMinutes(1),
                        }
                    )
            );
            o.OnRejected = async (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "60";
                await Problems
                    .Of(429, "too_many_attempts", "Too many attempts: wait a minute.")
                    .ExecuteAsync(context.HttpContext);
            };
        });
    }

    public static void MapThreadkeepApi(this WebApplication app)
    {
        app.Use(NothingIsJson);
        app.UseRouting();
        app.UseTrustedProxies();
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                // An outage is not news for every request that meets it, and a stranger must not fill the log.
                SuppressDiagnosticsCallback = failed =>
                    IsPassing(failed.Exception) || failed.Exception is BadHttpRequestException,
                StatusCodeSelector = e =>
                    IsPassing(e) ? 503
                    : e is BadHttpRequestException bad ? bad.StatusCode
                    : IsOdd(e) ? 400
                    : 500,
            }
        );
        app.UseStatusCodePages();
        app.Use(SecurityHeaders);
        app.Use(app.Services.GetRequiredService<CallGate>().InvokeAsync);
        app.Use(OnlyUtf8);
        app.UseAuthentication();
        app.Use(app.Services.GetRequiredService<Gatekeeper>().InvokeAsync);
        app.UseRateLimiter();

        var api = app.MapGroup("/api/v1").AddEndpointFilter<ConsoleHeaderFilter>();
        api.MapPeople();
        api.MapDirectory();
        api.MapProvider();
        api.MapInvitations();
        api.MapPasswords();
        api.MapSecondFactor();
        api.MapAudit();
        api.MapAccount();
        api.MapThreads();
        api.MapBegin();
        api.MapBlocks();
        api.MapThreadMerges();
        api.MapContentRules();
        api.MapQuarantine();
        api.MapMessages();
        api.MapApprovals();
        api.MapTickets();
        api.MapDesks();
        api.MapCustomProperties();
        api.MapMerges();
        api.MapNotes();
        api.MapContacts();
        api.MapCompanies();
        api.MapDeals();
        api.MapViews();
        api.MapAvailability();
        api.MapAssignment();
        api.MapSkills();
        api.MapNotices();
        api.MapNoticeSettings();
        api.MapPush();
        api.MapDrafts();
        api.MapMacros();
        api.MapSchedules();
        api.MapSla();
        api.MapFirstContact();
        api.MapPresence();
        api.MapSearch();
        api.MapMedia();
        api.MapTemplates();
        api.MapTemplateLibrary();
        api.MapQuota();
        api.MapUsage();
        api.MapPrices();
        api.MapChannels();
        api.MapSignup();
        api.MapChannelConnection();
        api.MapQueue();
        api.MapOperations();
        api.MapMetaApp();
        api.MapLive();
        app.MapWebhooks();
        app.MapOpenApi().Needs(Permission.Anyone);
        app.MapPrometheusScrapingEndpoint("/metrics").Needs(Permission.Anyone);
        app.MapGroup("").Needs(Permission.Anyone).MapThreadkeepHealth();
        app.MapConsole();
    }

    private static Task SecurityHeaders(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        // Nothing that a customer sends can run: scripts come from our own files only.
        // One page loads Meta's script for signing up, and no other does.
        var signup = context.Request.Path.Equals(SignupPage.Path, StringComparison.OrdinalIgnoreCase)
            ? SignupPage.Policy(context.RequestServices.GetRequiredService<IOptions<GraphOptions>>().Value)
            : "";
        headers.ContentSecurityPolicy =
            $"default-src 'self'; {signup}img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
            + "base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
        return next(context);
    }

    // A request without a body says of no type what it is, and endpoints that read JSON would not be found for it: it is one whose body is
    // missing (400), or need not be there.
    private static Task NothingIsJson(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (
            string.IsNullOrEmpty(request.ContentType)
            && (
                HttpMethods.IsPost(request.Method)
                || HttpMethods.IsPut(request.Method)
                || HttpMethods.IsPatch(request.Method)
            )
            && request.Path.StartsWithSegments("/api/v1")
        )
            request.ContentType = "application/json";
        return next(context);
    }

    // JSON is UTF-8 (RFC 8259), and the framework throws at the name of a charset that it does not know.
    private static Task OnlyUtf8(HttpContext context, RequestDelegate next)
    {
        if (
            context.Request.HasJsonContentType()
            && MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            && type.Charset is { Length: > 0 } charset
            && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)
        )
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }
        return next(context);
    }

    private static void AddCode(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (context.HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error is { } error && IsPassing(error))
            problem.Status = 503;
        if (problem.Status == 503)
            context.HttpContext.Response.Headers.RetryAfter = "2";
        problem.Extensions.TryAdd(
            "code",
            problem.Status switch
            {
                400 => "bad_request",
                401 => "not_signed_in",
                403 => "not_allowed",
                404 => "not_found",
                405 => "method_not_allowed",
                413 => "media_too_large",
                415 => "media_type_not_allowed",
                503 => "unavailable",
                _ => "internal_error",
            }
        );
    }

    // A value that PostgreSQL does not take, such as a text with U+0000: the caller's, wherever it was.
    private static bool IsOdd(Exception error) =>
        error is PostgresException refused && refused.SqlState.StartsWith("22", StringComparison.Ordinal);

    private static bool IsPassing(Exception error) =>
        // A body that is not framed as HTTP says is an IOException too, and no better when it comes again.
        error is not BadHttpRequestException
            && SqlErrors.IsPassing(error)
        // Where it was the caller who went away, nobody reads the answer.
        || ClusterCalls.IsOfTheCluster(error)
        || error is ChannelUnavailableException or MediaStoreException;
}
