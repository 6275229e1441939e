using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Hosting;

/// <summary><c>./run</c>, by which people start it all, and the doors that other tools rely on (DESIGN.md).</summary>
public sealed class RunTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Environment = new()
    {
        // .../bin/<configuration>/net10.0/: the programs that were built with this one.
        ["TK_PREBUILT"] = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("threadkeep-run-").FullName;

    private string Data => Path.Combine(folder, "data");

    public ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // PostgreSQL may run as another account
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop");
        if (TestContext.Current.TestState?.Result == TestResult.Failed && Directory.Exists($"{Data}/logs"))
        {
            foreach (var file in Directory.EnumerateFiles($"{Data}/logs"))
                TestContext.Current.TestOutputHelper?.WriteLine($"--- {file}\n{await File.ReadAllTextAsync(file)}");
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_starts_tells_revives_and_ends_everything()
    {
        var port = FreePorts.NextPair();
        var started = await RunAsync("--port", $"{port}", "--detach", "--empty");
        started.ExitCode.ShouldBe(0, started.Output);
        started.Output.ShouldContain("Threadkeep is ready.");
        started.Output.ShouldContain($"http://127.0.0.1:{port}");

        var status = await RunAsync("status");
        status.ExitCode.ShouldBe(0, status.Output);
        foreach (var name in new[] { "postgres", "silo-1", "api", "sandbox" })
            status.Output.ShouldContain(name);

        var second = await RunAsync("--port", $"{port}", "--detach", "--empty");
        second.ExitCode.ShouldBe(0, second.Output);
        second.Output.ShouldContain("It runs already");

        var connection = Connection();
        var file = $"{Data}/connection.json";
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ((string)connection["console"]!).ShouldBe($"http://127.0.0.1:{port}");
        ((string)connection["sandbox"]!).ShouldBe($"http://127.0.0.1:{port + 1}");
        Members(connection)
            .ShouldBe(
                [
                    "console",
                    "api",
                    "sandbox",
                    "sandboxControl",
                    "postgres",
                    "apiKey",
                    "admin.email",
                    "admin.password",
                    "webhook.url",
                    "webhook.appSecret",
                    "webhook.verifyToken",
                    "graph.baseUrl",
                    "graph.accessToken",
                    "graph.appId",
                    "phoneNumberId",
                    "wabaId",
                    "processes.postgres",
                    "processes.api",
                    "processes.silos",
                    "processes.sandbox",
                ],
                ignoreOrder: true
            );
        var password = (string)connection["admin"]!["password"]!;
        started.Output.ShouldContain(password);
        (await File.ReadAllTextAsync($"{Data}/logs/run.log")).ShouldNotContain(password);
        (await UsersOfProductAsync((string)connection["postgres"]!)).ShouldBe([("threadkeep_app", false)]);
        Pids(connection).Count.ShouldBe(4);
        (await AliveAsync(Pids(connection))).Length.ShouldBe(4);
        await CustomerIsHeardAsync(connection);

        await ComesBackAsync(c => c["processes"]!["silos"]![0]!);
        await ComesBackAsync(c => c["processes"]!["postgres"]!);
        await CustomerIsHeardAsync(connection);
        connection = Connection();
        Pids(connection).Count.ShouldBe(4);

        var stopped = await RunAsync("stop");
        stopped.ExitCode.ShouldBe(0, stopped.Output);
        (await AliveAsync(Pids(connection))).ShouldBeEmpty();
        File.Exists(file).ShouldBeFalse();
        var after = await RunAsync("status");
        after.ExitCode.ShouldBe(1);
        // Nobody is left who was started with this folder: neither by its command line nor by its settings.
        (await AnybodyForAsync(Data)).ShouldBeEmpty();
    }

    private Task<Said> RunAsync(params string[] arguments) =>
        Shell.RunAsync(Path.Combine(PostgresServer.RepositoryRoot, "run"), [.. arguments, "--data", Data], Environment);

    private async Task ComesBackAsync(Func<JsonNode, JsonNode> pidOf)
    {
        var pid = (int)pidOf(Connection());
        await Shell.SucceedAsync("kill", ["-KILL", $"{pid}"]);
        await Eventually.IsTrueAsync(
            $"what was process {pid} is back and all is ready",
            async () => (int)pidOf(Connection()) != pid && (await RunAsync("status")).ExitCode == 0,
            TimeSpan.FromSeconds(60)
        );
    }

    private JsonNode Connection() => JsonNode.Parse(File.ReadAllText($"{Data}/connection.json"))!;

    /// <summary>From the customer's phone through the webhook to what REST shows.</summary>
    private static async Task CustomerIsHeardAsync(JsonNode connection)
    {
        var customer = Meta.NewCustomer();
        using var http = HttpAnswer.Client(new Uri((string)connection["sandbox"]!).Port);
        await new SandboxControl(http).IsDeliveredAsync(await new SandboxControl(http).WriteAsync(customer, "Hello"));
        using var api = HttpAnswer.Client(new Uri((string)connection["api"]!).Port);
        var found = await new Rest(api, (string)connection["apiKey"]!).GetAsync($"threads?q={customer}");
        found.Body!["items"]!.AsArray().ShouldHaveSingleItem();
    }

    /// <summary>As whom silos and Api come to PostgreSQL, and whether that role may make tables.</summary>
    private static async Task<List<(string Name, bool MayCreate)>> UsersOfProductAsync(string url)
    {
        var address = new Uri(url);
        var owner = address.UserInfo.Split(':');
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port,
            Username = owner[0],
            Password = owner[1],
            Database = address.AbsolutePath.Trim('/'),
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        return
        [
            .. await connection.QueryAsync<(string, bool)>(
                """
                select distinct usename::text, has_schema_privilege(usename, 'threadkeep', 'create')
                from pg_stat_activity where application_name like 'threadkeep-%'
                """
            ),
        ];
    }

    private static IEnumerable<string> Members(JsonNode connection) =>
        connection
            .AsObject()
            .SelectMany(m => m.Value is JsonObject inner ? inner.Select(i => $"{m.Key}.{i.Key}") : [m.Key]);

    private static List<int> Pids(JsonNode connection)
    {
        var processes = connection["processes"]!;
        return
        [
            (int)processes["postgres"]!,
            (int)processes["api"]!,
            (int)processes["sandbox"]!,
            .. processes["silos"]!.AsArray().Select(p => (int)p!),
        ];
    }

    // A zombie has ended: process 1 of a container may collect it late or never.
    private static async Task<int[]> AliveAsync(IEnumerable<int> pids)
    {
        var alive = new List<int>();
        foreach (var pid in pids)
        {
            var state = (await Shell.RunAsync("ps", ["-o", "stat=", "-p", $"{pid}"])).Output.Trim();
            if (state.Length > 0 && state[0] != 'Z')
                alive.Add(pid);
        }
        return [.. alive];
    }

    /// <summary>Everybody whose command line or whose own settings name the folder (Linux shows the latter).</summary>
    private static async Task<string[]> AnybodyForAsync(string data)
    {
        var all = await Shell.SucceedAsync("ps", ["axeww", "-o", "pid=,args="]);
        return [.. all.Split('\n').Where(line => line.Contains(data, StringComparison.Ordinal))];
    }
}
