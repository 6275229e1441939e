using System.Globalization;
using System.Text.Json;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>
/// The product as an operator runs it, as processes that can be killed: PostgreSQL, silos, Api and Sandbox, on ports and in a folder of its own.
/// A process that comes back does so on the same ports and with the same data. Here: the processes; Deployment.Postgres.cs: the database.
/// </summary>
public abstract partial class Deployment : IAsyncLifetime
{
    public const string AdminEmail = "admin@cluster.example";
    public const string AgentEmail = "agent@cluster.example";
    public const string Password = "a password of the tests";

    private const string Tool = "tools/postgres";

    private readonly string folder = Directory.CreateTempSubdirectory("threadkeep-cluster-").FullName;
    private readonly int postgresPort = FreePorts.Next();
    private readonly int apiPort = FreePorts.Next();
    private readonly int sandboxPort = FreePorts.Next();
    private readonly (int Silo, int Gateway, int Health)[] siloPorts;
    private readonly ProductProcess?[] silos;
    private readonly string masterKey = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

    private ProductProcess? api;
    private ProductProcess? sandbox;
    private bool standingStill;

    protected Deployment(int silos)
    {
        this.silos = new ProductProcess?[silos];
        siloPorts = [.. this.silos.Select(_ => (FreePorts.Next(), FreePorts.Next(), FreePorts.Next()))];
        ApiHttp = HttpAnswer.Client(apiPort);
        SandboxHttp = HttpAnswer.Client(sandboxPort);
        Meta = new Meta(ApiHttp);
        Rest = new Rest(ApiHttp);
        Sandbox = new SandboxControl(SandboxHttp);
    }

    public Meta Meta { get; }

    public Rest Rest { get; }

    public SandboxControl Sandbox { get; }

    /// <summary>What this deployment's silos are told besides the usual.</summary>
    protected virtual IReadOnlyDictionary<string, string> SiloSettings { get; } = new Dictionary<string, string>();

    /// <summary>The processes that run now, PostgreSQL apart.</summary>
    public IEnumerable<ProductProcess> Processes =>
        silos.Append(api).Append(sandbox).OfType<ProductProcess>().Where(p => !p.HasEnded);

    /// <summary>Where the Api listens.</summary>
    public Uri ApiUrl => ApiHttp.BaseAddress!;

    /// <summary>Settings of silos and Api beside the usual ones.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> More => [];

    private HttpClient ApiHttp { get; }

    private HttpClient SandboxHttp { get; }

