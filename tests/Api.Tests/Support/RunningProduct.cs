using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Reminders;
using Orleans.TestingHost;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.Sandbox;
using Threadkeep.Sandbox.Mail;
using Threadkeep.Setup;
using Threadkeep.Testing;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Support;

/// <summary>
/// The whole product in this process: two silos, a real Api on a port of its own, a database of its own, and the Sandbox as Meta.
/// Tests come in through HTTP, each with an account and a number of its own (<see cref="OfficeAsync"/>), and count with SQL.
/// </summary>
public abstract class RunningProduct(TestClock clock) : IAsyncLifetime
{
    public const string App = "default";

    /// <summary>Meta's id of both apps.</summary>
    public const string AppId = "100200300400501";

    /// <summary>A second Meta app, connected by hand.</summary>
    public const string OtherApp = "other";
    public const string AccessToken = "sandbox-access-token";

    /// <summary>Where links in mails lead.</summary>
    public const string ConsoleAddress = "https://desk.example.com";

    /// <summary>Customers a day that an unverified business may write to outside a session.</summary>
    public const int UnverifiedPerDay = 2;
    private const int Numbers = 300;
    private const string MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly string files = Directory.CreateTempSubdirectory("threadkeep-media-").FullName;
    private TestDatabase? database;
    private InProcessTestCluster? cluster;
    private WebApplication? api;
    private WebApplication? sandbox;
    private int offices;
    private volatile string? throwAt;

    public TestClock Clock { get; } = clock;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public TestDatabase Database => database!;

    /// <summary>Grains, for what has no door of its own: sweeps and collection.</summary>
    public IClusterClient Cluster => cluster!.Client;

    /// <summary>The table of Orleans' reminders.</summary>
    public IReminderTable Reminders => cluster!.Silos[0].ServiceProvider.GetRequiredService<IReminderTable>();

    public Uri ApiUrl { get; private set; } = null!;

    /// <summary>The Api's own services, for what an operator's command does.</summary>
    public IServiceProvider ApiServices => api!.Services;

    /// <summary>The Sandbox's control API.</summary>
    public HttpClient Control { get; private set; } = null!;

    /// <summary>What the Api has to say.</summary>
    public ErrorLog ApiLog { get; } = new();

    /// <summary>Settings of the silos beside the usual ones.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    /// <summary>What looks at files; null: nothing does.</summary>
    public virtual TestScanner? Scanner => null;

    /// <summary>Whether it has a mail server: the Sandbox's catcher.</summary>
    protected virtual bool WithMail => false;

    private IEnumerable<KeyValuePair<string, string?>> MailSettings() =>
        !WithMail
            ? []
            :
            [
                new("Console:Address", ConsoleAddress),
                new("Mail:Host", "127.0.0.1"),
                new(
                    "Mail:Port",
                    sandbox!.Services.GetRequiredService<MailCatcher>().Port.ToString(CultureInfo.InvariantCulture)
                ),
                new("Mail:Security", "none"),
                new("Mail:From", "Threadkeep <desk@example.com>"),
            ];

    public static string SecretOf(string app) => $"secret-of-{app}";

    public static string VerifyTokenOf(string app) => $"token-of-{app}";

