using System.Net;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Coexistence;
using Threadkeep.Sandbox.Configuration;
using Threadkeep.Sandbox.Control;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Live;
using Threadkeep.Sandbox.Mail;
using Threadkeep.Sandbox.Media;
using Threadkeep.Sandbox.Messages;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Signup;
using Threadkeep.Sandbox.Storage;
using Threadkeep.Sandbox.Templates;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox;

/// <summary>Puts the Sandbox together. One process plays Meta and the customers' phones.</summary>
public static class SandboxHost
{
    private const string DefaultUrl = "http://127.0.0.1:5081";

    /// <param name="args">Command line, read as configuration.</param>
    /// <param name="configure">Replaces services in tests, such as the clock.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                Args = args,
                ContentRootPath = AppContext.BaseDirectory,
                WebRootPath = "wwwroot",
            }
        );
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls(DefaultUrl);
        // A line for every request would bury what matters, and paths hold phone numbers.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        AddServices(builder.Services);
        configure?.Invoke(builder);
        RefuseOtherMachines(builder.Configuration);

        var app = builder.Build();
        app.UseMiddleware<PageHeaders>();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseGraphVersions();
        app.UseRouting();
        app.MapControl();
        app.MapMails();
        app.MapDialog();
        app.MapOAuth();
        app.MapProfilePictures();
        var graph = app.MapGraph();
        graph.MapMessages();
        graph.MapMedia();
        graph.MapResumableUploads();
        graph.MapTemplates();
        graph.MapNumbers();
        graph.MapBlocks();
        graph.MapPhoneAppSync();
        graph.MapVerification();
        graph.MapObjects();
        app.MapGraphFallback();
        return app;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<IPostConfigureOptions<SandboxOptions>, SandboxOptionsValidation>();
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsValidation>();
        services.AddOptions<SandboxOptions>().BindConfiguration(SandboxOptions.Section).ValidateOnStart();
        services.AddRouting(options => options.SetParameterPolicy<DigitsConstraint>("digits"));
        services
            .AddHttpClient(WebhookTarget.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .RemoveAllLoggers();
        // Calls that a fault holds would keep the host waiting for its usual half minute.
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Journal>();
        services.AddSingleton<MailCatcher>();
        services.AddHostedService(p => p.GetRequiredService<MailCatcher>());
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<FaultBoard>();
        services.AddSingleton<LimitDesk>();
        services.AddSingleton<NumberBook>();
        services.AddSingleton<SignupBook>();
        services.AddSingleton<CodeBook>();
        services.AddSingleton<CustomerBook>();
        services.AddSingleton<BlockBook>();
        services.AddSingleton<ChatBook>();
        services.AddSingleton<MediaStore>();
        services.AddSingleton<MediaUrls>();
        services.AddSingleton<ResumableUploads>();
        services.AddSingleton<TemplateBook>();
        services.AddSingleton<SentLog>();
        services.AddSingleton<WebhookTarget>();
        services.AddSingleton<WebhookPoster>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<WebhookFeed>();
        services.AddSingleton<StatusChain>();
        services.AddSingleton<MessageDesk>();
        services.AddSingleton<CustomerMessage>();
        services.AddSingleton<NumberChange>();
        services.AddSingleton<PhoneApp>();
        services.AddSingleton<ObjectEndpoints.Objects>();
        services.AddHostedService(s => s.GetRequiredService<WebhookQueue>());
        services.AddHostedService(s => s.GetRequiredService<StatusChain>());
    }

    private static void RefuseOtherMachines(ConfigurationManager configuration)
    {
        if (configuration.GetValue<bool>("Sandbox:ListenBeyondLoopback"))
            return;
        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var host = BindingAddress.Parse(url).Host;
            if (
                host != "localhost"
                && !(IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))
            )
                throw new InvalidOperationException(
                    $"Urls names {url}: the Sandbox has no sign-in and listens on loopback only, unless Sandbox:ListenBeyondLoopback is true."
                );
        }
    }
}