    private string Data => Path.Combine(folder, "postgres");

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // tools/postgres may hand it to another account
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        await StartPostgresAsync();
        await PrepareDatabaseAsync();
        await SetUpAsync(SetupDocument());
        StartSandbox();
        for (var n = 0; n < SilosAtFirst; n++)
            StartSilo(n);
        StartApi();
        await IsReadyAsync();
    }

    /// <summary>How many silos run once it is ready.</summary>
    protected virtual int SilosAtFirst => silos.Length;

    /// <summary>The folder that a process's build is in; null: this repository's own.</summary>
    protected virtual string? VersionOf(string process) => null;

    public async ValueTask DisposeAsync()
    {
        KillAll();
        foreach (var process in silos.Append(api).Append(sandbox))
            process?.Dispose();
        await Shell.RunAsync(ToolPath, ["stop", Data]);
        ApiHttp.Dispose();
        SandboxHttp.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an account with its app and channels, as an operator does.</summary>
    public async Task SetUpAsync(string document)
    {
        using var setup = Start("setup", "Api", Settings(), ["setup"], document);
        await setup.SucceedsAsync();
    }

    /// <summary>Waits until every silo that runs and the Api say that they are ready.</summary>
    /// <param name="meanwhile">What is done before each question.</param>
    public async Task IsReadyAsync(Action? meanwhile = null)
    {
        meanwhile?.Invoke();
        for (var n = 0; n < silos.Length; n++)
        {
            if (silos[n] is not { HasEnded: false })
                continue;
            using var http = HttpAnswer.Client(siloPorts[n].Health);
            await Eventually.IsTrueAsync($"silo {n} is ready", () => IsReadyAsync(http), TimeSpan.FromSeconds(60));
        }
        await Eventually.IsTrueAsync("the Api is ready", () => IsReadyAsync(ApiHttp), TimeSpan.FromSeconds(60));
        await Eventually.IsTrueAsync("the Sandbox answers", () => AnswersAsync(SandboxHttp, "/control/state"));

        Task<bool> IsReadyAsync(HttpClient http)
        {
            meanwhile?.Invoke();
            return AnswersAsync(http, "/health/ready");
        }

        static async Task<bool> AnswersAsync(HttpClient http, string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            return (await HttpAnswer.OfAsync(http, request)).Status == 200;
        }
    }

    // Processes -----------------------------------------------------------------------------------------------

    /// <param name="standStillAt">A fault point at which it waits for its end (Grains/Hosting/FaultPoint.cs).</param>
    public ProductProcess StartSilo(int n = 0, string? standStillAt = null)
    {
        var settings = Settings();
        // Its own name at PostgreSQL: so a test sees which silo writes.
        settings["Database__ConnectionString"] = ConnectionString(SiloRole(n));
        settings["Silo__AdvertisedAddress"] = "127.0.0.1";
        settings["Silo__SiloPort"] = Text(siloPorts[n].Silo);
        settings["Silo__GatewayPort"] = Text(siloPorts[n].Gateway);
        settings["Urls"] = $"http://127.0.0.1:{siloPorts[n].Health}";
        settings["Graph__TimeoutSeconds"] = "5"; // so that a test of silence need not wait for the usual 20
        settings["Dispatch__PairBurst"] = "1000000"; // the load answers a customer faster than Meta lets anybody
        settings["THREADKEEP_STAND_STILL_AT"] = standStillAt ?? "";
        foreach (var (name, value) in SiloSettings)
            settings[name] = value;
        standingStill = standStillAt is not null;
        return silos[n] = Start($"silo-{n}", "Silo", settings);
    }

    public void KillSilo(int n = 0) => silos[n]?.Dispose();

    /// <summary>SIGTERM, and waits until it has handed over and ended.</summary>
    public async Task StopSiloAsync(int n)
    {
        await silos[n]!.StopAsync();
        silos[n]!.Dispose();
    }

    public ProductProcess Silo(int n) => silos[n]!;

    /// <summary>Waits until the others have declared a silo dead.</summary>
    public Task IsDeclaredDeadAsync(int n) =>
        Eventually.IsTrueAsync(
            $"silo {n} is declared dead",
            async () =>
                await SingleAsync<int>(
                    "select status from orleans.orleansmembershiptable where port = @port order by generation desc limit 1",
                    new { port = siloPorts[n].Silo }
                ) == 6,
            TimeSpan.FromSeconds(60)
        );

    /// <summary>In place of the running silo, one that waits for its end at this point.</summary>
    public async Task<ProductProcess> StandStillAtAsync(string point)
    {
        KillSilo();
        var silo = StartSilo(standStillAt: point);
        await IsReadyAsync();
        return silo;
    }

    /// <summary>Starts what does not run, in place of a silo that stands still too; no faults at the Sandbox.</summary>
    public async Task ReviveAsync()
    {
        for (var n = 0; n < silos.Length; n++)
        {
            if (standingStill)
                KillSilo(n);
            if (silos[n] is not { HasEnded: false })
                StartSilo(n);
        }
        if (api is not { HasEnded: false })
            StartApi();
        if (sandbox is not { HasEnded: false })
            StartSandbox();
        await IsReadyAsync();
        await Sandbox.SetFaultsAsync(new { });
    }

    /// <summary>After <see cref="KillSilo"/>: one that works as it should.</summary>
    public async Task ReviveSiloAsync(int n = 0)
    {
        StartSilo(n);
        await IsReadyAsync();
    }

    public void StartApi()
    {
        var settings = Settings();
        settings["Urls"] = $"http://127.0.0.1:{apiPort}";
        api = Start("api", "Api", settings);
    }

    public void KillApi() => api?.Dispose();

    public void StartSandbox() =>
        sandbox = Start(
            "sandbox",
            "Sandbox",
            new Dictionary<string, string>
            {
                ["Urls"] = $"http://127.0.0.1:{sandboxPort}",
                ["Sandbox__WebhookUrl"] = $"http://127.0.0.1:{apiPort}/webhooks/whatsapp",
                ["Sandbox__AppId"] = Meta.AppId,
                ["Sandbox__AppSecret"] = Meta.AppSecret,
                ["Sandbox__VerifyToken"] = Meta.VerifyToken,
                ["Sandbox__AccessToken"] = Meta.AccessToken,
                ["Sandbox__Numbers__0__PhoneNumberId"] = Meta.PhoneNumberId,
                ["Sandbox__Numbers__0__WabaId"] = Meta.WabaId,
                ["Sandbox__Numbers__0__DisplayPhoneNumber"] = Meta.DisplayPhoneNumber,
                ["Sandbox__Numbers__0__VerifiedName"] = "Cluster",
                ["Sandbox__DataDirectory"] = Path.Combine(folder, "sandbox"),
            }
        );

    /// <summary>SIGKILL for everything but PostgreSQL.</summary>
    public void KillAll()
    {
        foreach (var process in Processes.ToArray())
            process.Kill();
    }

    // Failures ------------------------------------------------------------------------------------------------

    /// <summary>After a failed test: the last words of every process.</summary>
    public void ShowLogs()
    {
        var output = TestContext.Current.TestOutputHelper;
        foreach (var file in Directory.EnumerateFiles(folder, "*.log"))
        {
            output?.WriteLine($"--- {Path.GetFileName(file)}");
            foreach (var line in File.ReadLines(file).TakeLast(60))
                output?.WriteLine(line);
        }
    }

    private static string ToolPath => Path.Combine(PostgresServer.RepositoryRoot, Tool);

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    protected Dictionary<string, string> Settings() =>
        new(More)
        {
            ["Database__ConnectionString"] = ConnectionString(RuntimeRole),
            ["Secrets__MasterKey"] = masterKey,
            ["Cluster__ClusterId"] = "threadkeep",
            ["Cluster__ServiceId"] = "threadkeep",
            ["Graph__BaseUrl"] = $"http://127.0.0.1:{sandboxPort}",
            ["Media__Directory"] = Path.Combine(folder, "media"),
        };

    protected ProductProcess Start(
        string name,
        string project,
        Dictionary<string, string> settings,
        string[]? arguments = null,
        string? standardInput = null
    ) => ProductProcess.Start(name, project, folder, settings, arguments, standardInput, VersionOf(name));

    /// <summary>Conversations a month.</summary>
    protected virtual int ConversationLimit => 1_000;

    private string SetupDocument() =>
        JsonSerializer.Serialize(
            new
            {
                account = new
                {
                    name = "Cluster",
                    timeZone = "Asia/Tokyo",
                    country = "JP",
                    startDate = "2026-01-01",
                    conversationLimit = ConversationLimit,
                },
                agents = new[]
                {
                    new
                    {
                        name = "Admin",
                        email = AdminEmail,
                        password = Password,
                        language = "en",
                        role = "admin",
                    },
                    new
                    {
                        name = "Agent",
                        email = AgentEmail,
                        password = Password,
                        language = "en",
                        role = "agent",
                    },
                },
                apiKey = new { name = "tests", value = Rest.ApiKey },
                app = new
                {
                    appKey = "sandbox",
                    appId = Meta.AppId,
                    appSecret = Meta.AppSecret,
                    verifyToken = Meta.VerifyToken,
                },
                channels = new[]
                {
                    new
                    {
                        name = "Cluster",
                        wabaId = Meta.WabaId,
                        phoneNumberId = Meta.PhoneNumberId,
                        displayPhoneNumber = Meta.DisplayPhoneNumber,
                        accessToken = Meta.AccessToken,
                        firstConnectedAt = TimeProvider.System.GetUtcNow().AddDays(-30),
                    },
                },
            }
        );
}