    /// <summary>From now on the decider throws at messages with this text; null: at none.</summary>
    public void ThrowAt(string? text) => throwAt = text;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await StartSandboxAsync();
        await StartClusterAsync();
        await StartApiAsync();
        // Both apps before the first webhook: the Api keeps the secrets it knows for some seconds.
        await OfficeAsync(app: OtherApp);
        await OfficeAsync(app: App);
        await ControlAsync(
            HttpMethod.Put,
            "webhooks/callback",
            new JsonObject
            {
                ["url"] = new Uri(ApiUrl, "/webhooks/whatsapp").ToString(),
                ["appSecret"] = SecretOf(App),
                ["verifyToken"] = VerifyTokenOf(App),
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        Control?.Dispose();
        if (api is not null)
            await api.DisposeAsync();
        if (cluster is not null)
            await cluster.DisposeAsync();
        if (sandbox is not null)
            await sandbox.DisposeAsync();
        Scanner?.Dispose();
        if (database is not null)
            await database.DisposeAsync();
        Directory.Delete(files, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>An account with an API key and one connected number; faults of the Sandbox are off and statuses come at once.</summary>
    /// <param name="limit">Conversations a month; null: no limit.</param>
    /// <param name="connect">False: the account and its number are named and not set up yet.</param>
    /// <param name="templates">Fetches Meta's templates at once.</param>
    public async Task<Office> OfficeAsync(
        int? limit = null,
        string app = App,
        DateTimeOffset? firstConnectedAt = null,
        bool connect = true,
        bool templates = false,
        IReadOnlyList<SetupAgent>? agents = null
    )
    {
        await FaultsAsync("{}");
        var n = Interlocked.Increment(ref offices);
        n.ShouldBeLessThan(Numbers, "the Sandbox has no more numbers");
        var document = new SetupDocument(
            new SetupAccount($"Office {n}", "Asia/Tokyo", "JP", new DateOnly(2025, 1, 15), limit),
            agents ?? [],
            new SetupApiKey("tests", $"key-{n}-{Guid.NewGuid():N}"),
            new SetupApp(app, AppId, SecretOf(app), VerifyTokenOf(app), app == App ? "700800900100200" : null),
            [
                new SetupChannel(
                    "Reception",
                    WabaOf(n),
                    NumberOf(n),
                    "+81 3-0000-0000",
                    AccessToken,
                    firstConnectedAt ?? Now.AddDays(-30)
                ),
            ]
        );
        var office = new Office(this, document);
        if (connect)
            await office.ConnectAsync(api!.Services);
        if (templates)
            (await office.PostAsync("templates/sync")).Status.ShouldBe(200);
        return office;
    }

    /// <summary>Connects what <see cref="OfficeAsync"/> was told not to.</summary>
    public Task ConnectAsync(Office office) => office.ConnectAsync(api!.Services);

    /// <summary>Replaces the Sandbox's faults; statuses come at once unless told otherwise.</summary>
    public async Task FaultsAsync(string json)
    {
        var faults = JsonNode.Parse(json)!.AsObject();
        var statuses = faults["statuses"] as JsonObject ?? [];
        if (!statuses.ContainsKey("delayMs"))
            statuses["delayMs"] = 0;
        faults["statuses"] = statuses.DeepClone();
        await ControlAsync(HttpMethod.Put, "faults", faults);
    }

    public async Task<JsonNode?> ControlAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await Control.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBeInRange(200, 299, $"{method} {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>The mails to an address that were caught, the newest first; waits until there are so many.</summary>
    public async Task<CaughtMail[]> MailsAsync(string to, int count)
    {
        CaughtMail[] mails = [];
        await Eventually.IsTrueAsync(
            $"{count} mails to {to} are caught",
            () =>
            {
                mails =
                [
                    .. sandbox!
                        .Services.GetRequiredService<MailCatcher>()
                        .Mails.Where(m => m.To.Contains(to, StringComparer.OrdinalIgnoreCase)),
                ];
                return Task.FromResult(mails.Length >= count);
            }
        );
        return mails;
    }

    /// <summary>Drops every activation that is idle, as an hour without calls would.</summary>
    public Task CollectAsync() =>
        Cluster.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.FromMilliseconds(1));

    private IEnumerable<KeyValuePair<string, string?>> ScannerSettings() =>
        Scanner is null
            ? []
            :
            [
                new("Scanner:Host", "127.0.0.1"),
                new("Scanner:Port", Scanner.Port.ToString(CultureInfo.InvariantCulture)),
                new("Scanner:TimeoutSeconds", "1"),
            ];

    private static string NumberOf(int n) => string.Create(CultureInfo.InvariantCulture, $"5511000000{n:D5}");

    private static string WabaOf(int n) => string.Create(CultureInfo.InvariantCulture, $"8800000000{n:D5}");

    private async Task StartSandboxAsync()
    {
        List<string> args =
        [
            "--urls=http://127.0.0.1:0",
            $"--Sandbox:AccessToken={AccessToken}",
            "--Sandbox:WebhookUrl=http://127.0.0.1:1/none-yet",
            "--Sandbox:MailPort=0",
        ];
        for (var n = 0; n < Numbers; n++)
            args.AddRange([
                $"--Sandbox:Numbers:{n}:PhoneNumberId={NumberOf(n)}",
                $"--Sandbox:Numbers:{n}:WabaId={WabaOf(n)}",
                $"--Sandbox:Numbers:{n}:DisplayPhoneNumber=+81 3-1000-{n:D4}",
                $"--Sandbox:Numbers:{n}:VerifiedName=Office {n}",
            ]);
        sandbox = SandboxHost.Build(
            [.. args],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(Clock);
            }
        );
        await sandbox.StartAsync();
        Control = new HttpClient { BaseAddress = new Uri(sandbox.Urls.First() + "/control/") };
    }

    private async Task StartClusterAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("Graph:BaseUrl", sandbox!.Urls.First()),
                new("Graph:TimeoutSeconds", "2"),
                new("Secrets:MasterKey", MasterKey),
                new("Media:Directory", files),
                // Once a second instead of every quarter of a minute: tests wait for it.
                new("Notices:LookAroundSeconds", "1"),
                new("Dispatch:UnverifiedPerDay", UnverifiedPerDay.ToString(CultureInfo.InvariantCulture)),
                new("Media:LookEverySeconds", "1"),
                new("Media:UnsentHours", "24"),
                .. ScannerSettings(),
                .. Settings,
            ])
            .Build();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.UseInMemoryReminderService();
                var services = silo.Services;
                // Ours is moved by hand; Orleans' own loops and its reminders go by the system's.
                services.AddSingleton<TimeProvider>(Clock);
                services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
                services.AddKeyedSingleton(ReminderTimeProviderNames.Reminders, TimeProvider.System);
                services.AddThreadkeepGrains(configuration, Database.RuntimeConnectionString);
                services.Replace(
                    ServiceDescriptor.Singleton(p =>
                        ActivatorUtilities.CreateInstance<ThreadServices>(p) with
                        {
                            FoldMessage = Fold,
                        }
                    )
                );
            }
        );
        cluster = builder.Build();
        await cluster.DeployAsync();
    }

    private void Fold(ThreadChanges changes, InboundItem item, ReceiveContext context)
    {
        if (throwAt is not null && item.Text == throwAt)
            throw new InvalidOperationException("The decider does not like this one.");
        ReceiveDecider.Fold(changes, item, context);
    }

    private async Task StartApiAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(ApiLog);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([
            new("Secrets:MasterKey", MasterKey),
            new("Media:Directory", files),
            new("Media:UnsentHours", "24"),
            new("SignIn:PerMinute", "10000"),
            new("Graph:BaseUrl", sandbox!.Urls.First()),
            // Tests come from where they say they come from, so that none waits for what another has guessed.
            new("Proxies:0", "127.0.0.1"),
            // Browsers' push services are played here.
            new("Push:AllowPrivateHosts", "true"),
            new("Digest:LookEverySeconds", "1"),
            .. MailSettings(),
            .. ScannerSettings(),
        ]);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(cluster!.Client);
        builder.Services.AddSingleton<IGrainFactory>(cluster.Client);
        builder.AddThreadkeepApi(Database.RuntimeConnectionString);
        api = builder.Build();
        api.MapThreadkeepApi();
        await api.StartAsync();
        ApiUrl = new Uri(api.Urls.First());
    }
}

/// <summary>The product by the system's clock, with a scanner for files.</summary>
public sealed class RealTime() : RunningProduct(new TestClock())
{
    public override TestScanner Scanner { get; } = new();
}

/// <summary>The product by a clock that stands still until the test moves it.</summary>
public sealed class MovedTime() : RunningProduct(new TestClock(new DateTimeOffset(2026, 3, 10, 9, 0, 0, TimeSpan.Zero)))
{
    protected override bool WithMail => true;
}

/// <summary>As <see cref="MovedTime"/>, with sessions that customers began counted in the quota.</summary>
public sealed class CountingAlways()
    : RunningProduct(new TestClock(new DateTimeOffset(2026, 3, 10, 9, 0, 0, TimeSpan.Zero)))
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Quota:CountUserInitiatedUntil", "always")];
}

[CollectionDefinition(nameof(RealTime))]
public sealed class RealTimeTests : ICollectionFixture<RealTime>;

[CollectionDefinition(nameof(MovedTime))]
public sealed class MovedTimeTests : ICollectionFixture<MovedTime>;
