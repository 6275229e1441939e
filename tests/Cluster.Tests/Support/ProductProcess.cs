using System.Diagnostics;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>A program of the product, started as <c>./run</c> starts it. What it says is kept in a file.</summary>
public sealed class ProductProcess : IDisposable
{
    private readonly Process process;
    private readonly StreamWriter log;
    private readonly Lock gate = new();
    private readonly HashSet<string> said = [];
    private bool disposed;

    private ProductProcess(string name, Process process, string logFile)
    {
        Name = name;
        this.process = process;
        Id = process.Id;
        LogFile = logFile;
        log = new StreamWriter(logFile, append: true) { AutoFlush = true };
    }

    public string Name { get; }

    public string LogFile { get; }

    public int Id { get; }

    public bool HasEnded => disposed || process.HasExited;

    /// <summary>Memory that it holds, in MiB.</summary>
    public long Megabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1_048_576;
        }
    }

    /// <summary>Files and connections that it holds open; 0 where the system does not say.</summary>
    public int OpenFiles =>
        OperatingSystem.IsLinux() ? Directory.EnumerateFileSystemEntries($"/proc/{Id}/fd").Count() : 0;

    /// <param name="project">Its folder, which gives the assembly its name.</param>
    /// <param name="standardInput">What it reads; it gets an end of file after that.</param>
    /// <param name="root">Of another version of this repository, built; null: this one.</param>
    public static ProductProcess Start(
        string name,
        string project,
        string logFolder,
        IReadOnlyDictionary<string, string> settings,
        string[]? arguments = null,
        string? standardInput = null,
        string? root = null
    )
    {
        root ??= PostgresServer.RepositoryRoot;
        var folder = Path.Combine(root, project);
        var start = new ProcessStartInfo("dotnet", [AssemblyOf(root, project), .. arguments ?? []])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        // A proxy of this machine is for the outside.
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "127.0.0.1,localhost";

        var running = new ProductProcess(name, Process.Start(start)!, Path.Combine(logFolder, $"{name}.log"));
        running.process.OutputDataReceived += running.Keep;
        running.process.ErrorDataReceived += running.Keep;
        running.process.BeginOutputReadLine();
        running.process.BeginErrorReadLine();
        if (standardInput is not null)
            running.process.StandardInput.Write(standardInput);
        running.process.StandardInput.Close();
        return running;
    }

    /// <summary>Waits until it has printed this line.</summary>
    public Task SaysAsync(string line) =>
        Eventually.IsTrueAsync(
            $"{Name} says '{line}'",
            () =>
            {
                lock (gate)
                    return Task.FromResult(said.Contains(line));
            }
        );

    /// <summary>Waits for its own end.</summary>
    public async Task SucceedsAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name} ended with {process.ExitCode}; see {LogFile}");
    }

    /// <summary>SIGTERM, and waits until it has finished what it does.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>STOP: it stands still wherever it is; CONT: it goes on from there.</summary>
    public Task SignalAsync(string signal) => Shell.SucceedAsync("kill", [$"-{signal}", $"{Id}"]);

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndsAsync() => process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>SIGKILL: it gets no chance to finish anything. Returns when it is gone.</summary>
    public void Kill()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (disposed)
            return;
        Kill();
        disposed = true;
        process.Dispose();
        lock (gate)
            log.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (gate)
        {
            said.Add(line.Data);
            if (log.BaseStream is { CanWrite: true })
                log.WriteLine(line.Data);
        }
    }

    // The programs were built with this one: .../tests/Cluster.Tests/bin/<configuration>/net10.0/
    private static string AssemblyOf(string root, string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(root, project, "bin", own.Parent!.Name, own.Name, $"Threadkeep.{project}.dll");
    }
}
