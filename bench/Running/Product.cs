using System.Net;
using System.Net.Sockets;
using Threadkeep.Bench.Probes;

namespace Threadkeep.Bench.Running;

/// <summary>One silo and one Api host on a scenario's database.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly ChildProcess silo;
    private readonly ChildProcess api;

    private Product(BenchDatabase database, ChildProcess silo, ChildProcess api, Uri siloHost, Uri apiHost)
    {
        (this.silo, this.api, Silo, Api) = (silo, api, siloHost, apiHost);
        Subject = new Subject(
            database.Source,
            Processes.With(("api", api.Pid), ("silo", silo.Pid)),
            new Dictionary<string, Uri> { ["api"] = apiHost, ["silo"] = siloHost }
        );
    }

    public Uri Api { get; }

    public Uri Silo { get; }

    public int SiloPid => silo.Pid;

    public int ApiPid => api.Pid;

    public Uri Webhooks => new(Api, "/webhooks/whatsapp");

    public Subject Subject { get; }

    public static async Task<Product> StartAsync(BenchDatabase database)
    {
        var ports = Processes.FreePorts(4);
        var media = Directory.CreateDirectory(Path.Combine(BenchSettings.Work, "media")).FullName;
        var environment = new Dictionary<string, string>
        {
            ["Database__ConnectionString"] = database.ConnectionString,
            ["Secrets__MasterKey"] = BenchSettings.Need("Secrets__MasterKey"),
            ["Graph__BaseUrl"] = "http://127.0.0.1:9", // nobody there: nothing is sent in these measurements
            ["Media__Directory"] = media,
        };
        var siloHost = new Uri($"http://127.0.0.1:{ports[2]}");
        var apiHost = new Uri($"http://127.0.0.1:{ports[3]}");
        var silo = ChildProcess.Start(
            "silo",
            "Silo/bin/Release/net10.0/Threadkeep.Silo.dll",
            [],
            new Dictionary<string, string>(environment)
            {
                ["Silo__AdvertisedAddress"] = "127.0.0.1",
                ["Silo__SiloPort"] = $"{ports[0]}",
                ["Silo__GatewayPort"] = $"{ports[1]}",
                ["Urls"] = siloHost.ToString(),
            }
        );
        var api = ChildProcess.Start(
            "api",
            "Api/bin/Release/net10.0/Threadkeep.Api.dll",
            [],
            new Dictionary<string, string>(environment) { ["Urls"] = apiHost.ToString() }
        );
        var product = new Product(database, silo, api, siloHost, apiHost);
        try
        {
            await silo.WaitUntilReadyAsync(new Uri(siloHost, "/health/ready"));
            await api.WaitUntilReadyAsync(new Uri(apiHost, "/health/ready"));
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
        return product;
    }

    /// <summary>Ends both, as an operator would.</summary>
    public async Task StopAsync()
    {
        await api.DisposeAsync();
        await silo.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}

/// <summary>A webhook endpoint of the bench's own, on a scenario's database.</summary>
internal sealed class RunningYardstick : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly ChildProcess? silo;

    private RunningYardstick(ChildProcess process, ChildProcess? silo, Uri url, Subject subject) =>
        (this.process, this.silo, Url, Subject) = (process, silo, url, subject);

    public Uri Url { get; }

    public Subject Subject { get; }

    /// <param name="kind">signature, group, naive or hops.</param>
    public static async Task<RunningYardstick> StartAsync(BenchDatabase database, string kind)
    {
        const string Program = "bench/bin/Release/net10.0/Threadkeep.Bench.dll";
        var ports = Processes.FreePorts(3);
        var environment = new Dictionary<string, string>
        {
            ["BENCH_DATABASE"] = database.ConnectionString,
            ["BENCH_GATEWAY"] = $"{ports[2]}",
        };
        var silo =
            kind == "hops"
                ? ChildProcess.Start(
                    kind + "-silo",
                    Program,
                    ["yardstick-silo", $"{ports[1]}", $"{ports[2]}"],
                    environment
                )
                : null;
        var process = ChildProcess.Start(kind, Program, ["yardstick", kind, $"{ports[0]}"], environment);
        var url = new Uri($"http://127.0.0.1:{ports[0]}/");
        await process.WaitUntilReadyAsync(new Uri(url, "/ready"));
        var processes = silo is null
            ? Processes.With((kind, process.Pid))
            : Processes.With((kind, process.Pid), ("silo", silo.Pid));
        return new RunningYardstick(
            process,
            silo,
            url,
            new Subject(database.Source, processes, new Dictionary<string, Uri>())
        );
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        if (silo is not null)
            await silo.DisposeAsync();
    }
}

internal static class Processes
{
    /// <summary>These, PostgreSQL and the load generator.</summary>
    public static IReadOnlyDictionary<string, int> With(params (string Name, int Pid)[] parts) =>
        parts
            .Append(("postgres", int.Parse(BenchSettings.Need("BENCH_POSTGRES"), null)))
            .Append(("load", Environment.ProcessId))
            .ToDictionary(p => p.Item1, p => p.Item2);

    /// <summary>Ports that nobody listens on, all held open until all are found.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }
}
